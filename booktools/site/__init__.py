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
from sphinx.util import logging

from booktools.extension import metadata

logger = logging.getLogger(__name__)
THEME = "booktools"
USED = {
    "extra_footer",
    "path_to_docs",
    "repository_branch",
    "repository_url",
    "use_edit_page_button",
    "use_issues_button",
}
# what jupyter-book sets without being asked
DEFAULTS: dict[str, Any] = {
    "search_bar_text": "Search this book...",
    "home_page_in_toc": True,
    "analytics": {
        "google_analytics_id": "",
        "plausible_analytics_domain": "",
        "plausible_analytics_url": "https://plausible.io/js/script.js",
    },
}
# jupyter-book loads these, whatever its configuration says
UNUSED = {
    "pydata_sphinx_theme",
    "sphinx_book_theme",
    "sphinx_comments",
    "sphinx_copybutton",
    "sphinx_thebe",
    "sphinx_togglebutton",
}

PARTS = (
    "code_links",
    "folds",
    "mend",
    "navigation",
    "outputs",
    "pages",
    "preview",
    "previews",
    "rebuild",
    "search",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the theme, and connect to Sphinx."""
    app.add_html_theme(THEME, str(Path(__file__).with_name("theme")))
    app.connect("config-inited", configure, priority=700)  # before Sphinx adapts the lists
    app.setup_extension("booktools.parts.notebook")
    app.setup_extension("booktools.execution.publish")  # a site is there whole or not at all
    for part in PARTS:
        app.setup_extension(f"booktools.site.{part}")
    return metadata()


def configure(app: Sphinx, config: Config) -> None:
    """Choose the theme, keep what it uses of the configuration, and say what it does not."""
    ignored = unused(config)
    if ignored:
        logger.info("the theme %s has no use for: %s", THEME, ", ".join(ignored))
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


def unused(config: Config) -> list[str]:
    """Return what a book asks of its usual theme, and this theme does not do."""
    options = {
        f"html_theme_options.{name}": value
        for name, value in config.html_theme_options.items()
        if name not in USED and _says(value) and value != DEFAULTS.get(name)
    }
    buttons = config.html_theme_options.get("launch_buttons") or {}
    if not _says({name: value for name, value in buttons.items() if "interface" not in name}):
        options.pop("html_theme_options.launch_buttons", None)
    if config.html_logo:
        options["html_logo"] = config.html_logo
    scripts = sorted(str(file) for file in config.html_js_files)
    return [*sorted(options), *(f"the script {name}" for name in scripts)]


def _says(value: Any) -> bool:
    """Tell whether a setting, or one within it, is more than empty."""
    return any(map(_says, value.values())) if isinstance(value, dict) else bool(value)
