"""Where the chapters stand on the map, and how the lines between them run.

A chapter stands below all that it needs, as high as there is room; a row takes few, so that they
can be read on a phone. Lines run down: through places that are empty, or between the columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

COLUMNS = 3
MIDDLE = (COLUMNS - 1) / 2
Place = tuple[int, int]  # row and column, from 0
Needs = Mapping[str, Sequence[str]]  # of each chapter, in the order of the book; they come earlier


@dataclass(frozen=True)
class Line:
    """A line from a chapter that is needed, down to one that needs it.

    Attributes:
        bends: The rows between which it changes its column, each with the column before and after;
            half a column is the way between two.
        path: How it runs, in units of rows and columns, in the language of SVG.
    """

    bends: tuple[tuple[int, float, float], ...]
    path: str


def drawn_needs(needs: Needs) -> dict[str, list[str]]:
    """Return of each chapter's needs those that no other of them needs already."""
    behind: dict[str, set[str]] = {}  # all that a chapter needs, near and far
    for chapter, near in needs.items():
        behind[chapter] = {*near, *(far for one in near for far in behind[one])}
    return {
        chapter: [one for one in near if not any(one in behind[other] for other in near)]
        for chapter, near in needs.items()
    }


def places(needs: Needs) -> dict[str, Place]:
    """Return the place of each chapter.

    Row by row, the columns are chosen anew as long as that makes the lines shorter or fewer of
    them cross.
    """
    rows: dict[str, int] = {}
    filled: dict[int, list[str]] = {}
    for chapter, near in needs.items():
        row = max((rows[one] + 1 for one in near), default=0)
        while len(filled.get(row, ())) == COLUMNS:
            row += 1
        rows[chapter] = row
        filled.setdefault(row, []).append(chapter)
    drawn = drawn_needs(needs)
    found = {
        one: (row, at + (COLUMNS - len(these)) // 2)  # alone in the middle
        for row, these in filled.items()
        for at, one in enumerate(these)
    }
    cost = math.inf
    while (now := _cost(drawn, found)) < cost:
        cost = now
        for row, these in sorted(filled.items()):
            tried = (
                {**found, **{one: (row, at) for one, at in zip(these, columns, strict=True)}}
                for columns in permutations(range(COLUMNS), len(these))
            )
            found = min(tried, key=lambda one: _cost(drawn, one))
    return found


def lines(drawn: Needs, at: Mapping[str, Place]) -> list[Line]:
    """Return the lines between chapters that stand at their places."""
    taken = set(at.values())
    return [_line(at[one], at[chapter], taken) for chapter, near in drawn.items() for one in near]


def _cost(drawn: Needs, at: Mapping[str, Place]) -> float:
    """Return how bad a map is: lines that cross, go aside or pass a box, and a lopsided map."""
    at_gap: dict[int, list[tuple[float, float]]] = {}  # columns before and after
    for line in lines(drawn, at):
        for row, before, after in line.bends:
            at_gap.setdefault(row, []).append((before, after))
    crossings = sum(
        (before - other_before) * (after - other_after) < 0
        for bends in at_gap.values()
        for (before, after), (other_before, other_after) in combinations(bends, 2)
    )
    aside = sum(
        abs(before - after) + (after % 1 > 0)
        for bends in at_gap.values()
        for before, after in bends
    )
    return 2 * crossings + aside + 0.1 * sum(abs(column - MIDDLE) for _, column in at.values())


def _line(above: Place, below: Place, taken: set[Place]) -> Line:
    (top, left), (bottom, right) = above, below
    columns: list[float] = [left]
    if bottom > top + 1:
        columns.append(_lane(above, below, taken))
    columns.append(right)
    gaps = [top + 1, bottom][: len(columns) - 1]  # below the one, and above the other
    bends = tuple(zip(gaps, columns, columns[1:], strict=False))
    path = f"M{left + 0.5:g} {top + 0.5:g}"
    for gap, before, after in bends:
        x, to = before + 0.5, after + 0.5
        path += f"V{gap - 0.25:g}C{x:g} {gap:g} {to:g} {gap:g} {to:g} {gap + 0.25:g}"
    return Line(bends, f"{path}V{bottom + 0.5:g}")


def _lane(above: Place, below: Place, taken: set[Place]) -> float:
    """Return the column in which a line passes some rows; between two, where both are taken."""
    (top, left), (bottom, right) = above, below
    for column in (right, left):
        if all((row, column) not in taken for row in range(top + 1, bottom)):
            return column
    if left == right:
        return left + 0.5 if left < MIDDLE else left - 0.5
    return max(left, right) - 0.5
