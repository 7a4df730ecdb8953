"""Predictions and quiz questions as their authors wrote them.

The checks read them here, and so does whoever needs them without Sphinx: notebooks, evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from booktools.contract.page import Directive, Page, directives, parse
from booktools.parts.predictions.conditions import HOLDS, read


@dataclass
class Choice:
    """An option of a prediction: its condition, empty if it has none, and its Markdown."""

    condition: str
    text: str


@dataclass
class Prediction:
    """A ``{predict}`` box.

    Attributes:
        line: Its first line in the file.
        name: Its name; empty if it has none, as is ``decided_by``.
        decided_by: The text of the claim or fact that decides it.
        question: Its Markdown, without the options.
        choices: Its options.
    """

    line: int
    name: str
    decided_by: str
    question: str
    choices: list[Choice]

    @property
    def conditions(self) -> list[str]:
        """The conditions of the options, for :mod:`booktools.parts.predictions.conditions`."""
        return [choice.condition for choice in self.choices]


@dataclass
class Option:
    """An option of a quiz question.

    Attributes:
        line: Its line in the file.
        right: Whether it is the right one.
        text: Its Markdown.
        feedback: The Markdown of what is said to whoever chooses it.
    """

    line: int
    right: bool
    text: str
    feedback: str


@dataclass
class Question:
    """A quiz question: its line, its section, its Markdown and its options."""

    line: int
    section: str
    text: str
    options: list[Option]

    @property
    def right(self) -> int | None:
        """Which option is right, counted from 0; the first, if several are."""
        return next((n for n, option in enumerate(self.options) if option.right), None)


def predictions(page: Page) -> list[Prediction]:
    """Return the predictions of a page, in their order."""
    return [prediction(directive) for directive in page.directives("predict")]


def questions(page: Page) -> list[Question]:
    """Return the quiz questions of a page, in their order."""
    return [question(directive) for directive in page.directives("question")]


def prediction(directive: Directive) -> Prediction:
    """Return what a ``{predict}`` says."""
    lines = directive.body.splitlines()
    tokens = parse(directive.body)
    lists = [token for token in tokens if token.type == "bullet_list_open" and token.level == 0]
    start = lists[-1].map[0] if lists and lists[-1].map else len(lines)
    choices = []
    for before, token in pairwise(tokens):
        first = token.type == "inline" and before.type == "paragraph_open" and before.level == 2
        if first and token.map and token.map[0] >= start:
            head = token.children[0] if token.children else None
            code = head.content if head is not None and head.type == "code_inline" else ""
            text = token.content
            if head is not None and code:
                text = text.removeprefix(f"{head.markup}{code}{head.markup}").strip()
            choices.append(Choice(code, text))
    if HOLDS in [choice.condition for choice in choices]:  # other code belongs to the text
        choices = [
            one
            if one.condition in ("", HOLDS) or read(one.condition)
            else Choice("", f"`{one.condition}` {one.text}")
            for one in choices
        ]
    options = directive.options
    return Prediction(
        directive.line,
        options.get("name", ""),
        options.get("decided-by", ""),
        "\n".join(lines[:start]).strip(),
        choices,
    )


def question(directive: Directive) -> Question:
    """Return what a ``{question}`` says."""
    options = [
        Option(directive.first + one.line - 1, one.name == "right", one.argument, one.body.strip())
        for _, _, one in directives(directive.body)
        if one.name in ("right", "wrong")
    ]
    return Question(directive.line, directive.section, directive.argument, options)
