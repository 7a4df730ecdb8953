"""The exercises, and solutions that the build executes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.claims import makes_statement
from booktools.contract.finding import Finding
from booktools.contract.limits import EXECUTED_SOLUTIONS, FINAL_EXERCISES
from booktools.contract.page import Cell, Directive, Page, keywords
from booktools.contract.parts import EXERCISES


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that every exercise has a solution, and that the solutions check themselves."""
    exercises = page.directives("exercise", "exercise-start")
    headings = [heading for heading in page.headings if heading.plain == EXERCISES]
    final = [exercise for exercise in exercises if exercise.section == EXERCISES]
    if headings and len(final) not in FINAL_EXERCISES:
        yield Finding(
            page.path,
            headings[0].line,
            f"{len(final)} exercises",
            f"{FINAL_EXERCISES[0]} to {FINAL_EXERCISES[-1]}.",
        )
    solutions = {solution.argument: cells for solution, cells in _solutions(page)}
    for exercise in exercises:
        if exercise.options.get("label") not in solutions:
            yield Finding(
                page.path,
                exercise.line,
                f"the exercise `{exercise.argument}` has no solution",
                "give it a `:label:`, and a solution between `{solution-start} LABEL` and "
                "`{solution-end}`.",
            )
    for solution, cells in _solutions(page):
        if cells and not any(_asserts(cell) for cell in cells):
            yield Finding(
                page.path,
                solution.line,
                f"the solution of `{solution.argument}` checks nothing",
                "end it with an `assert`, a `claim(...)` or a check with `strict=True`.",
            )
    executed = sum(bool(cells) for cells in solutions.values())
    if exercises and executed < EXECUTED_SOLUTIONS:
        yield Finding(
            page.path,
            exercises[0].line,
            f"{executed} solutions are executed",
            f"at least {EXECUTED_SOLUTIONS} solutions hold code cells.",
        )


def _solutions(page: Page) -> Iterator[tuple[Directive, list[Cell]]]:
    """Yield the solutions, each with its code cells."""
    solution: Directive | None = None
    cells: list[Cell] = []
    for block in page.blocks:
        if isinstance(block, Directive) and block.name in ("solution", "solution-start"):
            if solution:
                yield solution, cells
            solution, cells = block, []
        elif isinstance(block, Cell) and "solution" in block.inside:
            cells.append(block)
    if solution:
        yield solution, cells


def _asserts(cell: Cell) -> bool:
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(cell.tree))
    strict = any("strict" in keywords(call) and name != "zip" for call, name, _ in cell.calls())
    return asserts or strict or makes_statement(cell)
