"""The self-check quiz: questions in bold, each with a fold for every option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.page import Directive, Page, Text
from booktools.contract.parts import QUIZ

QUESTIONS = range(4, 7)
OPTION = "quiz-option"
RIGHT = "Right"


@dataclass
class Question:
    """A question and its options."""

    line: int
    options: list[Directive] = field(default_factory=list)


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check the questions, their options and the feedback."""
    questions = list(read_questions(page))
    headings = [heading for heading in page.headings if heading.plain == QUIZ]
    if headings and len(questions) not in QUESTIONS:
        yield Finding(
            page.path,
            headings[0].line,
            f"a quiz of {len(questions)} questions",
            f"{QUESTIONS[0]} to {QUESTIONS[-1]}, each a line like `**1. What ...?**`.",
        )
    for question in questions:
        if len(question.options) < 2:
            yield Finding(
                page.path,
                question.line,
                f"a quiz question with {len(question.options)} options",
                f"at least two, each a `{{dropdown}}` with `:class-container: {OPTION}`.",
            )
        for option in question.options:
            if not option.body.strip():
                yield Finding(
                    page.path,
                    option.line,
                    "a quiz option without feedback",
                    "say in the fold why it is right or wrong.",
                )
        right = [one for one in question.options if one.body.lstrip().startswith(RIGHT)]
        if question.options and len(right) != 1:
            yield Finding(
                page.path,
                question.line,
                f"a quiz question with {len(right)} right options",
                f"the feedback of exactly one begins with `{RIGHT}`.",
            )


def read_questions(page: Page) -> Iterator[Question]:
    """Yield the questions of the quiz."""
    question: Question | None = None
    for block in page.blocks:
        if block.section != QUIZ:
            continue
        if isinstance(block, Text) and not block.inside and _is_question(block):
            if question:
                yield question
            question = Question(block.line)
        if isinstance(block, Directive) and OPTION in block.options.get("class-container", ""):
            question = question or Question(block.line)
            question.options.append(block)
    if question:
        yield question


def _is_question(text: Text) -> bool:
    return bool(re.match(r"\d+\.", text.plain)) and any(text.find("strong_open"))
