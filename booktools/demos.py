"""A Sphinx extension: interactive elements get their scripts, and only their pages do.

An output ``<div class="demo" data-demo="NAME">`` asks for ``demos/NAME.js`` in a folder of
``html_static_path``. Its page gets ``demos.js``, which loads that script when it is reached,
and ``demos.css``. A script that does not exist fails the build.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

_MARK = re.compile(r'<div class="demo" data-demo="([^"]+)">')


class DemoMissingError(SphinxError):
    """A page shows a demo whose script does not exist."""

    category = "Demo"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", load_nothing_everywhere)
    app.connect("doctree-read", note_demos)
    app.connect("env-purge-doc", forget_demos)
    app.connect("env-merge-info", merge_demos)
    app.connect("env-updated", check_scripts)
    app.connect("html-page-context", add_scripts)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def load_nothing_everywhere(_app: Sphinx, config: Any) -> None:
    """Take the demos out of what jupyter-book puts on every page: all of ``_static``."""
    for files in (config.html_js_files, config.html_css_files):
        files[:] = [file for file in files if not str(file).startswith(("demos.", "demos/"))]


def note_demos(app: Sphinx, doctree: nodes.document) -> None:
    """Remember each demo of the page that was read, with the line of its cell."""
    assert app.env is not None
    found = [
        (name, node.line or (node.parent and node.parent.line) or 1)
        for node in doctree.findall(nodes.raw)
        if node.get("format") == "html"
        for name in _MARK.findall(node.astext())
    ]
    if found:
        _noted(app.env)[app.env.docname] = found


def forget_demos(_app: Sphinx, env: Any, page: str) -> None:
    """Forget the demos of a page that is read again, or is gone."""
    _noted(env).pop(page, None)


def merge_demos(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    _noted(env).update({page: found for page, found in _noted(other).items() if page in pages})


def check_scripts(app: Sphinx, env: Any) -> None:
    """Raise an error that names every demo without a script, also on pages not read again."""
    folders = [Path(app.confdir) / folder / "demos" for folder in app.config.html_static_path]
    missing = [
        f"{env.doc2path(page)}:{line}: the demo {name!r} has no script. Remedy: write "
        f"_static/demos/{name}.js, or mend the name in demos.show."
        for page, found in sorted(_noted(env).items())
        for name, line in found
        if not any((folder / f"{name}.js").is_file() for folder in folders)
    ]
    if missing:
        raise DemoMissingError("\n".join(missing))


def add_scripts(
    app: Sphinx,
    page: str,
    _template: str,
    _context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Let a page with demos load what brings them to life."""
    if page in _noted(app.env):
        app.add_js_file("demos.js", loading_method="defer")
        app.add_css_file("demos.css")


def _noted(env: Any) -> dict[str, list[tuple[str, int]]]:
    """Return the demos by page, each with its line."""
    if not hasattr(env, "booktools_demos"):
        env.booktools_demos = {}
    noted: dict[str, list[tuple[str, int]]] = env.booktools_demos
    return noted
