"""What cells need of the solutions that a notebook leaves out.

On the page, the build runs solutions too, and cells further down go on with what they made. In
the notebook that is the reader's to make. So such a cell begins with a line ``# needs: model``.
While ``model`` is missing, or is still a blank, the notebook's first cell lets it say "Not yet".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from booktools.contract.ipython import parse

MARK = "# needs: "
_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Owed:
    """What the reader still owes, while one goes through the cells of a page in their order."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._owed: set[str] = set()

    def after_solution(self, code: str) -> None:
        """Note what a solution makes, as far as it was not there before."""
        _, made = _names(code)
        self._owed |= made - self._known

    def mark(self, code: str) -> str:
        """Return a cell that stays, with a line that names what it needs of solutions."""
        needed, made = _names(code)
        missing = sorted(needed & self._owed)
        if _asks_for_blanks(code) and not _blanks(code):  # so it knows what to do about them
            self._known |= needed | made
        elif missing:
            self._owed |= made - self._known
            return f"{MARK}{', '.join(missing)}\n{code}"
        else:
            self._known |= made - _blanks(code)
        self._owed -= self._known
        return code


def _names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell finds elsewhere, and those that it makes."""
    needed: set[str] = set()
    made: set[str] = set()
    for statement in _parsed(code).body:
        loaded: set[str] = set()
        stored: set[str] = set()
        bound: set[str] = set()
        for node in _of_this_scope(statement):
            if isinstance(node, _SCOPES):
                stored.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                stored |= {(one.asname or one.name).partition(".")[0] for one in node.names}
            elif isinstance(node, ast.Name):
                (loaded if isinstance(node.ctx, ast.Load) else stored).add(node.id)
            elif isinstance(node, ast.For | ast.comprehension):  # their names are their own
                bound |= {one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)}
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                loaded.add(node.target.id)
        needed |= loaded - bound - made
        made |= stored
    return needed, made


def _of_this_scope(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and what is evaluated with it: not what runs later, in functions."""
    yield node
    if isinstance(node, _SCOPES | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from _of_this_scope(child)


def _blanks(code: str) -> set[str]:
    """Return the names that a cell makes from ``...``, outside of an index."""
    return {
        name
        for statement in _parsed(code).body
        if _is_blank(statement)
        for name in _names(ast.unparse(statement))[1]
    }


def _asks_for_blanks(code: str) -> bool:
    """Tell whether a cell compares something with ``...``, as in ``if ... in votes``."""
    compared = (node for node in ast.walk(_parsed(code)) if isinstance(node, ast.Compare))
    return any(_is_blank(one) for node in compared for one in (node.left, *node.comparators))


def _parsed(code: str) -> ast.Module:
    try:
        return parse(code)
    except SyntaxError:  # of another language, or wrong on purpose
        return ast.Module([], [])


def _is_blank(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return False
    if isinstance(node, ast.Subscript):
        return _is_blank(node.value)
    if isinstance(node, ast.Constant):
        return node.value is ...
    return any(map(_is_blank, ast.iter_child_nodes(node)))
