"""``python -m booktools downloads``: build the site with an EPUB and a PDF to download."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from booktools.cli import build
from booktools.downloads import ASKED_FOR, VARIABLE


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument(
        "kinds",
        nargs="*",
        choices=[[], *ASKED_FOR],
        metavar="kind",
        help=f"{' or '.join(ASKED_FOR)} (default: both); every build makes the site as a zip",
    )
    build.add_options(parser)


def run(given: Namespace) -> int:
    """Build the site; the extension makes what the environment names."""
    os.environ[VARIABLE] = ",".join(given.kinds or ASKED_FOR)
    return build.run(given)
