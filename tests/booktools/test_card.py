"""The card at the head of a chapter, and the page of claims, in a small book."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from booktools.card import front_matter, listed, reading_minutes
from tests.booktools.books import Book

MakeBook = Callable[..., Book]

MATTER = """\
description: A page that is described.
question: What is asked?
objectives: [do one thing, do another]
needs: [index]
budget: {seconds: 30, megabytes: 900}
"""


@pytest.fixture
def parts(book: MakeBook) -> Book:
    made = book(a="from lessons_code import claim\nclaim('A | bar', 0.5, at_least=0.25)")
    made.write(
        "_config.yml",
        (made.root / "_config.yml")
        .read_text()
        .replace("[booktools.execution]", "[booktools.claims, booktools.card]"),
    )
    made.write("book/claims.md", "# Claims\n\n```{claims-table}\n```\n")
    made.contents("a", "claims")
    text = (made.root / "book" / "a.md").read_text()
    text = text.replace("---\n\n", f"{MATTER}---\n\n", 1)
    made.write("book/a.md", text.replace("Prose.", "```{chapter-card}\n```\n\n" + "word " * 300))
    return made


def test_the_card_shows_what_the_front_matter_says(parts: Book) -> None:
    assert parts.build("-W").status == 0
    page = BeautifulSoup(parts.page("a"), "html.parser")
    card = page.select_one(".chapter-card")
    assert card is not None
    text = " ".join(card.get_text(" ").split())
    assert "What is asked?" in text
    assert [item.get_text() for item in card.select("li")] == ["do one thing", "do another"]
    assert "2 minutes to read, at most 30 seconds to compute" in text
    assert [link["href"] for link in card.select("a")] == ["index.html"]
    assert page.find("meta", {"name": "description"})["content"] == "A page that is described."


def test_front_matter_that_lacks_something_is_named(parts: Book) -> None:
    text = (parts.root / "book" / "a.md").read_text()
    parts.write("book/a.md", text.replace("question: What is asked?\n", ""))
    built = parts.build("-W")
    assert built.status != 0
    assert "the front matter lacks question" in built.output


def test_the_claims_page_follows_the_claims(parts: Book) -> None:
    parts.build()
    first = BeautifulSoup(parts.page("claims"), "html.parser")
    cells = [cell.get_text() for cell in first.select("tbody td")]
    assert cells == ["A | bar", "0.5", "at least 0.25"]
    text = (parts.root / "book" / "a.md").read_text()
    parts.write("book/a.md", text.replace("0.5, at_least", "0.75, at_least"))
    parts.build()
    assert "0.75" in parts.page("claims")


def test_reading_time_leaves_code_and_front_matter_out() -> None:
    page = f"---\n{MATTER}---\n\n" + "word " * 161 + "\n\n```{code-cell} x\n" + "code " * 999
    assert reading_minutes(page + "\n```\n") == 2
    assert reading_minutes("") == 1


def test_reading_time_leaves_comments_and_options_out() -> None:
    read = ":::{admonition} Predict\n" + "word " * 159 + "\n:::\n"
    assert reading_minutes(read) == 1
    assert reading_minutes(read + "% a comment\n:class: predict\n```{solution-end}\n```\n") == 1
    assert reading_minutes(read + "a word\n") == 2


@pytest.mark.parametrize(
    ("items", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_what_is_needed_is_listed_as_in_a_sentence(items: list[str], sentence: str) -> None:
    assert listed(items) == sentence


def test_a_page_without_front_matter_has_none() -> None:
    assert front_matter("# Title\n") == {}


def test_the_list_of_chapters_names_each_with_its_question(parts: Book) -> None:
    parts.write("book/claims.md", "# Claims\n\n```{chapter-list}\n```\n")
    parts.write(
        "_toc.yml",
        "format: jb-book\nroot: index\nparts:\n  - caption: The part\n    chapters:\n"
        "      - file: a\n      - file: claims\n",
    )
    assert parts.build("-W").status == 0
    listing = BeautifulSoup(parts.page("claims"), "html.parser").select_one(".chapter-list")
    assert listing is not None
    assert " ".join(listing.get_text(" ").split()).startswith("The part")
    assert [" ".join(item.get_text(" ").split()) for item in listing.select("li")] == [
        "Page a : What is asked?"
    ]
