"""What a person sees while working: the live preview, and progress on a terminal."""

from __future__ import annotations

import os
import pty
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from booktools.cli import serve
from tests.booktools.books import Book

MakeBook = Callable[..., Book]


def test_a_save_appears_in_the_live_preview(book: MakeBook) -> None:
    made = book(a="import json\nimport helper\nprint('value', json.dumps(helper.VALUE))")
    made.write("book/helper.py", "VALUE = 1\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "booktools", "serve", "--port", str(port)]
    log = (made.root / "log").open("wb")
    server = subprocess.Popen(command, cwd=made.root, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}/a.html"
        assert_shows(address, "value 1")
        made.write("book/helper.py", "VALUE = 2\n")
        assert_shows(address, "value 2")
        started = with_a_kernel(server.pid)
    finally:
        server.terminate()
        server.wait(30)
    assert not psutil.wait_procs(started, timeout=30)[1]


@pytest.mark.parametrize(("what", "started"), [("nothing", 2), ("changed", 3), ("died", 3)])
def test_a_build_that_stands_by_is_used_as_long_as_it_is_good(
    book: MakeBook, monkeypatch: pytest.MonkeyPatch, what: str, started: int
) -> None:
    made = book(a="print(7)")
    monkeypatch.chdir(made.root)
    processes = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *a, **k: processes.append(popen(*a, **k)) or processes[-1]
    )
    standby = serve.Standby()
    if what == "changed":
        monkeypatch.setattr(serve, "_installed", lambda: ("another state", 0))
    if what == "died":
        processes[0].kill()
        processes[0].wait()
    standby.build()
    standby.close()
    assert "7" in made.page("a")
    assert len(processes) == started
    assert processes[-1].returncode == 0


def with_a_kernel(process: int) -> list[psutil.Process]:
    """Return what a process started, when a kernel stands ready among that."""
    for _ in range(360):
        started = psutil.Process(process).children(recursive=True)
        with suppress(psutil.NoSuchProcess):
            if any("ipykernel_launcher" in one.cmdline() for one in started):
                return started
        time.sleep(0.5)
    raise AssertionError("no kernel stood ready within three minutes")


def assert_shows(address: str, text: str) -> None:
    for _ in range(360):
        try:
            with urllib.request.urlopen(address) as page:
                if text in page.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{address} did not show {text!r} within three minutes")


def test_a_terminal_shows_the_cell_that_runs_and_the_time_to_go(book: MakeBook) -> None:
    made = book(slow="1", quick="1")
    made.chapter("slow", "import time", "time.sleep(3)", "1")
    terminal, side = pty.openpty()
    process = subprocess.Popen(made.command(), cwd=made.root, stdout=side, stderr=side)
    os.close(side)
    shown = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        if not chunk:
            break
        shown += chunk
    assert process.wait() == 0
    assert b"slow: cell 2 of 3" in shown
    assert b"to go" in shown
