"""Executed chapters on disk: a small jupyter-cache for each state of a chapter's inputs.

A folder a state means that results for earlier inputs stay beside the present ones, that a
broken folder costs one chapter, and that a result appears whole or not at all: it is
written next to its place and then renamed. What a run will read is not known before it, so a
result names its inputs, and is current if none of them changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from nbformat import NotebookNode
from sqlalchemy.exc import DatabaseError, OperationalError

from booktools.execution.chapter import Chapter
from booktools.execution.kernel import Result

FACTS = "facts.json"
UNFINISHED = ".unfinished-"
_SQLITE = b"SQLite format 3\0"
# what shows that results are broken; a full disk or a busy database does not
_DAMAGE = (
    ValueError,
    KeyError,
    TypeError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    DatabaseError,
)


class Store:
    """The executed chapters of a book.

    Attributes:
        path: The folder that holds a folder for each key.
        repaired: What was found broken and thrown away, in words.
    """

    def __init__(self, path: Path) -> None:
        """Use a folder, which need not exist yet."""
        self.path = path
        self.repaired: list[str] = []

    def find(self, chapter: Chapter) -> dict[str, Any] | None:
        """Return the facts about a chapter's results, and make them ready for myst-nb.

        Returns:
            The facts, with the ``folder`` of the results; ``None`` if there are none for the
            present inputs.
        """
        last = (self.last(chapter.page) or {}).get("folder", "")
        folders = [path.parent for path in self._of(chapter.page).glob(f"[!.]*/{FACTS}")]
        for folder in sorted(folders, key=lambda folder: (folder.name != last, folder.name)):
            try:
                facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf8"))
                if not chapter.is_current(facts["inputs"]):
                    continue
                _check(folder)
                if facts["text"] != chapter.checksum:
                    _file_again(folder, chapter, facts)
                    _write_facts(folder, facts | {"text": chapter.checksum})
                return facts | {"folder": str(folder)}
            except _DAMAGE as error:
                if isinstance(error, OperationalError) and "no such" not in str(error):
                    raise OSError(str(error.orig)) from error  # a full disk, a busy database
                reason = " ".join(str(error).split())[:200] or type(error).__name__
                self.repaired.append(f"the kept results of {chapter.page} were damaged ({reason})")
                shutil.rmtree(folder, ignore_errors=True)
        return None

    def keep(self, chapter: Chapter, result: Result) -> dict[str, Any]:
        """Keep what running a chapter gave, and return the facts about it."""
        inputs = chapter.inputs(result.record, result.started)
        key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:24]
        folder = self._of(chapter.page) / key
        unfinished = folder.with_name(UNFINISHED + uuid.uuid4().hex)
        unfinished.mkdir(parents=True)
        try:
            facts = result.facts() | {"inputs": inputs, "text": chapter.checksum}
            executed = nbformat.reads(result.notebook, as_version=nbformat.NO_CONVERT)
            _file(unfinished, executed, chapter, facts)
            _write_facts(unfinished, facts)
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.replace(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        last = {"seconds": result.seconds, "inputs": inputs, "folder": folder.name}
        (folder.parent / "last.json").write_text(json.dumps(last), encoding="utf8")
        return facts | {"folder": str(folder)}

    def last(self, page: str) -> dict[str, Any] | None:
        """Return the inputs and seconds of the run of a chapter that came last."""
        with suppress(OSError, ValueError):
            path = self._of(page) / "last.json"
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
            return found
        return None

    def latest(self) -> tuple[str, dict[str, Any]] | None:
        """Return the page that ran last of all, with the inputs and seconds of that run."""
        notes = self.path.glob("[!.]*/last.json")
        newest = max(notes, key=lambda note: note.stat().st_mtime, default=None)
        page = unquote(newest.parent.name.replace("=", "%")) if newest else ""
        last = self.last(page)
        return (page, last) if last else None

    def _of(self, page: str) -> Path:
        """Return the folder of all results of a page; no two pages share one."""
        return self.path / quote(page, safe="").replace("%", "=")  # sqlite reads % in addresses

    def prune(self, keep: int) -> tuple[int, int]:
        """Remove old results, and return how many and their megabytes.

        Args:
            keep: How many states of each page stay, the newest.
        """
        removed = size = 0
        for page in self.path.glob("[!.]*"):
            folders = sorted(
                (facts.parent for facts in page.glob(f"[!.]*/{FACTS}")),
                key=lambda folder: folder.stat().st_mtime,
                reverse=True,
            )
            for folder in folders[keep:]:
                size += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
                shutil.rmtree(folder)
                removed += 1
        return removed, size // 2**20

    def clean(self) -> None:
        """Remove what a build that was killed left half written."""
        for folder in self.path.glob(f"*/{UNFINISHED}*"):
            shutil.rmtree(folder, ignore_errors=True)
            self.repaired.append(f"an unfinished result of {folder.parent.name} was removed")


def _check(folder: Path) -> None:
    """Raise ``ValueError`` if the jupyter-cache in ``folder`` cannot be one."""
    with (folder / "global.db").open("rb") as database:
        if database.read(len(_SQLITE)) != _SQLITE:
            raise ValueError("global.db is not a database")
    notebooks = list(folder.glob("executed/*/base.ipynb"))
    if not notebooks or any(notebook.stat().st_size == 0 for notebook in notebooks):
        raise ValueError("the executed notebook is missing")


def _file_again(folder: Path, chapter: Chapter, facts: dict[str, Any]) -> None:
    """File the kept outputs under a chapter's new metadata, if jupyter-cache needs it.

    It compares all metadata of the cells: a new tag or caption hides the outputs from it.
    """
    cache = get_cache(str(folder))
    try:
        cache.match_cache_notebook(chapter.notebook)
    except KeyError:
        record = cache.list_cache_records()[0]
        executed = cache.get_cache_bundle(record.pk).nb
        _file(folder, _with_outputs(chapter.notebook, executed), chapter, facts)


def _write_facts(folder: Path, facts: dict[str, Any]) -> None:
    unfinished = folder / f"{FACTS}.new"
    unfinished.write_text(json.dumps(facts), encoding="utf8")
    unfinished.replace(folder / FACTS)


def _file(folder: Path, executed: NotebookNode, chapter: Chapter, facts: dict[str, Any]) -> None:
    """Put an executed notebook into the jupyter-cache in ``folder``."""
    seconds = {"execution_seconds": facts["seconds"]}
    bundle = CacheBundleIn(executed, os.fspath(chapter.path), data=seconds)
    get_cache(str(folder)).cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _with_outputs(notebook: NotebookNode, executed: NotebookNode) -> NotebookNode:
    """Return a copy of ``notebook`` with the outputs of its executed twin."""
    merged: NotebookNode = nbformat.from_dict(json.loads(json.dumps(notebook)))
    cells = [cell for cell in merged.cells if cell.cell_type == "code"]
    for cell, twin in zip(cells, executed.cells, strict=True):
        cell.outputs, cell.execution_count = twin.outputs, twin.execution_count
    for key in ("kernelspec", "language_info", "widgets"):
        if key in executed.metadata:
            merged.metadata[key] = executed.metadata[key]
    return merged
