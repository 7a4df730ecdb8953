"""The self-check quiz: enough questions, fair options, feedback on each."""

from __future__ import annotations

from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.boxes import Question, questions
from booktools.contract.finding import Finding
from booktools.contract.limits import QUESTION_OPTIONS, QUESTIONS
from booktools.contract.page import Page
from booktools.contract.parts import QUIZ


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check the questions, their options and the feedback."""
    found = questions(page)
    headings = [heading for heading in page.headings if heading.plain == QUIZ]
    count = sum(question.section == QUIZ for question in found)
    if headings and count not in QUESTIONS:
        yield Finding(
            page.path,
            headings[0].line,
            f"a quiz of {count} questions",
            f"{QUESTIONS[0]} to {QUESTIONS[-1]}, each a `{{question}}` with its options.",
        )
    for question in found:
        yield from _question(page, question)
    given_away = [question for question in found if _right_is_longest(question)]
    if len(given_away) * 2 > len(found):
        yield Finding(
            page.path,
            given_away[0].line,
            f"the right option is the longest in {len(given_away)} of {len(found)} questions, "
            "which gives it away",
            "shorten right options, or say more in wrong ones, in half of the questions or more.",
        )


def _question(page: Page, question: Question) -> Iterator[Finding]:
    if len(question.options) < QUESTION_OPTIONS:
        yield Finding(
            page.path,
            question.line,
            f"a quiz question with {len(question.options)} options",
            f"at least {QUESTION_OPTIONS}, each a `{{wrong}}` or the one `{{right}}` inside the "
            "question.",
        )
    for option in question.options:
        if not option.text or not option.feedback:
            yield Finding(
                page.path,
                option.line,
                "a quiz option without text or feedback",
                "write the option behind the name, and inside why it is right or wrong.",
            )
    right = sum(option.right for option in question.options)
    if question.options and right != 1:
        yield Finding(
            page.path,
            question.line,
            f"a quiz question with {right} right options",
            "exactly one is `{right}`, the others are `{wrong}`.",
        )


def _right_is_longest(question: Question) -> bool:
    right = [len(option.text) for option in question.options if option.right]
    wrong = [len(option.text) for option in question.options if not option.right]
    return bool(right and wrong) and min(right) > max(wrong)
