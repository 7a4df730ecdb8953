"""Which files and packages of a project the results of a chapter depend on.

Two sources are put together. What a run **really** read, wrote and imported is recorded while it
runs (``recorder/sitecustomize.py``), as a compiler writes a dependency file. A scan of the code
adds what it names and did not reach this time: a module that is imported only if it is there.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import source_from_cache
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

# what shows the folder of a project, the surest first: a book may be a folder of one
ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "requirements.txt", "_config.yml")
CHANGED = "changed while the chapter ran"
# what tools put into a project, and what was installed there
_NOT_SOURCE = {"__pycache__", "_build", "node_modules", "site-packages"}
# names that programs give to what is no file: code without one, a hook of setuptools
_NO_FILE = re.compile(r"<.*>|.+\.__path_hook__")


def project_root(source: Path) -> Path:
    """Return the folder of the project that a book's source folder belongs to.

    It is the nearest folder, from the source folder upwards, with the first of ``ROOT_MARKS`` that
    stands in any of them.
    """
    for mark in ROOT_MARKS:
        for folder in (source, *source.parents):
            if (folder / mark).exists():
                return folder
    return source


@dataclass
class Record:
    """What a run read, wrote and imported.

    Attributes:
        python: The kernel's version; empty where nothing could be recorded, as for another
            language.
        read: Files that were opened to read.
        written: Files that were opened to write.
        listed: Folders whose content was asked for.
        modules: Top-level names that were imported.
    """

    python: str = ""
    read: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)

    @classmethod
    def from_file(cls, path: Path) -> Record:
        """Return what was noted in a file; nothing if there is none."""
        record = cls()
        kinds = {
            "r": record.read,
            "w": record.written,
            "d": record.listed,
            "m": record.modules,
        }
        text = path.read_bytes() if path.is_file() else b""
        for line in text.splitlines():
            kind, _, words = line.decode("unicode_escape").partition(" ")
            if kind == "p":
                record.python = record.python or words
            elif kind in kinds and words not in kinds[kind]:
                kinds[kind].append(words)
        return record

    def inputs(self, root: Path) -> set[Path]:
        """Return the files and folders of a project that were read, without what was written."""
        read = {_source(path) for path in self._inside(root, [*self.read, *self.listed])}
        return read - self.outputs(root)

    def outputs(self, root: Path) -> set[Path]:
        """Return the files of a project that were written."""
        return set(self._inside(root, self.written))

    def packages(self) -> dict[str, str]:
        """Return the versions of the installed packages that were imported."""
        known = packages_of_modules()
        names = {name for module in self.modules for name in known.get(module, ())}
        return versions(names)

    def _inside(self, root: Path, paths: Iterable[str]) -> Iterator[Path]:
        root = root.resolve()
        for path in map(Path, paths):
            resolved = path.resolve()
            if resolved.is_relative_to(root):
                parts = resolved.relative_to(root).parts
                # bytecode stands for its source
                kept = [part for part in parts if part != "__pycache__"]
                if _NO_FILE.fullmatch(resolved.name):
                    continue
                if not any(part in _NOT_SOURCE or part.startswith(".") for part in kept):
                    yield resolved


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of packages; of one that is not installed, nothing."""
    found = {package: _version(package) for package in sorted(packages)}
    return {package: number for package, number in found.items() if number}


@cache
def _version(package: str) -> str:
    with suppress(PackageNotFoundError):
        return version(package)
    return ""


@cache
def packages_of_modules() -> dict[str, list[str]]:
    """Return the installed packages that each top-level module comes from."""
    return dict(packages_distributions())


def _source(path: Path) -> Path:
    """Return the source of a module where the path is that of its bytecode."""
    try:
        return Path(source_from_cache(str(path))) if path.suffix == ".pyc" else path
    except ValueError:
        return path


