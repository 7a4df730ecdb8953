"""The book as a PDF: all pages of the site as one, printed by Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bs4 import Tag

from booktools.downloads import still
from booktools.downloads.edition import Edition, Leaf
from booktools.downloads.errors import DownloadError

VARIABLE = "BOOKTOOLS_CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_ON_MACS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_PATIENCE = 600  # seconds
_SHEET = Path(__file__).with_name("print.css")
_SHEETS = re.compile(r'<link rel="stylesheet"[^>]* href="([^"?]+)')
# what names another place of the same page
_BY_NAME = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_chromium() -> str:
    """Return where Chromium is.

    Raises:
        DownloadError: There is none.
    """
    given = os.environ.get(VARIABLE)
    found = [shutil.which(name) for name in ([given] if given else [*BROWSERS, _ON_MACS])]
    path = next(filter(None, found), None)
    if path is None:
        raise DownloadError(
            f"the PDF is printed by Chromium, and {given or 'none'} is installed here. Remedy: "
            f"install Chromium or Chrome, or say in {VARIABLE} where it is, or make only the "
            "EPUB: python -m booktools downloads epub"
        )
    return path


def write(edition: Edition, place: Path) -> None:
    """Write a book as a PDF.

    Raises:
        DownloadError: There is no Chromium, or it did not print the whole book.
    """
    chromium = find_chromium()
    with TemporaryDirectory(prefix="book-") as folder:
        page = Path(folder, "book.html")
        page.write_text(markup(edition), encoding="utf8")
        printed = Path(folder, "book.pdf")
        command = [
            chromium,
            "--headless=new",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--export-tagged-pdf",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        if getattr(os, "geteuid", lambda: 1)() == 0:  # its sandbox refuses to be root's
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
            said = done.stderr.strip().splitlines()[-3:]
        except subprocess.TimeoutExpired:
            said = [f"it was not ready after {_PATIENCE} seconds"]
        held = printed.read_bytes() if printed.is_file() else b""
    pages = len(re.findall(rb"/Type\s*/Page\b", held))
    if not held.startswith(b"%PDF-") or b"%%EOF" not in held[-1024:] or pages < len(edition.leaves):
        raise DownloadError(f"{chromium} did not print the whole book: {' '.join(said)}")
    place.write_bytes(_DATES.sub(partial(_date, edition.made), held))


def _date(made: str, found: re.Match[bytes]) -> bytes:
    """Return a date that does not depend on the clock, as long as the one that is there."""
    digits = re.sub(r"\D", "", made)
    return b"/" + found[1] + f" (D:{digits}".encode() + found[0][found[0].index(b"D:") + 16 :]


def markup(edition: Edition) -> str:
    """Return all pages as one that prints well."""
    inside = frozenset(f"{leaf.name}.html" for leaf in edition.leaves)
    parts = []
    for caption, leaves in groupby(edition.leaves, key=lambda leaf: leaf.part):
        if caption:
            parts.append(f'<h1 class="part" id="{_part(caption)}">{escape(caption)}</h1>')
        parts += [_page(edition, leaf, inside) for leaf in leaves]
    sheets = "\n".join(
        f'<link rel="stylesheet" href="{(edition.site / sheet).as_uri()}">'
        for sheet in _sheets(edition)
    )
    title = escape(edition.title)
    return (
        f'<!DOCTYPE html>\n<html lang="{edition.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n"
        f'<meta name="author" content="{escape(edition.author)}">\n{sheets}\n'
        f"<style>\n{_SHEET.read_text(encoding='utf8')}</style>\n</head>\n<body>\n"
        f'<div class="title-page"><p class="book-title">{title}</p>'
        f'<p class="book-author">{escape(edition.author)}</p>'
        f'<div class="book-rights">{edition.rights}<p>{edition.about}</p></div></div>\n'
        f"{_contents(edition)}\n{chr(10).join(parts)}\n</body>\n</html>\n"
    )


def _page(edition: Edition, leaf: Leaf, inside: frozenset[str]) -> str:
    article = still.read(edition.site, leaf.name)
    page = f"{leaf.name}.html"
    own_names(article, leaf.name)
    still.lead(article, page, partial(_resolve, edition, inside))
    for picture, path in still.pictures(article, page):
        picture["src"] = (edition.site / path).as_uri()
    still.raise_levels(article, 1)
    label = f'<p class="place">{escape(leaf.label)}</p>' if leaf.label else ""
    return f'<div class="leaf" id="{_place(leaf.name)}">{label}{article.decode()}</div>'


def own_names(article: Tag, page: str) -> None:
    """Give all ids of a page, and what refers to them, names that no other page has."""
    for tag in article.find_all(True):
        for name, given in list(tag.attrs.items()):
            value = " ".join(given) if isinstance(given, list) else str(given or "")
            if name == "id":
                tag["id"] = _place(page, value)
            elif name in _BY_NAME:
                tag[name] = " ".join(_place(page, one) for one in value.split())
            elif name == "xlink:href" and value.startswith("#"):
                tag[name] = f"#{_place(page, value[1:])}"
            elif "url(#" in value:
                tag[name] = value.replace("url(#", f"url(#{_place(page)}.")


def _place(page: str, name: str = "") -> str:
    """Return the id, in the one page, of a page or of a place in it."""
    whole = re.sub(r"[^\w.-]", "_", page)
    return f"{whole}.{name}" if name else whole


def _part(caption: str) -> str:
    return f"part.{quote(caption, safe='')}"


def _resolve(edition: Edition, inside: frozenset[str], path: str, fragment: str) -> str | None:
    """Return where a link leads: into the book, to the site, or nowhere."""
    if path in inside:
        return f"#{quote(_place(path.removesuffix('.html'), fragment))}"
    behind = f"#{quote(fragment)}" if fragment else ""
    return f"{edition.address}{quote(path)}{behind}" if edition.address else None


def _contents(edition: Edition) -> str:
    lines = []
    for caption, leaves in groupby(edition.leaves, key=lambda leaf: leaf.part):
        if caption:
            link = f'<a href="#{_part(caption)}">{escape(caption)}</a>'
            lines.append(f'<li class="contents-of-part">{link}</li>')
        lines += [
            f'<li><a href="#{_place(leaf.name)}"><span>{escape(leaf.label)}</span> '
            f"{escape(leaf.title)}</a></li>"
            for leaf in leaves
        ]
    return f'<div class="book-contents"><h1>Contents</h1><ul>{"".join(lines)}</ul></div>'


def _sheets(edition: Edition) -> list[str]:
    """Return the style sheets of all pages, each once."""
    found: dict[str, None] = {}
    for leaf in edition.leaves:
        path = edition.site / f"{leaf.name}.html"
        for address in _SHEETS.findall(path.read_text(encoding="utf8")):
            name = os.path.normpath(Path(f"{leaf.name}.html").parent / address)
            found.setdefault(name)
    return list(found)
