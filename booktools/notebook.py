"""A Sphinx extension: every chapter as a Jupyter notebook for the reader.

The notebook has the page's code cells and a plain form of its text. Solutions are left out, so
that what the reader writes into the blanks stays; they can be read on the page. So is what only
puts numbers into the text. Pages with code cells get a notebook beside them; ``{notebook}``
links to it where the text speaks of it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_SOLUTION = re.compile(r"^```\{solution-start\}.*?^```\{solution-end\}\n```\n?", re.M | re.S)
_BOX = re.compile(
    r"^(`{3,}|:{3,})\{([\w-]+)\} *([^\n]*)\n((?::[\w-]+:[^\n]*\n)*)((?:(?!\1\{).)*?)^\1 *$",
    re.MULTILINE | re.DOTALL,
)
_WITHOUT_TITLE = {"grid", "tab-set"}
_NOTHING = {"chapter-card", "notebook", "claims-table"}
# what MyST has and a notebook has not, and what stands for it there
_PLAIN = [
    (re.compile(r"^(?:%.*|\+\+\+.*)$", re.M), ""),
    (re.compile(r"\{term\}`([^`<]*?)(?: *<[^`]*)?`"), r"\1"),
    (re.compile(r"\{glue:[^}]*\}`[^`]*`"), "…"),
    (re.compile(r"\{[\w:-]+\}(`[^`]*`)"), r"\1"),
    (re.compile(r"\[([^]]*)\]\((?!https?:)[^)]*\)"), r"\1"),
    (re.compile(r"\n{3,}"), "\n\n"),
]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and write the notebooks beside their pages."""
    app.add_directive("notebook", Offer)
    app.connect("html-page-context", offer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class Offer(SphinxDirective):
    """``{notebook}`` with the text of the link as its argument."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the link."""
        name = f"{PurePosixPath(self.env.docname).name}.ipynb"
        link = f'<p><a class="notebook" href="{name}" download>{escape(self.arguments[0])}</a></p>'
        return [nodes.raw("", link, format="html")]


def offer(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the notebook of a page with code, and tell the template its name."""
    if doctree is None or app.env is None or app.builder.name == "epub":
        return
    text = Path(app.env.doc2path(page)).read_text(encoding="utf8")
    if not is_myst_markdown_notebook(text) or "{code-cell}" not in text:
        return
    path = Path(app.outdir, f"{page}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(for_readers(text), path)
    context.setdefault("book", {})["notebook"] = path.name


def for_readers(text: str) -> NotebookNode:
    """Return a page's source as a notebook: plain text, code cells, no solutions.

    The same text gives the same notebook.

    Args:
        text: The page in MyST Markdown, with its front matter.
    """
    page = read_myst_markdown_notebook(_SOLUTION.sub("", text), MdParserConfig())
    book = nbformat.v4.new_notebook()
    book.metadata.kernelspec = page.metadata.kernelspec
    for number, cell in enumerate(page.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            made = nbformat.v4.new_markdown_cell(_plain(cell.source))
        else:
            made = nbformat.v4.new_code_cell(cell.source)
            if "remove-cell" in tags:
                made.source = _without_glue(cell.source)
            if "raises-exception" in tags:  # Jupyter goes on after such a cell
                made.metadata.tags = ["raises-exception"]
        # nbformat draws an id at random
        made.id = hashlib.sha256(f"{number} {made.source}".encode()).hexdigest()[:12]
        if made.source:
            book.cells.append(made)
    nbformat.validate(book)
    return book  # type: ignore[no-any-return]


def _without_glue(code: str) -> str:
    """Return the code of a hidden cell without what only puts numbers into the text."""

    def only_glues(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.ImportFrom):
            return statement.module == "myst_nb"
        call = statement.value if isinstance(statement, ast.Expr) else None
        return isinstance(call, ast.Call) and ast.unparse(call.func) == "glue"

    kept = [statement for statement in ast.parse(code).body if not only_glues(statement)]
    return "\n".join(filter(None, (ast.get_source_segment(code, one) for one in kept)))


def _plain(markdown: str) -> str:
    """Return MyST Markdown as the Markdown that notebooks understand."""
    for _ in range(3):  # boxes in boxes in boxes
        markdown = _BOX.sub(_open, markdown)
    for pattern, replacement in _PLAIN:
        markdown = pattern.sub(replacement, markdown)
    return markdown.strip()


def _open(box: re.Match[str]) -> str:
    """Return a box of MyST Markdown as its title and its content."""
    name, title, content = box[2], box[3].strip(), box[5].strip()
    if name in _NOTHING:
        return ""
    if name in _WITHOUT_TITLE:
        return f"{content}\n"
    return f"**{title or name.capitalize()}**\n\n{content}\n"
