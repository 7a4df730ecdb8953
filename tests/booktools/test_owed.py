"""What cells need of the solutions that a notebook leaves out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from booktools.parts.notebook import for_readers
from booktools.parts.notebook import get_ready as cell

PAGE = """\
---
file_format: mystnb
kernelspec: {{name: python3}}
---

# A

{}
"""


def cells(*sources: str) -> list[str]:
    """Return the cells of a notebook; a source that begins with "solution: " is in a solution."""
    blocks = []
    for source in sources:
        code = source.removeprefix("solution: ")
        block = f"```{{code-cell}}\n{code}\n```"
        if code != source:
            block = f"```{{solution-start}} one\n```\n\n{block}\n\n```{{solution-end}}\n```"
        blocks.append(block)
    made = for_readers(PAGE.format("\n\n".join(blocks)), "a")
    return [one.source for one in made.cells if one.cell_type == "code"]


@pytest.mark.parametrize(
    ("sources", "marked"),
    [
        (["x = ...", "print(x)", "solution: x = 2", "print(x)"], {2: "x"}),
        (["x = ...", "solution: x = 2", "y = x + 1", "print(y)"], {1: "x", 2: "y"}),
        (["x = ...", "solution: x = 2", "x = 3\nprint(x)"], {}),  # made anew
        (["x = ...", "solution: x = 2", "x = x + 1"], {1: "x"}),
        (["x = ...", "solution: x = 2", "x += 1"], {1: "x"}),
        (["x = 1", "solution: x = 2", "print(x)"], {}),  # the reader has one too
        (["solution: y = 2", "print(y)"], {0: "y"}),
        (["def f(a):\n    return ...", "solution: def f(a):\n    return a", "f(1)"], {1: "f"}),
        (["x = ...", "solution: x = 2", "def f():\n    return x"], {}),  # runs later
        (["x = ...", "solution: x = 2", "[x for x in 'ab']"], {}),  # a name of its own
        (["x = ...", "solution: for k in 'a': x = k", "for k in 'b': print(k)"], {}),
        (["x = [...]", "solution: x = [2]", "if ... in x:\n    x = [1]", "print(x)"], {}),
        (["x = ...\nx is ...", "solution: x = 2", "print(x)"], {1: "x"}),
        (["x = y[..., None]", "solution: x = 2", "print(x)"], {}),  # an index, and no blank
        (["x = ...", "solution: x = 2", "%%bash\necho $x"], {}),
    ],
)
def test_a_cell_names_what_only_solutions_make(sources: list[str], marked: dict[int, str]) -> None:
    found = {
        place: source.splitlines()[0].removeprefix("# needs: ")
        for place, source in enumerate(cells(*sources))
        if source.startswith("# needs: ")
    }
    assert found == marked


def filled(a: Any) -> Any:
    return a[..., None]


def blank(a: Any) -> Any:
    """With a docstring."""
    return ...


@pytest.mark.parametrize(
    ("value", "opened"),
    [(..., True), ([1, ...], True), (blank, True), (filled, False), (0, False), (len, False)],
)
def test_a_blank_is_known_from_an_answer(value: Any, opened: bool) -> None:
    assert cell.is_open(value) is opened


def test_a_cell_says_not_yet_until_its_names_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = TransformerManager()
    names: dict[str, Any] = {"x": ...}
    transforms = manager.cleanup_transforms
    shell = SimpleNamespace(user_ns=names, input_transformers_cleanup=transforms)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    before = len(transforms)
    cell.wait_for_answers()
    cell.wait_for_answers()  # who runs the first cell again
    assert len(transforms) == before + 1
    code = "# needs: x, y\nprint(x + y)\n"
    said = manager.transform_cell(code)
    assert said.startswith("print('Not yet: this cell needs x, y, which")
    names.update(x=1, y=2)
    assert manager.transform_cell(code) == code
