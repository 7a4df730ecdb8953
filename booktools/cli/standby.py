"""A build that has loaded what it needs, with a kernel that stands ready, and waits for a line."""

from __future__ import annotations

import sys

from booktools.cli import main
from booktools.cli.places import BOOK, RESULTS
from booktools.execution import ready
from booktools.execution.store import Store


def wait() -> int:
    """Build as ``python -m booktools build`` does, once a line comes; end where none does."""
    try:
        if latest := Store(RESULTS).latest():
            page, last = latest
            ready.prepare(last["inputs"], (BOOK / page).resolve().parent)
        import jupyter_book.sphinx  # noqa: F401 - takes a second, now rather than then
        import myst_nb.sphinx_ext  # noqa: F401

        return main(["build"]) if sys.stdin.readline() else 0
    except KeyboardInterrupt:
        return 130
    finally:
        ready.close()


if __name__ == "__main__":
    sys.exit(wait())
