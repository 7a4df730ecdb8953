"""What a build says: its own words and warnings, not what Sphinx and its extensions tell."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO


@contextmanager
def quiet() -> Iterator[None]:
    """Show only what extensions of ``booktools`` say; warnings and errors go to stderr as ever."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setLevel(logging.INFO)
    handler.addFilter(lambda record: record.levelno < logging.WARNING)
    ours = logging.getLogger("sphinx.booktools")  # Sphinx puts its name before ours
    ours.addHandler(handler)
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        ours.removeHandler(handler)
