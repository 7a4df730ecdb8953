"""What a page of the built site must keep: each check returns the places where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from booktools.site.policy import holes as policy_holes

SIZE_LIMIT = 500_000
# pages that Sphinx makes by itself; their links lead to pages that are tested
GENERATED = {"genindex.html", "search.html"}
LOG_LINE = re.compile(r"absl::InitializeLog|oneDNN custom operations|\b[IWE]0000 00:00:")


def complaints(page: Any, part: str | None = None) -> list[str]:
    """Return what axe finds on an open page, or in a part: rule, place, and what is wrong there."""
    found = Axe().run(page, part, options={"resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def pages(site: Path) -> list[Path]:
    """Return the pages of a site."""
    found = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [path for path in found if path.name not in GENERATED]


def soup(page: Path) -> BeautifulSoup:
    """Return a page, parsed; nobody may change it, because it is parsed once for all tests."""
    return _parsed(page, page.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _parsed(page: Path, _changed: int) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf8"), "html.parser")


def broken_links(site: Path) -> Iterator[str]:
    """Yield each link inside the site whose file or anchor does not exist."""
    anchors: dict[Path, set[str]] = {}

    def ids(page: Path) -> set[str]:
        if page not in anchors:
            tree = soup(page)
            anchors[page] = {str(tag["id"]) for tag in tree.find_all(id=True)}
            anchors[page] |= {str(tag["name"]) for tag in tree.find_all("a", attrs={"name": True})}
        return anchors[page]

    for page in pages(site):
        for tag in soup(page).find_all(["a", "img", "link", "script"]):
            target = urlsplit(str(tag.get("href") or tag.get("src") or ""))
            if target.scheme or target.netloc or not (target.path or target.fragment):
                continue
            path = (page.parent / unquote(target.path)).resolve() if target.path else page
            place = f"{page.relative_to(site)}: {target.geturl()}"
            if not path.exists():
                yield f"{place}: no such file"
            elif target.fragment and path.suffix == ".html" and target.fragment not in ids(path):
                yield f"{place}: no such anchor"


def silent_pictures(page: Path) -> Iterator[str]:
    """Yield each picture without alternative text that says something."""
    tree = soup(page)
    for picture in tree.find_all("img"):
        alt = str(picture.get("alt", ""))
        if len(alt.split()) < 4 or re.fullmatch(r"\S*\.(png|svg|jpe?g|webp)", alt):
            yield f"img with alt={alt!r}"
    for picture in tree.select("figure svg, .cell_output svg"):
        label = str(picture.get("aria-label", ""))
        if picture.get("role") != "img" or len(label.split()) < 4:
            yield f"svg with aria-label={label!r}"


def tracebacks(page: Path) -> int:
    """Return how many tracebacks a page shows."""
    return len(soup(page).select(".output.traceback"))


def log_lines(page: Path) -> list[str]:
    """Return what of TensorFlow's log reached a page."""
    return LOG_LINE.findall(page.read_text(encoding="utf8"))


def repeated_ids(page: Path) -> list[str]:
    """Return the ids that stand twice in a page."""
    found = [str(tag["id"]) for tag in soup(page).find_all(id=True)]
    return sorted({name for name in found if found.count(name) > 1})


def holes(page: Path) -> list[str]:
    """Return what a page holds that its policy blocks, or that needs another host."""
    return policy_holes(page.read_text(encoding="utf8"))


def policy(page: Path) -> dict[str, str]:
    """Return the content security policy of a page; empty if it has none."""
    tag = soup(page).find("meta", {"http-equiv": "Content-Security-Policy"})
    rules = str(tag["content"]).split(";") if tag else []
    return {name: value for name, _, value in (rule.strip().partition(" ") for rule in rules)}


def skipped_headings(page: Path) -> list[str]:
    """Return the headings that stand more than one level below the one before, or a second h1."""
    found, level = [], 0
    for tag in soup(page).select("main :is(h1, h2, h3, h4, h5, h6)"):
        now = int(tag.name[1])
        if now > level + 1 or (now == 1 and level):
            found.append(tag.get_text())
        level = now
    return found
