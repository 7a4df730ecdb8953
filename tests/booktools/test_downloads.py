"""The book to take along: a small one, made once in every form."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup

from booktools import zips
from booktools.downloads import archive, listing, pdf, still
from booktools.downloads.errors import DownloadError
from tests.booktools.books import Book, Built

CONFIG = """\
title: A book to go
author: Nobody
copyright: "2026"
only_build_toc_files: true
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [dollarmath, colon_fence]}
sphinx:
  extra_extensions: [booktools.site, booktools.parts, booktools.downloads, booktools.offline]
  config:
    html_math_renderer: mathml
    myst_heading_anchors: 3
    downloads: [site, epub, pdf, {file: downloads/*.csv, title: All numbers}]
"""
TOC = """\
format: jb-book
root: index
parts:
  - caption: First
    chapters: [{file: part/one}, {file: two}]
  - caption: Last
    chapters: [{file: downloads}]
"""
ONE = """\
# One & only

See [the other page](../two.md#a-heading), [nothing](../downloads.md) and $\\\\frac{a}{b}$.

:::{exercise} Think
:label: think
Do.
:::

:::{solution} think
:class: dropdown
Done.
:::

::::{question} Which?
:::{wrong} This
No.
:::
:::{right} That
Yes.
:::
::::

<figure><svg viewBox="0 0 8 8" role="img" aria-label="One line from left to right"><clipPath id="c">
<path d="M0 0H8" stroke="var(--ink, #123456)"/></clipPath><g display="none"><text>gone</text></g>
</svg></figure>

<div class="demo"><p class="demo-text">Push it.</p><script type="application/json">{}</script></div>
"""
KEEP = "```{downloads}\n```\n\n```{keep-offline}\nNo button.\n```\n"


def write(made: Book) -> Book:
    made.write("_config.yml", CONFIG)
    made.write("_toc.yml", TOC)
    made.write("book/index.md", "# A book to go\n\nHello.\n")
    made.write("book/part/one.md", ONE.replace("\\\\", "\\"))
    made.write("book/two.md", "# Two\n\n## A heading\n\nText.\n")
    made.write("book/downloads.md", f"# To go\n\n{KEEP}")
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Built]:
    made = write(Book(tmp_path_factory.mktemp("downloads") / "book"))
    has_browser = any(map(shutil.which, pdf.BROWSERS))
    if os.environ.get("CI"):
        assert has_browser, "the PDF needs Chromium"
    kinds = "epub,pdf" if has_browser else "epub"
    return made, made.build("-W", "--keep-going", BOOKTOOLS_DOWNLOADS=kinds)


@pytest.fixture(scope="module")
def site(built: tuple[Book, Built]) -> Path:
    made, how = built
    assert how.status == 0, how.output[-3000:]
    return made.root / "_build" / "html"


def offered(site: Path) -> dict[str, str]:
    tree = BeautifulSoup((site / "downloads.html").read_text(), "html.parser")
    return {
        str(item.a["href"]): item.code.get_text()
        for item in tree.select(".downloads li")
        if item.a and item.code
    }


def test_what_is_listed_is_there_with_its_checksum_and_what_is_not_has_no_link(site: Path) -> None:
    found = offered(site)
    assert "downloads/a-book-to-go.zip" in found
    assert "downloads/a-book-to-go.epub" in found
    for name, total in found.items():
        assert hashlib.sha256((site / name).read_bytes()).hexdigest() == total
    text = (site / "downloads.html").read_text()
    assert re.search(r"All numbers</p><p class=\"download-missing\">It was not made", text)
    sums = (site / "downloads/SHA256SUMS").read_text().splitlines()
    assert len(sums) == len(found)


def test_the_zip_holds_every_page_and_no_dead_link(site: Path) -> None:
    with ZipFile(site / "downloads/a-book-to-go.zip") as held:
        names = held.namelist()
        page = held.read("a-book-to-go/downloads.html").decode()
        assert {entry.date_time for entry in held.infolist()} == {zips.DATE}
    assert {f"a-book-to-go/{one}.html" for one in ("index", "part/one", "two")} <= set(names)
    assert not [name for name in names if name.endswith((".epub", ".pdf", "worker.js"))]
    assert "copy of the site to take along" in page
    assert "a-book-to-go.epub" not in page


def test_the_same_pages_give_the_same_zip(site: Path, tmp_path: Path) -> None:
    again = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for place in again:
        archive.write(site, place, folder="book", changed={})
        os.utime(site / "index.html")
    assert again[0].read_bytes() == again[1].read_bytes()


def test_the_epub_is_strict_xml_with_contents_and_no_script(site: Path) -> None:
    with ZipFile(site / "downloads/a-book-to-go.epub") as held:
        assert held.infolist()[0].filename == "mimetype"
        assert held.infolist()[0].compress_type == ZIP_STORED
        for name in held.namelist():
            if name.endswith((".xhtml", ".opf", ".ncx", ".xml")):
                ET.fromstring(held.read(name))
        one = held.read("EPUB/part/one.xhtml").decode()
        contents = held.read("EPUB/nav.xhtml").decode()
        package = held.read("EPUB/package.opf").decode()
    assert "<script" not in one
    assert "<details" not in one
    assert 'viewBox="0 0 8 8"' in one
    assert "<clipPath" in one
    assert 'stroke="#123456"' in one
    assert "gone" not in one
    assert 'href="../two.xhtml#a-heading"' in one
    assert "downloads" not in one
    assert one.index("Push it.") < one.index(still.ANSWERS) < one.index("Yes.")
    assert one.index(still.ANSWERS) < one.index("Done.")
    assert "First" in contents
    assert "two.xhtml#a-heading" in contents
    assert 'properties="mathml svg"' in package
    assert "<dc:language>en</dc:language>" in package


def test_the_pdf_holds_every_page_with_outline_links_and_title(site: Path) -> None:
    place = site / "downloads/a-book-to-go.pdf"
    if not place.is_file():
        pytest.skip(f"no browser found; install one of {', '.join(pdf.BROWSERS)} for the PDF")
    held = place.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", held)) >= 5  # title, contents, three pages
    assert b"/Outlines" in held
    assert b"/StructTreeRoot" in held  # tagged, for screen readers
    assert b"/Dests" in held
    assert len(re.findall(rb"/Subtype\s*/Link", held)) >= 5
    assert re.findall(rb"/CreationDate \(D:(\d{14})", held) == [b"20000101000000"]


def test_a_plain_build_keeps_what_is_of_these_pages_and_drops_what_is_not(
    built: tuple[Book, Built], site: Path
) -> None:
    made = built[0]
    before = (site / "downloads/a-book-to-go.epub").read_bytes()
    assert made.build("-W").status == 0
    assert (site / "downloads/a-book-to-go.epub").read_bytes() == before
    made.write("book/two.md", "# Two\n\n## A heading\n\nOther text.\n")
    assert made.build("-W").status == 0
    assert not (site / "downloads/a-book-to-go.epub").exists()
    assert list(offered(site)) == ["downloads/a-book-to-go.zip"]


@pytest.mark.parametrize("given", ["word", {"file": "x"}, {"made": "site", "more": 1}, None])
def test_an_entry_that_says_too_little_is_refused(given: Any) -> None:
    with pytest.raises(DownloadError, match="Remedy"):
        listing.entries([given])


def test_a_missing_browser_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "no-such-browser")
    with pytest.raises(DownloadError, match=r"no-such-browser.*Remedy"):
        pdf.find_chromium()
