"""Each check of the site is seen to go red."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import checks


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "other.html").write_text("<p id='here'>text</p>")
    return tmp_path / "page.html"


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("gone.html", "no such file"),
        ("other.html#gone", "no such anchor"),
        ("#gone", "no such anchor"),
    ],
)
def test_a_broken_link_is_found(page: Path, link: str, complaint: str) -> None:
    page.write_text(f"<a href='{link}'>there</a>")
    assert list(checks.broken_links(page.parent)) == [f"page.html: {link}: {complaint}"]


@pytest.mark.parametrize("link", ["other.html#here", "https://example.org/x", "mailto:a@b.org"])
def test_a_sound_link_is_not_complained_about(page: Path, link: str) -> None:
    page.write_text(f"<a href='{link}'>there</a>")
    assert list(checks.broken_links(page.parent)) == []


@pytest.mark.parametrize("alt", ["", "../_images/a1b2.png", "figure one"])
def test_a_picture_without_words_is_found(page: Path, alt: str) -> None:
    page.write_text(f"<img src='x.png' alt='{alt}'><figure><svg role='img'></svg></figure>")
    assert len(list(checks.silent_pictures(page))) == 2


def test_a_picture_with_words_is_not_complained_about(page: Path) -> None:
    page.write_text(
        "<img alt='A curve that falls and then stays flat.'>"
        "<figure><svg role='img' aria-label='Ten bars, one of them tall.'></svg></figure>"
    )
    assert list(checks.silent_pictures(page)) == []


def test_a_traceback_a_log_line_and_a_repeated_id_are_found(page: Path) -> None:
    page.write_text(
        "<div class='output traceback'>NameError</div>"
        "<p id='a'>I0000 00:00:17.3 4 port.cc:153] oneDNN custom operations are on.</p><p id='a'>"
    )
    assert checks.tracebacks(page) == 1
    assert checks.log_lines(page)
    assert checks.repeated_ids(page) == ["a"]
