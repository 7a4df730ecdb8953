"""A Sphinx extension: the site around the chapters, light, private and accessible.

Name it under ``sphinx: extra_extensions`` in a jupyter-book's ``_config.yml``. It brings a
theme of its own (``theme/``), and lays to rest what jupyter-book loads for its usual theme,
which costs a megabyte a page, asks other hosts for files, and needs a policy with holes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

THEME = "booktools"
# jupyter-book loads these, whatever its configuration says
UNUSED = {
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_thebe",
    "sphinx_togglebutton",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the theme, and connect to Sphinx."""
    app.add_html_theme(THEME, str(Path(__file__).with_name("theme")))
    app.connect("config-inited", configure, priority=700)  # before Sphinx adapts the lists
    app.setup_extension("booktools.notebook")
    for part in ("folds", "fresh", "navigation", "outputs", "pages", "preview"):
        app.setup_extension(f"booktools.site.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def configure(app: Sphinx, config: Config) -> None:
    """Choose the theme, and keep what it uses of the configuration."""
    config.html_theme = THEME
    # jupyter-book adds every file of the static folder, in the order of the file system
    config.html_css_files = sorted(set(config.html_css_files))
    config.html_js_files = []  # a page's scripts are named by what needs them
    footer = config.html_theme_options.get("extra_footer", "")
    config.html_theme_options = {"extra_footer": footer}
    for listeners in app.events.listeners.values():
        listeners[:] = [
            listener
            for listener in listeners
            if getattr(listener.handler, "__module__", "").partition(".")[0] not in UNUSED
        ]
