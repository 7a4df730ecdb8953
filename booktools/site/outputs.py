"""What libraries show as HTML, made fit for the page: real tables, no styles of their own.

Libraries bring colors that are illegible in one of the themes, and style attributes, which
the policy of the site blocks. Keras' model summary is drawn with box characters; it becomes
a table that a screen reader can read and a phone can show. Other drawings stay drawings.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from booktools.extension import metadata
from booktools.site.markup import Attributes, rewrite, without_style
from booktools.site.policy import holes
from booktools.site.tables import wrapped

logger = logging.getLogger(__name__)
HEAD, CELL = "\u2503", "\u2502"  # the bars between the cells of a head, and of a row
BELOW_HEAD, BETWEEN_ROWS = "\u2521", "\u251c"  # how the lines begin that part them


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("booktools.site.tables")
    app.add_post_transform(ShowWords)
    app.add_post_transform(MendOutputs)
    return metadata()


class ShowWords(SphinxPostTransform):
    """Show an output as text where its HTML lives by scripts, such as an estimator's diagram."""

    default_priority = 3  # before MyST-NB chooses the form of each output
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Take such HTML out of the outputs of this page that have words too."""
        for bundle in self.document.findall(nodes.container):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            forms = {form["mime_type"]: form for form in bundle.children}
            markup, words = forms.get("text/html"), forms.get("text/plain")
            # an object without words of its own is called <...>
            if not (markup and words) or re.fullmatch("<.*>", words.astext().strip()):
                continue
            if any(hole.startswith("a script in the page") for hole in holes(markup.astext())):
                logger.warning(
                    "this output needs a script in the page, which the policy of the site "
                    "forbids, so its text is shown. Remedy: show it as text or as a picture.",
                    location=bundle,
                )
                bundle.remove(markup)


class MendOutputs(SphinxPostTransform):
    """Mend the HTML of a page, wherever it comes from: its own cells, or those of another page.

    It warns of what the site cannot show.
    """

    default_priority = 500  # outputs are chosen, and those of other pages are there
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Mend every piece of HTML of this page."""
        if self.app.builder.name == "epub":
            return
        for node in list(self.document.findall(nodes.raw)):
            if "html" not in node.get("format", "").split():
                continue
            markup = mend(node.astext())
            found = list(dict.fromkeys(holes(markup)))
            if found:
                logger.warning(
                    "this HTML holds %s%s, which the policy of the site forbids. Remedy: use a "
                    "class of the style sheet and a script of _static, or print text instead.",
                    found[0][:100],
                    f" and {len(found) - 1} more" if found[1:] else "",
                    location=node,
                )
            node.children = [nodes.Text(plain(markup))]


def mend(markup: str) -> str:
    """Return an output's HTML as it can stand on the page."""
    if markup.startswith("<pre style="):
        return drawing(markup)
    if 'class="dataframe"' in markup:
        markup = data_frame(markup)
    return wrapped(markup)


def plain(markup: str) -> str:
    """Return HTML without style attributes, which no browser would heed here."""
    if "style" not in markup.lower():
        return markup

    def change(_tag: str, attributes: Attributes, written: str) -> str:
        styled = any(name == "style" for name, _ in attributes)
        return without_style(written) if styled else written

    return rewrite(markup, change)


def drawing(markup: str) -> str:
    """Return what rich draws with characters: a summary of Keras as a table, the rest as text."""
    text = BeautifulSoup(markup, "html.parser").get_text()
    table = summary_table(text)
    if table:
        return wrapped(table)
    text = re.sub(r'<span style="font-weight: bold">(.*?)</span>', r"<b>\1</b>", markup)
    text = re.sub(r'<span style="[^"]*">|</span>', "", text)
    return re.sub(r"<pre style=[^>]*>", '<pre class="rich">', text)


def summary_table(text: str) -> str:
    """Return a model summary, drawn with box characters, as an HTML table.

    Keras draws a line between any two rows; so a row may take several lines of text. Tables
    drawn in another way, where it is not known which lines are one row, give an empty text.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    begins = "".join(line[0] for line in lines)
    # a frame and nothing else: a head, and rows with a line between any two
    if not re.fullmatch(
        f"\u250f{HEAD}+{BELOW_HEAD}{CELL}+(?:{BETWEEN_ROWS}{CELL}+)*\u2514", begins
    ):
        return ""
    if begins.count(CELL) > 1 and BETWEEN_ROWS not in begins and not _one_row(lines):
        return ""
    head: list[str] = []
    rows: list[list[str]] = [[]]
    for line in lines:
        cells = [cell.strip() for cell in line[1:-1].split(line[0])]
        if line[0] == HEAD:
            head = _join(head, cells)
        elif line[0] == CELL:
            if len(cells) != len(head):
                return ""  # a cell holds a bar itself
            rows[-1] = _join(rows[-1], cells)
        elif rows[-1]:
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


def _one_row(lines: list[str]) -> bool:
    """Tell whether all lines below the head are one row of Keras: it begins with a layer's name."""
    first = next(line for line in lines if line.startswith(HEAD))
    return first.strip(HEAD).strip().startswith("Layer (type)")


def _join(above: list[str], cells: list[str]) -> list[str]:
    """Put a line of cells below what stands in them already."""
    above = above or [""] * len(cells)
    return [f"{one} {two}".strip() for one, two in zip(above, cells, strict=True)]


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
