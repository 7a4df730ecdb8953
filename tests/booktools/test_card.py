"""The card at the head of a chapter, and the page of claims, in a small book."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from booktools.contract.page import read
from booktools.parts.card import front_matter, listed, minutes
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
    made.extend("booktools.parts.claims, booktools.parts.card")
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
    assert "Time: about 5 minutes, at most 30 seconds to compute." in text
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
    assert cells == ["A | bar", "0.5", "at least 0.25", "not measured", "\u2013"]
    text = (parts.root / "book" / "a.md").read_text()
    parts.write("book/a.md", text.replace("0.5, at_least", "0.75, at_least"))
    parts.build()
    assert "0.75" in parts.page("claims")


def minutes_of(folder: Path, text: str) -> tuple[int, int]:
    path = folder / "page.md"
    path.write_text(f"---\n{MATTER}---\n\n# Page\n\n{text}", encoding="utf8")
    return minutes(read("page", path))


LESSON = "word " * 1600 + "\n\n"  # ten minutes


@pytest.mark.parametrize(
    ("more", "adds"),
    [
        ("word " * 1600, 10),
        ("```{code-cell} x\n" + "x = 1\n" * 50 + "```\n", 5),
        ("```{code-cell} x\n:tags: [hide-input]\n" + "x = 1\n" * 50 + "```\n", 0),
        ("```{code-cell} x\n:tags: [remove-cell]\n" + "x = 1\n" * 50 + "```\n", 0),
        ("```{code-cell} x\ndemos.show('draw')\n```\n", 5),
        (":::{predict}\nWhat?\n:::\n\n" * 5, 5),
        ("::::{question} What?\n::::\n\n" * 5, 5),
        ("% " + "a comment " * 800 + "\n", 0),
    ],
)
def test_times_count_what_is_read_and_done(tmp_path: Path, more: str, adds: int) -> None:
    assert minutes_of(tmp_path, LESSON + more) == (10 + adds, 0)


def test_exercises_have_a_time_of_their_own(tmp_path: Path) -> None:
    exercise = "```{exercise} One\nword\n```\n\n"
    solution = "```{code-cell} x\n" + "x = 1\n" * 100 + "```\n"
    text = f"{LESSON}## Exercises\n\n{exercise}{exercise}{solution}## The end\n\n{LESSON}"
    assert minutes_of(tmp_path, text) == (20, 40)


def test_nothing_takes_no_time(tmp_path: Path) -> None:
    assert minutes_of(tmp_path, "") == (5, 0)


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


def test_the_table_of_needs_says_both_ways_what_needs_what(parts: Book) -> None:
    text = (parts.root / "book" / "a.md").read_text()
    second = text.replace("needs: [index]", "needs: [a]").replace("# Page a", "# Page b")
    parts.write("book/b.md", second)
    parts.write("book/claims.md", "# Claims\n\n```{chapter-needs}\n```\n")
    parts.contents("a", "b", "claims")
    assert parts.build("-W").status == 0
    table = BeautifulSoup(parts.page("claims"), "html.parser").select_one(".chapter-needs table")
    assert table is not None
    rows = [[cell.get_text() for cell in row.select("td")] for row in table.select("tbody tr")]
    assert rows == [
        ["Page a", "Another book", "Page b", "5", "0"],
        ["Page b", "Page a", "none", "5", "0"],
    ]
