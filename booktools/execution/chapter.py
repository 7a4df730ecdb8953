"""A chapter as the execution sees it: its cells, its budget, and the key of its results."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from booktools.execution.budget import Budget
from booktools.execution.dependencies import depends_on, project_root
from booktools.execution.errors import FrontMatterError

LOCK_FILE = "requirements.txt"
DATA_VARIABLE = "LESSONS_DATA"
SHIFT_VARIABLE = "LESSONS_SEED_SHIFT"
# tags that decide what runs; all others only change how a page looks
RUNNING_TAGS = {"raises-exception", "skip-execution", "allow-stderr"}


@dataclass
class Chapter:
    """A page with code cells.

    Attributes:
        page: Sphinx's name of the document.
        path: The source file.
        text: What stood in it.
        notebook: What myst-nb read from that.
        source: The book's source folder.
        environment: What the kernels' environment adds to ours, as far as results depend on it.
    """

    page: str
    path: Path
    text: str
    notebook: NotebookNode
    source: Path
    environment: Mapping[str, str]

    @property
    def cells(self) -> list[NotebookNode]:
        """The code cells, in their order."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @cached_property
    def budget(self) -> Budget:
        """The budget from the front matter: ``budget: {seconds: 30, megabytes: 1500}``."""
        return Budget.from_front_matter(self.notebook.metadata.get("budget") or {}, self.path)

    @cached_property
    def files(self) -> dict[str, str]:
        """The local files that the chapter depends on: path in the project to SHA-256."""
        root = project_root(self.source)
        folder = self.path.parent
        found = depends_on([cell.source for cell in self.cells], folder, [self.source, root])
        for name in self.notebook.metadata.get("depends_on") or []:
            path = (root / str(name)).resolve()
            if not path.is_file():
                raise FrontMatterError(
                    f"{self.path}: front matter: depends_on names {name}, "
                    f"which is not a file in {root}"
                )
            found.add(path)
        found.discard(self.path.resolve())
        return {os.path.relpath(path, root): _digest(path) for path in sorted(found)}

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Everything that could change the results, by what it is called in a report."""
        lock = project_root(self.source) / LOCK_FILE
        cells = [
            [cell.source, sorted(RUNNING_TAGS & set(cell.metadata.get("tags", [])))]
            for cell in self.cells
        ]
        return {
            "cells": cells,
            "kernel": self.notebook.metadata.get("kernelspec", {}).get("name", ""),
            "files": self.files,
            "lock": _digest(lock) if lock.exists() else "",
            "data mode": os.environ.get(DATA_VARIABLE, "sample"),
            "environment": dict(self.environment),
            "python": platform.python_version(),
            "architecture": platform.machine(),
        }

    @cached_property
    def key(self) -> str:
        """A hash of all inputs: equal keys, equal results."""
        text = json.dumps(self.inputs, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    @cached_property
    def checksum(self) -> str:
        """A hash of the page's text."""
        return checksum(self.text)

    def line(self, cell_index: int) -> int:
        """Return the line in the source file of the first line of code of a cell."""
        starts = self.notebook.metadata.get("source_map")
        if not starts:
            return 1
        lines = self.text.splitlines()
        code = self.notebook.cells[cell_index].source.splitlines()
        for number in range(starts[cell_index], len(lines)):
            if code and lines[number].strip() == code[0].strip():
                return number + 1
        return int(starts[cell_index]) + 1

    def serialized(self) -> str:
        """Return the notebook as text, the form in which it travels to a worker."""
        return str(nbformat.writes(self.notebook, version=nbformat.NO_CONVERT))


def read(
    page: str,
    path: Path,
    source: Path,
    environment: Mapping[str, str],
    md_config: MdParserConfig | None = None,
    nb_config: NbParserConfig | None = None,
) -> Chapter | None:
    """Read a page as myst-nb does.

    Args:
        page: Sphinx's name of the document.
        path: The source file.
        source: The book's source folder.
        environment: What the kernels' environment adds to ours.
        md_config: The book's settings for MyST, if it is being built.
        nb_config: The book's settings for notebooks, if it is being built.

    Returns:
        The chapter, or ``None`` if the page has no code cells.
    """
    text = path.read_text(encoding="utf8")
    md_config, nb_config = md_config or MdParserConfig(), nb_config or NbParserConfig()
    reader = create_nb_reader(str(path), md_config, nb_config, text)
    if reader is None:
        return None
    chapter = Chapter(page, path, text, reader.read(text), source, environment)
    return chapter if chapter.cells else None


def checksum(text: str) -> str:
    """Return a hash of a text, the same for all ways to end a line."""
    return hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()


def results_environment() -> dict[str, str]:
    """Return those environment variables that chapters read and their results depend on."""
    environment = {DATA_VARIABLE: os.environ.get(DATA_VARIABLE, "sample")}
    if SHIFT_VARIABLE in os.environ:
        environment[SHIFT_VARIABLE] = os.environ[SHIFT_VARIABLE]
    return environment


def why(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    """Say which input changed since the last results, in the words of the report."""
    if old is None:
        return "new"
    if old["cells"] != new["cells"] or old["kernel"] != new["kernel"]:
        return "cells changed"
    for name in sorted({**old["files"], **new["files"]}):
        if old["files"].get(name) != new["files"].get(name):
            return f"{name} changed"
    for name in ("lock", "data mode", "environment", "python", "architecture"):
        if old[name] != new[name]:
            return f"{name} changed"
    return "unchanged"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
