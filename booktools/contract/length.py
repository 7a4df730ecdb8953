"""How long a chapter is, and its cells.

What counts as words: whatever is read from the title to the end, with tables, predictions and
exercises on the way, but without the front matter and its card, code, captions, comments, and
the sections "Check yourself" and "Exercises". A formula, a number from the run or a piece of
code in a sentence is one word. What counts as cells: those of the same sections whose code
stands open on the page, so not those that are folded or removed, and not solutions.
"""

from __future__ import annotations

from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.limits import CELLS, COLUMNS, FOLDED_LINES, LINES, WORDS
from booktools.contract.page import Cell, Page
from booktools.contract.parts import in_lesson

FOLDED = "hide-input"  # drawing code, which few readers open


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check the numbers of words, of cells, and of lines and columns in a cell."""
    words = sum(text.words for text in page.texts if in_lesson(text))
    if words not in WORDS:
        yield Finding(
            page.path,
            page.title_line,
            f"{words:,} words (without code, quiz and exercises)",
            f"{WORDS[0]:,} to {WORDS[-1]:,}; say less, or more, or make two chapters.",
        )
    cells = [cell for cell in page.cells if in_lesson(cell) and _open(cell)]
    if len(cells) not in CELLS:
        yield Finding(
            page.path,
            page.title_line,
            f"{len(cells)} code cells (without folded ones and solutions)",
            f"{CELLS[0]} to {CELLS[-1]}; join small ones or split large ones.",
        )
    for cell in page.cells:
        if not cell.visible:
            continue
        lines = cell.source.rstrip().splitlines()
        limit = FOLDED_LINES if FOLDED in cell.tags else LINES
        if len(lines) > limit:
            yield Finding(
                page.path,
                cell.first,
                f"a cell of {len(lines)} lines",
                f"at most {limit}: split it, or fold drawing code with the tag `{FOLDED}` "
                f"(at most {FOLDED_LINES}).",
            )
        for number, line in enumerate(lines, cell.first):
            if len(line) > COLUMNS:
                yield Finding(
                    page.path,
                    number,
                    f"a line of code of {len(line)} columns",
                    f"at most {COLUMNS}: break it.",
                )


def _open(cell: Cell) -> bool:
    return cell.visible and FOLDED not in cell.tags and "solution" not in cell.inside
