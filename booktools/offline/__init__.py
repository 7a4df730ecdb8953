"""A Sphinx extension: what was read once can be read again without a network.

A service worker, ``worker.js`` of this room, is written to the root of the site together with
what it has to know of this build: the hash of every file, and what each page needs. Where the
site is served, a browser registers it (``site.js`` of the theme). Pages always come from the
network where there is one, so that nobody reads an old page; the worker keeps what was visited,
and the front page, for when there is none. ``{keep-offline}`` puts a button on a page that keeps
the whole book. From a folder nothing of this happens, and nothing is needed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds

ROOM = Path(__file__).parent
WORKER = "worker.js"  # at the root of the site, because it serves what stands below it
PAGE = "offline"  # what is shown for a page that is not kept
PRIORITY = 9_500  # when every file of the site is there, before it is published
_NOTED = "booktools_keeps"  # in what Sphinx remembers of a page
_HASH = 16  # hexadecimal digits; they tell builds apart, and guard against no attack
# what browsers never ask for, or only where there is a network
_APART = re.compile(
    r"(?:.*/)?\.|worker\.js$|404\.html$|objects\.inv$|_static/|downloads/", re.IGNORECASE
)
# what scripts load when somebody asks for it: the palette, and what links show
_ASKED_LATER = re.compile(r"_static/booktools/(?:palette[\w-]*\.|previews/)")
_PALETTE = ("palette.js", "palette.css", "palette-index.js")  # from every page, when it is opened
_LOADED = re.compile(
    r"<(?:link|script|img|source|video|audio|image)\b[^>]*?\s(?:src|href)=\"([^\"]+)\""
)
_IN_STYLES = re.compile(r"url\(\s*[\"']?([^\"')]+)")
_DEMO = re.compile(r"\bdata-demo=\"([\w-]+)\"")  # its script is loaded when it is reached


class Keep(nodes.container):
    """The place of the button that keeps the whole book."""


class KeepOffline(SphinxDirective):
    """``{keep-offline}``: a button, and what is kept; without a script, what the page says."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return its place; the content is shown until the script has something to say."""
        self.env.metadata[self.env.docname][_NOTED] = True
        place = Keep(classes=["keep-offline"])
        self.set_source_info(place)
        self.state.nested_parse(self.content, self.content_offset, place)
        return [place]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_node(Keep, html=(_open, _close))
    app.add_directive("keep-offline", KeepOffline)
    app.connect("html-page-context", name_worker)
    app.connect("html-collect-pages", add_page)
    app.connect("build-finished", write_worker, priority=PRIORITY)
    bring(app, ROOM, holds(Keep), "keep.js", "keep.css")
    return metadata()


def _open(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "div"))


def _close(writer: Any, _node: nodes.Element) -> None:
    writer.body.append("</div>\n")


def name_worker(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Tell the template where the worker is, save on the page that answers at any address."""
    if app.builder.name == "html" and page != "404":
        book = context.setdefault("book", {})
        book["worker"] = context["pathto"](WORKER, 1)
        assert app.env is not None
        noted = app.env.metadata.items()
        book["keeper"] = next((name for name, matter in sorted(noted) if _NOTED in matter), None)


def add_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page that stands for those that are not kept."""
    if app.builder.name == "html":
        yield PAGE, {}, f"{PAGE}.html"


def write_worker(app: Sphinx, error: Exception | None) -> None:
    """Write the worker of a site that was built."""
    if error is None and app.builder.name == "html":
        write(Path(app.outdir), app.config.root_doc)


def write(site: Path, front: str) -> None:
    """Write the worker that knows the files of a site.

    Args:
        site: The folder of the site.
        front: The name of the front page, which is kept from the first visit on.
    """
    text = (ROOM / WORKER).read_text(encoding="utf8")
    known = json.dumps(inventory(site, front), separators=(",", ":"), ensure_ascii=False)
    beside = site / f".{WORKER}"
    beside.write_text(f'"use strict";\nconst BOOK = {known};\n{text}', encoding="utf8")
    beside.replace(site / WORKER)


def inventory(site: Path, front: str) -> dict[str, Any]:
    """Return what a worker has to know of a site: its files, and what pages need.

    Returns:
        ``build``: a hash of everything. ``files``: for each path the hash and the size in bytes.
        ``needs``: for each page the paths of what it loads. ``first``: the pages that are kept
        whatever is visited. ``page``: the one that stands for those that are not kept.
    """
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    known = set(names)
    listed = [name for name in names if _ASKED_LATER.match(name) or not _APART.match(name)]
    needs = {name: sorted(_needs(site, name, known)) for name in listed if name.endswith(".html")}
    loaded = {one for each in needs.values() for one in each}
    files = {name: _facts(site / name) for name in sorted({*listed, *loaded})}
    return {
        "build": _short(json.dumps(files).encode()),
        "files": files,
        "needs": {name: each for name, each in needs.items() if each},
        "first": [name for name in (f"{front}.html", f"{PAGE}.html") if name in files],
        "page": f"{PAGE}.html",
    }


def _facts(path: Path) -> tuple[str, int]:
    held = path.read_bytes()
    return _short(held), len(held)


def _short(held: bytes) -> str:
    return hashlib.sha256(held).hexdigest()[:_HASH]


def _needs(site: Path, page: str, known: set[str]) -> set[str]:
    """Return the files of a site that a page loads, those that its style sheets load included."""
    text = (site / page).read_text(encoding="utf8")
    named = [address for address in _LOADED.findall(text) if not _leads_on(address)]
    found = set(_inside(page, named, known))
    found |= {f"_static/demos/{name}.js" for name in _DEMO.findall(text)} & known
    found |= {f"_static/booktools/{name}" for name in _PALETTE} & known
    for sheet in [name for name in found if name.endswith(".css")]:
        styles = (site / sheet).read_text(encoding="utf8")
        found |= set(_inside(sheet, _IN_STYLES.findall(styles), known))
    return found


def _leads_on(address: str) -> bool:
    """Tell whether an address is another page, as in the links to the next and the last one."""
    return urlsplit(address).path.endswith(".html")


def _inside(name: str, addresses: list[str], known: set[str]) -> Iterator[str]:
    """Yield the files of a site to which addresses in one of its files lead."""
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        path = os.path.normpath(PurePosixPath(name).parent / unquote(parts.path))
        if path in known:
            yield path
