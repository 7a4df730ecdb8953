"""An issue about jobs that failed: against a server that stands for GitHub."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from booktools.review import tell
from booktools.review.tell import Issues, TellError, failed

ROOT = Path(__file__).parents[2]
TITLE = "The nightly run fails"
Asked = list[tuple[str, str, Any]]


class GitHub(ThreadingHTTPServer):
    """Lists issues, takes new ones and comments, or answers with an error."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.open: list[dict[str, Any]] = []
        self.errors: list[int] = []  # what the next answers are
        self.asked: Asked = []
        self.tokens: set[str | None] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        self._answer(lambda: self.server.open)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(lambda: {"html_url": "https://example.org/issues/8"}, body)

    def _answer(self, given: Any, body: Any = None) -> None:
        self.server.asked.append((self.command, self.path, body))
        self.server.tokens.add(self.headers["Authorization"])
        status = self.server.errors.pop(0) if self.server.errors else 200
        text = json.dumps(given()).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def github() -> Iterator[GitHub]:
    started = GitHub()
    threading.Thread(target=started.serve_forever, args=(0.01,), daemon=True).start()
    yield started
    started.shutdown()
    started.server_close()


def environment(address: str, **others: str) -> dict[str, str]:
    given = {
        "GITHUB_API_URL": address,
        "GITHUB_REPOSITORY": "owner/book",
        "GITHUB_TOKEN": "secret",
        "NEEDS": json.dumps({"book": {"result": "failure"}, "evidence": {"result": "success"}}),
        "RUN": "https://example.org/runs/1",
        "TITLE": TITLE,
    }
    return given | others


def test_an_issue_is_opened(github: GitHub, capsys: pytest.CaptureFixture[str]) -> None:
    github.open = [{"title": TITLE, "number": 3, "html_url": "x", "pull_request": {}}]
    assert tell.main(environment(github.address)) == 0
    assert capsys.readouterr().out == "Told in https://example.org/issues/8\n"
    (listed, opened) = github.asked
    assert listed[:2] == ("GET", "/repos/owner/book/issues?state=open&per_page=100&page=1")
    assert opened[:2] == ("POST", "/repos/owner/book/issues")
    assert opened[2]["title"] == TITLE
    assert "- `book`: failure\n" in opened[2]["body"]
    assert "evidence" not in opened[2]["body"]
    assert "https://example.org/runs/1" in opened[2]["body"]
    assert github.tokens == {"Bearer secret"}


def test_an_issue_that_is_open_gets_a_comment(github: GitHub) -> None:
    issue = {"title": TITLE, "number": 7, "html_url": "https://example.org/issues/7"}
    github.open = [{"title": "Another", "number": 6, "html_url": "x"}, issue]
    issues = Issues(f"{github.address}/repos/owner/book/issues", "secret")
    assert issues.tell(TITLE, "Again.") == "https://example.org/issues/7"
    assert github.asked[-1] == (
        "POST",
        "/repos/owner/book/issues/7/comments",
        {"body": "Again."},
    )


def test_nothing_is_told_where_nothing_failed(github: GitHub) -> None:
    needs = json.dumps({"book": {"result": "success"}, "evidence": {"result": "skipped"}})
    assert tell.main(environment(github.address, NEEDS=needs)) == 0
    assert github.asked == []


@pytest.mark.parametrize("result", ["failure", "cancelled", "whatever comes"])
def test_every_other_end_counts_as_a_failure(result: str) -> None:
    assert list(failed(json.dumps({"book": {"result": result}}))) == [("book", result)]


def test_a_fault_that_passes_is_outwaited(github: GitHub) -> None:
    github.errors = [502, 500]
    Issues(f"{github.address}/repos/owner/book/issues", "secret", pause=0).tell(TITLE, "x")
    assert [method for method, *_ in github.asked] == ["GET", "GET", "GET", "POST"]


@pytest.mark.parametrize(
    ("status", "remedy"),
    [(403, "issues: write"), (404, "owner/name"), (410, "turn issues on"), (422, "run it again")],
)
def test_a_refusal_fails_with_the_remedy(
    github: GitHub, capsys: pytest.CaptureFixture[str], status: int, remedy: str
) -> None:
    github.errors = [status]
    assert tell.main(environment(github.address)) == 1
    error = capsys.readouterr().err
    assert f"The issue could not be opened: GET {github.address}" in error
    assert f": {status} " in error
    assert remedy in error
    assert "secret" not in error
    assert len(github.asked) == 1  # what is refused once is refused again


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"GITHUB_TOKEN": ""}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_API_URL": "api.github.com"}, "GITHUB_API_URL is 'api.github.com'"),
        ({"NEEDS": "Object"}, r"NEEDS is 'Object'. Remedy: set it to toJSON(needs)"),
        ({"NEEDS": '{"book": 3}'}, "set it to toJSON(needs)"),
    ],
)
def test_a_wrong_setting_is_named(
    github: GitHub, capsys: pytest.CaptureFixture[str], others: dict[str, str], words: str
) -> None:
    assert tell.main(environment(github.address, **others)) == 1
    assert words in capsys.readouterr().err


def test_a_host_that_does_not_answer_is_said() -> None:
    issues = Issues("http://127.0.0.1:9/repos/owner/book/issues", "secret", pause=0)
    with pytest.raises(TellError, match=r"refused.*Remedy: look at GITHUB_API_URL"):
        issues.tell(TITLE, "x")


def test_it_needs_nothing_but_python() -> None:
    """Where installing failed, there is no environment: -S and -I leave packages out."""
    code = "import sys; sys.path.insert(0, '.'); from booktools.review import tell; tell.main({})"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "GITHUB_API_URL is not set" in done.stderr
