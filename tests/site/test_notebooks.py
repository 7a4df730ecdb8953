"""The notebooks that the site offers, one by one and in a zip, run outside of this project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import nbformat
import pytest

from tests.outside import Outside, printed
from tests.site import checks
from tests.site.contents import CHAPTERS, PAGES, SOURCES

WITH_CODE = [page for page in PAGES if "{code-cell}" in SOURCES[page]]
ARCHIVE = Path("downloads", "notebooks.zip")


@pytest.fixture
def unpacked(site: Path, tmp_path: Path) -> Path:
    """Unpack the zip as a reader does, and return the folder that it makes."""
    with ZipFile(site / ARCHIVE) as archive:
        archive.extractall(tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    return folder


def test_the_zip_holds_what_a_reader_needs(site: Path) -> None:
    with ZipFile(site / ARCHIVE) as archive:
        held = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    (wheel,) = (site / "downloads").glob("lessons_code-*.whl")
    assert set(held) == {
        *(f"{page}.ipynb" for page in WITH_CODE),
        *("start-here.html", "start-here.ipynb", "check_setup.py", wheel.name),
    }
    assert held[wheel.name] == wheel.read_bytes()
    assert all(held[f"{p}.ipynb"] == (site / f"{p}.ipynb").read_bytes() for p in WITH_CODE)
    assert sum(map(len, held.values())) < 3_000_000


def test_notebooks_have_the_numbers_of_the_run_and_no_trace_of_how_they_came(site: Path) -> None:
    for page in WITH_CODE:
        book = nbformat.read(site / f"{page}.ipynb", as_version=4)
        text = "\n".join(c.source for c in book.cells if c.cell_type == "markdown")
        if page != "what-went-wrong":  # dots stand for what differs from message to message
            assert "…" not in text, page
        assert not re.search(r"\bglue\b", "\n".join(c.source for c in book.cells)), page


def test_the_page_for_who_installs_leads_to_the_zip_and_to_the_check(site: Path) -> None:
    page = checks.soup(site / "set-up.html")
    links = [str(link["href"]) for link in page.select("main a[href]")]
    assert "downloads/notebooks.zip" in links
    (check,) = [link for link in links if link.endswith("check_setup.py")]
    assert (site / check).is_file()


def test_a_notebook_runs_where_nothing_of_the_book_is(
    unpacked: Path, tmp_path: Path, report: dict[str, Any]
) -> None:
    seconds = {entry["page"]: entry["seconds"] for entry in report["chapters"]}
    quickest = min(CHAPTERS, key=lambda page: seconds[page])
    path = unpacked / f"{quickest}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    outside = Outside(tmp_path / "outside")
    outside.execute(notebook, path.parent)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert printed(first) == f"lessons_code was installed from the folder {unpacked}.\nReady.\n"
    assert (outside.installed / "lessons_code").is_dir()
