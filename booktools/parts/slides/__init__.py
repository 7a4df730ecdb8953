"""A Sphinx extension: a page whose sections can be shown one at a time, as slides.

The directive ``{slides}`` makes slides of its page: every heading begins one, the title of the page
included. The script adds the button that starts them; without it, and for whoever only reads, the
page stays a page. On paper each slide has a sheet of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds

PLACE = "slides-start"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, its script and its style."""
    app.add_directive("slides", Slides)
    files = ("slides.js", "visually-hidden.css", "slides.css")
    bring(app, Path(__file__).parent, holds(nodes.container, PLACE), *files)
    return metadata()


class Slides(SphinxDirective):
    """``{slides}``, without arguments: where the button will stand."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        return [nodes.container(classes=[PLACE])]
