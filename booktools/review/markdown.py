"""Tables and words of other people in Markdown, short enough for a page on GitHub."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROWS = 40  # of a table; what follows is counted
LETTERS = 200  # of a cell
BAR = r"\|"  # a table looks for bars in code, too
_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")


def plain(text: object, letters: int = LETTERS) -> str:
    """Return a text on one line in which nothing means more than itself."""
    line = " ".join(str(text).split())
    short = line if len(line) <= letters else f"{line[: letters - 1]}…"
    return _SIGNS.sub(r"\\\1", short).replace("@", "@\u200b")  # nobody is called by it


def code(text: object) -> str:
    """Return a name as code."""
    return f"`{str(text).replace('`', '').replace('|', BAR)}`"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], rest: str) -> list[str]:
    """Return the lines of a table of at most ``ROWS`` rows.

    Args:
        heads: What stands above the columns; one that begins with ``>`` holds numbers.
        rows: The cells, in Markdown.
        rest: What the rows that are left out are called, such as ``claims``.
    """
    marks = ["--:" if head.startswith(">") else ":--" for head in heads]
    cut = rows[:ROWS]
    lines = [_row([head.removeprefix(">") for head in heads]), _row(marks), *map(_row, cut)]
    if len(rows) > len(cut):
        lines += ["", f"… and {len(rows) - len(cut):,} more {rest}, cut here."]
    return lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
