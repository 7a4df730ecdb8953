"""What the code of a chapter promises: seeds in sight, silent training, an untouched test.

A cell that shows a mistake on purpose is let off by the line ``% on purpose: REASON`` above it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from booktools.contract.book import Book
from booktools.contract.claims import noted
from booktools.contract.finding import Finding
from booktools.contract.page import Cell, Page, dotted, keywords

TRUTH = "y_test"
PREDICTIONS = {"y_pred", "p_test"}
SEED = re.compile(r"(.*\.)?(set_seed|set_random_seed|seed|default_rng)$")
TEST = re.compile(r"(.*_)?test(_.*)?$")


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check the code of a chapter's cells."""
    cells = [cell for cell in page.cells if not noted(page, cell, r"on purpose:\s*\S")]
    for cell in page.cells:
        if set(cell.inside) - {"solution"}:
            yield Finding(
                page.path,
                cell.line,
                f"a code cell inside `{{{cell.inside[-1]}}}`, where it is not executed",
                "put it at the top level; solutions are a pair of `{solution-start}` and "
                "`{solution-end}`.",
            )
    yield from _seed(page, cells, book.settings.random)
    yield from _truth(page, cells)
    makers = _makers(cells, book.settings.models)
    models = _models(cells, makers)
    for cell in cells:
        yield from _calls(page, cell, models | {f"{maker}()" for maker in makers})


def _seed(page: Page, cells: list[Cell], random: Iterable[str]) -> Iterator[Finding]:
    """Find randomness before the first seed, and a first seed that readers do not see."""
    draws = re.compile(rf"({'|'.join(map(re.escape, random))})\.\w+$")
    for cell in cells:
        for node in _now(cell.tree):
            if not isinstance(node, ast.Call):
                continue
            name = dotted(node.func)
            seeds = bool(SEED.match(name)) and bool(node.args or node.keywords)
            if seeds and cell.visible:
                return
            if seeds or draws.match(name):
                yield Finding(
                    page.path,
                    cell.at(node),
                    f"{name} is random, and no seed was set in sight before it",
                    "call `rng = set_seed(7)` in a visible cell, with the imports.",
                )
                return


def _now(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run where they stand, in their order; bodies of functions do not."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield from _now(node)
            yield node


def _truth(page: Page, cells: list[Cell]) -> Iterator[Finding]:
    """Find predictions in y_test, and a y_test that is replaced or changed."""
    made: int | None = None
    for cell in cells:
        for target, value, node in _assignments(cell.tree):
            if _base(target) != TRUTH:
                continue
            line = cell.at(node)
            if value is not None and _predicts(value):
                yield Finding(
                    page.path,
                    line,
                    f"predictions are stored in {TRUTH}",
                    f"call them y_pred: {TRUTH} holds the truth, and a score compares the two.",
                )
            elif made is not None:
                yield Finding(
                    page.path,
                    line,
                    f"{TRUTH} is overwritten; it was made in line {made}",
                    "give the other labels a name of their own.",
                )
            made = made or line


def _assignments(
    tree: ast.Module,
) -> Iterator[tuple[ast.expr, ast.expr | None, ast.stmt]]:
    """Yield the targets outside functions, each with its value, if one can tell."""
    for node in _now(tree):
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            pairs = [(node.target, node.value)] if node.value else []
        elif isinstance(node, ast.For):
            pairs = [(node.target, node.iter)]
        else:
            continue
        for target, value in pairs:
            for one, its_value in _unpacked(target, value):
                yield one, its_value, node


def _unpacked(
    target: ast.expr, value: ast.expr | None
) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    values: list[ast.expr | None] = [value] * len(target.elts)
    if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        values = list(value.elts)
    for one, its_value in zip(target.elts, values, strict=True):
        yield from _unpacked(one, its_value)


def _base(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript):
        target = target.value
    return dotted(target)


def _predicts(value: ast.expr) -> bool:
    return any(
        (isinstance(node, ast.Call) and dotted(node.func).endswith(".predict"))
        or (isinstance(node, ast.Name) and node.id in PREDICTIONS)
        for node in ast.walk(value)
    )


def _makers(cells: list[Cell], models: Iterable[str]) -> set[str]:
    """Return what makes a model: what the book names, and the page's functions that use it."""
    makers = set(models)
    functions = [
        node for cell in cells for node in ast.walk(cell.tree) if isinstance(node, ast.FunctionDef)
    ]
    size = 0
    while size != len(makers):
        size = len(makers)
        makers |= {one.name for one in functions if _returns(one, makers)}
    return makers


def _returns(function: ast.FunctionDef, makers: set[str]) -> bool:
    """Tell whether a function returns a model: made in the return, or in a name it returns."""
    made = {
        dotted(target)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _makes(node.value, makers)
        for target in node.targets
    }
    return any(
        isinstance(node, ast.Return)
        and node.value is not None
        and (_makes(node.value, makers) or dotted(node.value) in made)
        for node in ast.walk(function)
    )


def _makes(value: ast.expr, makers: set[str]) -> bool:
    return isinstance(value, ast.Call) and dotted(value.func) in makers


def _models(cells: list[Cell], makers: set[str]) -> set[str]:
    """Return the names that hold models, and nothing else, wherever they are assigned."""
    yes: set[str] = set()
    no: set[str] = set()
    for cell in cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for one, value in _unpacked(target, node.value):
                        makes = value is not None and _makes(value, makers)
                        (yes if makes else no).add(dotted(one))
    return yes - no


def _calls(page: Page, cell: Cell, models: set[str]) -> Iterator[Finding]:
    for call, name, line in cell.calls():
        receiver, _, method = name.rpartition(".")
        given = keywords(call)
        if method in ("fit", "evaluate", "predict") and None not in given:
            verbose = given.get("verbose")
            loud = isinstance(verbose, ast.Constant) and verbose.value not in (0, 2)
            if loud or (verbose is None and receiver in models):
                yield Finding(
                    page.path,
                    line,
                    f"{name} draws a progress bar, which spoils the page",
                    "say `verbose=0`, or 2 for one line an epoch.",
                )
        validation = ast.walk(given.get("validation_data", ast.Constant(None)))
        names = [node.id for node in validation if isinstance(node, ast.Name)]
        if any(TEST.match(one) for one in names):
            yield Finding(
                page.path,
                line,
                "test data serve as validation",
                "validate on x_val, y_val; the test is kept back until all settings are chosen.",
            )
