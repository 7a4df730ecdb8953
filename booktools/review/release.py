"""The files of a release: the downloads of the site with a version in their names, and checksums.

Anybody can check what arrived with ``sha256sum --check SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import yaml

SUMS = "SHA256SUMS"
VERSION = re.compile(r"v?(\d+\.\d+\.\d+(?:[-.]?[0-9A-Za-z]+)*)")


class ReleaseError(ValueError):
    """A release that cannot be made. The message says why, and the remedy."""


def number(tag: str, citation: Path) -> str:
    """Return the version that a tag names, which is the one that the book says of itself.

    Args:
        tag: Such as ``v1.2.0``.
        citation: The book's ``CITATION.cff``; where there is none, any version will do.

    Raises:
        ReleaseError: It is no version, or another one.
    """
    found = VERSION.fullmatch(tag)
    if found is None:
        raise ReleaseError(f"{tag!r} is no version. Remedy: name it as in v1.2.0.")
    if citation.is_file():
        cited = str((yaml.safe_load(citation.read_text(encoding="utf8")) or {}).get("version"))
        if cited != found[1]:
            raise ReleaseError(
                f"{citation} says version {cited}, the release {found[1]}. Remedy: write the same "
                "version there, commit it, and tag that commit."
            )
    return found[1]


def gather(downloads: Path, place: Path, version: str) -> list[Path]:
    """Copy downloads into a folder of their own, with their checksums.

    Args:
        downloads: The folder of a site in which they are.
        place: The folder of the release; what an earlier call left there goes.
        version: What is added to their names, save those of wheels.

    Returns:
        The files of the release, the checksums last.

    Raises:
        ReleaseError: There are no downloads.
    """
    files = [
        path
        for path in (sorted(downloads.iterdir()) if downloads.is_dir() else ())
        if path.is_file() and path.name != SUMS and not path.name.startswith(".")
    ]
    if not files:
        raise ReleaseError(f"there is nothing in {downloads}. Remedy: `make downloads` first.")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    made = []
    for path in files:
        # what installs a wheel reads its name, which holds the version of the package
        named = path.name if path.suffix == ".whl" else f"{path.stem}-{version}{path.suffix}"
        copy = place / named
        shutil.copyfile(path, copy)
        made.append(copy)
    sums = place / SUMS
    sums.write_text("".join(f"{_checksum(path)}  {path.name}\n" for path in made), encoding="utf8")
    return [*made, sums]


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
