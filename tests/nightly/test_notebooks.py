"""Every notebook of the book, run from the unpacked zip, each where nothing of the book is.

This takes about as long as building the book, so only ``make test-notebooks`` runs it, which is
meant for every night; ``make test`` runs one of them (``tests/site/test_notebooks.py``).
"""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest

from tests.outside import Outside, printed
from tests.site.contents import PAGES, ROOT, SOURCES

ARCHIVE = ROOT / "_build" / "html" / "downloads" / "notebooks.zip"
WITH_CODE = [page for page in PAGES if "{code-cell}" in SOURCES[page]]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not ARCHIVE.exists():
        pytest.fail("the book is not built. Remedy: make book", pytrace=False)
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    (inner,) = folder.iterdir()
    return inner


@pytest.mark.parametrize("page", WITH_CODE)
def test_a_notebook_runs_from_top_to_bottom(unpacked: Path, tmp_path: Path, page: str) -> None:
    path = unpacked / f"{page}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    Outside(tmp_path).execute(notebook, path.parent)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert printed(code[0]).startswith("lessons_code was installed from the folder ")
    failed = [line for cell in code for line in printed(cell).splitlines() if " fails: " in line]
    assert failed == []
