"""What libraries show as HTML, made fit for the page: real tables, no styles of their own.

Libraries bring colors that are illegible in one of the themes, and style attributes, which
the policy of the site blocks. Keras' model summary is drawn with box characters; it becomes
a table that a screen reader can read and a phone can show.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)
FORBIDDEN = re.compile(
    r"<style|<iframe|<[^>]*\s(?:style|on[a-z]+)\s*="
    r"|<script(?! type=\"application/json\")|<link|javascript:|<(?:img|script)[^>]*src=.https?:",
    re.IGNORECASE,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("doctree-read", mend_outputs)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def mend_outputs(_app: Sphinx, doctree: nodes.document) -> None:
    """Mend the HTML of a page's outputs, and warn of what the site could not show."""
    for node in doctree.findall(nodes.raw):
        if node.get("format") != "html":
            continue
        markup = mend(node.astext())
        node.children = [nodes.Text(markup)]
        found = FORBIDDEN.search(re.sub(r"<code.*?</code>", "", markup, flags=re.DOTALL))
        if found:
            logger.warning(
                "this HTML holds %r, which the policy of the site forbids. Remedy: use a class of "
                "the style sheet and a script of _static, or print text instead.",
                found.group()[:60],
                location=node,
            )


def mend(markup: str) -> str:
    """Return an output's HTML as it can stand on the page."""
    if markup.startswith("<pre style=") and "\u250f" in markup:
        return summary_table(BeautifulSoup(markup, "html.parser").get_text())
    if markup.startswith("<pre style="):
        text = re.sub(r'<span style="font-weight: bold">(.*?)</span>', r"<b>\1</b>", markup)
        text = re.sub(r'<span style="[^"]*">|</span>', "", text)
        return re.sub(r"<pre style=[^>]*>", '<pre class="rich">', text)
    if 'class="dataframe"' in markup:
        return data_frame(markup)
    return markup


def summary_table(drawing: str) -> str:
    """Return a table drawn with box characters as an HTML table."""
    head: list[str] = []
    rows: list[list[str]] = [[]]
    for line in drawing.splitlines():
        if line.startswith("\u2503"):  # a line of the head
            head = _join(head, line.strip("\u2503").split("\u2503"))
        elif line.startswith("\u2502"):
            rows[-1] = _join(rows[-1], line.strip("\u2502").split("\u2502"))
        elif rows[-1]:  # a line between rows
            rows.append([])
    columns = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
        if row
    )
    return (
        f'<table class="model-summary"><thead><tr>{columns}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _join(above: list[str], cells: list[str]) -> list[str]:
    """Put a line of cells below what stands in them already."""
    above = above or [""] * len(cells)
    return [f"{one} {two.strip()}".strip() for one, two in zip(above, cells, strict=True)]


def data_frame(markup: str) -> str:
    """Return a DataFrame's table without its styles, with heads that say what they head."""
    tree = BeautifulSoup(markup, "html.parser")
    for style in tree.find_all("style"):
        style.decompose()
    for tag in tree.find_all(style=True):
        del tag["style"]
    for table in tree.find_all("table"):
        del table["border"]
        for cell in table.find_all("th"):
            if not cell.get_text(strip=True):
                cell.name = "td"
            elif cell.find_parent("thead"):
                cell["scope"] = "col"
            else:
                cell["scope"] = "row"
    return str(tree)
