"""The files of a release: names with the version, checksums, and refusals."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from booktools.review.release import ReleaseError, gather, number
from tests.booktools.books import Book, run_ready


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    (folder / "pages").mkdir(parents=True)
    for name in ("book.zip", "code-0.1.0-py3-none-any.whl", "SHA256SUMS", ".half"):
        (folder / name).write_text(name)
    return folder


def test_downloads_are_copied_with_their_checksums(downloads: Path, tmp_path: Path) -> None:
    place = tmp_path / "release"
    place.mkdir()
    (place / "of-yesterday.zip").touch()
    made = gather(downloads, place, "1.2.0")
    assert [path.name for path in made] == [
        "book-1.2.0.zip",
        "code-0.1.0-py3-none-any.whl",  # with another name, nothing would install it
        "SHA256SUMS",
    ]
    assert sorted(place.iterdir()) == sorted(made)
    assert (place / "book-1.2.0.zip").read_text() == "book.zip"


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_readers_can_check_what_arrived(downloads: Path, tmp_path: Path) -> None:
    place = tmp_path / "release"
    gather(downloads, place, "1.2.0")
    check = ["sha256sum", "--check", "SHA256SUMS"]
    assert subprocess.run(check, cwd=place, capture_output=True, check=False).returncode == 0
    (place / "book-1.2.0.zip").write_text("damaged on the way")
    done = subprocess.run(check, cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "book-1.2.0.zip: FAILED" in done.stdout


def test_a_version_is_the_one_that_is_cited(tmp_path: Path) -> None:
    citation = tmp_path / "CITATION.cff"
    assert number("v1.2.0", citation) == "1.2.0"
    citation.write_text("version: 1.2.0\n")
    assert number("1.2.0", citation) == "1.2.0"
    with pytest.raises(ReleaseError, match=r"says version 1\.2\.0, the release 1\.3\.0"):
        number("v1.3.0", citation)


@pytest.mark.parametrize("tag", ["", "latest", "v1", "v1.2.0/../..", "v1.2.0 x", "v1.2.0;x"])
def test_what_is_no_version_is_refused(tag: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"is no version. Remedy: name it as in v1\.2\.0"):
        number(tag, tmp_path / "CITATION.cff")


def test_the_command_says_what_is_missing(book: Callable[..., Book]) -> None:
    made = book(a="1")
    done = run_ready("booktools", ("release", "v1.2.0"), made.root)
    assert done.returncode == 2
    assert "Remedy: `make downloads` first." in done.stderr
    made.write("_build/html/downloads/book.epub", "x")
    done = run_ready("booktools", ("release", "v1.2.0"), made.root)
    assert done.returncode == 0
    assert (made.root / "_build/release/book-1.2.0.epub").is_file()
