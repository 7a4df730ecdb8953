"""What the head of every page holds, and what no page may hold.

The policy: everything comes from the site itself, and no script or style stands in a page.
Pictures may also stand in the page as ``data:`` addresses, for figures draw them so. Reading
other pages of the site (``connect-src``) is what the search does to show where it found a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
# the theme has its own words for what these style
UNUSED_STYLES = re.compile(
    r"_static/(basic|pygments|copybutton|togglebutton|exercise|sphinx-thebe|mystnb\.\w+)\.css$"
)
FORBIDDEN = re.compile(r"<[a-z][^<>]*\s(style|on[a-z]+)=\"", re.IGNORECASE)
# names, signs and spaces of code have the color of the text; most of a page's tags are theirs
PLAIN_CODE = re.compile(r'<span class="(?:n|nn|o|p|w)">([^<]*)</span>')


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", prepare, priority=900)  # after every other extension
    app.connect("html-collect-pages", not_found)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def not_found(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page for addresses that do not exist."""
    yield "404", {}, "404.html"


def prepare(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Fill the head of a page, and adapt its body."""
    app.add_js_file("theme.js")
    app.add_js_file("site.js", loading_method="defer")
    policy = dict(POLICY)
    if page == "404" and app.config.html_baseurl:
        # it answers at every address, so its links start where the book does
        context["base"] = urlsplit(app.config.html_baseurl).path
        policy["base-uri"] = "'self'"
    context["policy"] = "; ".join(f"{name} {value}" for name, value in policy.items())
    context["author"] = app.config.author
    context["css_files"] = [
        css for css in context["css_files"] if not UNUSED_STYLES.search(str(css.filename))
    ]
    # a script that does not wait holds up the page: only the choice of the theme may
    context["script_files"] = [
        js
        for js in context["script_files"]
        if "defer" in js.attributes or js.filename == "_static/theme.js"
    ]
    tags = context.get("metatags", "")
    context["metatags"] = re.sub(r'\s*<meta name="(viewport|generator)"[^>]*>', "", tags)
    if "body" in context:
        context["body"] = adapt(context["body"])
        for found in FORBIDDEN.finditer(context["body"]):
            logger.warning(
                "the policy of the site forbids %s. Remedy: use a class of the style sheet.",
                found.group()[:200],
                location=page,
            )


def adapt(body: str) -> str:
    """Return a page's body: light code, tables that can scroll, folds called by their text."""
    body = PLAIN_CODE.sub(r"\1", body)
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return body.replace("<table", '<div class="scroll"><table').replace(
        "</table>", "</table></div>"
    )
