"""The command line: ``python -m booktools``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from booktools.execution import BUDGET_VARIABLE, JOBS_VARIABLE
from booktools.execution.chapter import DATA_VARIABLE

BOOK, CONFIG, TOC = Path("book"), Path("_config.yml"), Path("_toc.yml")


def main(arguments: list[str] | None = None) -> int:
    """Run a command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m booktools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="build the site into _build/html")
    build.add_argument("--jobs", type=_positive, help="chapters to run at a time (default: cores)")
    build.add_argument("--data", choices=["sample", "full"], help="which data the chapters load")
    build.add_argument("--no-budget", action="store_true", help="let chapters take their time")

    seeds = commands.add_parser("seeds", help="run chapters with several seeds, show the claims")
    seeds.add_argument("pages", nargs="+", help="such as first-networks/fizzbuzz")
    seeds.add_argument("--runs", type=_positive, default=5, help="how many (default: 5)")
    seeds.add_argument("--jobs", type=_positive, default=1, help="runs at a time (default: 1)")

    given = parser.parse_args(arguments)
    for path in (BOOK, CONFIG, TOC):
        if not path.exists():
            parser.error(f"there is no {path} here; run this in the folder of the book")
    if given.command == "build":
        return build_site(given.jobs, given.data, budgets=not given.no_budget)
    from booktools.seeds import show_spread

    return show_spread(BOOK, given.pages, runs=given.runs, jobs=given.jobs)


def build_site(jobs: int | None, data: str | None, *, budgets: bool) -> int:
    """Build the site with jupyter-book; warnings count as errors."""
    from jupyter_book.cli.main import main as jupyter_book

    if jobs:
        os.environ[JOBS_VARIABLE] = str(jobs)
    if data:
        os.environ[DATA_VARIABLE] = data
    if not budgets:
        os.environ[BUDGET_VARIABLE] = "off"
    paths = [str(BOOK), "--config", str(CONFIG), "--toc", str(TOC.absolute()), "--path-output", "."]
    try:
        jupyter_book(["build", *paths, "-W", "--keep-going"], standalone_mode=False)
    except RuntimeError:  # jupyter-book's word for a failure that Sphinx has described already
        print("The site was not published; what was there before still is.", file=sys.stderr)
        return 1
    return 0


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return number


if __name__ == "__main__":
    sys.exit(main())
