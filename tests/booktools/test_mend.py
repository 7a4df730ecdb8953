"""Links to mend a page: where they lead, from where they know it, and addresses that are wrong."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from booktools.site.addresses import AddressError, whole
from booktools.site.mend import commit, report
from tests.booktools.books import Book, run_ready

REPOSITORY = {"url": "https://github.com/owner/name", "build": "3e3fa9f1b2c4"}


def asked(address: str) -> dict[str, str]:
    """Return what an address hands over to a form."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_report_fills_a_form_in() -> None:
    address = report(REPOSITORY, "book/größe & maß.md", "Größe & Maß", "page.yml")
    assert address.startswith("https://github.com/owner/name/issues/new?")
    assert asked(address) == {
        "title": "Größe & Maß: ",
        "template": "page.yml",
        "page": "book/größe & maß.md",
        "build": "3e3fa9f1b2c4",
    }


def test_without_a_form_the_text_says_the_same() -> None:
    body = asked(report(REPOSITORY | {"build": ""}, "book/a.md", "A", ""))["body"]
    assert "Page: book/a.md\nBuild: not known\nSection: " in body


def test_a_build_is_known_by_its_commit_or_tag(tmp_path: Path) -> None:
    assert commit(tmp_path) == ""

    def git(*words: str) -> None:
        who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "a").touch()
    git("add", "a")
    git("commit", "-m", "first")
    first = commit(tmp_path)
    assert len(first) == 12
    (tmp_path / "a").write_text("changed")
    assert commit(tmp_path) == f"{first}-dirty"
    git("commit", "-a", "-m", "second")
    git("tag", "v1.2.0")
    assert commit(tmp_path) == "v1.2.0"


def test_an_address_is_taken_without_what_is_added_to_it() -> None:
    for given in ("https://example.org/book", " https://example.org/book// "):
        assert whole(given, "X", "Y") == "https://example.org/book"
    assert whole("http://127.0.0.1:8000/", "X", "Y") == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    "given",
    [
        "example.org/book",
        "www.example.org",
        "file:///tmp/book",
        "git@github.com:owner/name.git",
        "https://",
        "https://example.org/my book",
        "https://example.org/book?x=1",
        "https://example.org/book#top",
        "https://somebody@example.org/book",
        "https://example.org:port/book",
        "https://[example.org",
    ],
)
def test_a_wrong_address_is_refused_with_the_remedy(given: str) -> None:
    with pytest.raises(AddressError, match=r"THE_VARIABLE is .*Remedy: give a whole address"):
        whole(given, "THE_VARIABLE", "https://example.org/book")


@pytest.mark.parametrize("name", ["BOOKTOOLS_URL", "BOOKTOOLS_REPOSITORY"])
def test_a_build_with_a_wrong_address_ends_with_one_clear_word(
    book: Callable[..., Book], name: str
) -> None:
    made = book(a="1")
    made.extend("booktools.site")
    done = run_ready("booktools", ("build",), made.root, {name: "example.org"})
    assert done.returncode == 1
    assert f"{name} is 'example.org'. Remedy: give a whole address" in done.stderr
    assert "Traceback" not in done.stderr
