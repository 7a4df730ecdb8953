"""The built site, which is built first if it is not up to date, and a browser to read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.site.contents import ROOT
from tests.site.server import serving
from tests.site.visits import BROWSERS, Opener, Seen, Visit, browser_of_this_machine, opener, see


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book, which takes seconds where nothing changed, and return its folder.

    The first process that needs it builds; others of the same run wait, and take its word.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    note = shared / "site-was-built"
    with FileLock(f"{note}.lock"):
        if not note.exists():
            command = [sys.executable, "-m", "booktools", "build"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            said = done.stdout[-6000:] + done.stderr[-6000:] if done.returncode else ""
            note.write_text(said, encoding="utf8")
    if said := note.read_text(encoding="utf8"):
        pytest.fail(said, pytrace=False)
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def report(site: Path) -> dict[str, Any]:
    """Return what the build reported."""
    loaded: dict[str, Any] = json.loads((site.parent / "report.json").read_text(encoding="utf8"))
    return loaded


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium; without one on this machine, the test is skipped, but in CI it fails."""
    from playwright.sync_api import sync_playwright

    executable = browser_of_this_machine()
    if executable is None:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up(f"no browser found; install one of {', '.join(BROWSERS)} to run this test")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Serve the site, and return where."""
    with serving(site) as started:
        yield started


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Any, site: Path, address: str) -> Iterator[Opener]:
    """Return a function that opens a page of the site, for what changes the page."""
    with opener(browser, site, address) as opened:
        yield opened


Look = Callable[[str], Seen]


@pytest.fixture(scope="session")
def seen(browser: Any, site: Path, address: str) -> Iterator[Look]:
    """Return a function that says what was seen of a page, which is opened at the first call."""
    looks: dict[str, Seen | Exception] = {}

    def look(page: str) -> Seen:
        if page not in looks:
            try:
                looks[page] = see(visit, page)
            except Exception as error:  # tell every test of the page, and do not wait again
                looks[page] = error
        found = looks[page]
        if isinstance(found, Exception):
            raise found
        return found

    with opener(browser, site, address) as visit:
        yield look
