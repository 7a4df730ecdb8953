"""``python -m booktools release``: the files of a release, with a version and checksums."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from booktools.cli.places import SITE
from booktools.review.release import ReleaseError, gather, number

CITATION = Path("CITATION.cff")
DOWNLOADS = SITE / "downloads"
PLACE = Path("_build") / "release"


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("version", help="such as v1.2.0, as CITATION.cff has it")
    parser.add_argument(
        "--downloads", type=Path, default=DOWNLOADS, help=f"where they are ({DOWNLOADS})"
    )


def run(given: Namespace) -> int:
    """Lay the files of a release together; return 2 if there are none, or it is no version."""
    try:
        files = gather(given.downloads, PLACE, number(given.version, CITATION))
    except ReleaseError as error:
        print(f"The release was not made: {error}", file=sys.stderr)
        return 2
    for path in files:
        print(f"{path.stat().st_size:>12,}  {path}")
    return 0
