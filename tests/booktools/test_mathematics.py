"""Formulas are MathML when they leave the build."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from tests.booktools.books import Book

MakeBook = Callable[..., Book]


def with_formulas(book: MakeBook, prose: str) -> Book:
    made = book(a="1")
    made.extend("booktools.parts.mathematics", "  config: {html_math_renderer: mathml}\n")
    made.write("book/index.md", f"# Formulas\n\n{prose}\n")
    return made


def test_formulas_in_a_sentence_and_on_a_line_become_mathml(book: MakeBook) -> None:
    made = with_formulas(book, "So $2^b - 1$ and\n\n$$\n\\frac{1}{1 + e^{-z}}\n$$ (sigmoid)\n")
    assert made.build("-W").status == 0
    page = BeautifulSoup(made.page("index"), "html.parser")
    inline, block = page.select("article math")
    assert inline.msup is not None
    assert block.mfrac is not None
    assert page.select_one("div.math .eqno").get_text() == "(1)"
    assert not page.select('script[src*="mathjax" i]')


def test_a_formula_that_is_not_understood_is_named_and_shown_as_typed(book: MakeBook) -> None:
    made = with_formulas(book, "So $\\frac{1$ it is.")
    built = made.build("-W", "--keep-going")
    assert built.status != 0
    assert "the formula '\\\\frac{1' cannot be shown" in built.output
