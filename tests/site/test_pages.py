"""The published pages: all there, executed, clean, linked and light."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from tests.site import checks
from tests.site.contents import CHAPTERS, PAGES, ROOT, SOURCES

every_page = pytest.mark.parametrize("page", PAGES)
every_chapter = pytest.mark.parametrize("page", CHAPTERS)


def test_the_book_has_its_chapters() -> None:
    assert len(CHAPTERS) >= 5


@every_page
def test_every_page_of_the_contents_exists_with_a_title(site: Path, page: str) -> None:
    assert checks.soup(site / f"{page}.html").h1.get_text(strip=True)


@every_page
def test_every_page_describes_itself_once(site: Path, page: str) -> None:
    descriptions = checks.soup(site / f"{page}.html").find_all("meta", {"name": "description"})
    assert len(descriptions) == 1
    assert len(descriptions[0]["content"]) > 40


@every_chapter
def test_every_cell_that_shows_something_is_on_the_page(site: Path, page: str) -> None:
    tree = checks.soup(site / f"{page}.html")
    notebook = read_myst_markdown_notebook(SOURCES[page])
    visible = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", [])
    ]
    assert len(tree.select("div.cell")) == len(visible)
    assert tree.select(".cell_output")
    assert tree.select("figure.plot svg")


@every_page
def test_tracebacks_stand_only_where_a_mistake_is_shown(site: Path, page: str) -> None:
    meant = re.findall(r"^:tags:.*raises-exception", SOURCES[page], re.MULTILINE)
    assert checks.tracebacks(site / f"{page}.html") == len(meant)


@every_page
def test_every_picture_says_what_it_shows(site: Path, page: str) -> None:
    assert list(checks.silent_pictures(site / f"{page}.html")) == []


@every_page
def test_no_page_is_too_heavy(site: Path, page: str) -> None:
    assert (site / f"{page}.html").stat().st_size < checks.SIZE_LIMIT


@every_page
def test_nothing_of_this_machine_is_on_a_page(site: Path, page: str) -> None:
    html = (site / f"{page}.html").read_text(encoding="utf8")
    assert str(ROOT) not in html
    assert "ipykernel_" not in html
    assert re.findall(r"\bat 0x[0-9a-fA-F]{6,}", html) == []  # where an object was in memory
    assert checks.log_lines(site / f"{page}.html") == []


@every_page
def test_no_id_stands_twice(site: Path, page: str) -> None:
    assert checks.repeated_ids(site / f"{page}.html") == []


def test_every_internal_link_and_anchor_resolves(site: Path) -> None:
    assert list(checks.broken_links(site)) == []


@every_chapter
def test_every_chapter_claims_something_and_keeps_it(report: dict[str, Any], page: str) -> None:
    claims = [claim for claim in report["claims"] if claim["page"] == page]
    assert claims
    assert all(claim["holds"] for claim in claims)


def test_the_claims_page_lists_every_claim(site: Path, report: dict[str, Any]) -> None:
    tables = checks.soup(site / "claims.html").select(".claims-table table")
    rows = [row for table in tables for row in table.select("tbody tr")]
    assert len(rows) == len(report["claims"])
    assert len(tables) == len({claim["page"] for claim in report["claims"]})


def test_every_chapter_was_executed_within_its_budget(report: dict[str, Any]) -> None:
    """Elsewhere than in CI a build only tells who is over; here it must have told it."""
    executed = {chapter["page"]: chapter for chapter in report["chapters"]}
    assert set(CHAPTERS) <= set(executed)
    for page in CHAPTERS:
        chapter, budget = executed[page], read_myst_markdown_notebook(SOURCES[page]).metadata.budget
        within = (
            chapter["seconds"] <= budget["seconds"] * chapter["slowness"]
            and chapter["peak_mb"] <= budget["megabytes"]
        )
        assert within or (chapter["over_budget"] and not os.environ.get("CI")), chapter
