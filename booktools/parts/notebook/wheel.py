"""The wheel that notebooks install: built without the network, the same bytes each time.

It is built from a copy of the project's package and of the files beside it, so that nothing is
written into the project and nothing stale is taken from there. A wheel is kept until one of these
files or the build backend changes.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from booktools.zips import put

PYTHONS = [f"3.{minor}" for minor in range(6, 40)]
_NOT_SOURCE = {"__pycache__", ".ipynb_checkpoints"}
# what a build front end does (PEP 517), in a process of its own and without the network
_HOOK = """
import sys
from functools import reduce
from importlib import import_module

module, _, within = sys.argv[1].partition(":")
backend = reduce(getattr, within.split(".") if within else (), import_module(module))
backend.build_wheel(sys.argv[2])
"""


class WheelError(Exception):
    """The project of the book's notebooks makes no wheel. The message names the remedy."""


@dataclass(frozen=True)
class Wheel:
    """A built wheel.

    Attributes:
        name: The name of its file, which says what it fits.
        data: The file.
    """

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def project(self) -> str:
        """The name under which it is installed."""
        return str(self._metadata["Name"])

    @property
    def pythons(self) -> list[str]:
        """The versions of Python that it allows, up to one that does not exist yet."""
        allowed = SpecifierSet(self._metadata["Requires-Python"] or "")
        return [python for python in PYTHONS if f"{python}.0" in allowed]

    @property
    def needs(self) -> list[tuple[str, str, str]]:
        """The projects that it needs: name, least version or nothing, and the whole demand."""
        found = map(Requirement, self._metadata.get_all("Requires-Dist") or [])
        return [
            (
                one.name,
                next((spec.version for spec in one.specifier if spec.operator == ">="), ""),
                str(one),
            )
            for one in found
            if "extra" not in str(one.marker)
        ]

    @cached_property
    def _metadata(self) -> Message:
        with ZipFile(BytesIO(self.data)) as held:
            (path,) = [name for name in held.namelist() if name.endswith(".dist-info/METADATA")]
            return Parser().parsestr(held.read(path).decode())


def wheel_of(project: Path, package: str, kept: Path) -> Wheel:
    """Return the wheel of a project, built now if it is not among those that are kept.

    Args:
        project: The folder with ``pyproject.toml``.
        package: What notebooks import; a folder of the project, or of its ``src``.
        kept: The folder for wheels that were built.

    Raises:
        WheelError: There is no such project or package, or its backend fails.
    """
    files = list(_sources(project, package))
    place = kept / _key(project, files)
    if not place.exists():
        built = _build(project, package, files)
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        with TemporaryDirectory(dir=kept) as half:
            (Path(half) / built.name).write_bytes(built.data)
            shutil.copytree(half, place)
    (path,) = place.glob("*.whl")
    return Wheel(path.name, path.read_bytes())


def _sources(project: Path, package: str) -> Iterator[Path]:
    """Yield the files that decide what the wheel holds."""
    if not (project / "pyproject.toml").is_file():
        raise WheelError(
            f"notebooks: there is no pyproject.toml in {project}. Remedy: let `project` name the "
            "folder of the project that notebooks install, from the folder of the repository."
        )
    folders = (project / package, project / "src" / package)
    folder = next((one for one in folders if one.is_dir()), None)
    if folder is None:
        raise WheelError(
            f"notebooks: {project} has no folder {package} or src/{package}. Remedy: let `package` "
            "name what notebooks import."
        )
    yield from sorted(p for p in project.iterdir() if p.is_file() and not p.name.startswith("."))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _NOT_SOURCE & set(path.relative_to(folder).parts):
            yield path


def _key(project: Path, files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.relative_to(project).as_posix()}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    given = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf8"))
    for demand in given.get("build-system", {}).get("requires", ["setuptools"]):
        name = Requirement(demand).name
        with suppress(PackageNotFoundError):  # building says so
            total.update(f"{name} {version(name)}\n".encode())
    return total.hexdigest()[:16]


def _build(project: Path, package: str, files: list[Path]) -> Wheel:
    with TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        for path in files:
            copy = source / path.relative_to(project)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        made.mkdir()
        given = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf8"))
        backend = given.get("build-system", {}).get("build-backend", "setuptools.build_meta")
        done = subprocess.run(
            [sys.executable, "-c", _HOOK, backend, str(made)],
            cwd=source,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise WheelError(
                f"notebooks: the wheel of {package} cannot be built in {project}: "
                f"{done.stderr.strip()[-1500:]}\nRemedy: `python -m pip wheel --no-deps "
                "--no-build-isolation .` there shows the same; its build backend has to be "
                "installed."
            )
        (path,) = made.glob("*.whl")
        return Wheel(path.name, _same_bytes(path))


def _same_bytes(path: Path) -> bytes:
    """Return a wheel without what depends on the clock, the umask or the order of a folder."""
    with ZipFile(path) as held:
        files = {name: held.read(name) for name in held.namelist() if not name.endswith("/")}
    # its own records come last, as the format recommends
    order = sorted(files, key=lambda name: (".dist-info/" in name, name.endswith("RECORD"), name))
    return zipped({name: files[name] for name in order})


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of files by name, in their order: the same files give the same bytes."""
    data = BytesIO()
    with ZipFile(data, "w") as archive:
        for name, content in files.items():
            put(archive, name, content)
    return data.getvalue()
