"""A Sphinx extension: scripts that only the pages that need them load.

``page_scripts`` in ``_config.yml`` names scripts of the static folder, and for each the text
that a page's HTML has to contain::

    page_scripts:
      quiz.js: quiz-option
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting."""
    app.add_config_value("page_scripts", {}, "html", types=[dict])
    app.connect("config-inited", load_nothing_everywhere)
    app.connect("html-page-context", add_scripts)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def load_nothing_everywhere(_app: Sphinx, config: Any) -> None:
    """Take these scripts out of what jupyter-book puts on every page: all of ``_static``."""
    config.html_js_files = [f for f in config.html_js_files if f not in config.page_scripts]


def add_scripts(
    app: Sphinx,
    _page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Load, in this page, the scripts whose text it contains."""
    for script, text in app.config.page_scripts.items():
        if text in context.get("body", ""):
            app.add_js_file(script, loading_method="defer")
