"""``python -m booktools links``: follow the links that lead out of the book."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from contextlib import redirect_stderr, suppress
from io import StringIO
from pathlib import Path

from booktools.cli.places import BOOK, CONFIG, TOC
from booktools.cli.quiet import quiet
from booktools.review.links import LinksError, read

FOUND = Path("_build") / "linkcheck" / "output.json"
RESULTS = Path("_build") / "links.json"


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--to", type=Path, metavar="FILE", help="add a table to the end of a file")


def run(given: Namespace) -> int:
    """Follow all links with Sphinx, and say what became of them.

    Returns:
        0; 1 if a link is broken; 2 if none could be tried, or none could be reached.
    """
    from jupyter_book.cli.main import main as jupyter_book

    FOUND.unlink(missing_ok=True)
    paths = [str(BOOK), "--config", str(CONFIG), "--toc", str(TOC.absolute()), "--path-output", "."]
    said = StringIO()
    with quiet(), redirect_stderr(said), suppress(RuntimeError, SystemExit):
        # it ends with an error if a link is broken, and says so at length
        jupyter_book(
            ["build", *paths, "--builder", "custom", "--custom-builder", "linkcheck"],
            standalone_mode=False,
        )
    try:
        links = read(FOUND)
    except LinksError as error:
        print(said.getvalue(), error, sep="", file=sys.stderr)
        return 2
    links.write(RESULTS)
    print(*links.lines(), links.counts(), f"All results: {RESULTS}", sep="\n")
    if given.to is not None:
        with given.to.open("a", encoding="utf8") as file:
            file.write(links.markdown())
    if links.nobody_answered:
        print("Not one link was reached. Remedy: is there a network?", file=sys.stderr)
        return 2
    return 1 if links.broken else 0
