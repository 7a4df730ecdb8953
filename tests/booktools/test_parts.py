"""Scripts where a page needs them, and definitions in the links to terms, in a small book."""

from __future__ import annotations

import re
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
    made.extend(
        "booktools.execution, booktools.parts.terms",
        "parse:\n  myst_enable_extensions: [colon_fence]\n",
    )
    made.write("book/glossary.md", GLOSSARY)
    made.contents("a", "b", "glossary")
    text = (made.root / "book" / "a.md").read_text()
    terms = "{term}`loss`, {term}`losses <loss>` and {term}`parameter`, [](glossary.md)."
    made.write("book/a.md", text.replace("Prose.", terms))
    return made


def titles(book: Book) -> list[str | None]:
    links = BeautifulSoup(book.page("a"), "html.parser").select("article a[href^='glossary.html']")
    return [link.get("title") for link in links]


def loaded(book: Book, page: str) -> list[str]:
    tags = BeautifulSoup(book.page(page), "html.parser").select("[src], link[href]")
    names = [str(tag.get("src", tag.get("href"))).split("?")[0] for tag in tags]
    parts = r"_static/(booktools/previews|animation)\.\w+"
    return sorted(name.split("/")[-1] for name in names if re.fullmatch(parts, name))


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


def test_a_page_loads_a_part_once_and_only_if_it_shows_it(parts: Book) -> None:
    parts.replace("_config.yml", "terms]", "terms, booktools.parts.animation]")
    figure = '<figure class="plot animation" data-labels="[]"></figure>'
    parts.chapter("b", f"from IPython.display import HTML, display\ndisplay(HTML('{figure}'))")
    assert parts.build("-W").status == 0
    assert loaded(parts, "a") == ["previews.css", "previews.js"]
    assert loaded(parts, "b") == ["animation.css", "animation.js"]
    assert loaded(parts, "index") == []
    assert 'src="_static/booktools/previews.js' in parts.page("a")
    for file in (
        "booktools/previews.css",
        "booktools/previews.js",
        "animation.css",
        "animation.js",
    ):
        assert (parts.root / "_build/html/_static" / file).is_file()
