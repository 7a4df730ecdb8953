"""Quiz questions: numbered by page, letters dealt, feedback in folds, in a small book."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from tests.booktools.books import Book

MakeBook = Callable[..., Book]
QUIZ = """\
::::{question} How many has `Conv2D(16, 3)`, of $x^2$ and {term}`losses <loss>`?
:::{wrong} *160*, as on a gray one
Not quite: on gray.
:::
:::{right} `448`
Right: 16 kernels.
:::
:::{wrong} {term}`loss`
Not quite.
:::
::::

::::{question} And then?
A hint.

:::{right} Yes
Right.
:::
:::{wrong} No
Not so.
:::
::::

:::{glossary}
loss
    How wrong.
:::
"""


@pytest.fixture
def made(book: MakeBook) -> Book:
    made = book(a="print(1)")
    made.extend(
        "booktools.execution, booktools.parts.quiz",
        "parse:\n  myst_enable_extensions: [colon_fence, dollarmath]\n",
    )
    made.chapter("a", "print(1)", prose=QUIZ)
    return made


def test_questions_are_numbered_and_options_dealt(made: Book) -> None:
    built = made.build("-W")
    assert built.status == 0, built.output
    page = BeautifulSoup(made.page("a"), "html.parser")
    first, second = page.select("div.quiz-question")
    title = first.select_one(".quiz-title")
    assert title is not None
    assert title.get_text().startswith("1. How many has Conv2D(16, 3), of ")
    assert title.select_one("code")
    assert title.select_one("a[href='#term-loss']")
    assert second.get_text().strip().startswith("2. And then?\nA hint.")
    options = first.select("ul.quiz-options > li > details.quiz-option")
    assert [one.select_one("summary").get_text()[:3] for one in options] == ["A. ", "B. ", "C. "]
    right = [one for one in options if one["data-option"] == "right"]
    assert [one.select_one("summary code").get_text() for one in right] == ["448"]
    assert right[0].select_one(".feedback").get_text(strip=True) == "Right: 16 kernels."
    assert not page.select("details[open]")
    assert not page.select("summary a"), "a link in a fold's title is hard to follow"


def test_a_page_with_a_quiz_loads_its_files(made: Book) -> None:
    made.build("-W")
    for file in ("quiz.js", "quiz.css"):
        assert f"_static/{file}" in made.page("a")
        assert f"_static/{file}" not in made.page("index")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{right} Yes", "{wrong} Yes", "2 options, 0 of them right"),
        ("{wrong} No", "{right} No", "2 options, 2 of them right"),
        (":::{wrong} No\nNot so.\n:::\n", "", "1 options, 1 of them right"),
    ],
)
def test_a_question_that_cannot_be_dealt_fails_the_build(
    made: Book, old: str, new: str, message: str
) -> None:
    text = QUIZ.replace(old, new)
    made.chapter("a", "print(1)", prose=text)
    built = made.build()
    assert built.status != 0
    line = (made.root / "book/a.md").read_text().splitlines().index("::::{question} And then?") + 1
    assert re.search(rf"a\.md:{line}: a question with {message}\. Remedy: ", built.output)


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_other_formats_show_lists(made: Book, builder: str) -> None:
    built = made.build_as(builder)
    assert built.status == 0, built.output
    assert "Traceback" not in built.output
    if builder == "text":
        text = next((made.root / "_build").rglob("a.txt")).read_text(encoding="utf8")
        assert re.search(r"^\* [ABC]\. \"448\"\n\n  Right: 16 kernels\.", text, re.M), text
