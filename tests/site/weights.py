"""What a first visit to a page costs: the files it loads at once, as they travel."""

from __future__ import annotations

from gzip import compress
from pathlib import Path

from tests.site import checks
from tests.site.server import compressed

LIMIT = 250_000
INDEX_LIMIT = 40_000  # of the palette, at thirty chapters


def first_view(page: Path) -> dict[str, int]:
    """Return the compressed size of a page and of each style sheet and script that it names."""
    tree = checks.soup(page)
    named = [tag["href"] for tag in tree.select("link[rel=stylesheet]")]
    named += [tag["src"] for tag in tree.select("script[src]")]
    files = [page, *(page.parent / str(name).partition("?")[0] for name in named)]
    return {file.name: len(compressed(file, file.stat().st_mtime)) for file in files}


def index_at(chapters: int, index: bytes, now: int) -> int:
    """Return what the index of the palette weighs, compressed, in a book of more chapters."""
    return round(len(compress(index, mtime=0)) * chapters / now)
