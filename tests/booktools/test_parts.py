"""Scripts where a page needs them, and definitions in the links to terms, in a small book."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from tests.booktools.books import Book

MakeBook = Callable[..., Book]
GLOSSARY = """\
# Glossary

:::{glossary}
loss
    How *wrong* the answers are.
    Zero < one & fine.

weight
parameter
    A number that is learned.
:::
"""


@pytest.fixture
def parts(book: MakeBook) -> Book:
    made = book(a="print(1)", b="print(2)")
    config = (made.root / "_config.yml").read_text()
    extensions = "[booktools.execution, booktools.tooltips, booktools.scripts]"
    made.write(
        "_config.yml",
        config.replace("[booktools.execution]", extensions)
        + "  config:\n    html_static_path: [_static]\n"
        + "    page_scripts: {terms.js: std-term, marked.js: a mark}\n"
        + "parse:\n  myst_enable_extensions: [colon_fence]\n",
    )
    for script in ("terms.js", "marked.js"):
        made.write(f"book/_static/{script}", "")
    made.write("book/glossary.md", GLOSSARY)
    made.contents("a", "b", "glossary")
    text = (made.root / "book" / "a.md").read_text()
    terms = "{term}`loss`, {term}`losses <loss>` and {term}`parameter`, [](glossary.md)."
    made.write("book/a.md", text.replace("Prose.", terms))
    return made


def titles(book: Book) -> list[str | None]:
    links = BeautifulSoup(book.page("a"), "html.parser").select("article a[href^='glossary.html']")
    return [link.get("title") for link in links]


def scripts(book: Book, page: str) -> list[str]:
    sources = [
        str(tag["src"]) for tag in BeautifulSoup(book.page(page), "html.parser").select("[src]")
    ]
    return [name for name in ("terms", "marked") for source in sources if f"{name}.js" in source]


def test_links_to_terms_carry_the_definition_and_stay_links(parts: Book) -> None:
    assert parts.build("-W").status == 0
    loss = "How wrong the answers are. Zero < one & fine."
    assert titles(parts) == [loss, loss, "A number that is learned.", None]
    (link, *_) = BeautifulSoup(parts.page("a"), "html.parser").select("a.term")
    assert link["href"] == "glossary.html#term-loss"


def test_a_changed_definition_reaches_the_pages_that_use_it(parts: Book) -> None:
    parts.build()
    parts.write("book/glossary.md", GLOSSARY.replace("is learned", "training changes"))
    assert parts.build("-W").ran() == {}
    assert titles(parts)[2] == "A number that training changes."


def test_a_page_loads_a_script_once_and_only_if_it_needs_it(parts: Book) -> None:
    text = (parts.root / "book" / "b.md").read_text()
    parts.write("book/b.md", text.replace("Prose.", "Here is a mark."))
    parts.build()
    assert scripts(parts, "a") == ["terms"]
    assert scripts(parts, "b") == ["marked"]
    assert scripts(parts, "index") == []
    assert 'defer="defer" src="_static/terms.js' in parts.page("a")
