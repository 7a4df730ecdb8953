"""Run one chapter in a kernel of its own, and say honestly how it went.

:func:`run` takes and returns plain data: it works in this process, in a pool of processes,
or on another machine, through any ``concurrent.futures.Executor``.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

import nbformat
import psutil
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from booktools.execution import outputs
from booktools.execution.budget import Budget, Watch
from booktools.execution.errors import Failure
from booktools.execution.inputs import Record, digests
from booktools.execution.settings import RunSettings

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
_NO_KERNEL = (
    "There is no kernel {name!r} here.\n"
    "Install it, or name another in the metadata of the page: kernelspec: name. One of Python is "
    "installed by `python -m ipykernel install --user --name {name}`."
)
_TOO_LONG = (
    "The cell took more than {seconds:g} s, the limit for a cell.\n"
    "Let it do less, or raise the limit: `execute: timeout` in _config.yml, or "
    "`execution: {{timeout: ...}}` in the front matter."
)
# a kernel is told which ports are free, and binds them later: another may have come first
_PORT_TAKEN = "Address already in use"
_REMEDIES = {
    "ModuleNotFoundError": "Install the package, in the version of the lock file",
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
        environment: What to add to the kernel's environment; empty takes a variable away.
        settings: How the cells are run.
        progress: A file in which to note how many cells are done.
        root: The folder of the project, if it is to be told which files there were read.
    """

    page: str
    notebook: str
    folder: str
    lines: list[int]
    budget: Budget
    environment: dict[str, str]
    progress: str
    settings: RunSettings = field(default_factory=RunSettings)
    root: str = ""


@dataclass
class Result:
    """What running a chapter gave; ``files`` are hashes of those it read, as they are there."""

    page: str
    notebook: str
    seconds: float
    peak_mb: int
    cells: int
    claims: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    over_budget: list[str] = field(default_factory=list)
    slowness: float = 1.0
    record: Record = field(default_factory=Record)
    started: float = 0.0  # by the clock that dates files
    files: dict[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """Return what is kept beside the executed notebook."""
        facts = asdict(self)
        for name in ("notebook", "record", "started", "files"):
            del facts[name]
        return facts


@dataclass(frozen=True)
class Kernel:
    """A kernel for one chapter.

    Attributes:
        env: Its environment.
        log: What it writes past its notebook, such as its last words.
        manager: What started it; ``None`` if it has not started yet.
        began: When that was, by the clock that dates files.
    """

    env: dict[str, str]
    log: IO[bytes]
    manager: KernelManager | None = None
    began: float = field(default_factory=time.time)

    @property
    def record(self) -> Record:
        """What it read, wrote and imported up to now."""
        return Record.from_file(Path(self.env["BOOKTOOLS_RECORD"]))


def run(task: Task, ready: Kernel | None = None, starts: int = 3) -> Result:
    """Run all cells of a chapter, check what they gave, and return it.

    Args:
        task: The chapter.
        ready: A kernel that has started in the chapter's folder; it ends with the chapter.
        starts: How often a kernel is started if another process takes its port.
    """
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

    started = time.monotonic()
    with (
        nullcontext(ready) if ready else unstarted(task.environment) as kernel,
        _folder(task) as folder,
        Watch(task.budget) as watch,
    ):
        watch.client = client = NotebookClient(
            notebook,
            kernel.manager,
            timeout=task.settings.timeout,
            allow_errors=task.settings.allow_errors,
            resources={"metadata": {"path": folder}},
            on_cell_start=note_progress,
        )
        try:
            with running(client):
                client.execute(
                    cleanup_kc=True, env=kernel.env, stdout=kernel.log, stderr=kernel.log
                )
        except NoSuchKernel as error:
            message = _NO_KERNEL.format(name=error.name)
            failures.append(Failure(task.page, 1, "kernel", message))
        except CellTimeoutError:
            fail("budget", _TOO_LONG.format(seconds=task.settings.timeout))
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
                words = _tail(kernel.log, task.settings) or str(error)
                if not done and starts > 1 and _PORT_TAKEN in words:
                    return run(task, starts=starts - 1)
                fail("died", f"The kernel died: {words}\nRun the cell alone to see why.")
        record = kernel.record
    seconds = time.monotonic() - started
    claims, over = [], []
    if not failures:
        claims = outputs.claims(notebook, task.page)
        failures += outputs.failures(notebook, task.page, task.lines, task.settings)
        over = list(task.budget.excess(seconds, watch.peak_mb))
        if task.budget.strict:
            failures += [Failure(task.page, 1, "budget", excess) for excess in over]
    outputs.strip(notebook, task.settings)
    root = Path(task.root)
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
        over_budget=over,
        slowness=task.budget.slowness,
        record=record,
        started=kernel.began,
        files=digests(record.inputs(root), root) if task.root else {},
    )


@contextmanager
def unstarted(environment: Mapping[str, str]) -> Iterator[Kernel]:
    """Give what a kernel needs; a folder of its own keeps the user's profile out.

    Args:
        environment: What to add to its environment; empty takes a variable away.
    """
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        tempfile.TemporaryFile() as log,
    ):
        paths = [str(RECORDER), *filter(None, [os.environ.get("PYTHONPATH")])]
        given = {
            **os.environ,
            **ENVIRONMENT,
            **environment,
            "IPYTHONDIR": profile,
            "PYTHONPATH": os.pathsep.join(paths),
            "BOOKTOOLS_RECORD": str(Path(profile) / "record"),
        }
        yield Kernel({name: value for name, value in given.items() if value}, log)


@contextmanager
def _folder(task: Task) -> Iterator[str]:
    """Give the folder where the cells run."""
    if not task.settings.in_temp:
        yield task.folder
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield folder


class Client(Protocol):
    """What uses a kernel; ``km`` started it, or will."""

    km: Any


_running: set[Client] = set()


@contextmanager
def running(client: Client) -> Iterator[None]:
    """Remember a client as long as its kernel runs, for :func:`stop`."""
    _running.add(client)
    try:
        yield
    finally:
        _running.discard(client)


def stop(patience: float = 2.0) -> None:
    """Kill the kernels of all chapters that this process runs, also those that just begin.

    Args:
        patience: The seconds after which it gives up.
    """
    deadline = time.monotonic() + patience
    while _running and time.monotonic() < deadline:
        for client in list(_running):
            with suppress(AttributeError, psutil.Error):  # not started yet, or gone
                psutil.Process(client.km.provisioner.pid).kill()
        time.sleep(0.05)


def _tail(log: IO[bytes], settings: RunSettings) -> str:
    log.seek(0)
    text = settings.without_log(log.read().decode(errors="replace"))
    return text.strip()[-1000:]


def _error_line(error: CellExecutionError, first_line: int) -> int:
    """Return the line of the source file in which a cell raised."""
    plain = outputs.ANSI.sub("", error.traceback)
    place = re.search(r"Cell In\[\d+\], line (\d+)", plain)
    return first_line + int(place[1]) - 1 if place else first_line
