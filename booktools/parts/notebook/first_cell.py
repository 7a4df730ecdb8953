"""The first cell of a notebook: ``get_ready.py``, with facts about the wheel and the book."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from pprint import pformat
from typing import Any

import nbformat
from nbformat import NotebookNode

from booktools.contract.ipython import parse
from booktools.parts.notebook.wheel import Wheel

TITLE = "Run this cell first: it installs what the notebook needs, if that is missing"


def facts(
    wheel: Wheel, package: str, address: str, archive: str, deciding: Iterable[str]
) -> dict[str, Any]:
    """Return what the first cell has to know.

    Args:
        wheel: The wheel that the site carries.
        package: What notebooks import of it.
        address: The folder of the wheel on the site, with a slash; empty if nobody knows.
        archive: The name of the zip in which readers find wheel and notebooks.
        deciding: Projects whose versions decide the numbers on the pages.
    """
    return {
        "package": package,
        "project": wheel.project,
        "wheel": wheel.name,
        "bytes": len(wheel.data),
        "sha256": wheel.sha256,
        "address": address,
        "zip": archive,
        "pythons": wheel.pythons,
        "needs": wheel.needs,
        "made with": dict(_installed(deciding)),
    }


def _installed(projects: Iterable[str]) -> Iterable[tuple[str, str]]:
    for project in projects:
        try:
            yield project, version(project)
        except PackageNotFoundError:
            continue


def first_cell(told: Mapping[str, Any], cells: Iterable[str]) -> NotebookNode:
    """Return the cell for a notebook.

    Args:
        told: What :func:`facts` returns.
        cells: The code of the notebook, which needs the package or can do without.
    """
    code = Path(__file__).with_name("get_ready.py").read_text(encoding="utf8")
    tree = ast.parse(code)
    body = code.splitlines()[(tree.body[0].end_lineno or 0) :]
    given = {**told, "required": requires(told["package"], cells)}
    source = "\n".join(
        [
            f"#@title {TITLE}",  # what Colab shows in place of the code
            "def prepare(book):",  # so that the notebook gets no names from here
            textwrap.indent("\n".join(body).strip(), "    "),
            "",
            "    get_ready(book)",
            "",
            "",
            f"prepare(\n{textwrap.indent(pformat(given, width=92, sort_dicts=False), '    ')}\n)",
            "del prepare",
        ]
    )
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata = {"cellView": "form", "jupyter": {"source_hidden": True}}
    return cell  # type: ignore[no-any-return]


def requires(package: str, cells: Iterable[str]) -> bool:
    """Tell whether code imports a package without an answer to its absence."""

    def imports(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return any(one.name.partition(".")[0] == package for one in node.names)
        if isinstance(node, ast.ImportFrom):
            return not node.level and (node.module or "").partition(".")[0] == package
        if isinstance(node, ast.Try) and node.handlers:
            rest = [*node.handlers, *node.orelse, *node.finalbody]
            return any(map(imports, rest))
        return any(map(imports, ast.iter_child_nodes(node)))

    for cell in cells:
        try:
            if imports(parse(cell)):
                return True
        except SyntaxError:  # of another language, or wrong on purpose
            continue
    return False
