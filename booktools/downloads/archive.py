"""The site as a zip that opens from a folder: the same files give the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

from booktools.zips import put

# what only servers, search engines and other programs ask for
_FOR_SERVERS = re.compile(
    r"(?:.*/)?\.|_static/cards/|(?:404\.html|offline\.html|objects\.inv|worker\.js)$"
    r"|downloads/SHA256SUMS$"
)
_COMPRESSED = {".zip", ".whl", ".epub", ".png", ".webp", ".jpg", ".woff2", ".apkg"}


def write(
    site: Path,
    place: Path,
    *,
    folder: str,
    changed: Mapping[str, bytes],
    leave_out: Collection[Path] = (),
) -> None:
    """Write a site as a zip.

    Args:
        site: Its folder.
        place: The zip.
        folder: What the folder in the zip is called.
        changed: What some files hold there instead, by their names in the site.
        leave_out: Files that are not taken along.
    """
    with ZipFile(place, "w") as made:
        for name, path in _files(site, leave_out):
            held = changed[name] if name in changed else path.read_bytes()
            put(made, f"{folder}/{name}", held, store=path.suffix in _COMPRESSED)


def checksum(site: Path, leave_out: Collection[Path] = ()) -> str:
    """Return a checksum of what is taken along of a site: names and what they hold."""
    total = hashlib.sha256()
    for name, path in _files(site, leave_out):
        total.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _files(site: Path, leave_out: Collection[Path]) -> Iterator[tuple[str, Path]]:
    paths = ((path.relative_to(site).as_posix(), path) for path in site.rglob("*"))
    for name, path in sorted(paths):
        if path.is_file() and path not in leave_out and not _FOR_SERVERS.match(name):
            yield name, path
