"""Two packages: each holds what it needs and nothing else, and one lock fits both."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = {"lessons_code": ROOT, "booktools": ROOT / "booktools"}
BUILDERS = {"sphinx", "myst-nb", "jupyter-book", "booktools"}
TRAINERS = {"tensorflow", "keras", "lessons-code"}
OF_THE_PROJECT = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
}  # in a wheel or not, as setuptools likes
NOT_COPIED = (".*", "_build", "book", "tests", "__pycache__", "build", "*.egg-info")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ZipFile]:
    """Build both wheels, each from a copy, because setuptools leaves files where it works."""
    made = {}
    for name, folder in PROJECTS.items():
        copy = tmp_path_factory.mktemp(name) / "source"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        options = ["--no-deps", "--no-build-isolation", "--quiet", "--wheel-dir", str(copy.parent)]
        command = [sys.executable, "-m", "pip", "wheel", *options, str(copy)]
        subprocess.run(command, check=True, capture_output=True)
        (wheel,) = copy.parent.glob("*.whl")
        made[name] = ZipFile(wheel)
    return made


def files(folder: Path) -> set[str]:
    """Return what a package holds, by its place in the wheel."""
    paths = (path.relative_to(folder.parent) for path in folder.rglob("*") if path.is_file())
    return {
        path.as_posix()
        for path in paths
        if path.name not in OF_THE_PROJECT and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("name", PROJECTS)
def test_a_wheel_holds_its_package_and_nothing_else(wheels: dict[str, ZipFile], name: str) -> None:
    held = {file for file in wheels[name].namelist() if ".dist-info/" not in file}
    held -= {f"{name}/{file}" for file in OF_THE_PROJECT}
    assert held == files(ROOT / name)


def needs(wheel: ZipFile) -> tuple[set[str], set[str]]:
    """Return the names of what a wheel needs, and of what its extras need."""
    (path,) = [name for name in wheel.namelist() if name.endswith("/METADATA")]
    metadata = Parser().parsestr(wheel.read(path).decode())
    found = [Requirement(text) for text in metadata.get_all("Requires-Dist") or []]
    extra = {canonicalize_name(one.name) for one in found if "extra" in str(one.marker)}
    return {canonicalize_name(one.name) for one in found} - extra, extra


def test_neither_package_brings_the_others_world(wheels: dict[str, ZipFile]) -> None:
    needed, extra = needs(wheels["booktools"])
    assert {"sphinx", "myst-nb"} <= needed
    assert not TRAINERS & (needed | extra)
    needed, extra = needs(wheels["lessons_code"])
    assert {"tensorflow", "keras"} <= needed
    assert not BUILDERS & (needed | extra)


def declared() -> Iterator[Requirement]:
    """Yield the requirements of both packages, of their extras, and of development."""
    for folder in PROJECTS.values():
        given = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf8"))
        groups = [given["project"]["dependencies"]]
        groups += given["project"].get("optional-dependencies", {}).values()
        groups += given.get("dependency-groups", {}).values()
        yield from (Requirement(text) for group in groups for text in group)


def unlocked(wanted: Iterator[Requirement], lock: str) -> list[str]:
    """Return the requirements that a lock does not fulfil."""
    lines = [line.split(" \\")[0] for line in lock.splitlines() if "==" in line]
    pins: dict[str, list[Requirement]] = {}
    for line in lines:
        pin = Requirement(line)
        pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    return [
        str(one)
        for one in wanted
        if canonicalize_name(one.name) not in PROJECTS
        and not any(
            one.specifier.contains(str(pin.specifier).removeprefix("=="), prereleases=True)
            for pin in pins.get(canonicalize_name(one.name), [])
        )
    ]


def test_the_lock_is_that_of_both_packages() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf8")
    assert unlocked(declared(), lock) == [], "the lock is older than pyproject.toml: `make lock`"


def test_an_edited_project_with_an_old_lock_is_noticed() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf8")
    assert unlocked(iter([Requirement("sphinx<1"), Requirement("no-such-package")]), lock) == [
        "sphinx<1",
        "no-such-package",
    ]


def test_the_example_in_the_readme_of_lessons_code_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "lessons_code" / "README.md").read_text(encoding="utf8")
    example = text.partition("```python\n")[2].partition("```")[0]
    exec(example, {})
    assert capsys.readouterr().out.split()[-2:] == ["[-3.", "6.]"]
