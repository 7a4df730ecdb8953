"""What other programs show when somebody passes on a link to a page.

Titles and descriptions are in every page. A picture and the page's own address have to be
whole addresses, so they are there only where the book's address is known: set
``html: baseurl`` in ``_config.yml``, or ``BOOKTOOLS_URL`` when the site is published.
"""

from __future__ import annotations

import os
import re
import textwrap
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from booktools.extension import metadata
from booktools.site.addresses import whole

VARIABLE = "BOOKTOOLS_URL"
EXAMPLE = "https://example.org/book"
SIZE = (12.0, 6.3)  # inches, at 100 pixels each


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", take_address)
    app.connect("html-page-context", add_preview, priority=800)  # the description is there
    return metadata()


def take_address(_app: Sphinx, config: Config) -> None:
    """Let the environment say where the book is published.

    Raises:
        AddressError: What was given is no address.
    """
    given, where = os.environ.get(VARIABLE), VARIABLE
    if not given:
        given, where = config.html_baseurl, "_config.yml: html: baseurl"
    config.html_baseurl = f"{whole(given, where, EXAMPLE)}/" if given else ""


def add_preview(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Describe a page that has a text of its own."""
    if doctree is None or app.env is None:
        return
    matter = app.env.metadata.get(page, {})
    title = app.env.titles[page].astext()
    facts = {
        "og:type": "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": matter.get("description"),
    }
    if app.config.html_baseurl:
        picture = f"_static/cards/{page.replace('/', '-')}.png"
        path = Path(app.outdir) / picture
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw(title, str(matter.get("question", "")), str(app.config.html_title)))
        facts["og:url"] = context.get("pageurl")
        facts["og:image"] = app.config.html_baseurl + picture
        facts["og:image:alt"] = f"The title of the page: {title}"
    tags = (
        f'\n<meta property="{name}" content="{escape(str(value))}">'
        for name, value in facts.items()
        if value
    )
    context["metatags"] = context.get("metatags", "") + "".join(tags)


def draw(title: str, question: str, book: str) -> bytes:
    """Return a card as PNG: the same words give the same bytes."""
    from io import BytesIO

    from matplotlib.figure import Figure

    if title == book:
        book = ""
    figure = Figure(figsize=SIZE, dpi=100, facecolor="#12161c")
    top = figure.text(
        0.07, 0.82, textwrap.fill(title, 24), color="white", size=50, weight="bold", va="top"
    )
    lines = top.get_text().count("\n") + 1
    question = textwrap.fill(re.sub(r"\s+", " ", question), 52)
    asked = figure.text(0.07, 0.74 - 0.14 * lines, question, color="#8cc2f0", size=24, va="top")
    name = figure.text(0.07, 0.08, book, color="#a4aeba", size=20)
    for text in (top, asked, name):
        text.set_parse_math(False)  # dollars are dollars
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
