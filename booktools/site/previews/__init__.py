"""Previews: where a link inside the book leads, before it is followed.

The build writes for each page a classic script that holds the first lines of everything which a
link can lead to (``fragments.py``); ``previews.js`` loads it when a reader first points at a link
to that page, from a folder as well as from a server. Links to terms need no such file: their
``title`` is the definition (``booktools.parts.terms``), also without a script.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from booktools.extension import metadata
from booktools.parts.assets import bring
from booktools.site.previews import fragments
from booktools.site.words import words

FOLDER = "_static/booktools/previews"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("booktools.site.words")
    bring(app, Path(__file__).parent, has_links, "booktools/previews.css")
    app.connect("html-page-context", add_script)
    app.connect("html-page-context", write, priority=850)
    return metadata()


def has_links(doctree: nodes.document) -> bool:
    """Tell whether a page links to a place in the book."""
    links = doctree.findall(nodes.reference)
    return any(link.get("internal") or link.get("refid") for link in links)


def add_script(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let a page with links load the script, and tell it where the fragments are."""
    if doctree is not None and has_links(doctree) and app.builder.name != "epub":
        told: dict[str, Any] = {"data-words": words(app.config)["preview"]}
        if fragments.are_written_by(app.builder):
            told["data-folder"] = FOLDER
        app.add_js_file("booktools/previews.js", loading_method="defer", **told)


def write(
    app: Sphinx,
    page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the fragments of a page."""
    if doctree is None or not fragments.are_written_by(app.builder):
        return
    name = fragments.file_name(app.builder.get_target_uri(page))
    path = Path(app.outdir, FOLDER, f"{name}.js")
    path.parent.mkdir(parents=True, exist_ok=True)
    found = fragments.of_page(app, page, doctree)
    data = ",".join(
        json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (name, found)
    )
    path.write_text(f"bookPreviews.take({data});\n", encoding="utf8")
