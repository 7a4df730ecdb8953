"""What surrounds every page: its policy, its weight, its headings, its notebook."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.site import checks
from tests.site.contents import ALL_PAGES, CHAPTERS, PAGES
from tests.site.weights import LIMIT, first_view

every_page = pytest.mark.parametrize("page", ALL_PAGES)
every_chapter = pytest.mark.parametrize("page", CHAPTERS)


@every_page
def test_every_page_has_the_policy(site: Path, page: str) -> None:
    policy = checks.policy(site / f"{page}.html")
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


@every_page
def test_no_page_holds_what_its_policy_blocks(site: Path, page: str) -> None:
    assert checks.holes(site / f"{page}.html") == []


def test_no_script_names_another_host(site: Path) -> None:
    loaded = {
        (site / f"{page}.html").parent.joinpath(str(tag["src"]).partition("?")[0]).resolve()
        for page in [*PAGES, "search"]
        for tag in checks.soup(site / f"{page}.html").select("script[src]")
    }
    for file in loaded | set((site / "_static" / "demos").glob("*.js")):
        addresses = re.findall(r"[\"'`](?:https?:)?//[\w.-]+", file.read_text(encoding="utf8"))
        assert [name for name in addresses if "www.w3.org" not in name] == [], file


@every_page
def test_a_first_view_is_light(site: Path, page: str) -> None:
    weights = first_view(site / f"{page}.html")
    assert sum(weights.values()) <= LIMIT, weights


@every_page
def test_only_the_choice_of_the_theme_holds_a_page_up(site: Path, page: str) -> None:
    scripts = checks.soup(site / f"{page}.html").select("script[src]:not([defer])")
    assert [Path(str(tag["src"])).name.partition("?")[0] for tag in scripts] == ["theme.js"]


@every_page
def test_headings_stand_in_order(site: Path, page: str) -> None:
    assert checks.skipped_headings(site / f"{page}.html") == []


@every_page
def test_every_table_has_heads(site: Path, page: str) -> None:
    for table in checks.soup(site / f"{page}.html").find_all("table"):
        assert table.find("th"), table.get_text()[:80]


@every_chapter
def test_every_chapter_says_where_it_stands_and_offers_its_notebook(site: Path, page: str) -> None:
    tree = checks.soup(site / f"{page}.html")
    number = CHAPTERS.index(page) + 1
    assert tree.select_one(".bar-place").get_text() == f"Chapter {number} of {len(CHAPTERS)}"  # type: ignore[union-attr]
    link = tree.select_one(".notebook-link")
    assert link is not None
    path = (site / f"{page}.html").parent / str(link["href"])
    nbformat.validate(json.loads(path.read_text(encoding="utf8")))
    assert "{code-cell}" not in path.read_text(encoding="utf8")
