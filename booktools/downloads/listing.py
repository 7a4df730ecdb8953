"""The list of downloads: what a book offers, what of it there is, and how it is shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from booktools.downloads.errors import DownloadError

SUMS = "SHA256SUMS"
# what the build makes: how it is called, and what one does with it
MADE = {
    "site": (
        "zip",
        "The site, to unpack",
        "Unpack it and open index.html in a browser. Everything works, also what is interactive.",
    ),
    "epub": (
        "epub",
        "EPUB, for reading devices",
        "For phones and reading devices. What is interactive on the site stands there as words.",
    ),
    "pdf": (
        "pdf",
        "PDF, for paper and notes",
        "The whole book on pages. What is interactive on the site stands there as words.",
    ),
}


@dataclass(frozen=True)
class Entry:
    """A line of the list.

    Attributes:
        title: What it is called.
        text: A sentence about it.
        made: The end of the name of a file that the build makes itself; ``None`` for others.
        pattern: Where others stand in the site, such as ``downloads/*-notebooks.zip``.
    """

    title: str
    text: str
    made: str | None = None
    pattern: str = ""


@dataclass(frozen=True)
class File:
    """A file that can be downloaded: its name in the site, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path, site: Path) -> File:
        """Return what is to be said of a file."""
        return cls(path.relative_to(site).as_posix(), path.stat().st_size, checksum(path))

    @property
    def kind(self) -> str:
        """What kind of file it is, as its name says."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Found:
    """A line of the list, with the files that there are."""

    entry: Entry
    files: list[File]


def entries(given: list[Any]) -> list[Entry]:
    """Return the lines that ``downloads`` in ``_config.yml`` asks for, in their order.

    Raises:
        DownloadError: One of them is neither a name of what is made nor a file with a title.
    """
    return [_entry(one) for one in given]


def _entry(given: Any) -> Entry:
    named = {"made": given} if isinstance(given, str) else dict(given or {})
    if named.get("made") in MADE and set(named) <= {"made", "title", "text"}:
        kind, title, text = MADE[named["made"]]
        return Entry(str(named.get("title", title)), str(named.get("text", text)), kind)
    if named.get("file") and named.get("title") and set(named) <= {"file", "title", "text"}:
        return Entry(str(named["title"]), str(named.get("text", "")), pattern=str(named["file"]))
    raise DownloadError(
        f"_config.yml: downloads: {given!r} is no entry. Remedy: {', '.join(MADE)}, or "
        "{file: PLACE IN THE SITE, title: ..., text: ...}."
    )


def find(listed: list[Entry], site: Path, made: Mapping[str, Path]) -> list[Found]:
    """Return each line with what there is of it in a site.

    Args:
        listed: The lines.
        site: The folder of the site.
        made: Where the files stand that the build makes, by the ends of their names.
    """
    found = []
    for entry in listed:
        paths = [path for kind, path in made.items() if kind == entry.made]
        if entry.pattern:
            paths = sorted(site.glob(entry.pattern))
        files = [File.of(path, site) for path in paths if path.is_file()]
        found.append(Found(entry, files))
    return found


def as_html(found: list[Found], page: str) -> str:
    """Return the list: each file with its size and checksum; what is missing without a link."""
    command = "<code>python -m booktools downloads</code>"
    missing = f"It was not made for this copy of the site; {command} makes it."
    return _list(found, page, missing)


def as_html_taken_along(found: list[Found], page: str, address: str) -> str:
    """Return the list as it stands in the zip, which holds none of what the build makes."""
    here = "This is the copy of the site to take along: it is whole, and works from this folder."
    where = f'<a href="{escape(address)}{quote(page)}.html">online</a>' if address else "online"
    others = [one for one in found if one.entry.made != "zip"]
    return f"<p>{here}</p>\n{_list(others, page, f'You find it where the book is {where}.')}"


def _list(found: list[Found], page: str, missing: str) -> str:
    up = "../" * page.count("/")
    items = []
    for entry, files in ((one.entry, one.files) for one in found):
        text = f"<p>{escape(entry.text)}</p>" if entry.text else ""
        for file in files:
            link = f'<a href="{up}{quote(file.name)}" download>{escape(entry.title)}</a>'
            facts = f'<span class="download-size">{file.kind}, {show_size(file.size)}</span>'
            total = f'<p class="download-sum">SHA-256: <code>{file.sha256}</code></p>'
            items.append(f'<li><p class="download-title">{link} {facts}</p>{text}{total}</li>')
        if not files:
            title = f'<p class="download-title">{escape(entry.title)}</p>'
            items.append(f'<li>{title}{text}<p class="download-missing">{missing}</p></li>')
    return f"<ul>\n{chr(10).join(items)}\n</ul>\n"


def write_sums(folder: Path, found: list[Found]) -> None:
    """Write the checksums of the files in a folder as ``sha256sum -c`` reads them."""
    files = (file for one in found for file in one.files)
    lines = [
        f"{file.sha256}  {Path(file.name).name}\n"
        for file in files
        if Path(file.name).parent.name == folder.name
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf8")


def show_size(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
