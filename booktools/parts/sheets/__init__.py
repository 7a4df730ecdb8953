"""A Sphinx extension: a page to be printed, each of whose sections fills one sheet.

The directive ``{sheets}`` says so of its page. On the screen nothing changes; on paper each section
of the second level begins a sheet and is set small, in two columns. Whether it fits depends on what
stands there: a test should print the page and count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds

MARK = "sheets"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and its style."""
    app.add_directive("sheets", Sheets)
    bring(app, Path(__file__).parent, holds(nodes.container, MARK), "sheets.css")
    return metadata()


class Sheets(SphinxDirective):
    """``{sheets}``, without arguments."""

    def run(self) -> list[nodes.Node]:
        """Return the mark, which shows nothing."""
        return [nodes.container(classes=[MARK])]
