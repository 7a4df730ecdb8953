"""Predictions: named once, decided by the page's own run, answered after it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.boxes import Prediction, predictions
from booktools.contract.claims import statements
from booktools.contract.finding import Finding
from booktools.contract.limits import PREDICTION_OPTIONS
from booktools.contract.page import Page
from booktools.parts.predictions.conditions import UndecidedError
from booktools.parts.predictions.conditions import check as check_conditions

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check the boxes, their answers, and the letters that are named."""
    found = predictions(page)
    for box in found:
        if NAME.fullmatch(box.name):
            yield from _box(page, book, box)
            yield from _decided(page, box)
        else:
            yield Finding(
                page.path,
                box.line,
                f"a prediction with the name {box.name!r}",
                "write `:name: CHAPTER-WHAT`: lower-case letters, digits and single hyphens.",
            )
    yield from _named(page, found)
    training = [
        line for cell in page.cells for _, name, line in cell.calls() if name.endswith(".fit")
    ]
    if not found or (training and min(training) < min(box.line for box in found)):
        yield Finding(
            page.path,
            min(training, default=page.title_line),
            "nothing is predicted before the first training",
            "ask for a prediction first, in a `{predict}`.",
        )


def _box(page: Page, book: Book, box: Prediction) -> Iterator[Finding]:
    """Check what a box says by itself, and that no other has its name."""
    same = [
        f"{other.name}.md:{one.line}"
        for other in book.pages.values()
        for one in predictions(other)
        if one.name == box.name and (other.name, one.line) != (page.name, box.line)
    ]
    if same:
        yield Finding(
            page.path,
            box.line,
            f"the prediction {box.name!r} has the name of another, {same[0]}",
            "choose a name that is used once in the book.",
        )
    if len(box.choices) not in PREDICTION_OPTIONS:
        yield Finding(
            page.path,
            box.line,
            f"a prediction with {len(box.choices)} options",
            f"end it with a list of {PREDICTION_OPTIONS[0]} to {PREDICTION_OPTIONS[-1]} items, "
            "each a condition in backticks and a text.",
        )
        return
    try:
        check_conditions(box.conditions)
    except UndecidedError as error:
        wrong, _, remedy = str(error).partition(". Remedy: ")
        yield Finding(page.path, box.line, f"the prediction {box.name!r}: {wrong}", remedy)


def _decided(page: Page, box: Prediction) -> Iterator[Finding]:
    """Check that a claim or fact decides a box, and that the answer comes after both."""
    deciding = [line for text, line in statements(page) if text == box.decided_by]
    if not deciding:
        yield Finding(
            page.path,
            box.line,
            f"the prediction {box.name!r} is decided by {box.decided_by!r}, and no claim or "
            "fact of this page reads so",
            "copy the text of one to `:decided-by:`, letter by letter.",
        )
    answers = [one for one in page.directives("answer") if one.argument == box.name]
    after = max([box.line, *deciding])
    if len(answers) != 1 or answers[0].line < after:
        yield Finding(
            page.path,
            answers[-1].line if answers else box.line,
            f"the prediction {box.name!r} has {len(answers)} answers"
            + (", and one stands before the run" if answers else ""),
            f"write one `{{answer}} {box.name}` after the cell that decides, and in it why.",
        )
    elif not answers[0].body.strip():
        yield Finding(
            page.path,
            answers[0].line,
            f"the answer to {box.name!r} is empty",
            "say in a sentence or two what happened, and why it decides.",
        )


def _named(page: Page, found: list[Prediction]) -> Iterator[Finding]:
    """Check that answers and letters name a box that stands before them."""
    boxes = {box.name: box for box in found}
    for answer in page.directives("answer"):
        if answer.argument not in boxes:
            yield _nobody(page, answer.line, "answer", answer.argument)
    for text in page.texts:
        for role, line in text.find("myst_role"):
            if role.meta["name"] != "letter":
                continue
            name, _, number = role.content.partition(".")
            if name not in boxes or boxes[name].line > line:
                yield _nobody(page, line, "letter", name)
            elif number and number not in map(str, range(1, len(boxes[name].choices) + 1)):
                yield Finding(
                    page.path,
                    line,
                    f"the prediction {name!r} has no option {number!r}",
                    "count its options as they are written, from 1.",
                )


def _nobody(page: Page, line: int, what: str, name: str) -> Finding:
    return Finding(
        page.path,
        line,
        f"`{{{what}}}` names {name!r}, and no prediction of that name stands before it",
        "mend the name, or move it behind its `{predict}`.",
    )
