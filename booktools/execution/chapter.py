"""A chapter as the execution sees it: its cells, its budget, and the key of its results."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from booktools.execution.budget import Budget
from booktools.execution.errors import ExecutionFailed, FrontMatterError
from booktools.execution.inputs import Record, digests, project_root, scan, versions
from booktools.execution.settings import DATA, OURS, BookSettings, RunSettings, apply, run_settings

LOCK_FILE = "requirements.txt"
RUNNER = 2  # counts what changes results by our own doing, such as the kernels' environment
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
        data: The data mode.
        settings: How its cells are run.
        mode: In which mode MyST-NB would run it.
    """

    page: str
    path: Path
    text: str
    notebook: NotebookNode
    source: Path
    environment: Mapping[str, str]
    data: str = DATA
    settings: RunSettings = field(default_factory=RunSettings)
    mode: str = OURS

    @property
    def cells(self) -> list[NotebookNode]:
        """The code cells, in their order."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @cached_property
    def budget(self) -> Budget:
        """The budget from the front matter: ``budget: {seconds: 30, megabytes: 1500}``."""
        return Budget.from_front_matter(self.notebook.metadata.get("budget") or {}, self.path)

    @cached_property
    def alone(self) -> bool:
        """Whether nothing else may run beside it: ``alone: true`` in the front matter."""
        given = self.notebook.metadata.get("alone", False)
        if not isinstance(given, bool):
            raise FrontMatterError(
                f"{self.path}: front matter: alone is true or false, not {given!r}. "
                "Remedy: write `alone: true`, or leave it out."
            )
        return given

    @cached_property
    def root(self) -> Path:
        """The folder of the project."""
        return project_root(self.source)

    @cached_property
    def base(self) -> dict[str, Any]:
        """What could change the results beside files and packages, by its name in a report."""
        cells = [
            [cell.source, sorted(RUNNING_TAGS & set(cell.metadata.get("tags", [])))]
            for cell in self.cells
        ]
        return {
            "cells": cells,
            "kernel": self.notebook.metadata.get("kernelspec", {}).get("name", ""),
            "data mode": self.data,
            "environment": dict(self.environment),
            "python": platform.python_version(),
            "architecture": platform.machine(),
            "runner": RUNNER,
            "allowed errors": self.settings.allow_errors,
            "folder": "temporary" if self.settings.in_temp else "its own",
        }

    def named(self, outputs: Collection[str] = ()) -> set[Path]:
        """Return the local files that the code or ``depends_on`` names, without its outputs."""
        folder = self.path.parent
        found = scan([cell.source for cell in self.cells], folder, [self.source, self.root])
        found -= {self.root / name for name in outputs}
        for name in self.notebook.metadata.get("depends_on") or []:
            path = (self.root / str(name)).resolve()
            if not path.is_file():
                raise FrontMatterError(
                    f"{self.path}: front matter: depends_on names {name}, "
                    f"which is not a file in {self.root}"
                )
            found.add(path)
        return found - {self.path.resolve()}

    def inputs(self, record: Record | None = None, since: float = float("inf")) -> dict[str, Any]:
        """Return everything that could change the results, by its name in a report.

        Args:
            record: What a run recorded.
            since: When that run began.
        """
        record = record or Record()
        outputs = [os.path.relpath(path, self.root) for path in record.outputs(self.root)]
        paths = self.named(outputs) | record.inputs(self.root)
        if not record.python and (self.root / LOCK_FILE).is_file():
            paths.add(self.root / LOCK_FILE)  # nobody knows what was imported
        return self.base | {
            "files": digests(paths, self.root, since),
            "packages": record.packages(),
            "outputs": sorted(outputs),
        }

    def is_current(self, inputs: Mapping[str, Any]) -> bool:
        """Tell whether results that were made from some inputs are those of today."""
        return why(inputs, self.inputs_like(inputs)) == "unchanged"

    def inputs_like(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the present state of the inputs that earlier results had, and of new ones."""
        files = {self.root / name for name in inputs["files"]} | self.named(inputs["outputs"])
        return self.base | {
            "files": digests(files, self.root),
            "packages": versions(inputs["packages"]),
            "outputs": inputs["outputs"],
        }

    @cached_property
    def checksum(self) -> str:
        """A hash of the page's text."""
        return checksum(self.text)

    def line(self, cell_index: int) -> int:
        """Return the line in the source file of the first line of code of a cell."""
        starts = self.notebook.metadata.get("source_map")
        if not starts:  # a notebook, whose code is not text, or a format of jupytext
            before, found, _ = self.text.partition(self.notebook.cells[cell_index].source)
            return before.count("\n") + 1 if found else 1
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
    book: BookSettings,
    md_config: MdParserConfig | None = None,
    nb_config: NbParserConfig | None = None,
) -> Chapter | None:
    """Read a page as myst-nb does.

    Args:
        page: Sphinx's name of the document.
        path: The source file.
        source: The book's source folder.
        book: What the book says of its runs.
        md_config: The book's settings for MyST, if it is being built.
        nb_config: The book's settings for notebooks, if it is being built.

    Returns:
        The chapter, or ``None`` if the page has no code cells.

    Raises:
        ExecutionFailed: The page cannot be read; the message names it.
    """
    md_config, nb_config = md_config or MdParserConfig(), nb_config or NbParserConfig()
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = create_nb_reader(str(path), md_config, nb_config, text)
        notebook = reader and reader.read(text)
    except UnicodeDecodeError as error:
        raise ExecutionFailed(
            f"{path}: byte {error.start} is no UTF-8. Remedy: save the file as UTF-8."
        ) from error
    except Exception as error:  # whatever the reader of a format raises
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise ExecutionFailed(
            f"{path}: it cannot be read as a notebook: {words}. Remedy: mend the file, or restore "
            "an earlier version of it."
        ) from error
    if notebook is None or not any(cell.cell_type == "code" for cell in notebook.cells):
        return None
    config = apply(notebook, nb_config, path)
    return Chapter(
        page,
        path,
        text,
        notebook,
        source,
        environment=book.results_environment(),
        data=book.data,
        settings=run_settings(notebook, config, book, path),
        mode=config.execution_mode,
    )


def checksum(text: str) -> str:
    """Return a hash of a text, the same for all ways to end a line."""
    return hashlib.sha256("\n".join(text.splitlines()).encode()).hexdigest()


def why(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    """Say which input changed since the last results, in the words of the report."""
    if old is None:
        return "new"
    if old["cells"] != new["cells"] or old["kernel"] != new["kernel"]:
        return "cells changed"
    for kind in ("files", "packages"):
        for name in sorted({**old[kind], **new[kind]}):
            if old[kind].get(name) != new[kind].get(name):
                return f"{name} changed"
    others = ("data mode", "environment", "python", "architecture", "runner")
    for name in (*others, "allowed errors", "folder"):
        if old.get(name) != new[name]:
            return f"{name} changed"
    return "unchanged"
