"""Run one chapter in a kernel of its own, and say honestly how it went.

:func:`run` takes and returns plain data: it works in this process, in a pool of processes,
or on another machine, through any ``concurrent.futures.Executor``.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

CLAIM_MIME = "application/vnd.lessons-code.claim+json"
OUTPUT_LIMIT = 1_000_000
PATIENCE = 3  # a chapter is stopped at this many times its seconds

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

_ANSI = re.compile(r"\x1b\[[\d;]*m")

# What TensorFlow's C++ part writes to stderr while it is imported, whatever its log level.
TENSORFLOW_LOG = re.compile(
    r"^(WARNING: All log messages before absl::InitializeLog\(\) is called.*"
    r"|I\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] .*"
    r"|I0000 00:00:\d+\.\d+ +\d+ \S+:\d+\] .*"
    r"|E0000 00:00:\d+\.\d+ +\d+ cuda_\S+:\d+\] .*"
    r"|To enable the following instructions: .*)(\n|$)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Task:
    """A chapter to run. Only plain data, so that it can travel.

    Attributes:
        page: Sphinx's name of the document.
        notebook: The notebook as text.
        folder: Where it runs.
        lines: For each cell, the line in the source of its first line of code.
        seconds: The budget of wall time, if there is one.
        megabytes: The budget of memory, if there is one.
        environment: What to add to the kernel's environment.
        progress: A file in which to note how many cells are done.
    """

    page: str
    notebook: str
    folder: str
    lines: list[int]
    seconds: float | None
    megabytes: float | None
    environment: dict[str, str]
    progress: str


@dataclass
class Failure:
    """Why a chapter cannot be published.

    Attributes:
        page: Sphinx's name of the document.
        line: The line of the source file.
        kind: ``exception``, ``claim``, ``stderr``, ``budget``, ``died`` or ``output``.
        message: What happened, and the remedy.
        code: The cell's code.
    """

    page: str
    line: int
    kind: str
    message: str
    code: str = ""


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

    def facts(self) -> dict[str, Any]:
        """Return what is kept beside the executed notebook."""
        facts = asdict(self)
        del facts["notebook"]
        return facts


def run(task: Task) -> Result:
    """Run all cells of a chapter, check what they gave, and return it."""
    notebook = nbformat.reads(task.notebook, as_version=nbformat.NO_CONVERT)
    failures: list[Failure] = []
    started = time.monotonic()
    with _kernel_environment(task) as env, _Watch(task, started) as watch, _log_file() as log:
        client = NotebookClient(
            notebook,
            timeout=None,
            resources={"metadata": {"path": task.folder}},
            extra_arguments=["--log-level=ERROR"],  # the kernel's own log, not the chapter's
            on_cell_start=watch.cell_starts,
        )
        watch.client = client

        def fail(kind: str, message: str, line: int | None = None) -> None:
            place = task.lines[watch.cell] if line is None else line
            code = notebook.cells[watch.cell].source
            failures.append(Failure(task.page, place, kind, message, code))

        try:
            client.execute(env=env, stdout=log, stderr=log)
        except CellExecutionError as error:
            place = _error_line(error, task.lines[watch.cell])
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
    seconds = time.monotonic() - started
    claims = [] if failures else _claims(notebook, task.page)
    if not failures:
        failures += _output_failures(notebook, task)
        failures += _budget_failures(task, seconds, watch.peak_mb)
    _strip(notebook)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return Result(task.page, text, round(seconds, 2), watch.peak_mb, cells, claims, failures)


class _Watch(threading.Thread):
    """Note which cell runs, measure the kernel's memory, and kill it when it is over budget."""

    def __init__(self, task: Task, started: float) -> None:
        super().__init__(daemon=True)
        self.task, self.started = task, started
        self.client: NotebookClient | None = None
        self.cell = 0
        self.done = 0
        self.peak_mb = 0
        self.verdict: str | None = None
        self._end = threading.Event()

    def __enter__(self) -> _Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()

    def cell_starts(self, cell: NotebookNode, cell_index: int) -> None:
        """Note the cell that is about to run; nbclient calls this for text cells too."""
        self.cell = cell_index
        if cell.cell_type == "code":
            with suppress(OSError):  # a worker on another machine has no such folder
                Path(self.task.progress).write_text(str(self.done))
            self.done += 1

    def run(self) -> None:
        """Look at the kernel a few times a second until the chapter ends."""
        while not self._end.wait(0.2):
            try:
                used = self._kernel().memory_info().rss // 2**20
            except (AttributeError, psutil.Error):  # not started yet, or gone
                continue
            self.peak_mb = max(self.peak_mb, used)
            seconds, megabytes = self.task.seconds, self.task.megabytes
            if megabytes is not None and used > megabytes:
                self._kill(f"{used} MB of memory, over its budget of {megabytes:g} MB")
            elif seconds is not None and time.monotonic() - self.started > PATIENCE * seconds:
                self._kill(f"still running after {PATIENCE} times its budget of {seconds:g} s")

    def _kernel(self) -> psutil.Process:
        client: Any = self.client
        return psutil.Process(client.km.provisioner.pid)

    def _kill(self, verdict: str) -> None:
        if self.verdict is None:
            self.verdict = f"The chapter was stopped: {verdict}. {_BUDGET_REMEDY}"
            self._kernel().kill()


