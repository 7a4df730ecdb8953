"""``python -m booktools prune``: remove all but the newest results of each chapter."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from booktools.cli.places import RESULTS, positive
from booktools.execution.store import Store


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--keep", type=positive, default=3, help="states a chapter (default: 3)")


def run(given: Namespace) -> int:
    """Remove old results, and say how much."""
    removed, megabytes = Store(RESULTS).prune(given.keep)
    print(
        f"Removed {removed} results, {megabytes} MB; the newest {given.keep} of each chapter stay."
    )
    return 0
