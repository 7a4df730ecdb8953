"""Slow to make, quick to load again: arrays kept in the user's cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

Arrays = dict[str, NDArray[np.generic]]


def folder() -> Path:
    """Return the folder of the kept arrays; ``LESSONS_CACHE`` names another one."""
    return Path(os.environ.get("LESSONS_CACHE") or user_cache_path("lessons_code"))


def remember(key: str, names: set[str], make: Callable[[], Arrays]) -> Arrays:
    """Return the arrays that ``make`` makes, from disk if they were made before.

    A file that cannot be read is made anew. A folder that cannot be written costs only time.

    Args:
        key: A file name that changes whenever what ``make`` returns would change.
        names: What the arrays are called.
        make: Returns the arrays by name.

    Returns:
        The arrays by name.
    """
    path = folder() / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in names}
    except Exception:  # missing, cut short, garbled: numpy and zipfile raise many kinds
        arrays = make()
    with contextlib.suppress(OSError):
        _write(path, arrays)
    return arrays


def source_key(name: str, *files: str | Path) -> str:
    """Return a key for :func:`remember` that changes with the source that draws the pictures.

    Args:
        name: What the key begins with.
        *files: The Python files whose code decides what is drawn.
    """
    import PIL

    source = b"".join(Path(file).read_bytes() for file in files)
    versions = f"{PIL.__version__} {np.__version__}".encode()
    return f"{name}-{hashlib.sha256(source + versions).hexdigest()[:16]}"


def _write(path: Path, arrays: Arrays) -> None:
    """Write to a file of its own, then rename: another process never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
