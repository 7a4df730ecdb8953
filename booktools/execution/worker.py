"""Run one chapter in a kernel of its own, and say honestly how it went.

:func:`run` takes and returns plain data: it works in this process, in a pool of processes,
or on another machine, through any ``concurrent.futures.Executor``.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from booktools.execution import outputs
from booktools.execution.budget import Budget, Watch
from booktools.execution.errors import Failure
from booktools.execution.inputs import Record

# One thread per kernel: results do not depend on how many kernels share the machine. The
# rest keeps out what a user's own settings would change.
ENVIRONMENT = {
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "CUDA_VISIBLE_DEVICES": "-1",
}
RECORDER = Path(__file__).with_name("recorder")
_REMEDIES = {
    "DataError": "Mend the data as the message says",
    "ModuleNotFoundError": "Install the package, as the lock file says "
    "(pip install --require-hashes -r requirements.txt)",
}


@dataclass(frozen=True)
class Task:
    """A chapter to run. Only plain data, so that it can travel.

    Attributes:
        page: Sphinx's name of the document.
        notebook: The notebook as text.
        folder: Where it runs.
        lines: For each cell, the line in the source of its first line of code.
        budget: What it may cost.
        environment: What to add to the kernel's environment.
        progress: A file in which to note how many cells are done.
    """

    page: str
    notebook: str
    folder: str
    lines: list[int]
    budget: Budget
    environment: dict[str, str]
    progress: str


@dataclass
class Result:
    """What running a chapter gave."""

    page: str
    notebook: str
    seconds: float
    peak_mb: int
    cells: int
    claims: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    record: Record = field(default_factory=Record)
    started: float = 0.0  # by the clock that dates files

    def facts(self) -> dict[str, Any]:
        """Return what is kept beside the executed notebook."""
        facts = asdict(self)
        for name in ("notebook", "record", "started"):
            del facts[name]
        return facts


def run(task: Task) -> Result:
    """Run all cells of a chapter, check what they gave, and return it."""
    notebook = nbformat.reads(task.notebook, as_version=nbformat.NO_CONVERT)
    failures: list[Failure] = []
    current = done = 0

    def note_progress(cell: NotebookNode, cell_index: int) -> None:
        nonlocal current, done
        current = cell_index
        if cell.cell_type == "code":  # nbclient calls this for text cells too
            with suppress(OSError):  # a worker on another machine has no such folder
                Path(task.progress).write_text(str(done))
            done += 1

    def fail(kind: str, message: str, line: int | None = None) -> None:
        place = task.lines[current] if line is None else line
        failures.append(Failure(task.page, place, kind, message, notebook.cells[current].source))

    started, began = time.monotonic(), time.time()
    with _environment(task) as env, Watch(task.budget) as watch, _log_file() as log:
        watch.client = client = NotebookClient(
            notebook,
            timeout=None,
            resources={"metadata": {"path": task.folder}},
            extra_arguments=["--log-level=ERROR"],  # the kernel's own log, not the chapter's
            on_cell_start=note_progress,
        )
        try:
            client.execute(env=env, stdout=log, stderr=log)
        except CellExecutionError as error:
            place = _error_line(error, task.lines[current])
            if error.ename == "ClaimFailedError":
                fail("claim", error.evalue, place)
            else:
                remedy = _REMEDIES.get(error.ename, "Mend the cell")
                remedy += "; if it is meant to fail, tag it raises-exception."
                fail("exception", f"{error.ename}: {error.evalue}\n{remedy}", place)
        except (DeadKernelError, RuntimeError) as error:
            if watch.verdict is not None:
                fail("budget", watch.verdict)
            else:
                words = _tail(log) or str(error)
                fail("died", f"The kernel died: {words}\nRun the cell alone to see why.")
        record = Record.from_file(Path(env["BOOKTOOLS_RECORD"]))
    seconds = time.monotonic() - started
    claims = []
    if not failures:
        claims = outputs.claims(notebook, task.page)
        failures += outputs.failures(notebook, task.page, task.lines)
        for excess in task.budget.excess(seconds, watch.peak_mb):
            failures.append(Failure(task.page, 1, "budget", excess))
    outputs.strip(notebook)
    cells = len(outputs.code_cells(notebook))
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return Result(
        page=task.page,
        notebook=text,
        seconds=round(seconds, 2),
        peak_mb=watch.peak_mb,
        cells=cells,
        claims=claims,
        failures=failures,
        record=record,
        started=began,
    )


@contextmanager
def _environment(task: Task) -> Iterator[dict[str, str]]:
    """Give the environment of the kernel; a folder of its own keeps the user's profile out."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        paths = [str(RECORDER), *filter(None, [os.environ.get("PYTHONPATH")])]
        yield {
            **os.environ,
            **ENVIRONMENT,
            **task.environment,
            "IPYTHONDIR": profile,
            "PYTHONPATH": os.pathsep.join(paths),
            "BOOKTOOLS_RECORD": str(Path(profile) / "record"),
        }


def _log_file() -> IO[bytes]:
    """Return a file for what a kernel writes past its notebook, such as its last words."""
    return tempfile.TemporaryFile()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    text = outputs.TENSORFLOW_LOG.sub("", log.read().decode(errors="replace"))
    return text.strip()[-1000:]


def _error_line(error: CellExecutionError, first_line: int) -> int:
    """Return the line of the source file in which a cell raised."""
    plain = outputs.ANSI.sub("", error.traceback)
    place = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    return first_line + int(place[1]) - 1 if place else first_line
