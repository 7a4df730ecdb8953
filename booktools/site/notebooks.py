"""Each chapter with code as a notebook to download: its text and code, without outputs."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", offer_notebook)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def offer_notebook(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the notebook beside its page, and tell the template its name."""
    if doctree is None or app.env is None:
        return
    text = Path(app.env.doc2path(page)).read_text(encoding="utf8")
    if not is_myst_markdown_notebook(text) or "{code-cell}" not in text:
        return
    path = Path(app.outdir) / f"{page}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook(text), encoding="utf8")
    context.setdefault("book", {})["notebook"] = path.name


def notebook(text: str) -> str:
    """Return a chapter in MyST Markdown as a notebook: the same text gives the same bytes."""
    read = read_myst_markdown_notebook(text)
    cells = []
    for place, cell in enumerate(read.cells):
        if cell.cell_type == "markdown":
            source, make, metadata = plain(cell.source), nbformat.v4.new_markdown_cell, {}
        else:
            tags = cell.metadata.get("tags", [])
            source = without_glue(cell.source) if "remove-cell" in tags else cell.source
            # Jupyter goes on after a cell with this tag
            metadata = {"tags": ["raises-exception"]} if "raises-exception" in tags else {}
            make = nbformat.v4.new_code_cell
        if source.strip():
            mark = hashlib.sha256(f"{place}\n{source}".encode()).hexdigest()[:12]
            cells.append(make(source, id=mark, metadata=metadata))
    made = nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
    )
    nbformat.validate(made)
    return str(nbformat.writes(made)) + "\n"


def without_glue(code: str) -> str:
    """Return the code of a hidden cell without what only puts numbers into the prose."""

    def only_glues(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.ImportFrom):
            return statement.module == "myst_nb"
        call = statement.value if isinstance(statement, ast.Expr) else None
        return isinstance(call, ast.Call) and ast.unparse(call.func) == "glue"

    kept = [statement for statement in ast.parse(code).body if not only_glues(statement)]
    return "\n".join(filter(None, (ast.get_source_segment(code, one) for one in kept)))


def plain(text: str) -> str:
    """Return MyST Markdown as the Markdown that notebooks understand."""
    text = re.sub(r"^%.*\n?", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(`{3,}|:{3,})\{chapter-card\}\n\1\n", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"^(`{3,}|:{3,})\{solution-start\}.*?^\1$", "**Solution**\n", text, flags=re.M | re.S
    )
    text = re.sub(r"^(`{3,}|:{3,})\{solution-end\}\n\1$", "", text, flags=re.MULTILINE)
    # a box becomes its title, in bold, and its content
    box = re.compile(
        r"^(`{3,}|:{3,})\{([\w-]+)\} *([^\n]*)\n((?::[\w-]+:[^\n]*\n)*)((?:(?!\1\{).)*?)^\1 *$",
        re.MULTILINE | re.DOTALL,
    )
    for _ in range(3):  # boxes in boxes in boxes
        text = box.sub(_open, text)
    text = re.sub(r"\{glue:text\}`[^`]*`", "(a number that the code computes)", text)
    text = re.sub(r"\{term\}`([^<`]*?)\s*(?:<[^`]*>)?`", r"\1", text)
    return re.sub(r"\{[\w:-]+\}(`[^`]*`)", r"\1", text)


def _open(box: re.Match[str]) -> str:
    """Return a box of MyST Markdown as its title and its content."""
    name, title, content = box[2], box[3], box[5].strip()
    return f"{content}\n" if name == "grid" else f"**{title or name.capitalize()}**\n\n{content}\n"
