"""Run chapters side by side, longest first."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from booktools.execution.budget import Budget
from booktools.execution.chapter import Chapter
from booktools.execution.errors import Failure
from booktools.execution.progress import Say, progress
from booktools.execution.worker import Result, Task, run


@contextmanager
def process_pool(jobs: int) -> Iterator[Executor]:
    """Give the default executor: fresh processes, so that nothing of ours leaks into them.

    Where its block is left by an error or an interrupt, what still runs is ended.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)
    try:
        yield pool
        pool.shutdown()
    except BaseException:
        workers = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.kill()  # its kernel ends with it
        raise


def _end_with_parent() -> None:
    """End this worker, and with it its kernel, when the build is killed."""

    def wait_for_end() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_end, daemon=True).start()


def run_all(
    chapters: Sequence[Chapter],
    *,
    executor: Callable[[], AbstractContextManager[Executor]],
    expected: Callable[[Chapter], float],
    budgets: bool,
    say: Say,
) -> Generator[tuple[Chapter, Result], None, None]:
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
        display = progress(queue, expected, folder, say)
        stack.enter_context(display)
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
                display.finished(chapter, result)
                yield chapter, result
            display.refresh()


def _task(chapter: Chapter, note: Path, budgets: bool) -> Task:
    return Task(
        page=chapter.page,
        notebook=chapter.serialized(),
        folder=str(chapter.path.parent),
        lines=[chapter.line(index) for index in range(len(chapter.notebook.cells))],
        budget=chapter.budget if budgets else Budget(),
        environment=dict(chapter.environment),
        progress=str(note),
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
