"""The book's own page of downloads, and its zip, unpacked and opened from the folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.site import checks
from tests.site.visits import Visit, watch


def test_every_file_that_is_offered_is_there_and_is_what_its_checksum_says(site: Path) -> None:
    items = checks.soup(site / "downloads.html").select(".downloads li")
    offered = [item for item in items if item.a]
    assert len(items) >= 3
    assert offered
    for item in offered:
        assert item.a is not None
        held = (site / str(item.a["href"])).read_bytes()
        assert item.code is not None
        assert hashlib.sha256(held).hexdigest() == item.code.get_text()


@pytest.mark.builds
def test_the_zip_works_from_a_folder(browser: object, site: Path, tmp_path: Path) -> None:
    (place,) = (site / "downloads").glob("*-keras.zip")
    with ZipFile(place) as held:
        held.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert list(checks.broken_links(folder)) == []
    context = browser.new_context()  # type: ignore[attr-defined]
    for page in ("index", "seeing/convolution", "downloads", "search"):
        opened = Visit(context.new_page())
        watch(opened, f"{folder.as_uri()}/")
        opened.page.goto(f"{folder.as_uri()}/{page}.html")
        opened.page.wait_for_load_state("load")
        assert opened.problems == []
    context.close()
