"""Each check of the site is seen to go red."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import unit
from tests.site import checks
from tests.site.server import serving
from tests.site.visits import THEMES, VARIANTS, WIDTHS, opener, see, variants


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


@pytest.mark.parametrize(
    "markup",
    [
        "<p style='color: red'>",
        "<style>p {}</style>",
        "<script>go()</script>",
        "<button onclick='go()'>",
        "<img src='https://example.org/a.png'>",
        "<script src='//example.org/a.js'></script>",
        "<link href='https://example.org/a.css' rel='stylesheet'>",
        "<base href='x'>",
    ],
)
def test_a_hole_in_the_policy_is_found(page: Path, markup: str) -> None:
    page.write_text(markup)
    assert len(checks.holes(page)) == 1


def test_data_and_links_are_no_holes(page: Path) -> None:
    page.write_text(
        "<script type='application/json'>{}</script><a href='https://example.org'>x</a>"
        "<img src='data:image/png;base64,'><script src='a.js'></script>"
    )
    assert checks.holes(page) == []


@pytest.mark.parametrize("markup", ["<h2>a</h2>", "<h1>a</h1><h3>b</h3>", "<h1>a</h1><h1>b</h1>"])
def test_a_skipped_heading_is_found(page: Path, markup: str) -> None:
    page.write_text(f"<main>{markup}</main>")
    assert len(checks.skipped_headings(page)) == 1


def test_headings_in_order_are_not_complained_about(page: Path) -> None:
    page.write_text("<main><h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2></main>")
    assert checks.skipped_headings(page) == []


def test_tests_of_a_page_are_run_in_one_process() -> None:
    """Elsewhere each test is handed out by itself."""
    for place in (
        "test_browser.py::test_a[light, 390 px wide-seeing/convolution.html]",
        "test_pages.py::test_b[seeing/convolution]",
        "test_demos.py::test_c[draw-a-digit-seeing/convolution.html-server]",
    ):
        assert unit(f"tests/site/{place}") == "seeing/convolution"
    assert unit("tests/site/test_frame.py::test_d[index]") == "index"
    alone = "tests/site/test_parts.py::test_e[320]"
    assert unit(alone) == alone


def test_a_page_is_looked_at_in_each_width_and_theme_and_one_with_all_parts_in_all_pairs() -> None:
    themes, widths = zip(*variants("seeing/convolution.html").values(), strict=True)
    assert set(themes) == set(THEMES)
    assert set(widths) == set(WIDTHS)
    assert variants("style-guide.html").keys() == VARIANTS.keys()
    assert len(VARIANTS) == len(THEMES) * len(WIDTHS)


BAD = """<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>
<noscript><style>.demo-text { display: none }</style></noscript>
<p style="width: 900px">Wide.</p><div class="demo" data-demo="broken">
<p class="demo-text">Text.<img src="http://127.0.0.1:9/x.png"></p>
<div class="demo-root"><b style="margin-left: 5000px">Out</b><p role="alert">Broken.</p></div>
</div></main><script>
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.onchange = () => { document.documentElement.dataset.theme = dark.matches ? "dark" : "light" };
dark.onchange();
</script>"""


def test_a_visit_sees_whatever_is_wrong(browser: Any, page: Path) -> None:
    page.write_text(BAD)
    with serving(page.parent) as address, opener(browser, page.parent, address) as visit:
        seen = see(visit, page.name)
    for folder in (False, True):
        assert {one.partition(":")[0] for one in seen.problems[folder]} >= {"foreign request"}
        assert any(one.startswith("failed: ") for one in seen.problems[folder])
        assert not seen.started["broken", folder].loaded_after
        assert seen.started["broken", folder].alerts == 1
    assert seen.complaints.keys() == variants(page.name).keys()
    for found in (*seen.complaints.values(), *(seen.idle[theme] for theme in THEMES)):
        assert any("image-alt" in complaint for complaint in found)
    assert seen.wide > 360
    assert seen.outside["broken"]
    assert seen.plain == {"broken": None}
