"""A Sphinx extension: the book to take along, made by the build and listed on a page.

Every build makes the site as a zip that opens from a folder, which takes a second. An EPUB and
a PDF are made where they are asked for, because they take longer, and the PDF needs Chromium:
``python -m booktools downloads``, or ``BOOKTOOLS_DOWNLOADS=epub,pdf`` in the environment of any
build. ``{downloads}`` lists on a page what there is, with sizes and checksums. What was not made
from exactly these pages is not offered: the page says so, and has no link.

Everything is written into the folder where Sphinx works, beside its place and then renamed; the
site takes it over only when the whole build succeeded (:mod:`booktools.execution.publish`).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from booktools.downloads import archive, epub, listing, pdf
from booktools.downloads.edition import Edition
from booktools.downloads.errors import DownloadError
from booktools.extension import checksum, metadata
from booktools.parts.assets import bring, holds

logger = logging.getLogger(__name__)
VARIABLE = "BOOKTOOLS_DOWNLOADS"
FOLDER = "downloads"  # in the site
PRIORITY = 9_000  # when other extensions have written their files, before the offline worker
ASKED_FOR = ("epub", "pdf")  # what a build makes only if it is told to
_NOTED = "booktools_downloads"  # in what Sphinx remembers of a page
_STATE = "booktools-downloads.json"  # beside what Sphinx remembers: from what each was made
_OPEN, _CLOSE = "<!-- downloads -->", "<!-- end of downloads -->"


class Downloads(nodes.container):
    """The place of the list."""


class ListOfDownloads(SphinxDirective):
    """``{downloads}``, without arguments: ``downloads`` in ``_config.yml`` says what is listed."""

    def run(self) -> list[nodes.Node]:
        """Return the place that is filled when everything is there."""
        self.env.metadata[self.env.docname][_NOTED] = True
        place = Downloads(classes=["downloads"])
        self.set_source_info(place)
        place += nodes.raw("", f"{_OPEN}{_CLOSE}", format="html")
        return [place]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_config_value("downloads", list(listing.MADE), "", types=[list])
    app.add_config_value("downloads_without", [], "", types=[list])
    app.add_node(Downloads, html=(_open, _close))
    app.add_directive("downloads", ListOfDownloads)
    app.connect("config-inited", check)
    app.connect("build-finished", make, priority=PRIORITY)
    bring(app, Path(__file__).parent, holds(Downloads), "downloads.css")
    return metadata()


def _open(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "div", ""))


def _close(writer: Any, _node: nodes.Element) -> None:
    writer.body.append("</div>\n")


def check(_app: Sphinx, config: Config) -> None:
    """Refuse what cannot be made, before anything is run.

    Raises:
        DownloadError: The configuration or the variable names what there is not.
    """
    listing.entries(config.downloads)
    if "pdf" in wanted():
        pdf.find_chromium()


def wanted() -> tuple[str, ...]:
    """Return what this build is asked to make beside the zip.

    Raises:
        DownloadError: The variable names something else.
    """
    given = os.environ.get(VARIABLE, "").replace(",", " ").split()
    for kind in given:
        if kind not in ASKED_FOR:
            raise DownloadError(
                f"{VARIABLE} asks for {kind!r}. Remedy: name some of {', '.join(ASKED_FOR)}."
            )
    return tuple(given)


def make(app: Sphinx, error: Exception | None) -> None:
    """Make what is asked for, and list what there is."""
    if error is not None or app.builder.name != "html" or app.env is None:
        return
    pages = [page for page, matter in sorted(app.env.metadata.items()) if _NOTED in matter]
    if not pages:
        return
    site = Path(app.outdir)
    for page in pages:
        _fill(site / f"{page}.html", "")
    edition = Edition.of(app, leave_out=[*pages, *app.config.downloads_without])
    makers: dict[str, Callable[[Path], None]] = {
        "epub": partial(epub.write, edition),
        "pdf": partial(pdf.write, edition),
    }
    paths = {kind: site / FOLDER / f"{edition.slug}.{kind}" for kind in ("zip", *makers)}
    state = Path(app.doctreedir, _STATE)
    ours = set(paths.values())
    made_of = checksum([Path(__file__).parent]), app.config.downloads, app.config.downloads_without
    source = f"{archive.checksum(site, leave_out=ours)} {made_of!r} {edition.made}"
    kept = _kept(state, source, paths)
    for kind, maker in makers.items():
        if kind in kept:
            continue
        paths[kind].unlink(missing_ok=True)
        if kind in wanted():
            kept[kind] = _timed(maker, paths[kind])
    entries = listing.entries(app.config.downloads)
    if "zip" not in kept:
        others = listing.find(entries, site, {})
        words = {
            f"{page}.html": listing.as_html_taken_along(others, page, edition.address)
            for page in pages
        }
        changed = {name: _filled(site / name, text).encode() for name, text in words.items()}
        zipped = partial(archive.write, site, folder=edition.slug, changed=changed, leave_out=ours)
        kept["zip"] = _timed(zipped, paths["zip"])
    state.write_text(json.dumps({"source": source, "sums": kept}), encoding="utf8")
    found = listing.find(entries, site, paths)
    for page in pages:
        _fill(site / f"{page}.html", listing.as_html(found, page))
    listing.write_sums(site / FOLDER, found)


def _timed(maker: Callable[[Path], None], place: Path) -> str:
    """Make a file, say how long it took, and return its checksum."""
    started = time.monotonic()
    place.parent.mkdir(exist_ok=True)
    beside = place.with_name(f".{place.name}")
    try:
        maker(beside)
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    seconds = time.monotonic() - started
    size = listing.show_size(place.stat().st_size)
    logger.info("made %s, %s, in %.1f s", place.name, size, seconds)
    return listing.checksum(place)


def _kept(state: Path, source: str, paths: dict[str, Path]) -> dict[str, str]:
    """Return which files were made from exactly these pages and are whole, with their checksums."""
    try:
        found = json.loads(state.read_text(encoding="utf8"))
        sums = found["sums"] if found["source"] == source else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {
        kind: total
        for kind, total in sums.items()
        if kind in paths and paths[kind].is_file() and listing.checksum(paths[kind]) == total
    }


def _fill(path: Path, words: str) -> None:
    """Put words into the place of the list on a page."""
    beside = path.with_name(f".{path.name}")
    beside.write_text(_filled(path, words), encoding="utf8")
    beside.replace(path)


def _filled(path: Path, words: str) -> str:
    """Return a page with other words in the place of the list."""
    before, _, rest = path.read_text(encoding="utf8").partition(_OPEN)
    _, _, after = rest.partition(_CLOSE)
    return f"{before}{_OPEN}{words}{_CLOSE}{after}"
