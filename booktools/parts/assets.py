"""Scripts and styles of a part, loaded by the pages that show it, and by no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

SHARED = Path(__file__).with_name("static")
Shows = Callable[[nodes.document], bool]
Data = Callable[[Sphinx, str], Mapping[str, str]]  # for a page of this name


def nothing(_app: Sphinx, _page: str) -> Mapping[str, str]:
    """Return that a script is told nothing."""
    return {}


def bring(app: Sphinx, room: Path, shows: Shows, *files: str, data: Data = nothing) -> None:
    """Let every page that shows a part load files of its room.

    Args:
        app: The Sphinx application.
        room: The folder of the part; its files stand in ``static`` there, or in that of parts.
        shows: Tells whether a page, with everything resolved, holds the part.
        files: Names of scripts, which wait until the page is read, and of style sheets.
        data: What the scripts are told, as ``data-`` attributes of their tags.
    """

    def add_folders(_app: Sphinx, config: Any) -> None:
        for folder in (room / "static", SHARED):
            if str(folder) not in config.html_static_path:
                config.html_static_path.insert(0, str(folder))  # the book's own files win

    def load(
        app: Sphinx,
        page: str,
        _template: str,
        _context: dict[str, Any],
        doctree: nodes.document | None,
    ) -> None:
        if doctree is None or not shows(doctree):
            return
        for file in files:
            if file.endswith(".css"):
                app.add_css_file(file)
            elif app.builder.name != "epub":  # few reading devices run scripts
                told: dict[str, Any] = {
                    f"data-{name}": text for name, text in data(app, page).items()
                }
                app.add_js_file(file, loading_method="defer", **told)

    app.connect("config-inited", add_folders)
    app.connect("html-page-context", load)


def every_page(_doctree: nodes.document) -> bool:
    """Tell that every page shows a part."""
    return True


def holds(kind: type[nodes.Element], of_class: str = "") -> Shows:
    """Return what tells whether a page holds a node, and one of a class if that is named."""

    def shows(doctree: nodes.document) -> bool:
        found = doctree.findall(kind)
        return any(not of_class or of_class in node["classes"] for node in found)

    return shows


def in_html(pattern: str) -> Shows:
    """Return what tells whether HTML that cells showed contains a regular expression."""
    search = re.compile(pattern).search

    def shows(doctree: nodes.document) -> bool:
        return any(
            node.get("format") == "html" and search(node.astext()) is not None
            for node in doctree.findall(nodes.raw)
        )

    return shows
