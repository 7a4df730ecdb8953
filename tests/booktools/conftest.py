"""What several tests of the build tools need."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.booktools.books import Book, new_book


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Book]:
    """Return a function that makes a book from pages and their one cell."""

    return partial(new_book, tmp_path)
