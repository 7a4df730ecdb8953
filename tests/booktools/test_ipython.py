"""Code with IPython's own syntax is parsed where it stood."""

from __future__ import annotations

import ast

import pytest

from booktools.contract.ipython import as_python, parse


@pytest.mark.parametrize(
    "code",
    [
        "%matplotlib inline\nmodel.fit(x)",
        "!pip list\nmodel.fit(x)",
        "%%time\nmodel.fit(x)",
        "\n%%capture out\n\nmodel.fit(x)",
        "files = !ls\nmodel.fit(files)",
        "keras?\nmodel.fit(x)",
        "await x\nmodel.fit(x)",
    ],
)
def test_a_call_beside_a_magic_is_seen_on_its_line(code: str) -> None:
    wanted = code.splitlines().index(next(line for line in code.splitlines() if "fit" in line))
    calls = [node for node in ast.walk(parse(code)) if isinstance(node, ast.Call)]
    assert [node.lineno for node in calls if ast.unparse(node.func) == "model.fit"] == [wanted + 1]


def test_a_cell_in_another_language_is_empty() -> None:
    assert as_python("%%bash\nrm -r x") == ""


def test_what_is_no_python_is_told() -> None:
    with pytest.raises(SyntaxError):
        parse("a b")
