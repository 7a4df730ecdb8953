"""The wheel for notebooks: the same bytes each time, never stale, refused in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from booktools.parts.notebook.wheel import Wheel, WheelError, wheel_of

PROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[project]
name = "small-tools"
version = "1.2"
requires-python = ">=3.11,<3.14"
dependencies = ["numpy>=2.1", "babel", "rich; extra == 'no'"]
[project.optional-dependencies]
more = ["pandas"]
[tool.setuptools]
packages = ["small_tools"]
"""


def project(folder: Path) -> Path:
    (folder / "small_tools").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "small_tools" / "__init__.py").write_text("ANSWER = 42\n")
    return folder


def test_a_wheel_has_the_same_bytes_wherever_and_however_it_is_built(tmp_path: Path) -> None:
    first = wheel_of(project(tmp_path / "a"), "small_tools", tmp_path / "kept")
    other = project(tmp_path / "elsewhere" / "b")
    (other / "build" / "lib" / "small_tools").mkdir(parents=True)
    (other / "build" / "lib" / "small_tools" / "stale.py").write_text("")
    (other / "small_tools" / "__init__.py").chmod(0o755)
    before = os.umask(0o077)
    try:
        second = wheel_of(other, "small_tools", tmp_path / "kept-too")
    finally:
        os.umask(before)
    assert first == second
    assert first.name == "small_tools-1.2-py3-none-any.whl"
    assert first.pythons == ["3.11", "3.12", "3.13"]
    assert first.needs[:2] == [("numpy", "2.1", "numpy>=2.1"), ("babel", "", "babel")]
    assert len(first.needs) == 2
    assert not (tmp_path / "a" / "build").exists()
    assert not list((tmp_path / "a").glob("*.egg-info"))


def test_it_is_built_again_when_its_files_change_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project(tmp_path / "a")
    built: list[str] = []

    def build(_project: Path, _package: str, files: list[Path]) -> Wheel:
        built.append(" ".join(path.name for path in files))
        return Wheel("x.whl", "".join(path.read_text() for path in files).encode())

    monkeypatch.setattr("booktools.parts.notebook.wheel._build", build)
    first = wheel_of(made, "small_tools", tmp_path / "kept")
    (made / "small_tools" / "__pycache__").mkdir()
    (made / "small_tools" / "__pycache__" / "x.pyc").write_text("")
    (made / "notes").mkdir()
    (made / "notes" / "more.txt").write_text("")
    assert wheel_of(made, "small_tools", tmp_path / "kept") == first
    assert built == ["pyproject.toml __init__.py"]
    (made / "small_tools" / "__init__.py").write_text("ANSWER = 43\n")
    assert wheel_of(made, "small_tools", tmp_path / "kept") != first
    assert len(built) == 2
    assert len(list((tmp_path / "kept").iterdir())) == 1  # old ones go


def test_a_package_may_stand_in_src(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(tmp_path / "a")
    (made / "src").mkdir()
    (made / "small_tools").rename(made / "src" / "small_tools")
    monkeypatch.setattr(
        "booktools.parts.notebook.wheel._build",
        lambda _p, _k, files: Wheel("x.whl", str(len(files)).encode()),
    )
    assert wheel_of(made, "small_tools", tmp_path / "kept").data == b"2"


def test_a_project_that_makes_no_wheel_is_told_why(tmp_path: Path) -> None:
    with pytest.raises(WheelError, match=r"no pyproject.toml in .*nowhere\. Remedy"):
        wheel_of(tmp_path / "nowhere", "small_tools", tmp_path / "kept")
    made = project(tmp_path / "a")
    with pytest.raises(WheelError, match="has no folder other or src/other"):
        wheel_of(made, "other", tmp_path / "kept")
    (made / "pyproject.toml").write_text(PROJECT.replace("setuptools.build_meta", "no_backend"))
    with pytest.raises(WheelError, match=r"cannot be built[\s\S]*no_backend[\s\S]*Remedy"):
        wheel_of(made, "small_tools", tmp_path / "kept")
