"""Run chapters side by side, longest first."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from booktools.execution.budget import Budget
from booktools.execution.chapter import Chapter
from booktools.execution.errors import Failure
from booktools.execution.inputs import digests
from booktools.execution.kernel import Result, Task, stop
from booktools.execution.progress import Say, progress
from booktools.execution.ready import run


@contextmanager
def thread_pool(jobs: int) -> Iterator[Executor]:
    """Give the default executor: a thread for each chapter, whose kernel is a process anyway.

    Where its block is left by an error or an interrupt, the kernels are killed, and what waits
    does not begin.
    """
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        stop()
        raise
    finally:
        pool.shutdown()


def run_all(
    chapters: Sequence[Chapter],
    *,
    executor: Callable[[], AbstractContextManager[Executor]],
    expected: Callable[[Chapter], float],
    limits: Callable[[Budget], Budget],
    say: Say,
    room: float | None = None,
) -> Generator[tuple[Chapter, Result], None, None]:
    """Run chapters, and yield each with its result as soon as it is finished.

    Args:
        chapters: What to run.
        executor: Returns where to run it: anything with the standard interface.
        expected: The seconds that a chapter will probably take.
        limits: Returns what a chapter is held to, from its budget.
        room: The megabytes that running chapters may take together; ``None`` where they run on
            other machines.
        say: Takes a line of progress where there is no terminal.
    """
    if not chapters:
        return
    queue = sorted(chapters, key=expected, reverse=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        display = progress(queue, expected, folder, say)
        stack.enter_context(display)
        pool = stack.enter_context(executor())
        futures: dict[Future[Result], Chapter] = {}
        numbers = {id(chapter): str(number) for number, chapter in enumerate(queue)}
        while queue or futures:
            for chapter in admitted(queue, futures.values(), room):
                queue.remove(chapter)
                task = _task(chapter, folder / numbers[id(chapter)], limits(chapter.budget))
                if room is None:
                    task = replace(task, root=str(chapter.root))
                futures[pool.submit(run, task)] = chapter
            done, _ = wait(futures, timeout=0.5, return_when="FIRST_COMPLETED")
            for future in done:
                chapter = futures.pop(future)
                result = _result(future, chapter)
                display.finished(chapter, result)
                yield chapter, result
            display.refresh()


def admitted(
    queue: Sequence[Chapter], running: Collection[Chapter], room: float | None
) -> list[Chapter]:
    """Return the chapters that may begin, in the order of the queue.

    Args:
        queue: What waits.
        running: What was begun and has not ended.
        room: The megabytes that all together may take, by their budgets; ``None`` is no limit.
            A chapter that runs alone may always begin. One that says ``alone`` begins only then,
            after all others.
    """
    found: list[Chapter] = []
    taken = sum(chapter.budget.megabytes or 0 for chapter in running)
    if any(chapter.alone for chapter in running):
        return []
    for chapter in sorted(queue, key=lambda chapter: chapter.alone):
        busy = bool(running or found)
        needed = chapter.budget.megabytes or 0
        fits = room is None or taken + needed <= room
        if not busy or (fits and not chapter.alone):
            found.append(chapter)
            taken += needed
        if chapter.alone:
            break
    return found


def _task(chapter: Chapter, note: Path, budget: Budget) -> Task:
    return Task(
        page=chapter.page,
        notebook=chapter.serialized(),
        folder=str(chapter.path.parent),
        lines=[chapter.line(index) for index in range(len(chapter.notebook.cells))],
        budget=budget,
        environment=dict(chapter.environment),
        progress=str(note),
        settings=chapter.settings,
    )


def _result(future: Future[Result], chapter: Chapter) -> Result:
    try:
        result = future.result()
        result.failures += _other_files(result, chapter)
        return result
    except Exception as error:  # whatever a remote executor raises when it loses a worker
        message = f"The chapter could not be run: {type(error).__name__}: {error}"
    failure = Failure(chapter.page, 1, "died", f"{message}\nBuild again; if it stays, tell us.")
    return Result(chapter.page, "", 0.0, 0, len(chapter.cells), failures=[failure])


def _other_files(result: Result, chapter: Chapter) -> Iterator[Failure]:
    """Yield what another machine read that is not the same here."""
    ours = digests([chapter.root / name for name in result.files], chapter.root)
    for name, digest in result.files.items():
        if ours[name] != digest:
            message = (
                f"The worker read another {name} than there is here.\n"
                "Bring the project there to the state that it has here, and build again."
            )
            yield Failure(chapter.page, 1, "files", message)
