"""What in a chapter's code decides its evidence: not its layout, its comments or its words."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

STATEMENTS = {"claim", "fact"}
RUNNING_TAGS = {"raises-exception", "skip-execution"}
# what tells a figure or a demo to those who do not see it
WORDS = {"alt", "caption"}


def fingerprint(
    cells: Iterable[tuple[str, Iterable[str]]], extra: object = None, *, statements: bool = True
) -> str:
    """Return a hash of what code computes, the same in every version of Python.

    Comments, layout, alternative texts, captions and what only puts numbers into the text
    (``glue``) do not count.

    Args:
        cells: The code cells, each with its tags.
        extra: What else counts, as JSON can hold it.
        statements: Whether texts, kinds and bounds of claims and facts count too; if not, only
            the values that they are given.
    """
    described = [
        [_describe(_tree(source), statements), sorted(RUNNING_TAGS & set(tags))]
        for source, tags in cells
    ]
    full = [one for one in described if one[0]]
    return hashlib.sha256(json.dumps([full, extra]).encode()).hexdigest()[:16]


def _tree(source: str) -> Sequence[ast.stmt]:
    code = TransformerManager().transform_cell(source)
    try:
        return ast.parse(code).body
    except SyntaxError:  # an exercise may show broken code; then every letter counts
        return [ast.Expr(ast.Constant(source))]


def _describe(node: Any, statements: bool) -> Any:
    """Return a part of a syntax tree as lists, without what does not count."""
    if isinstance(node, Sequence) and not isinstance(node, str | bytes):
        return [_describe(one, statements) for one in node if not _only_glues(one)]
    if isinstance(node, ast.Call):
        node = _counting(node, statements)
    if isinstance(node, ast.AST):
        fields = [
            [name, _describe(value, statements)]
            for name, value in ast.iter_fields(node)
            if value not in (None, []) and name not in ("kind", "ctx", "type_comment")
        ]
        return [type(node).__name__, *fields]
    return node if isinstance(node, str | int | float | bool | None) else repr(node)


def _only_glues(node: Any) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "myst_nb"
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and _name(call) == "glue"


def _counting(call: ast.Call, statements: bool) -> ast.AST:
    """Return what counts of a call."""
    name = _name(call)
    if name in STATEMENTS and not statements:
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        value = call.args[1] if len(call.args) > 1 else given.get("value", ast.Constant(None))
        return ast.Tuple([ast.Constant("statement"), value])
    words = WORDS | ({"text"} if name == "show" else set())
    kept = [keyword for keyword in call.keywords if keyword.arg not in words]
    return ast.Expression(ast.Tuple([call.func, *call.args, *kept]))  # type: ignore[list-item]


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[-1]
