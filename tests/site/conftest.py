"""The built site, which is built first if it is not up to date, and a browser to read it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.site.server import serving

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the book, which takes seconds where nothing changed, and return its folder."""
    command = [sys.executable, "-m", "booktools", "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def report(site: Path) -> dict[str, Any]:
    """Return what the build reported."""
    loaded: dict[str, Any] = json.loads((site.parent / "report.json").read_text(encoding="utf8"))
    return loaded


@dataclass
class Visit:
    """A page that is open in the browser.

    Attributes:
        page: Playwright's page.
        errors: What the console called an error, violations of the page's policy included,
            and exceptions that nobody caught.
        requests: The address of everything that was loaded, in order.
        failed: Those that were not there.
        foreign: Those that are not part of the site.
    """

    page: Any
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that must not happen on any page."""
        return [*self.errors, *self.failed, *self.foreign]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium; without one on this machine, the test is skipped."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser found; install one of {', '.join(BROWSERS)} to run this test")
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
def visit(browser: Any, site: Path, address: str) -> Iterator[Visitor]:
    """Return a function that opens a page of the site.

    ``visit("seeing/convolution.html", width=390, theme="dark", folder=True, touch=True)``
    opens it on a small touch screen, in the dark theme, from the folder instead of the server.
    ``before`` is a script that runs before those of the page.
    """
    contexts = []

    def open_page(
        path: str = "index.html",
        *,
        width: int = 1440,
        theme: str = "light",
        folder: bool = False,
        touch: bool = False,
        javascript: bool = True,
        motion: bool = True,
        before: str = "",
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            has_touch=touch,
            java_script_enabled=javascript,
            reduced_motion="no-preference" if motion else "reduce",
        )
        contexts.append(context)
        context.add_init_script(before)
        context.set_default_timeout(10_000)
        base = f"{site.as_uri()}/" if folder else address
        opened = Visit(context.new_page())
        watch(opened, base)
        opened.page.goto(base + path)
        opened.page.wait_for_load_state("load")
        return opened

    yield open_page
    for context in contexts:
        context.close()


def watch(visit: Visit, base: str) -> None:
    """Note what goes wrong on a page of the site at ``base``."""
    page = visit.page

    def note_request(request: Any) -> None:
        visit.requests.append(request.url)
        if not request.url.startswith((base, "data:", "blob:")):
            visit.foreign.append(f"foreign request: {request.url}")

    def note_answer(response: Any) -> None:
        if response.status >= 400:
            visit.failed.append(f"status {response.status}: {response.url}")

    page.on("console", lambda said: said.type == "error" and visit.errors.append(said.text))
    page.on("pageerror", lambda error: visit.errors.append(f"exception: {error}"))
    page.on("request", note_request)
    page.on("requestfailed", lambda request: visit.failed.append(f"failed: {request.url}"))
    page.on("response", note_answer)
