"""Tables stand in a box that scrolls sideways, so that a wide one does not widen the page."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from booktools.extension import metadata
from booktools.site.markup import Attributes, rewrite

OPEN, CLOSE = '<div class="scroll">', "</div>"


class scroll(nodes.General, nodes.Element):  # noqa: N801, nodes are written so
    """The box around a table."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_node(scroll, html=(_open, _close))
    app.add_post_transform(WrapTables)
    return metadata()


class WrapTables(SphinxPostTransform):
    """Put each table of the text into its box."""

    default_priority = 990  # when nothing else looks for tables
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Wrap the tables of this page."""
        if self.app.builder.name == "epub":
            return
        for table in list(self.document.findall(nodes.table)):
            box = scroll()
            table.replace_self(box)
            box += table


def wrapped(markup: str) -> str:
    """Return HTML with a box around each table that has none."""
    if "<table" not in markup.lower() or 'class="scroll"' in markup:
        return markup
    depth = 0

    def start(tag: str, _attributes: Attributes, written: str) -> str:
        nonlocal depth
        if tag != "table":
            return written
        depth += 1
        return f"{OPEN}{written}" if depth == 1 else written

    def end(tag: str) -> str:
        nonlocal depth
        if tag != "table" or not depth:
            return ""
        depth -= 1
        return "" if depth else f"</table>{CLOSE}"

    made = rewrite(markup, start, end)
    return made + f"</table>{CLOSE}" if depth else made


def _open(translator: HTML5Translator, _node: nodes.Element) -> None:
    translator.body.append(OPEN)


def _close(translator: HTML5Translator, _node: nodes.Element) -> None:
    translator.body.append(f"{CLOSE}\n")
