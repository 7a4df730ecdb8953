"""Chapters on a Dask cluster: a real scheduler and two worker processes on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from benchmarks.cluster import compare, differences
from booktools.execution import cluster as dask
from booktools.execution.chapter import read
from booktools.execution.errors import SchedulerError
from booktools.execution.kernel import Result
from booktools.execution.scheduler import run_all
from booktools.execution.settings import BookSettings
from tests.booktools.books import Book

MakeBook = Callable[..., Book]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a scheduler and two workers as a user would, and stop them."""
    folder = tmp_path_factory.mktemp("cluster")
    note = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    options = ["--scheduler-file", str(note), "--no-dashboard"]
    here = ["--host", "127.0.0.1"]
    started = [subprocess.Popen([*dask, "scheduler", *options, *here, "--port", "0"], **quiet)]
    worker = [*dask, "worker", *options[:2], "--nworkers", "2", "--nthreads", "1", "--no-dashboard"]
    started.append(subprocess.Popen([*worker, *here], **quiet))
    try:
        for _ in range(300):
            if note.exists() and note.read_text().strip().endswith("}"):
                break
            time.sleep(0.1)
        with Client(scheduler_file=str(note)) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def test_a_worker_with_other_versions_is_refused(
    cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OldKeras:
        name, version = "keras", "0.0"

    monkeypatch.setattr(dask, "distributions", lambda: [OldKeras])  # here, not in the workers
    with pytest.raises(SchedulerError, match=r"this machine has"):
        dask.dask_cluster(cluster)


def test_chapters_run_on_the_cluster_and_a_lost_worker_costs_only_its_chapter(
    book: MakeBook, cluster: str
) -> None:
    made = book(quick="import os; print('in', os.getpid() > 0)")
    slow = (
        "import os, pathlib, time\n"
        "runs = pathlib.Path('runs'); n = len(runs.read_text()) if runs.exists() else 0\n"
        "runs.write_text('x' * (n + 1))\n"
        "pathlib.Path('worker').write_text(str(os.getppid()))\n"
        "time.sleep(6 if n == 0 else 0)\n"
        "print('done')"
    )
    made.chapter("slow", slow)
    made.contents("quick", "slow")

    def kill_the_worker() -> None:
        note = made.root / "book" / "worker"
        while not note.exists():
            time.sleep(0.1)
        time.sleep(0.5)
        os.kill(int(note.read_text()), signal.SIGKILL)

    threading.Thread(target=kill_the_worker, daemon=True).start()
    built = made.build(BOOKTOOLS_SCHEDULER=cluster)
    assert built.status == 0, built.output
    assert built.ran() == {"quick": "new", "slow": "new"}
    assert (made.root / "book" / "runs").read_text() == "xx"
    assert "done" in made.page("slow")


def test_the_benchmark_compares_both_ways_and_sees_a_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(chapters=2, workers=2, code="print(NUMBER)\n") == []
    assert "| the cluster, 2 at a time |" in capsys.readouterr().out
    for site, text in (("one", "a"), ("other", "b")):
        (tmp_path / site).mkdir()
        (tmp_path / site / "page.html").write_text(text)
        (tmp_path / site / f"only-{site}.html").write_text("same")
    assert set(differences(tmp_path / "one", tmp_path / "other")) == {
        "page.html",
        "only-one.html",
        "only-other.html",
    }


def test_no_scheduler_is_said_with_the_remedy(book: MakeBook) -> None:
    built = book(a="1").build(BOOKTOOLS_SCHEDULER="tcp://127.0.0.1:9")
    assert built.status != 0
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in built.output
    assert "dask scheduler" in built.output


class Elsewhere(Executor):
    """A machine whose project differs from ours as soon as a chapter has run there."""

    def __init__(self, ours: Path) -> None:
        self.ours = ours

    def submit(self, run: Callable[..., Result], /, *tasks: Any, **_: Any) -> Future[Result]:  # type: ignore[override]
        future: Future[Result] = Future()
        future.set_result(run(*tasks))
        self.ours.write_text("here")
        return future


def test_results_from_other_files_than_ours_are_refused(book: MakeBook) -> None:
    made = book(a="print(open('table.csv').read())")
    made.write("book/table.csv", "there")
    source = made.root / "book"
    chapter = read("a", source / "a.md", source, BookSettings())
    assert chapter is not None
    [(_, result)] = run_all(
        [chapter],
        executor=lambda: nullcontext(Elsewhere(source / "table.csv")),
        expected=lambda _: 1,
        limits=lambda budget: budget,
        say=print,
    )
    [failure] = result.failures
    assert failure.kind == "files"
    assert failure.message.startswith("The worker read another book/table.csv than there is here")