_REMEDIES = {
    "DataError": "Mend the data as the message says",
    "ModuleNotFoundError": "Install the package, as the lock file says "
    "(pip install --require-hashes -r requirements.txt)",
}
_BUDGET_REMEDY = (
    "Make the chapter smaller, raise the budget in its front matter, "
    "or build with --no-budget on a slow machine."
)


@contextmanager
def _kernel_environment(task: Task) -> Iterator[dict[str, str]]:
    """Give the environment of the kernel; a folder of its own keeps the user's profile out."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        yield {**os.environ, **ENVIRONMENT, **task.environment, "IPYTHONDIR": profile}


def _log_file() -> IO[bytes]:
    """Return a file for what a kernel writes past its notebook, such as its last words."""
    return tempfile.TemporaryFile()


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    text = TENSORFLOW_LOG.sub("", log.read().decode(errors="replace"))
    return text.strip()[-1000:]


def _error_line(error: CellExecutionError, first_line: int) -> int:
    """Return the line of the source file in which a cell raised."""
    plain = _ANSI.sub("", error.traceback)
    place = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    return first_line + int(place[1]) - 1 if place else first_line


def _claims(notebook: NotebookNode, page: str) -> list[dict[str, Any]]:
    found = []
    for output in _outputs(notebook):
        claim = output.get("data", {}).get(CLAIM_MIME)
        if claim:
            limits = claim["limits"]
            found.append(
                {
                    "page": page,
                    "text": claim["text"],
                    "value": claim["value"],
                    **limits,
                    "holds": claim["holds"],
                    "shown": claim["shown"],
                    "bound": claim["bound"],
                }
            )
    return found


def _output_failures(notebook: NotebookNode, task: Task) -> Iterator[Failure]:
    """Yield what must not reach a page: warnings on stderr, and outputs that are too large."""
    for cell, line in zip(notebook.cells, task.lines, strict=True):
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            if output.output_type == "stream":
                text = _warnings(output)
                if text and "allow-stderr" not in cell.metadata.get("tags", []):
                    message = (
                        f"The cell warns:\n{text[:2000]}\n"
                        "Mend what it warns of; if readers should see it, tag it allow-stderr."
                    )
                    yield Failure(task.page, line, "stderr", message, cell.source)
            size = len(str(output.get("text", ""))) + sum(
                len(str(data)) for data in output.get("data", {}).values()
            )
            if size > OUTPUT_LIMIT:
                message = (
                    f"The cell's output has {size:,} characters; at most {OUTPUT_LIMIT:,} can "
                    "be published. Show less of it, or draw it with fewer points."
                )
                yield Failure(task.page, line, "output", message, cell.source)


def _warnings(stream: NotebookNode) -> str:
    """Return what a stream holds that should not be there."""
    if stream.name == "stderr":
        return TENSORFLOW_LOG.sub("", stream.text).strip()
    # TensorFlow's Python part logs to standard output where it finds itself in a notebook
    return "\n".join(re.findall(r"^(?:WARNING|ERROR):(?:tensorflow|absl):.*$", stream.text, re.M))


def _budget_failures(task: Task, seconds: float, peak_mb: int) -> Iterator[Failure]:
    for used, allowed, unit in (
        (seconds, task.seconds, "s"),
        (peak_mb, task.megabytes, "MB"),
    ):
        if allowed is not None and used > allowed:
            message = (
                f"The chapter took {used:.0f} {unit}, {used - allowed:.0f} {unit} over its budget "
                f"of {allowed:g} {unit}. {_BUDGET_REMEDY}"
            )
            yield Failure(task.page, 1, "budget", message)


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from cell.outputs


def _strip(notebook: NotebookNode) -> None:
    """Take out what differs from run to run or is not for readers."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        for output in list(cell.outputs):
            if output.output_type == "stream" and output.name == "stderr":
                output.text = TENSORFLOW_LOG.sub("", output.text)
                if not output.text.strip():
                    cell.outputs.remove(output)
            if output.output_type == "error":
                output.traceback = _own_frames(output.traceback)
            output.get("data", {}).pop(CLAIM_MIME, None)


def _own_frames(traceback: list[str]) -> list[str]:
    """Keep of a traceback what the reader wrote: frames inside packages name this machine."""
    *head, error = traceback
    frames = [part for part in head if _ANSI.sub("", part).startswith(("Cell In[", "---"))]
    return [*frames, error]
