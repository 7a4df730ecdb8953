"""The script that names the section in view in the report of a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SCRIPT = Path(__file__).parents[2] / "booktools/site/theme/static/booktools/mend.js"
PAGE = """<!DOCTYPE html><html lang="en"><title>A page</title>
<style>section {{ height: 2000px }}</style>
<a id="here" data-section="{name}" href="https://example.org/issues/new?{asked}">Wrong?</a>
<article><h1>A page</h1>
<section><h2>First &amp; best<a class="headerlink" href="#first">#</a></h2></section>
<section><h2>Second</h2><h3>Its <code>part</code></h3></section></article>
<script src="{script}"></script></html>"""


def told(browser: Any, folder: Path, name: str, asked: str, scroll: int) -> str:
    """Return what the report says when the link is followed at a height of the page."""
    path = folder / "page.html"
    path.write_text(PAGE.format(name=name, asked=asked, script=SCRIPT.as_uri()), encoding="utf8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    try:
        page.goto(path.as_uri())
        address = page.evaluate(
            """height => {
                scrollTo(0, height);
                const link = document.getElementById("here");
                link.addEventListener("click", event => event.preventDefault());
                link.click();
                link.click();  // a second click says it once
                return link.href;
            }""",
            scroll,
        )
    finally:
        page.close()
    return parse_qs(urlsplit(address).query)[name][0] if name in address else ""


@pytest.mark.parametrize(
    ("scroll", "section"),
    [(0, "First & best"), (1500, "First & best"), (1900, "Its part"), (9000, "Its part")],
)
def test_the_section_in_view_is_named(
    browser: Any, tmp_path: Path, scroll: int, section: str
) -> None:
    assert told(browser, tmp_path, "section", "page=a.md", scroll) == section


def test_what_the_text_of_an_issue_says_already_stays(browser: Any, tmp_path: Path) -> None:
    asked = "body=Page%3A%20a.md%0ASection%3A%20"
    assert told(browser, tmp_path, "body", asked, 9000) == "Page: a.md\nSection: Its part"
