"""The check for who sets up a computer: what it finds, what it says, where it can run at all."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections import namedtuple
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from lessons_code import check_setup as check
from lessons_code.check_setup import Finding

ROOT = Path(__file__).resolve().parents[2]
GLIBC = ("glibc", "2.39")
FLAGS = "flags : fpu sse4_2 avx avx2 fma"


def kinds(found: list[Finding]) -> list[str]:
    return [finding.kind for finding in found]


@pytest.mark.parametrize(
    "path", ["lessons_code/check_setup.py", "booktools/parts/notebook/get_ready.py"]
)
def test_an_old_python_can_read_it_and_it_needs_nothing_else(path: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf8"), feature_version=(3, 6))
    names = {
        one.name.partition(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, ast.Import)
        for one in n.names
    }
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names - {"IPython"} <= sys.stdlib_module_names


def test_it_allows_the_pythons_that_the_package_allows() -> None:
    given = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    allowed = SpecifierSet(given["project"]["requires-python"])
    assert [(3, n) for n in range(40) if f"3.{n}.0" in allowed] == check.PYTHONS


@pytest.mark.parametrize(
    ("version", "is_64_bit", "words"),
    [
        ((3, 6), True, "too old"),
        ((3, 10), True, "too old"),
        ((3, 14), True, "too new"),
        ((3, 13), False, "32 bit"),
    ],
)
def test_a_python_that_does_not_fit_is_told_which_one_to_get(
    version: tuple[int, int], is_64_bit: bool, words: str
) -> None:
    found = check.check_python(version, is_64_bit)
    assert found.kind == "problem"
    assert words in found.text
    assert "get Python 3.13, 64 bit" in found.remedy
    assert check.check_python((3, 12), True).kind == "ok"


@pytest.mark.parametrize(
    ("system", "machine", "libc", "flags", "words"),
    [
        ("Darwin", "x86_64", ("", ""), "", "Intel"),
        ("Windows", "ARM64", ("", ""), "", "Windows on ARM"),
        ("Linux", "ppc64le", GLIBC, "", "ppc64le"),
        ("Linux", "x86_64", ("", ""), FLAGS, "glibc"),
        ("Linux", "x86_64", GLIBC, "flags : fpu sse4_2", "AVX"),
        ("Linux", "x86_64", GLIBC, FLAGS, None),
        ("Linux", "aarch64", GLIBC, "", None),
        ("Darwin", "arm64", ("", ""), "", None),
        ("Windows", "AMD64", ("", ""), "", None),
    ],
)
def test_a_computer_for_which_tensorflow_is_not_made_is_told(
    system: str, machine: str, libc: tuple[str, str], flags: str, words: str | None
) -> None:
    (found,) = check.check_machine(system, machine, libc, flags)
    assert (found.kind == "problem") == bool(words)
    assert (words or machine) in found.text
    assert bool(found.remedy) == bool(words)


def test_the_folder_has_to_be_the_unpacked_one(tmp_path: Path) -> None:
    (found,) = check.check_folder(str(tmp_path))
    assert "not the folder of the notebooks" in found.text
    assert "unpack notebooks.zip" in found.remedy
    inside = tmp_path / "notebooks.zip"
    inside.mkdir()
    assert "you look into the zip" in check.check_folder(str(inside))[0].remedy
    (tmp_path / "lessons_code-0.1.0-py3-none-any.whl").touch()
    assert kinds(check.check_folder(str(tmp_path))) == ["ok"]
    (tmp_path / "random.py").touch()
    (found,) = check.check_folder(str(tmp_path))
    assert "random.py in this folder hides the package random" in found.text


def test_a_folder_that_may_not_be_written_and_a_long_path_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    (folder / "lessons_code-0.1.0-py3-none-any.whl").touch()
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr("platform.system", lambda: "Windows")
    long, shut = check.check_folder(str(folder))
    assert "path of this folder is long" in long.text
    assert "Nothing may be written" in shut.text


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", ["free"])
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(2e9))
    monkeypatch.setattr(check, "missing", lambda: ["keras"])
    (found,) = check.check_space(str(tmp_path))
    assert found.kind == "problem"
    assert f"2.0 GB free in {tmp_path}; 5.0 GB are needed" in found.text
    monkeypatch.setattr(check, "missing", list)  # what is installed takes no more
    assert kinds(check.check_space(str(tmp_path))) == ["ok"]


def test_a_python_without_venv_or_pip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    (found,) = check.check_tools()
    assert "-venv" in found.remedy
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    (found,) = check.check_tools()
    assert "has no pip" in found.text


STARTED = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1.1 9 port.cc:153] oneDNN custom operations are on. You may see slightly different
I0000 00:00:1.1 9 cudart_stub.cc:31] Could not find cuda drivers on your machine
To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow
"""


def test_what_tensorflow_writes_when_it_starts_is_called_harmless() -> None:
    trained, note = check.judge(0, "trained 1.0", STARTED)
    assert trained == Finding("ok", "Keras trains a network")
    assert note.kind == "note"
    assert "4 lines" in note.text
    assert "graphics cards, how it computes, how it logs" in note.text
    assert "You need no GPU" in note.text
    assert kinds(check.judge(0, "trained 1.0", "")) == ["ok"]


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (1, "ImportError: DLL load failed while importing _pywrap", "Visual C++"),
        (1, "A module that was compiled using NumPy 1.x cannot be run", "new one"),
        (1, "ModuleNotFoundError: No module named 'h5py'", "install the wheel again"),
        (-4, "", "another computer"),
        (1, "ValueError: what nobody knows", "new environment"),
    ],
)
def test_why_keras_does_not_run_is_said_with_what_to_do(status: int, said: str, words: str) -> None:
    (found,) = check.judge(status, "", said)
    assert found.kind == "problem"
    assert words in found.remedy


def test_before_installing_it_prints_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lessons_code-0.1.0-py3-none-any.whl").touch()
    monkeypatch.setattr(check, "missing", lambda: ["keras"])
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    lines = check.conclusion([Finding("ok", "")], str(tmp_path))
    assert [line.split(" -m ")[-1] for line in lines if line.startswith("    ")] == [
        "venv .venv",
        "pip install jupyterlab lessons_code-0.1.0-py3-none-any.whl",
        "    .venv/bin/python check_setup.py",
    ]
    monkeypatch.setattr(check, "missing", list)
    ready = check.conclusion([Finding("ok", "")], str(tmp_path))
    assert ready[0].startswith("All is ready")
    assert any("-m jupyterlab start-here.ipynb" in line for line in ready)
    assert any("tf.keras" in line for line in ready)


def test_it_runs_by_itself_and_says_how_it_ended(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", check.__file__], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Not ready: one thing to do first" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
