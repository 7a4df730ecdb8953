"""Claims and facts: a chapter states some, in words that can be told apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.page import Block, Cell, Comment, Page

STATEMENTS = {"claim", "fact"}


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that a chapter states something, each time in other words."""
    found = list(statements(page))
    if not found:
        yield Finding(
            page.path,
            page.title_line,
            "the chapter claims nothing",
            "let the build check what the text says: `claim(text, value, at_least=...)`.",
        )
    seen: dict[str, int] = {}
    for text, line in found:
        if not text:
            yield Finding(
                page.path,
                line,
                "a claim or fact whose words are put together at run time",
                "write them as one text, so that evidence and predictions can name it.",
            )
        elif text in seen:
            yield Finding(
                page.path,
                line,
                f"{text!r} is stated a second time; first in line {seen[text]}",
                "say what is special about this one.",
            )
        seen.setdefault(text, line)


def statements(page: Page) -> Iterator[tuple[str, int]]:
    """Yield the words of each claim and fact, with its line; empty if only a run can tell them."""
    for cell in page.executed:
        for call, name, line in cell.calls():
            if name.split(".")[-1] in STATEMENTS and call.args:
                text = call.args[0]
                literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
                yield (text.value if literal else ""), line  # type: ignore[attr-defined]


def makes_statement(cell: Cell) -> bool:
    """Tell whether a cell claims or states something."""
    return any(name.split(".")[-1] in STATEMENTS for _, name, _ in cell.calls())


def noted(page: Page, block: Block, pattern: str) -> bool:
    """Tell whether a comment right before a block has a line that begins with a pattern."""
    index = next(n for n, other in enumerate(page.blocks) if other is block)
    for before in reversed(page.blocks[:index]):
        if not isinstance(before, Comment):
            return False
        if any(re.match(pattern, line) for line in before.lines):
            return True
    return False
