"""Scripts and styles of a part, loaded by the pages that show it, and by no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

SHARED = Path(__file__).with_name("static")


def bring(app: Sphinx, room: Path, part: type[nodes.Node], *files: str) -> None:
    """Let every page that holds a part load files of its room.

    Args:
        app: The Sphinx application.
        room: The folder of the part; its files stand in ``static`` there, or in that of parts.
        part: The kind of node that a page has to hold.
        files: Names of scripts, which wait until the page is read, and of style sheets.
    """

    def add_folders(_app: Sphinx, config: Any) -> None:
        for folder in (room / "static", SHARED):
            if str(folder) not in config.html_static_path:
                config.html_static_path.insert(0, str(folder))  # the book's own files win

    def load(
        app: Sphinx,
        _page: str,
        _template: str,
        _context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        if doctree is None or doctree.next_node(part) is None:
            return
        for file in files:
            if file.endswith(".css"):
                app.add_css_file(file)
            else:
                app.add_js_file(file, loading_method="defer")

    app.connect("config-inited", add_folders)
    app.connect("html-page-context", load)
