"""``python -m booktools evidence``: collect the evidence of chapters, and show it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from booktools.cli.places import BOOK, CONFIG, TOC, positive
from booktools.contract.book import read_order
from booktools.evidence.collect import Gathered, Run, collect, makes_statements, plan
from booktools.evidence.record import Evidence, path_for, show_range
from booktools.evidence.settings import EvidenceError, read_settings
from booktools.execution.chapter import LOCK_FILE
from booktools.execution.errors import ExecutionFailed
from booktools.execution.resources import usable_cores

KEPT = Path("_build") / ".evidence"


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("pages", nargs="*", help="such as first-networks/fizzbuzz (default: all)")
    parser.add_argument("--jobs", type=positive, help="runs at a time (default: cores)")


def run(given: Namespace) -> int:
    """Collect the evidence of pages, or of all that claim something."""
    try:
        order = read_order(TOC)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    jobs = given.jobs or usable_cores()
    return collect_evidence(BOOK, CONFIG, order, given.pages, jobs=jobs)


def collect_evidence(
    book: Path, config: Path, order: Sequence[str], pages: Sequence[str], *, jobs: int
) -> int:
    """Run pages, or all that claim or state something, and write the evidence beside them.

    Returns:
        0; 1 if a run failed or the evidence is not good enough; 2 if there is nothing to run.
    """
    console = Console()
    try:
        settings = read_settings(config)
        names = [page.removesuffix(".md") for page in pages] or _claiming(book, order)
        runs: dict[str, list[Run]] = {}
        for name in names:
            path = (book / f"{name}.md").absolute()
            if not path.is_file():
                raise EvidenceError(
                    f"there is no page {book}/{name}.md. Remedy: name it as in _toc.yml, such as "
                    "PAGE=part/chapter."
                )
            runs[name] = plan(name, path, book.absolute(), settings)
    except (EvidenceError, ExecutionFailed) as error:
        console.print(str(error), highlight=False, markup=False)
        return 2
    good = True
    try:
        lock = config.absolute().parent / LOCK_FILE
        for gathered in collect(runs, KEPT, settings, lock, jobs=jobs, say=console.print):
            good &= _report(console, book, gathered)
    except KeyboardInterrupt:
        console.print("Stopped. What had finished is kept: the same command goes on from there.")
        return 130
    return 0 if good else 1


def _claiming(book: Path, order: Sequence[str]) -> list[str]:
    """Return the pages that claim or state something."""
    paths = {page: book / f"{page}.md" for page in order}
    texts = {page: path.read_text("utf-8-sig") for page, path in paths.items() if path.is_file()}
    return [
        page for page, text in texts.items() if "{code-cell}" in text and makes_statements([text])
    ]


def _report(console: Console, book: Path, gathered: Gathered) -> bool:
    """Show a page's evidence and write it; return whether it is good."""
    if gathered.evidence is None:
        for fault in gathered.faults:
            console.print(fault, highlight=False, markup=False, soft_wrap=True)
        console.print(f"{gathered.page}: no evidence was written.", highlight=False)
        return False
    path = path_for(book / f"{gathered.page}.md")
    gathered.evidence.write(path)
    console.print(_table(gathered.page, gathered.evidence))
    problems = list(gathered.evidence.problems())
    for _, wrong, remedy in problems:
        console.print(f"{wrong}. Remedy: {remedy}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{path}: {len(problems)} to mend; its runs took {gathered.seconds:.0f} s.")
    return not problems


def _table(page: str, evidence: Evidence) -> Table:
    table = Table(title=page, title_justify="left")
    for heading in ("", "claim or fact", "bound", "seeds", "spare", "broken by"):
        table.add_column(heading)
    for one in evidence.statements:
        spare = "" if one.margin is None else f"{one.margin:.2g}"
        broken = ", ".join(one.broken_by) or "nothing"
        table.add_row(one.kind, one.text, one.bound, show_range(one), spare, broken)
    return table
