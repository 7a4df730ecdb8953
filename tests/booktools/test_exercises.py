"""Exercises in a small book: numbered by page, with ids that stand once."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import BeautifulSoup

from tests.booktools.books import Book

MakeBook = Callable[..., Book]


def test_each_page_numbers_its_own_exercises_and_no_id_stands_twice(book: MakeBook) -> None:
    made = book(a="1", b="2")
    made.extend("booktools.parts.exercises")
    for page in "ab":
        exercises = "".join(
            f"```{{exercise}} Task {number}\n:label: {page}-{number}\nDo it.\n```\n\n"
            f"```{{solution-start}} {page}-{number}\n```\nDone.\n```{{solution-end}}\n```\n\n"
            for number in (1, 2)
        )
        made.chapter(page, "1", prose=exercises)
    built = made.build("-W")
    assert built.status == 0, built.output
    for page in "ab":
        tree = BeautifulSoup(made.page(page), "html.parser")
        titles = [" ".join(title.get_text().split()) for title in tree.select(".exercise > p")]
        assert titles == ["Exercise 1 (Task 1)", "Exercise 2 (Task 2)"]
        ids = [tag["id"] for tag in tree.select(".exercise [id], .solution [id]")]
        assert len(ids) == len(set(ids)) == 4
