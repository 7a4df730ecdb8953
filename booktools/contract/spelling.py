"""Spelling: common misspellings, and British forms in an American book, found by codespell.

codespell knows mistakes rather than words: names and technical terms never raise an alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import lru_cache
from io import StringIO
from pathlib import Path

import codespell_lib

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.page import Page

DICTIONARIES = "clear,en-GB_to_en-US"
LINE = re.compile(r"(.+):(\d+): (.+?) ==> (.+)")


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check the spelling of a page, its code included."""
    paths = tuple(page.path for page in book.pages.values())
    for path, line, word, right in _misspelled(paths if page.path in paths else (page.path,)):
        if path == page.path:
            yield Finding(path, line, f"the spelling of {word!r}", f"write {right}.")


@lru_cache(maxsize=1)  # one run for all pages: reading the dictionaries takes longer than the pages
def _misspelled(paths: tuple[Path, ...]) -> list[tuple[Path, int, str, str]]:
    with redirect_stdout(StringIO()) as output:
        codespell_lib.main("--disable-colors", "--builtin", DICTIONARIES, *map(str, paths))
    found = (LINE.fullmatch(line) for line in output.getvalue().splitlines())
    return [(Path(m[1]), int(m[2]), m[3], m[4]) for m in found if m]
