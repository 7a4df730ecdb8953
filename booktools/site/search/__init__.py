"""The palette: everything that has a name, one key away.

Ctrl K, or Cmd K, or the button at the top opens it, and then its script, its style and its index
are loaded, not before. The index (``index.py``) is a classic script, so that it works from a
folder. What a page wants found besides, it says by ``{find-as}`` (``marks.py``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from booktools.extension import checksum, metadata
from booktools.parts.assets import bring
from booktools.site.search import index, marks
from booktools.site.words import words

SCRIPT = "booktools/palette.js"
STATIC = Path(__file__).with_name("static")
FIRST_WORDS = ("find here", "close", "full text", "full text for", "failed")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and connect to Sphinx."""
    app.setup_extension("booktools.site.words")
    app.setup_extension("booktools.site.navigation")
    marks.connect(app)
    bring(app, Path(__file__).parent, lambda _page: False)  # it is there, and no page loads it
    app.connect("html-page-context", add_button)
    app.connect("build-finished", index.write)
    return metadata()


def add_button(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Tell the template what the button says, and which script it loads."""
    if index.is_written_by(app.builder):
        said = words(app.config)
        version = checksum([STATIC])[:8]
        context.setdefault("book", {})["find"] = {
            "script": f"_static/{SCRIPT}",
            "version": version,
            "label": said["find"],
            "name": said["find here"],
            # for the palette without its index, which brings the other words
            "words": json.dumps({key: said[key] for key in FIRST_WORDS}, ensure_ascii=False),
        }
