"""A Sphinx extension: ``{notebook}`` offers its page as a Jupyter notebook for the reader.

The notebook has the page's code cells and a plain form of its text. Solutions are left out, so
that what the reader writes into the blanks stays; they can be read on the page. So are hidden
cells that ``glue`` numbers into the text: let no other cell depend on one.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_FLAG = "offers_notebook"
_SOLUTION = re.compile(r"^```\{solution-start\}.*?^```\{solution-end\}\n```\n?", re.M | re.S)
# what MyST has and a notebook has not, and what stands for it there
_PLAIN = [
    (re.compile(r"^```\{exercise\} *(.*)\n(?::.*\n)*((?:.*\n)*?)```$", re.M), r"**\1.** \2"),
    (re.compile(r"^:::+\{(?:admonition|dropdown)\} *(.*)\n(?::[a-z].*\n)*", re.M), r"**\1**\n\n"),
    (re.compile(r"^:::+$", re.M), ""),
    (re.compile(r"^```\{[^}]*\}.*\n(?:.*\n)*?```$", re.M), ""),
    (re.compile(r"^(?:%.*|\+\+\+.*)$", re.M), ""),
    (re.compile(r"\{term\}`([^`<]*?)(?: *<[^`]*)?`"), r"\1"),
    (re.compile(r"\{glue:[^}]*\}`[^`]*`"), "…"),
    (re.compile(r"\[([^]]*)\]\((?!https?:)[^)]*\)"), r"\1"),
    (re.compile(r"\n{3,}"), "\n\n"),
]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and write the notebooks beside their pages."""
    app.add_directive("notebook", Offer)
    app.connect("build-finished", write_notebooks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class Offer(SphinxDirective):
    """``{notebook}`` with the text of the link as its argument."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the link."""
        self.env.metadata[self.env.docname][_FLAG] = "yes"
        name = f"{PurePosixPath(self.env.docname).name}.ipynb"
        link = f'<p><a class="notebook" href="{name}" download>{escape(self.arguments[0])}</a></p>'
        return [nodes.raw("", link, format="html")]


def write_notebooks(app: Sphinx, error: Exception | None) -> None:
    """Write the notebook of each page that offers one."""
    if error or app.builder.format != "html":
        return
    for page, metadata in app.env.metadata.items():
        if _FLAG in metadata:
            text = Path(app.env.doc2path(page)).read_text(encoding="utf8")
            target = Path(app.outdir, f"{page}.ipynb")
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(for_readers(text), target)


def for_readers(text: str) -> NotebookNode:
    """Return a page's source as a notebook: plain text, code cells, no solutions.

    Args:
        text: The page in MyST Markdown, with its front matter.
    """
    page = read_myst_markdown_notebook(_SOLUTION.sub("", text), MdParserConfig())
    book = nbformat.v4.new_notebook()
    book.metadata.kernelspec = page.metadata.kernelspec
    for cell in page.cells:
        if cell.cell_type == "code" and not _carries_numbers(cell):
            book.cells.append(nbformat.v4.new_code_cell(cell.source))
        elif cell.cell_type == "markdown" and (plain := _plain(cell.source)):
            book.cells.append(nbformat.v4.new_markdown_cell(plain))
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"  # nbformat draws one at random
    return book  # type: ignore[no-any-return]


def _carries_numbers(cell: NotebookNode) -> bool:
    """Tell whether a hidden cell hands numbers to the text, which a notebook cannot show."""
    return "remove-cell" in cell.metadata.get("tags", []) and "glue" in cell.source


def _plain(markdown: str) -> str:
    for pattern, replacement in _PLAIN:
        markdown = pattern.sub(replacement, markdown)
    return markdown.strip()
