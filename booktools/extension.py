"""What every extension of this package tells Sphinx."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent


def metadata() -> dict[str, Any]:
    """Return what a ``setup`` returns.

    Its ``env_version`` is a hash of this package: where that was changed or upgraded, Sphinx
    throws away what it remembers of the pages, and reads and writes them all again.
    """
    return {
        "version": "1",
        "env_version": _of_this_package(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


@cache
def _of_this_package() -> int:
    return int(checksum([PACKAGE])[:8], 16)


def checksum(folders: Iterable[Path]) -> str:
    """Return a checksum of the files in some folders: their names and what they hold."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(folder)}\n".encode())
                total.update(path.read_bytes())
    return total.hexdigest()
