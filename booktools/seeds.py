"""How far the claims of a chapter spread over seeds, before their bounds are set.

A chapter is run several times, each time with all its seeds moved (see
``lessons_code.set_seed``), and goes on where a claim does not hold.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from booktools.execution.budget import Budget
from booktools.execution.chapter import SHIFT_VARIABLE, read, results_environment
from booktools.execution.worker import Result, Task, run


def show_spread(book: Path, pages: Sequence[str], *, runs: int, jobs: int) -> int:
    """Print a table of claims for each chapter; return 1 if one failed in any run."""
    console = Console()
    paths = [book / f"{page.removesuffix('.md')}.md" for page in pages]
    for path in paths:
        if not path.exists():
            console.print(f"there is no chapter {path}")
            return 2
    kept = True
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(jobs) as pool:
        for path in paths:
            tasks = [_task(path, book, shift, folder) for shift in range(runs)]
            results = list(pool.map(run, tasks))
            kept &= _print(console, path, results)
    return 0 if kept else 1


def _task(path: Path, book: Path, shift: int, folder: str) -> Task:
    environment = results_environment() | {SHIFT_VARIABLE: str(shift)}
    chapter = read(path.stem, path, book, environment)
    if chapter is None:
        raise SystemExit(f"{path} has no code cells")
    for cell in chapter.cells:
        # a claim that fails is a row of the table, not the end of the run
        cell.metadata.tags = [*cell.metadata.get("tags", []), "raises-exception"]
    return Task(
        page=chapter.page,
        notebook=chapter.serialized(),
        folder=str(path.parent),
        lines=[chapter.line(index) for index in range(len(chapter.notebook.cells))],
        budget=Budget(),
        environment=dict(chapter.environment),
        progress=f"{folder}/{path.stem}-{shift}",
    )


def _print(console: Console, path: Path, results: list[Result]) -> bool:
    table = Table(title=f"{path}, {len(results)} runs", title_justify="left")
    for heading in ("claim", "values", "bound", "margin"):
        table.add_column(heading)
    runs = [result.claims for result in results]
    for failure in (failure for result in results for failure in result.failures):
        console.print(f"{path}:{failure.line}: {failure.kind}: {failure.message}")
    kept = all(not result.failures for result in results)
    if len({len(claims) for claims in runs}) > 1:
        console.print(f"{path}: not every run reached every claim")
        kept = False
    for rows in zip(*runs, strict=False):
        values = sorted(math.nan if row["value"] is None else row["value"] for row in rows)
        holds = all(row["holds"] for row in rows)
        kept &= holds
        spread = " ".join(f"{value:.4g}" for value in values)
        margin = f"{_margin(rows[0], values):.3g}" if holds else "[red]fails[/]"
        table.add_row(rows[0]["text"], spread, rows[0]["bound"], margin)
    console.print(table)
    seconds = max((result.seconds for result in results), default=0)
    console.print(f"the longest run took {seconds:.1f} s")
    return kept


def _margin(claim: dict[str, Any], values: Sequence[float]) -> float:
    """Return the room between the worst value and its bound."""
    low, high = min(values), max(values)
    if "at_least" in claim:
        return low - float(claim["at_least"])
    if "at_most" in claim:
        return float(claim["at_most"]) - high
    if "between" in claim:
        lower, upper = claim["between"]
        return min(low - float(lower), float(upper) - high)
    off = max(abs(value - float(claim["equals"])) for value in values)
    return float(claim["tolerance"]) - off
