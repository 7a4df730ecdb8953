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

from tests.booktools.books import Book

MakeBook = Callable[..., Book]


def test_a_save_appears_in_the_live_preview(book: MakeBook) -> None:
    made = book(a="import helper; print('value', helper.VALUE)")
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
    finally:
        server.terminate()
        server.wait(30)


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
