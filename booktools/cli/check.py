"""``python -m booktools check``: check chapters against the chapter contract."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from booktools.cli.places import BOOK, TOC, sphinx_config
from booktools.contract import check, summary
from booktools.contract.book import Book, read_order
from booktools.contract.settings import Settings


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("pages", nargs="*", help="such as first-networks/fizzbuzz (default: all)")


def run(given: Namespace) -> int:
    """Print what is wrong with pages, or with all, and return 1 if anything is."""
    try:
        book = Book(BOOK, read_order(TOC), Settings.from_config(sphinx_config()))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    names = given.pages or book.order
    unknown = [name for name in names if name not in book.pages]
    if unknown:
        print(f"There is no page {BOOK}/{unknown[0]}.md in {TOC}.", file=sys.stderr)
        return 2
    found = [
        finding for name in names for finding in check(book.pages[name], book, evidence_too=True)
    ]
    if found:
        print(summary(found))
    return 1 if found else 0
