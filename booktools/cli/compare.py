"""``python -m booktools compare``: what changed from one build to another, in Markdown."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from booktools.review.reports import ReportError, load
from booktools.review.summary import summary

BEFORE, REPORT = Path("_build/before.json"), Path("_build/report.json")


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument(
        "old", nargs="?", type=Path, help=f"the earlier report ({BEFORE}, if it is there)"
    )
    parser.add_argument("new", nargs="?", type=Path, default=REPORT, help=f"the later ({REPORT})")
    parser.add_argument("--to", type=Path, metavar="FILE", help="add it to the end of a file")
    parser.add_argument(
        "--remember", action="store_true", help=f"lay {REPORT} aside as {BEFORE}, for a later call"
    )


def run(given: Namespace) -> int:
    """Print or write the summary; return 2 if a report cannot be used."""
    try:
        if given.remember:
            load(REPORT)
            REPORT.replace(BEFORE)
            print(f"Laid aside as {BEFORE}: `make compare` compares the next build with it.")
            return 0
        old = given.old or BEFORE
        # only what is named has to be there
        before = load(old) if given.old or old.exists() else None
        text = summary(before, load(given.new))
    except ReportError as error:
        print(error, file=sys.stderr)
        return 2
    if given.to is None:
        print(text, end="")
        return 0
    with given.to.open("a", encoding="utf8") as file:
        file.write(text)
    return 0
