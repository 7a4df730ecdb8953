"""Which files of the repository the code of a chapter depends on, without running it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from modulefinder import ModuleFinder
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

ROOT_MARKS = ("pyproject.toml", "_config.yml", "requirements.txt", ".git")


def project_root(source: Path) -> Path:
    """Return the folder of the project that a book's source folder belongs to.

    It is the nearest folder, from the source folder upwards, with one of ``ROOT_MARKS``.
    """
    for folder in (source, *source.parents):
        if any((folder / mark).exists() for mark in ROOT_MARKS):
            return folder
    return source


def depends_on(cells: Iterable[str], folder: Path, roots: Iterable[Path]) -> set[Path]:
    """Return the local files that code cells depend on.

    Imports are followed through local modules wherever they stand, inside functions too.
    A file that a cell or module names in a string counts as well, if it lies beside it.
    What is only put together at run time (a computed module or file name) cannot be seen:
    a chapter lists such files in its front matter under ``depends_on``.

    Args:
        cells: The source of the code cells.
        folder: The folder in which they run.
        roots: Where local modules are looked for, beside ``folder``.

    Returns:
        Absolute paths. Modules installed from elsewhere do not belong to it: the lock file
        speaks for them.
    """
    search = list(dict.fromkeys(str(root) for root in (folder, *roots)))
    finder = ModuleFinder(path=search)
    main = finder.add_module("__main__")
    transform = TransformerManager().transform_cell
    found: set[Path] = set()
    for source in cells:
        try:
            code = compile(transform(source), "<cell>", "exec")
        except SyntaxError:  # running the cell will say so, with its place
            continue
        finder.scan_code(code, main)
        found |= set(_named_files(code, folder))
    modules: dict[str, Any] = finder.modules
    for module in modules.values():
        path = module.__file__ and Path(module.__file__).resolve()
        if path:
            found.add(path)
            if module.__code__ is not None:
                found |= set(_named_files(module.__code__, path.parent))
    return found


def _named_files(code: types.CodeType, folder: Path) -> Iterator[Path]:
    """Yield the files in ``folder`` or below that a string in the code names."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _named_files(constant, folder)
        elif isinstance(constant, str) and "." in constant[1:-1] and len(constant) < 200:
            try:
                path = (folder / constant).resolve()
                inside = path.is_relative_to(folder.resolve()) and path.is_file()
            except (OSError, ValueError):  # a string that cannot be a file name
                continue
            if inside:
                yield path
