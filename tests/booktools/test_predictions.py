"""Predictions: dealt fairly, decided by the run, answered after it, in a small book."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup, Tag

from booktools.parts.deal import deal
from booktools.parts.predictions.conditions import UndecidedError, read, right_option
from tests.booktools.books import Book

MakeBook = Callable[..., Book]
CLAIMS = "from lessons_code import claim, fact\nclaim('It reads', 0.46, at_most=0.5)\n"
CLAIMS += "fact('It holds', 1, equals=1)"
BOX = """\
:::{predict}
:name: a-reads
:decided-by: It reads

How many *pictures* will it name?

- `>= 0.75` About nine, with `relu`
- `0.5 to 0.75` About six
- `< 0.5` Fewer than five
:::
"""
HOLDS = """\
:::{predict}
:name: a-holds
:decided-by: It holds

Does it hold?

- No
- `holds` Yes
- `relu` only
:::
"""
ANSWERS = """
:::{answer} a-reads
Because of *this*.
:::

:::{answer} a-holds
It does.
:::

The letter is {letter}`a-reads`, not {letter}`a-reads.2`.
"""


@pytest.fixture
def made(book: MakeBook) -> Book:
    made = book(a=CLAIMS)
    made.extend(
        "booktools.execution, booktools.parts.predictions",
        "parse:\n  myst_enable_extensions: [colon_fence]\n",
    )
    return made


def write(book: Book, boxes: str = BOX + HOLDS, answers: str = ANSWERS, cell: str = CLAIMS) -> None:
    book.chapter("a", cell, prose=boxes)
    text = (book.root / "book/a.md").read_text()
    book.write("book/a.md", text + answers)


def box(book: Book, name: str) -> dict[str, str]:
    """Return the options of a box by their letters."""
    page = BeautifulSoup(book.page("a"), "html.parser")
    shown = page.select(f"#predict-{name} li")
    return {str(one["data-letter"]): one.get_text(" ", strip=True) for one in shown}


def answer(book: Book, name: str) -> Tag:
    found = BeautifulSoup(book.page("a"), "html.parser").select_one(f"#answer-{name}")
    assert found is not None
    return found


# dealing


def test_no_letter_is_right_more_often_than_chance() -> None:
    """Neither among the questions of a page, nor over a book."""
    counts = [3, 4, 3, 3, 4, 2, 3, 3]
    hands = [(str(number), count, 0) for number, count in enumerate(counts)]
    total = [Fraction()] * 4
    for page in range(300):
        orders = deal(f"page-{page}", "quiz", hands)
        over = [Fraction()] * 4
        for order, count in zip(orders, counts, strict=True):
            assert sorted(order) == list(range(count))
            for place in range(count):
                over[place] -= Fraction(1, count)
            over[order.index(0)] += 1
        assert max(over) < 2, "three kinds of questions, each less than one too many"
        total = [one + more for one, more in zip(total, over, strict=True)]
    assert max(abs(float(one)) for one in total) < 0.08 * 300


def test_letters_follow_no_pattern_and_no_other_page() -> None:
    hands = [(str(number), 3, 0) for number in range(6)]
    places = [tuple(o.index(0) for o in deal(f"page-{n}", "quiz", hands)) for n in range(50)]
    assert len(set(places)) > 20
    assert deal("a", "quiz", hands)[:4] == deal("a", "quiz", hands[:4])
    assert deal("a", "quiz", hands) != deal("a", "predict", hands)


def test_the_same_page_is_dealt_the_same_in_every_build() -> None:
    assert deal("part/page", "quiz", [("1", 3, 0), ("2", 4, 1)]) == [[1, 2, 0], [2, 1, 0, 3]]


# conditions


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (">= 0.75", 0.75, 0.7499),
        ("> -2", -1.9, -2),
        ("<= 1e-9", 1e-9, 1e-8),
        ("< .5", 0.4, 0.5),
        ("= 1,024", 1024, 1023),
        ("1 to 3", 3, 4),
        ("-1 to 1", -1, -1.01),
    ],
)
def test_conditions_are_tested_on_the_value(condition: str, yes: float, no: float) -> None:
    test = read(condition)
    assert test is not None
    assert test(yes)
    assert not test(no)


@pytest.mark.parametrize("text", ["", "many", "3", "3 to 2", ">= x", "1 to", "=> 3", "1-3"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    assert read(text) is None
    with pytest.raises(UndecidedError, match=r"which cannot be read\. Remedy: "):
        right_option([text, "> 1"], 2)


@pytest.mark.parametrize(
    ("conditions", "value", "message"),
    [
        (["< 1", "> 2"], 1.5, "no option fit the value, which is 1.5. Remedy: "),
        (["< 1", "< 2"], 0.5, "2 options fit the value"),
        (["< 1", "> 2"], None, "not finite"),
        (["holds", "> 2"], 3, "`holds` stands beside other conditions. Remedy: "),
        (["holds", "holds"], 3, "`holds` stands beside other conditions"),
    ],
)
def test_exactly_one_option_has_to_fit(
    conditions: list[str], value: float | None, message: str
) -> None:
    with pytest.raises(UndecidedError, match=re.escape(message)):
        right_option(conditions, value)


def test_what_holds_is_right_if_the_claim_holds() -> None:
    assert right_option(["", "holds", ""], 0.3) == 1
    with pytest.raises(UndecidedError, match="no option fit"):
        right_option(["", "holds", ""], 0.3, holds=False)


# in a book


def test_the_run_decides_and_letters_are_dealt(made: Book) -> None:
    write(made)
    built = made.build("-W")
    assert built.status == 0, built.output
    options = box(made, "a-reads")
    assert sorted(options) == ["A", "B", "C"]
    assert all(text.startswith(f"{letter}. ") for letter, text in options.items())
    assert ">=" not in " ".join(options.values())
    right = next(letter for letter, text in options.items() if "Fewer" in text)
    fold = answer(made, "a-reads")
    assert fold.name == "details"
    assert not fold.has_attr("open")
    text = " ".join(fold.get_text(" ").split())
    assert text.startswith("The answer to your prediction Right is ")
    assert f"Right is {right}. Fewer than five" in text
    assert text.endswith("Because of this .")
    second = next(letter for letter, text in options.items() if "six" in text)
    page = " ".join(BeautifulSoup(made.page("a"), "html.parser").get_text().split())
    assert f"The letter is {right}, not {second}." in page
    assert "B. relu only" in page or "relu only" in " ".join(box(made, "a-holds").values())
    assert "Yes" in answer(made, "a-holds").get_text()


def test_another_result_makes_another_option_right(made: Book) -> None:
    write(made)
    made.build("-W")
    key = {text[3:]: letter for letter, text in box(made, "a-reads").items()}
    write(made, cell=CLAIMS.replace("0.46, at_most=0.5", "0.6, at_most=0.7"))
    built = made.build("-W")
    assert built.status == 0, built.output
    fold = answer(made, "a-reads")
    assert "About six" in fold.get_text()
    now = {text[3:]: letter for letter, text in box(made, "a-reads").items()}
    assert now["About six"] == key["Fewer than five"], "the right one keeps its place"


def test_two_builds_are_alike(made: Book) -> None:
    write(made)
    made.build("-W")
    first = box(made, "a-reads"), box(made, "a-holds"), answer(made, "a-reads")
    made.build("-W", "--all")
    assert (box(made, "a-reads"), box(made, "a-holds"), answer(made, "a-reads")) == first


def test_only_pages_with_predictions_load_their_files(made: Book) -> None:
    write(made)
    made.build("-W")
    for file in ("memory.js", "predictions.js", "predictions.css"):
        assert f"_static/{file}" in made.page("a")
        assert f"_static/{file}" not in made.page("index")
        assert (made.root / "_build/html/_static" / file).is_file()


FAULTS = {
    "text": (
        "decided-by: It reads",
        "decided-by: It writes",
        "no claim or fact of this page reads",
    ),
    "none": ("`< 0.5`", "`< 0.4`", "no option fit the value, which is 0.46"),
    "two": ("`>= 0.75`", "`<= 0.75`", "2 options fit the value"),
    "condition": ("`< 0.5`", "`few`", "an option begins with `few`, which cannot be read"),
    "one option": ("- `holds`", "  `holds`", "does not end with its options"),
    "no name": (":name: a-reads\n", "", "without `:name:` or `:decided-by:`"),
    "twice": (":name: a-holds", ":name: a-reads", "this page has a prediction 'a-reads' already"),
    "answer": ("{answer} a-reads", "{answer} a-writes", "{answer} names 'a-writes'"),
    "letter": ("{letter}`a-reads`", "{letter}`b`", "{letter} names 'b'"),
    "number": ("`a-reads.2`", "`a-reads.4`", "has no option '4'"),
}


def test_every_fault_fails_the_build_with_file_line_and_remedy(made: Book) -> None:
    """A page for each fault: one build names them all, and so does the next."""
    made.contents(*(f"p{number}" for number in range(len(FAULTS))))
    for number, (old, new, _) in enumerate(FAULTS.values()):
        text = BOX + HOLDS.replace("- No\n", "") + ANSWERS
        text = re.sub(r"a-(reads|holds)", rf"p{number}-\1", text)
        old, new = (re.sub(r"a-(reads|writes|holds)", rf"p{number}-\1", one) for one in (old, new))
        assert text.count(old) == 1 or number == list(FAULTS).index("letter")
        made.chapter(f"p{number}", CLAIMS, prose=text.replace(old, new))
    for _ in range(2):
        built = made.build("-W", "--keep-going")
        assert built.status != 0
        for number, (_, _, message) in enumerate(FAULTS.values()):
            told = re.sub(r"a-(reads|writes|holds)", rf"p{number}-\1", message)
            found = re.search(
                rf"book/p{number}\.md:(\d+): .*{re.escape(told)}.*Remedy: ", built.output
            )
            assert found, (told, built.output)
            lines = (made.root / f"book/p{number}.md").read_text().splitlines()
            assert re.search(r"\{(predict|answer|letter)\}", lines[int(found[1]) - 1]), told


def test_a_name_is_used_once_in_the_book(made: Book) -> None:
    made.contents("a", "b")
    write(made)
    made.chapter("b", CLAIMS, prose=BOX)
    built = made.build("-W")
    assert built.status != 0
    assert re.search(
        r"b\.md:8: the prediction 'a-reads' has the name of another, \S+/a\.md:8", built.output
    )


def test_without_execution_boxes_stand_without_answers_and_one_warning_says_so(made: Book) -> None:
    write(made)
    made.replace("_config.yml", "execute_notebooks: cache", "execute_notebooks: 'off'")
    built = made.build()
    assert built.status == 0, built.output
    assert built.output.count("predictions are not decided") == 1
    assert sorted(box(made, "a-reads")) == ["A", "B", "C"]
    fold = answer(made, "a-reads")
    assert "Right is" not in fold.get_text()
    assert "Because of this" in fold.get_text()


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_other_formats_show_lists(made: Book, builder: str) -> None:
    write(made)
    built = made.build_as(builder)
    assert built.status == 0, built.output
    assert "Traceback" not in built.output
    if builder == "text":
        text = next((made.root / "_build").rglob("a.txt")).read_text(encoding="utf8")
        assert re.search(r"^ *\* [ABC]\. About six$", text, re.M), text
        assert re.search(r"Right is [ABC]\. Fewer than five", text)
