"""The site without a network: a small book is served, visited, cut off and built anew."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error

from booktools.offline import inventory, write
from tests.site import checks
from tests.site.server import serving

SITE_JS = Path(__file__).parents[2] / "booktools/site/theme/static/booktools/site.js"
KEEP_JS = Path(__file__).parents[2] / "booktools/offline/static/keep.js"
PAGE = """<!DOCTYPE html><html lang="en" data-worker="worker.js"><head><title>{name}</title>
<link rel="stylesheet" href="_static/look.css?v=1"></head><body>
<nav id="site-contents"></nav><h1>{name} {build}</h1><div class="keep-offline"></div>
<script src="_static/site.js"></script><script src="_static/keep.js"></script></body></html>"""
PAGES = ("index", "one", "two", "offline")


def build(site: Path, name: str) -> Path:
    """Write a site by hand: pages with the script of the theme and the button."""
    (site / "_static").mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        (site / f"{page}.html").write_text(PAGE.format(name=page, build=name))
    (site / "_static/look.css").write_text(f"/* {name} */ h1 {{ color: rgb(1, 2, 3); }}")
    shutil.copy(SITE_JS, site / "_static/site.js")
    shutil.copy(KEEP_JS, site / "_static/keep.js")
    write(site, "index")
    return site


class Reader:
    """A browser, and a server that can be stopped."""

    def __init__(self, browser: Any, site: Path) -> None:
        self.site = site
        self._open = ExitStack()
        self.address = self._open.enter_context(serving(site))
        self.context = browser.new_context()
        self.page = self.context.new_page()

    def serve(self) -> None:
        port = int(self.address.rstrip("/").rpartition(":")[2])
        self._open = ExitStack()
        self._open.enter_context(serving(self.site, port))

    def cut(self) -> None:
        self._open.close()

    def heading(self, page: str) -> str:
        self.page.goto(f"{self.address}{page}")
        return str(self.page.locator("h1").inner_text())

    def kept(self) -> list[str]:
        names = self.page.evaluate(
            "(async () => { const found = [];"
            "for (const name of await caches.keys()) for (const request of"
            " await (await caches.open(name)).keys()) found.push(request.url); return found })()"
        )
        return sorted(str(name).removeprefix(self.address) for name in names)

    def wait(self, *pages: str) -> None:
        """Wait until pages are kept, in the form that a build gave them."""
        files = inventory(self.site, "index")["files"]
        wanted = {f"{page}?{files[page][0]}" for page in pages}
        for _ in range(100):
            if wanted <= set(self.kept()):
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"{wanted} are not all in {self.kept()}")


@pytest.fixture
def reader(browser: Any, tmp_path: Path) -> Iterator[Reader]:
    made = Reader(browser, build(tmp_path / "site", "A"))
    yield made
    made.context.close()
    made.cut()


def test_what_was_visited_is_there_without_a_network_and_nothing_else(reader: Reader) -> None:
    assert reader.heading("one.html") == "one A"
    reader.wait("one.html", "index.html", "offline.html", "_static/look.css")
    assert not any(name.startswith("two") for name in reader.kept())
    reader.cut()
    assert reader.heading("one.html") == "one A"
    color = reader.page.locator("h1").evaluate("tag => getComputedStyle(tag).color")
    assert color == "rgb(1, 2, 3)"
    assert reader.heading("") == "index A"
    assert reader.heading("two.html") == "offline A"
    assert reader.page.url.endswith("/offline.html")


def test_without_the_worker_the_same_visit_fails(browser: Any, tmp_path: Path) -> None:
    site = build(tmp_path / "site", "A")
    (site / "worker.js").unlink()
    reader = Reader(browser, site)
    assert reader.heading("one.html") == "one A"
    reader.cut()
    with pytest.raises(Error, match="ERR_"):
        reader.page.reload()  # asks the network, as the worker does
    reader.context.close()


def test_a_new_build_is_seen_at_once_and_kept_instead_of_the_old_one(reader: Reader) -> None:
    reader.heading("one.html")
    reader.wait("one.html", "index.html")
    build(reader.site, "B")
    assert reader.heading("one.html") == "one B"
    reader.wait("one.html", "index.html", "offline.html", "_static/look.css")
    reader.cut()
    assert reader.heading("one.html") == "one B"
    assert reader.heading("index.html") == "index B"


def test_a_build_that_arrives_in_part_leaves_the_last_one_whole(reader: Reader) -> None:
    reader.heading("one.html")
    reader.wait("one.html", "index.html")
    before = [name for name in reader.kept() if name.startswith(("one", "index"))]
    build(reader.site, "B")
    (reader.site / "one.html").write_text(PAGE.format(name="one", build="C"))  # not what B says
    reader.heading("two.html")
    reader.page.wait_for_timeout(1500)
    assert set(before) <= set(reader.kept())
    reader.cut()
    assert reader.heading("one.html") == "one A"
    assert reader.heading("index.html") == "index A"


def test_the_button_keeps_the_whole_book_and_takes_it_away(reader: Reader) -> None:
    reader.heading("one.html")
    button = reader.page.get_by_role("button")
    button.get_by_text(re.compile(r"Keep the whole book on this device \(\d+\.\d MB\)")).wait_for()
    button.click()
    reader.page.get_by_text("The whole book is on this device").wait_for()
    reader.cut()
    assert reader.heading("two.html") == "two A"
    reader.page.get_by_role("button", name="Remove the book").click()
    reader.page.get_by_role("button", name="Keep the whole book").wait_for()
    assert reader.kept() == []


def test_a_browser_without_room_says_so_and_the_page_is_read_as_ever(
    browser: Any, tmp_path: Path
) -> None:
    site = build(tmp_path / "site", "A")
    text = (site / "worker.js").read_text()
    full = "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'));"
    (site / "worker.js").write_text(text + full)
    reader = Reader(browser, site)
    assert reader.heading("one.html") == "one A"
    reader.page.get_by_role("button", name="Keep the whole book").click()
    reader.page.get_by_text("The browser has no more room for this site.").wait_for()
    assert reader.heading("two.html") == "two A"
    reader.context.close()
    reader.cut()


def test_the_worker_knows_every_page_of_the_book_and_what_it_loads(site: Path) -> None:
    book = json.loads((site / "worker.js").read_text().split("const BOOK = ")[1].split(";\n")[0])
    pages = {page.relative_to(site).as_posix() for page in checks.pages(site)}
    pages = (pages | {"search.html"}) - {"404.html", ".booktools-files.html"}
    assert {name for name in book["files"] if name.endswith(".html")} == pages
    assert "_static/booktools/site.css" in book["needs"]["index.html"]
    palette = {f"_static/booktools/palette{end}" for end in (".js", ".css", "-index.js")}
    assert palette <= set(book["needs"]["index.html"])
    assert "_static/booktools/previews/glossary.js" in book["files"]
    assert not [name for name in book["files"] if name.startswith("downloads/")]
    assert len((site / "worker.js").read_bytes()) < 60_000
