"""Run chapters side by side, longest first, and tell how far they are."""

from __future__ import annotations

import multiprocessing
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from booktools.execution.chapter import Chapter
from booktools.execution.errors import SchedulerError
from booktools.execution.worker import Failure, Result, Task, run

Say = Callable[[str], None]


def process_pool(jobs: int) -> Executor:
    """Return the default executor: fresh processes, so that nothing of ours leaks into them."""
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def dask_cluster(address: str) -> AbstractContextManager[Executor]:
    """Return the executor of a Dask cluster whose scheduler listens at ``address``.

    Raises:
        SchedulerError: Dask is not installed, nothing listens there, or a worker has other
            versions than this machine, which would give results that do not belong here.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SchedulerError("--scheduler needs Dask: pip install distributed") from error
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except OSError as error:
        raise SchedulerError(
            f"no Dask scheduler answers at {address} ({error}). "
            "Remedy: start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
        ) from error
    try:
        _same_versions(client)
    except BaseException:
        client.close()
        raise
    return _dask_executor(client)


@contextmanager
def _dask_executor(client: Any) -> Iterator[Executor]:
    with client, client.get_executor(pure=False) as executor:
        yield executor


def _same_versions(client: Any) -> None:
    """Refuse workers whose packages would give other results than ours."""
    ours = installed_versions()
    workers = client.run(installed_versions)
    if not workers:
        raise SchedulerError("the Dask scheduler has no workers. Remedy: `dask worker ADDRESS`.")
    for worker, theirs in workers.items():
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                raise SchedulerError(
                    f"the worker {worker} has {name} {theirs.get(name, 'not at all')}, this "
                    f"machine has {ours.get(name, 'none')}. "
                    "Remedy: install the same lock file in both places."
                )


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of every installed package."""
    packages = {found.name.lower(): found.version for found in distributions()}
    return {"python": platform.python_version(), "machine": platform.machine(), **packages}


def run_all(
    chapters: Sequence[Chapter],
    *,
    executor: Callable[[], AbstractContextManager[Executor]],
    expected: Callable[[Chapter], float],
    budgets: bool,
    say: Say,
) -> Iterator[tuple[Chapter, Result]]:
    """Run chapters, and yield each with its result as soon as it is finished.

    Args:
        chapters: What to run.
        executor: Returns where to run it: anything with the standard interface.
        expected: The seconds that a chapter will probably take.
        budgets: Whether the chapters' budgets count.
        say: Takes a line of progress where there is no terminal.
    """
    if not chapters:
        return
    queue = sorted(chapters, key=expected, reverse=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        total = sum(map(expected, queue))
        progress = _progress(queue, total, folder, say)
        stack.enter_context(progress)
        pool = stack.enter_context(executor())
        futures: dict[Future[Result], Chapter] = {}
        for number, chapter in enumerate(queue):
            task = _task(chapter, folder / str(number), budgets)
            futures[pool.submit(run, task)] = chapter
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, timeout=0.5, return_when="FIRST_COMPLETED")
            for future in done:
                chapter = futures[future]
                result = _result(future, chapter)
                progress.finished(chapter, result, expected(chapter))
                yield chapter, result
            progress.refresh()


def _task(chapter: Chapter, progress: Path, budgets: bool) -> Task:
    budget = chapter.budget
    return Task(
        page=chapter.page,
        notebook=chapter.serialized(),
        folder=str(chapter.path.parent),
        lines=[chapter.line(index) for index in range(len(chapter.notebook.cells))],
        seconds=budget.seconds if budgets else None,
        megabytes=budget.megabytes if budgets else None,
        environment=dict(chapter.environment),
        progress=str(progress),
    )


def _result(future: Future[Result], chapter: Chapter) -> Result:
    try:
        return future.result()
    except BrokenProcessPool:
        message = "The process that ran the chapter was killed, perhaps for lack of memory."
    except Exception as error:  # whatever a remote executor raises when it loses a worker
        message = f"The chapter could not be run: {type(error).__name__}: {error}"
    failure = Failure(chapter.page, 1, "died", message + " Build again, with fewer JOBS.")
    return Result(chapter.page, "", 0.0, 0, len(chapter.cells), failures=[failure])


def _progress(queue: Sequence[Chapter], total: float, folder: Path, say: Say) -> _Lines | _Live:
    console = Console(stderr=True)
    if console.is_terminal and not sys.stdout.closed:
        return _Live(queue, total, folder, console)
    return _Lines(queue, say)


class _Lines:
    """Progress in plain lines, one for each finished chapter."""

    def __init__(self, queue: Sequence[Chapter], say: Say) -> None:
        self.total, self.done, self.say = len(queue), 0, say

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def finished(self, chapter: Chapter, result: Result, _: float) -> None:
        self.done += 1
        state = "failed" if result.failures else "executed"
        self.say(f"[{self.done}/{self.total}] {state} {chapter.page} in {result.seconds:.1f} s")

    def refresh(self) -> None:
        pass


class _Live:
    """Progress on a terminal: a line for each running chapter, and a bar for the whole."""

    def __init__(
        self, queue: Sequence[Chapter], total: float, folder: Path, console: Console
    ) -> None:
        self.queue, self.folder = list(queue), folder
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self.bars = Progress(*columns, console=console, transient=True)
        self.started, self.spent, self.total = time.monotonic(), 0.0, total
        self.whole = self.bars.add_task("all chapters", total=total or 1)
        self.rows: dict[str, TaskID] = {}
        self.ended: set[str] = set()

    def __enter__(self) -> _Live:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def finished(self, chapter: Chapter, result: Result, expected: float) -> None:
        state = "[red]failed[/]" if result.failures else "executed"
        self.bars.console.print(f"{state} {chapter.page} in {result.seconds:.1f} s")
        self.spent += expected
        self.ended.add(chapter.page)
        row = self.rows.pop(chapter.page, None)
        if row is not None:
            self.bars.remove_task(row)
        elapsed = time.monotonic() - self.started
        left = elapsed / self.spent * (self.total - self.spent) if self.spent else 0
        description = f"all chapters, about {left:.0f} s to go"
        self.bars.update(self.whole, completed=self.spent, description=description)

    def refresh(self) -> None:
        for number, chapter in enumerate(self.queue):
            note = self.folder / str(number)
            if not note.exists() or chapter.page in self.ended:
                continue
            done, cells = int(note.read_text() or 0), len(chapter.cells)
            if chapter.page not in self.rows:
                self.rows[chapter.page] = self.bars.add_task(chapter.page, total=cells)
            description = f"{chapter.page}: cell {done + 1} of {cells}"
            self.bars.update(self.rows[chapter.page], completed=done, description=description)
