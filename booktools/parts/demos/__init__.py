"""A Sphinx extension: interactive elements, brought to life by a script of the book each.

An output ``<div class="demo" data-demo="NAME">`` asks for ``demos/NAME.js`` in a folder of
``html_static_path``. Its page gets ``demos.js``, which loads that script when it is reached,
``demos.css``, and ``demos/style.css`` of the book, if there is one. A script that does not exist
fails the build.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from booktools.extension import metadata
from booktools.parts.assets import bring, in_html

_MARK = r'<div class="demo" data-demo="([^"]+)">'
_NOTED = "booktools_demos"  # in what Sphinx remembers of a page


class DemoMissingError(SphinxError):
    """A page shows a demo whose script does not exist."""

    category = "Demo"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", load_nothing_everywhere)
    app.connect("doctree-read", note_demos)
    app.connect("env-updated", check_scripts)
    room, shows = Path(__file__).parent, in_html(_MARK)
    bring(app, room, shows, "demos.js", "visually-hidden.css", "demos.css")
    bring(app, room, lambda page: shows(page) and _has(app, "style.css"), "demos/style.css")
    return metadata()


def load_nothing_everywhere(_app: Sphinx, config: Any) -> None:
    """Take the demos out of what jupyter-book puts on every page: all of ``_static``."""
    for files in (config.html_js_files, config.html_css_files):
        files[:] = [file for file in files if not str(file).startswith("demos/")]


def note_demos(app: Sphinx, doctree: nodes.document) -> None:
    """Remember each demo of the page that was read, with the line of its cell."""
    assert app.env is not None
    found = [
        (name, node.line or (node.parent and node.parent.line) or 1)
        for node in doctree.findall(nodes.raw)
        if node.get("format") == "html"
        for name in re.findall(_MARK, node.astext())
    ]
    if found:
        app.env.metadata[app.env.docname][_NOTED] = found


def check_scripts(app: Sphinx, env: Any) -> None:
    """Raise an error that names every demo without a script, also on pages not read again."""
    missing = [
        f"{env.doc2path(page)}:{line}: the demo {name!r} has no script. Remedy: write "
        f"_static/demos/{name}.js, or mend the name in demos.show."
        for page, noted in sorted(env.metadata.items())
        for name, line in noted.get(_NOTED, ())
        if not _has(app, f"{name}.js")
    ]
    if missing:
        raise DemoMissingError("\n".join(missing))


def _has(app: Sphinx, file: str) -> bool:
    """Tell whether the book has a file for its demos."""
    folders = [Path(app.confdir) / folder / "demos" for folder in app.config.html_static_path]
    return any((folder / file).is_file() for folder in folders)
