"""Links out of a book: what linkcheck's answers mean, and a book beside a server of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from booktools.review.links import LinksError, judge, read
from tests.booktools.books import Book, run_ready

ADDRESS = "https://example.org/there"


def row(status: str, info: str = "", code: int = 0, uri: str = ADDRESS) -> dict[str, Any]:
    return {
        "filename": "a.md",
        "lineno": 3,
        "status": status,
        "code": code,
        "uri": uri,
        "info": info,
    }


UNKNOWN = "HTTPSConnectionPool(host='gone.example'): Failed to resolve 'gone.example'"


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        (row("working"), "working"),
        (row("redirected", f"{ADDRESS}/?from=here", 301), "working"),
        (row("redirected", "https://example.org/elsewhere", 302), "working"),
        (row("redirected", "https://example.org/elsewhere", 301), "moved"),
        (row("redirected", "https://example.org/elsewhere", 308), "moved"),
        (row("broken", f"404 Client Error: Not Found for url: {ADDRESS}"), "broken"),
        (row("broken", f"410 Client Error: Gone for url: {ADDRESS}"), "broken"),
        (row("broken", "Anchor 'here' not found"), "broken"),
        (row("broken", f"403 Client Error: Forbidden for url: {ADDRESS}"), "unreachable"),
        (row("broken", f"429 Client Error: Too Many Requests for url: {ADDRESS}"), "unreachable"),
        (row("broken", f"500 Server Error: Oh for url: {ADDRESS}"), "unreachable"),
        (row("broken", "unauthorized"), "unreachable"),
        (row("ignored", "service unavailable"), "unreachable"),
        (row("timeout", "Read timed out."), "unreachable"),
        (row("broken", "Connection refused"), "unreachable"),
        (row("broken", "certificate verify failed"), "unreachable"),
    ],
)
def test_what_an_answer_means(answer: dict[str, Any], became: str) -> None:
    links = judge([answer])
    found = {
        "working": links.working,
        "broken": len(links.broken),
        "unreachable": len(links.unreachable),
        "moved": len(links.moved),
    }
    assert [name for name, number in found.items() if number] == [became]


def test_a_host_that_nobody_knows_is_gone_unless_there_is_no_network() -> None:
    unknown = row("broken", UNKNOWN, uri="https://gone.example/x")
    assert len(judge([unknown]).unreachable) == 1
    assert judge([unknown]).nobody_answered
    links = judge([unknown, row("working")])
    assert [link.words for link in links.broken] == ["no host gone.example"]
    assert not links.nobody_answered
    assert not judge([]).nobody_answered


def test_what_is_no_link_out_of_the_book_does_not_count() -> None:
    given = [
        row("unchecked", uri="mailto:somebody@example.org"),
        row("broken", uri="local.html"),
        row("ignored", "matched a pattern"),
    ]
    assert judge(given).tried == 0


def test_results_that_are_missing_or_damaged_are_said(tmp_path: Path) -> None:
    path = tmp_path / "output.json"
    with pytest.raises(LinksError, match=r"no link was tried"):
        read(path)
    path.write_text('{"uri": "https://example.org"}\n')
    with pytest.raises(LinksError, match=r"output.json is damaged"):
        read(path)


class Answers(BaseHTTPRequestHandler):
    """Answers as its path says, the second time better where the path says so."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = {"/gone": 404, "/moved": 301, "/shy": 403}.get(self.path, 200)
        if self.path == "/moody" and self.asked.count(self.path) < 3:
            status = 500
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/there")
        body = b"<p id=here>x</p>"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """Serve answers on this machine, and yield the address without a slash at its end."""
    Answers.asked = []
    started = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=started.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{started.server_port}"
    started.shutdown()
    started.server_close()


def test_links_of_a_book_are_followed(book: Callable[..., Book], server: str) -> None:
    made = book(a="1")
    nobody = "http://127.0.0.1:9"  # the port to throw away
    made.write(
        "_config.yml",
        (made.root / "_config.yml").read_text()
        + "  config: {linkcheck_retries: 2, linkcheck_report_timeouts_as_broken: false}\n",
    )
    pages = ("there#here", "gone", "there#nowhere", "moved", "shy", "moody", f"@{nobody}/x")
    lines = (f"[x]({server}/{page})".replace(f"{server}/@", "") for page in pages)
    made.write("book/index.md", "# Links\n\n" + "\n\n".join(lines) + "\n")

    def links(*words: str) -> tuple[int, str, str]:
        done = run_ready("booktools", ("links", *words), made.root)
        return done.returncode, done.stdout, done.stderr

    status, said, _ = links("--to", "summary.md")
    assert status == 1
    assert said.splitlines()[-7:] == [
        f"index.md:5: broken: {server}/gone (404 Client Error: Not Found for url: {server}/gone)",
        f"index.md:7: broken: {server}/there#nowhere (Anchor 'nowhere' not found)",
        f"index.md:11: not reached: {server}/shy "
        f"(403 Client Error: Forbidden for url: {server}/shy)",
        f"index.md:15: not reached: {nobody}/x (Connection refused)",
        f"index.md:9: moved: {server}/moved ({server}/there)",
        "7 links out of the book: 2 work, 1 work at a new address, 2 are broken, 2 could not be "
        "reached.",
        "All results: _build/links.json",
    ]
    assert Answers.asked.count("/moody") > 2  # it was tried again
    found = json.loads((made.root / "_build/links.json").read_text())
    assert (found["tried"], found["working"], len(found["broken"])) == (7, 2, 2)
    assert "2 are broken" in (made.root / "summary.md").read_text()
    assert not (made.root / "_build/html").exists()  # it writes no site
    made.chapter("a", "1 / 0")
    status, said, error = links()
    assert status == 2
    assert "no link was tried" in error
    assert "ZeroDivisionError" in error
