"""The targets of ``make``: what is asked for is what is done, or refused."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
if [ "$1" = -V ]; then echo "Python {version}"; else echo "$@"; fi
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the Makefile and an environment whose Python only says what it gets."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    for place, version in {".venv/bin/python": "3.12.1", "other": "3.13.0"}.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PYTHON.format(version=version))
        path.chmod(0o755)
    (tmp_path / ".venv/ready").touch()
    return tmp_path


def make(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    outer = {"DATA", "MAKEFLAGS", "MAKELEVEL"}  # of the make that runs these tests
    plain = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env=plain | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "variables", "data"),
    [
        (("book",), {}, "sample"),
        (("book",), {"LESSONS_DATA": "full"}, "full"),
        (("book", "DATA=full"), {"LESSONS_DATA": "sample"}, "full"),
    ],
)
def test_the_data_mode_is_the_one_that_is_asked_for(
    folder: Path, words: tuple[str, ...], variables: dict[str, str], data: str
) -> None:
    done = make(folder, *words, **variables)
    assert done.stdout == f"-m booktools build --data {data}\n"


def test_another_python_than_that_of_the_environment_is_refused(folder: Path) -> None:
    refused = make(folder, "book", "PYTHON=./other")
    assert refused.returncode == 2
    assert ".venv has Python 3.12.1; you ask for Python 3.13.0." in refused.stdout
    assert make(folder, "book", "PYTHON=.venv/bin/python").returncode == 0
    assert make(folder, "book").returncode == 0
