"""Claims: a chapter makes some, and says how their bounds were set."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.page import Block, Cell, Comment, Page


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that there are claims, and a comment on the bounds right before each such cell."""
    claiming = [cell for cell in page.cells if has_claim(cell)]
    if not claiming:
        yield Finding(
            page.path,
            page.title_line,
            "the chapter claims nothing",
            "let the build check what the text says: `claim(text, value, at_least=...)`.",
        )
    for cell in claiming:
        if not noted(page, cell, r"bounds?:(?!.*\bTODO\b)\s*\S"):
            yield Finding(
                page.path,
                cell.line,
                "it is not said how the bound of this claim was set",
                "write above the cell, for instance: `% bound: 0.12 to 0.19 in shifts 0 to 4`.",
            )


def has_claim(cell: Cell) -> bool:
    """Tell whether a cell makes a claim."""
    return any(name.split(".")[-1] == "claim" for _, name, _ in cell.calls())


def noted(page: Page, block: Block, pattern: str) -> bool:
    """Tell whether a comment right before a block has a line that begins with a pattern."""
    index = next(n for n, other in enumerate(page.blocks) if other is block)
    for before in reversed(page.blocks[:index]):
        if not isinstance(before, Comment):
            return False
        if any(re.match(pattern, line) for line in before.lines):
            return True
    return False
