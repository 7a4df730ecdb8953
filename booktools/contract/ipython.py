"""Code cells as plain Python, line by line, so that they can be parsed."""

from __future__ import annotations

import ast
from functools import cache

from IPython.core.inputtransformer2 import TransformerManager

# cell magics that run the cell's code, and do something beside
_RUNS_PYTHON = {"capture", "memit", "prun", "pypy", "python", "python3", "time", "timeit"}


@cache
def as_python(code: str) -> str:
    """Return a cell's code with IPython's own syntax as calls, each on the line where it stood.

    What a cell magic runs stays; a cell in another language becomes empty.
    """
    lines = code.splitlines()
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if lines and lines[first].startswith("%%"):
        magic = lines[first].removeprefix("%%").split()
        if not magic or magic[0] not in _RUNS_PYTHON:
            return ""
        lines[first] = ""
    # IPython takes empty lines away from the beginning, and with them the numbers of the lines
    above = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    plain: str = TransformerManager().transform_cell("\n".join(lines[above:]) + "\n")
    return "\n" * above + plain


def parse(code: str) -> ast.Module:
    """Return a cell's code, parsed.

    Raises:
        SyntaxError: It is no Python.
    """
    return ast.parse(as_python(code))
