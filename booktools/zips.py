"""Zips with the same bytes for the same files, wherever and whenever they are made."""

from __future__ import annotations

import re
import unicodedata
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold


def put(made: ZipFile, name: str, held: bytes | str, *, store: bool = False) -> None:
    """Put a file into a zip, with a date and rights that are always the same.

    Args:
        made: The zip, open for writing.
        name: The path of the file there.
        held: What it holds.
        store: Whether it is not compressed.
    """
    entry = ZipInfo(name, DATE)
    entry.create_system = 3  # as on Unix, wherever it is made
    entry.external_attr = 0o100644 << 16
    made.writestr(entry, held, ZIP_STORED if store else ZIP_DEFLATED, 9)


def slug(title: str, default: str) -> str:
    """Return a title as the name of a file or a folder; the default if nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or default
