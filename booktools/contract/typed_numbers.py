"""Numbers in prose come from the run, never from the keyboard.

What looks like a result is a percentage, or a number with two decimals or more. Quiz,
exercises and predictions may name numbers: they are questions, not results. For a number
that is no result, such as a setting, the line ``% typed: REASON`` stands above the paragraph.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.claims import noted
from booktools.contract.finding import Finding
from booktools.contract.page import Page
from booktools.contract.parts import READ_ON, in_lesson

QUESTIONS = {"admonition", "predict", "exercise", "solution"}
PERCENT = r"(?!(?:0|100)\s?%)\d+(?:\.\d+)?\s?(?:%|percent\b)"
DECIMALS = r"\d*\.\d{2,}(?!\.?\d)"
RESULT = re.compile(rf"(?<![\d.])(?:{PERCENT}|{DECIMALS})")


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that no result is typed, and that every number which is glued in exists."""
    for text in page.texts:
        if text.section == READ_ON or QUESTIONS & set(text.inside) or not in_lesson(text):
            continue
        if noted(page, text, r"typed:\s*\S"):
            continue
        for words, line in text.lines():
            for match in RESULT.finditer(words):
                yield Finding(
                    page.path,
                    line,
                    f"{match[0]} looks like a result that was typed",
                    "put it there with glue; if it is no result, write above the paragraph "
                    "`% typed: REASON`.",
                )
    glued = set(_glued(page))
    if None in glued:
        return
    for text in page.texts:
        for role, line in text.find("myst_role"):
            key = role.content.split(":")[0]
            if role.meta["name"].startswith("glue") and key not in glued:
                yield Finding(
                    page.path,
                    line,
                    f"no cell of this page glues {key!r}",
                    f'add `glue("{key}", ...)` to a cell with the tag `remove-cell`.',
                )


def _glued(page: Page) -> Iterator[str | None]:
    """Yield the keys that the page's cells glue; ``None`` for one that only a run can tell."""
    for cell in page.cells:
        for call, name, _ in cell.calls():
            if name.split(".")[-1] == "glue" and call.args:
                key = call.args[0]
                yield str(key.value) if isinstance(key, ast.Constant) else None