def digest(path: Path) -> str:
    """Return a hash of a file, or of the names in a folder; empty if there is nothing."""
    try:
        if path.is_dir():
            names = sorted(one.name for one in path.iterdir() if one.name[0] not in "._")
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        stat = path.stat()
        return _digest(path, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return ""


@cache
def _digest(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(paths: Iterable[Path], root: Path, since: float = float("inf")) -> dict[str, str]:
    """Return a hash of each path, by its place in the project.

    Args:
        paths: Files and folders.
        root: The folder of the project.
        since: When a run began that read them. What changed after that may not be what it read.
    """
    found = {}
    for path in sorted(paths):
        changed = path.is_file() and path.stat().st_mtime > since
        found[os.path.relpath(path, root)] = CHANGED if changed else digest(path)
    return found


def scan(cells: Iterable[str], folder: Path, roots: Iterable[Path]) -> set[Path]:
    """Return the local files that code names: modules that it imports, files in strings.

    Imports are followed through local modules wherever they stand, inside functions and cell
    magics too. A file that a string names counts if it lies beside the code or below.

    Args:
        cells: The source of the code cells.
        folder: The folder in which they run.
        roots: Where local modules are looked for, beside ``folder``.

    Returns:
        Absolute paths. Modules that are installed do not belong to them.
    """
    search = list(dict.fromkeys((folder, *roots)))
    found: set[Path] = set()
    waiting = [(tree, folder, None) for source in cells for tree in _cell_trees(source)]
    while waiting:
        tree, here, module = waiting.pop()
        found |= set(_named_files(tree, here))
        for path in _imported(tree, search, module):
            if path not in found:
                found.add(path)
                waiting += [(tree, path.parent, path) for tree in _module_trees(path)]  # type: ignore[misc]
    return found


def _cell_trees(source: str) -> Iterator[ast.AST]:
    """Yield the syntax trees of a cell and of the bodies of its magics."""
    tree = _parsed(TransformerManager().transform_cell(source))
    yield tree
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "run_cell_magic"
            and isinstance(node.args[-1], ast.Constant)
        ):
            yield from _cell_trees(str(node.args[-1].value))


def _module_trees(path: Path) -> Iterator[ast.AST]:
    try:
        yield _parsed(path.read_text(encoding="utf8"))
    except (OSError, UnicodeDecodeError):
        return


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):  # running it will say so, with its place
        return ast.Module([], [])


def _imported(tree: ast.AST, search: list[Path], module: Path | None) -> Iterator[Path]:
    """Yield the files of the local modules that a syntax tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _resolve(alias.name.split("."), search)
        elif isinstance(node, ast.ImportFrom):
            bases, name = search, node.module or ""
            if node.level and module is not None:
                bases = [module.parents[node.level - 1]]
                own = bases[0] / "__init__.py"
                if own.is_file():
                    yield own
            parts = name.split(".") if name else []
            yield from _resolve(parts, bases)
            for alias in node.names:
                yield from _resolve([*parts, alias.name], bases)


def _resolve(parts: list[str], bases: list[Path]) -> Iterator[Path]:
    """Yield the files that importing a dotted name reads, if it leads to local ones."""
    for base in bases:
        found = list(_along(parts, base))
        if found:
            yield from found
            return


def _along(parts: list[str], place: Path) -> Iterator[Path]:
    for part in parts:
        package, file = place / part / "__init__.py", place / f"{part}.py"
        if package.is_file():
            yield package.resolve()
        elif file.is_file():
            yield file.resolve()
            return
        place = place / part  # a folder without __init__.py is a package too


def _named_files(tree: ast.AST, folder: Path) -> Iterator[Path]:
    """Yield the files in ``folder`` or below that a string in the code names."""
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and "." in text[1:-1] and len(text) < 200:
            try:
                path = (folder / text).resolve()
                inside = path.is_relative_to(folder.resolve()) and path.is_file()
            except (OSError, ValueError):  # a string that cannot be a file name
                continue
            if inside:
                yield path
