"""What the head of every page holds, and how its body is adapted to the policy of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from booktools.extension import metadata
from booktools.site import styles
from booktools.site.policy import holes, policy

logger = logging.getLogger(__name__)
THEME_SCRIPT = "booktools/theme.js"
# the theme has its own words for what these style
UNUSED_STYLES = re.compile(
    r"_static/(basic|pygments|copybutton|togglebutton|exercise|sphinx-thebe|mystnb\.\w+)\.css$"
)
# names, signs and spaces of code have the color of the text; most of a page's tags are theirs
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')
DESIGNED = re.compile(r'class="[^"]*\bsd-')  # parts of sphinx-design


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", prepare, priority=900)  # after every other extension
    app.connect("html-collect-pages", not_found)
    return metadata()


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page for addresses that do not exist; a book for a reading device has none."""
    if app.builder.name != "epub":
        yield "404", {}, "404.html"


def prepare(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Fill the head of a page, and adapt its body."""
    if app.builder.name == "epub":
        return
    app.add_js_file(THEME_SCRIPT)
    app.add_js_file("booktools/site.js", loading_method="defer")
    if page == "404" and app.config.html_baseurl:
        # it answers at every address, so its links start where the book does
        context["base"] = urlsplit(app.config.html_baseurl).path
    context["policy"] = policy(base="base" in context)
    context["author"] = app.config.author
    tags = context.get("metatags", "")
    context["metatags"] = re.sub(r'\s*<meta name="(viewport|generator)"[^>]*>', "", tags)
    if "body" in context:
        context["body"], sheet = styles.to_classes(adapt(context["body"]))
        name = styles.write_sheet(Path(app.outdir, "_static"), page, sheet)
        if name:
            app.add_css_file(name, priority=900)
        _warn_of_holes(page, context["body"], doctree)
    context["css_files"] = [
        css for css in context["css_files"] if not UNUSED_STYLES.search(str(css.filename))
    ]
    if not DESIGNED.search(context.get("body", "")):
        context["css_files"] = [
            css for css in context["css_files"] if "sphinx-design" not in str(css.filename)
        ]
    if "data-sync-id" in context.get("body", ""):  # tabs of sphinx-design that turn together
        app.add_js_file("design-tabs.js", loading_method="defer")
    # a script that does not wait holds up the page: only the choice of the theme may
    context["script_files"] = [
        js
        for js in context["script_files"]
        if "defer" in js.attributes or js.filename == f"_static/{THEME_SCRIPT}"
    ]


def adapt(body: str) -> str:
    """Return a page's body with light code, and folds called by their text."""
    body = PLAIN_CODE.sub(r"\1", body)
    return body.replace('<summary aria-label="Toggle hidden content">', "<summary>")


def _warn_of_holes(page: str, body: str, doctree: nodes.document | None) -> None:
    """Warn of what the policy blocks, save what was told of the author's own HTML already."""
    found = Counter(holes(body))
    if found and doctree is not None:
        for node in doctree.findall(nodes.raw):
            found -= Counter(holes(node.astext()))
    for hole in found.elements():
        logger.warning(
            "the policy of the site forbids %s. Remedy: leave out what makes it, or show it "
            "another way.",
            hole[:200],
            location=page,
        )
