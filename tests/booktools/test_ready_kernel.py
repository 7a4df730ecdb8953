"""A kernel that stands ready gives the bytes that a clean one gives, or is not used."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from booktools.execution import kernel, ready
from booktools.execution.budget import Budget
from booktools.execution.kernel import Result, Task
from tests.booktools.test_worker import QUIET

IMPORTS = "import json, os\nimport numpy as np\nimport matplotlib.pyplot as plt"
CELLS = (
    f"{IMPORTS}\nfrom helper import value\nimport random",
    "sorted(name for name in dir() if not name.startswith('_'))",
    "print(value, os.getcwd(), np.random.default_rng(7).random(), hash('a word'))",
    "plt.plot([1, 2, value]);",
    "len(In), Out, plt.get_fignums()",
    "raise ValueError('as it should')",
)
KERAS = (
    "import keras\nimport numpy as np",
    """keras.utils.set_random_seed(7)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
history = model.fit(np.eye(2), np.ones(2), epochs=3, verbose=0)
model.summary()
history.history, model.get_weights()""",
    "keras.random.normal((3,)), np.random.random()",
)


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    yield
    ready.close()


@pytest.fixture
def kernels(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what chapters run in from now on: a ready kernel, or nothing for a clean one."""
    used: list[object] = []
    run = kernel.run

    def noted(task: Task, given: kernel.Kernel | None = None) -> Result:
        used.append(given)
        return run(task, given)

    monkeypatch.setattr(kernel, "run", noted)
    return used


def task(folder: Path, *cells: str, **environment: str) -> Task:
    folder.mkdir(exist_ok=True)
    (folder / "helper.py").write_text("value = 3")
    spec = {"name": "python3", "display_name": "Python 3"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": spec})
    notebook.cells = [nbformat.v4.new_code_cell(cell, id=str(n)) for n, cell in enumerate(cells)]
    notebook.cells[-1].metadata.tags = ["raises-exception"]
    return Task(
        page="a",
        notebook=nbformat.writes(notebook),
        folder=str(folder),
        lines=list(range(len(cells))),
        budget=Budget(),
        environment=environment,
        progress=str(folder.with_name("note")),
        settings=QUIET,
        root=str(folder),
    )


def last(*cells: str, **environment: str) -> dict[str, Any]:
    """Return the inputs of an earlier run."""
    return {
        "cells": [[cell, []] for cell in cells],
        "kernel": "python3",
        "environment": environment,
    }


@pytest.mark.parametrize(("cells", "first"), [(CELLS, IMPORTS), (KERAS, KERAS[0])])
def test_results_and_inputs_are_those_of_a_clean_kernel_to_the_byte(
    tmp_path: Path, kernels: list[object], cells: tuple[str, ...], first: str
) -> None:
    chapter = task(tmp_path / "part", *cells)
    clean = ready.run(chapter)
    assert not clean.failures
    ready.prepare(last(first, "print('another cell')"), tmp_path / "part")
    result = ready.run(chapter)
    assert [given is None for given in kernels] == [True, False]
    assert result.notebook == clean.notebook
    assert result.claims == clean.claims
    assert result.files == clean.files
    assert clean.record.read
    for kind in ("python", "read", "written", "listed", "modules"):
        ours, theirs = (getattr(run.record, kind) for run in (result, clean))
        assert _lasting(ours) == _lasting(theirs)


def _lasting(paths: str | list[str]) -> set[str]:
    """Return what was noted without the folders that each kernel has for itself."""
    return {path for path in paths if "/tmp/" not in path or "/part" in path}


def test_the_kernel_ends_with_its_chapter(tmp_path: Path) -> None:
    ready.prepare(last("import json"), tmp_path)
    process = psutil.Process(ready._waiting[0].kernel.manager.provisioner.pid)  # type: ignore
    assert not ready.run(task(tmp_path, "import json\n1")).failures
    assert not process.is_running()


@pytest.mark.parametrize(
    ("cells", "environment"),
    [
        (("import random\nimport json",), {}),
        (("x = 1\nimport json",), {}),
        (("import json",), {"LESSONS_DATA": "full"}),
    ],
)
def test_a_chapter_that_begins_in_another_way_gets_a_clean_kernel(
    tmp_path: Path, kernels: list[object], cells: tuple[str, ...], environment: dict[str, str]
) -> None:
    ready.prepare(last("import json"), tmp_path)
    assert not ready.run(task(tmp_path, *cells, **environment)).failures
    assert kernels == [None]


def test_a_kernel_that_died_is_not_used(tmp_path: Path, kernels: list[object]) -> None:
    ready.prepare(last("import json"), tmp_path)
    psutil.Process(ready._waiting[0].kernel.manager.provisioner.pid).kill()  # type: ignore
    result = ready.run(task(tmp_path, "import json\nprint(json.dumps(7))"))
    assert not result.failures
    assert kernels == [None]
    assert '"7\\n"' in result.notebook


@pytest.mark.parametrize("statement", ["import this", "from json import nothing"])
def test_imports_that_print_or_fail_are_not_made_in_advance(
    tmp_path: Path, kernels: list[object], statement: str
) -> None:
    ready.prepare(last("import json", statement), tmp_path)
    assert ready._waiting
    chapter = task(tmp_path, "import json", statement)
    result = ready.run(chapter)
    assert kernels == [None]
    assert result.notebook == kernel.run(chapter).notebook


def test_a_file_of_the_project_that_the_imports_read_and_that_changed(
    tmp_path: Path, kernels: list[object]
) -> None:
    style = tmp_path / "matplotlibrc"
    cells = "import matplotlib.pyplot as plt\nprint(plt.rcParams['lines.linewidth'])", "1"
    for written, used in ((None, True), ("3", False)):
        style.write_text("lines.linewidth: 2")
        ready.prepare(last(cells[0]), tmp_path)
        kernel_record = ready._waiting[0].kernel.env["BOOKTOOLS_RECORD"]
        while "matplotlibrc" not in Path(kernel_record).read_text():
            time.sleep(0.1)
        if written:
            style.write_text(f"lines.linewidth: {written}")
        assert f"{written or 2}.0" in ready.run(task(tmp_path, *cells)).notebook
        assert (kernels.pop() is not None) == used


def test_only_imports_of_packages_before_anything_else_are_made_in_advance(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for rest in ("x = 1", "import mine", "from . import y", "%matplotlib inline", "import nothing"):
        cells = [("import json", []), (f"from os import path\n{rest}\nimport random", [])]
        found = ready.first_imports(cells, tmp_path)
        assert found[:1] == ["import json"]
        assert "import random" not in found
    skipped = ("import random", ["skip-execution"])
    assert ready.first_imports([skipped, ("import json", [])], tmp_path) == ["import json"]
    assert ready.first_imports([("import lessons_code", [])], tmp_path) == []
    (tmp_path / "json.py").touch()
    assert ready.first_imports([("import json", [])], tmp_path) == []
