"""A Sphinx extension: what the book remembers of its reader, on the reader's own device.

The script ``memory.js`` keeps it, for the pages whose parts say so. ``{what-is-kept}`` says what
is kept now, and has the button that forgets everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import Shows, bring, in_html
from booktools.parts.words import words

ROOM = Path(__file__).parent


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.setup_extension("booktools.parts.words")
    app.add_directive("what-is-kept", WhatIsKept)
    shows = in_html('<div class="what-is-kept"')
    bring_memory(app, shows)
    bring(app, ROOM, shows, "forget.js", "memory.css")
    return metadata()


def bring_memory(app: Sphinx, shows: Shows) -> None:
    """Let every page that shows a part remember; call it before what brings the part's script."""
    app.setup_extension("booktools.parts.words")
    bring(app, ROOM, shows, "memory.js", data=_words)


def _words(app: Sphinx, _page: str) -> Mapping[str, str]:
    return {"words": told(words(app.config, "memory", "forbidden", "full"))}


def told(data: Any) -> str:
    """Return what a script is told, as short JSON that is the same in every build."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class WhatIsKept(SphinxDirective):
    """``{what-is-kept}``, without arguments: what is kept now, and the button."""

    def run(self) -> list[nodes.Node]:
        """Return the element that the script fills."""
        said = words(self.config, "memory", "nothing", "kept", "forget", "sure", "forgotten")
        without = words(self.config, "memory", "without-script")["without-script"]
        html = (
            f'<div class="what-is-kept" data-words="{escape(told(said))}">'
            f'<p role="status">{escape(without)}</p></div>'
        )
        return [nodes.raw("", html, format="html")]
