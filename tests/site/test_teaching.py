"""The half day: its clock, the slides that it names, and what is printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.site import checks
from tests.site.checks import complaints
from tests.site.conftest import Visitor
from tests.site.contents import SOURCES

DAY, SLIDES, HANDOUT = (f"teaching/{name}" for name in ("half-day", "slides", "handout"))
ROW = re.compile(r"^\| (\d):(\d\d) \| (\d+) \| (?:\*\*(.*?)\*\* )?(.*) \|$", re.MULTILINE)
SLOW = 3  # how many times as long as the reference machine a slow laptop takes


def titles(site: Path) -> list[str]:
    """Return the titles of the slides, in their order."""
    headings = checks.soup(site / f"{SLIDES}.html").select("article section > :is(h1, h2, h3)")
    return [heading.contents[0].get_text() for heading in headings]


def test_the_clock_goes_on_without_a_gap_for_four_hours() -> None:
    now = 0
    for hours, past, minutes, *_ in ROW.findall(SOURCES[DAY]):
        assert now == 60 * int(hours) + int(past)
        now += int(minutes)
    assert now == 240


def test_the_clock_names_every_slide_in_its_order(site: Path) -> None:
    named = [title for row in ROW.findall(SOURCES[DAY]) for title in row[3].split("; ") if title]
    assert named == titles(site)


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [("first-networks/fizzbuzz", 85, 145), ("seeing/wardrobe", 185, 232)],
)
def test_a_slow_laptop_computes_an_act_in_a_tenth_of_its_time(
    page: str, first: int, last: int
) -> None:
    matter = yaml.safe_load(SOURCES[page].split("---")[1])
    assert SLOW * matter["budget"]["seconds"] <= 60 * (last - first) / 10


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("page", [SLIDES, HANDOUT])
def test_a_slide_has_a_page_and_the_handout_two(
    site: Path, visit: Visitor, page: str, paper: str
) -> None:
    printed = visit(f"{page}.html").page.pdf(format=paper, prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type /Page\b", printed))
    assert pages == (len(titles(site)) if page == SLIDES else 2)


def shown(page: Any) -> str:
    """Return the title of the slide that alone is shown."""
    headings = page.locator("article section > :is(h1, h2, h3)").filter(visible=True)
    assert headings.count() == 1
    return str(headings.evaluate("heading => heading.firstChild.textContent"))


everywhere = pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])


@everywhere
def test_slides_are_turned_by_keys(site: Path, visit: Visitor, folder: bool) -> None:
    opened = visit(f"{SLIDES}.html", folder=folder)
    page, names = opened.page, titles(site)
    start = page.get_by_role("button", name="Show as slides")
    start.focus()
    page.keyboard.press("Enter")
    assert shown(page) == names[0]
    for key, place in [
        ("ArrowRight", 1),
        ("PageDown", 2),
        ("Enter", 3),  # the button "Next" has the focus
        ("ArrowLeft", 2),
        ("PageUp", 1),
        ("End", -1),
        ("ArrowRight", -1),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowRight", 1),
    ]:
        page.keyboard.press(key)
        assert shown(page) == names[place], key
    assert page.get_by_role("status").filter(visible=True).inner_text().startswith("2 of ")
    page.keyboard.press("Escape")
    assert page.locator("article section h3").filter(visible=True).count() > 20
    assert start.evaluate("button => button === document.activeElement")
    assert opened.problems == []


def test_slides_go_on_where_the_address_says(site: Path, visit: Visitor) -> None:
    page = visit(f"{SLIDES}.html").page
    page.get_by_role("button", name="Show as slides").click()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.reload()
    page.get_by_role("button", name="Show as slides").click()
    assert shown(page) == titles(site)[3]


SWIPE = """(slide, by) => {
    const touch = x => [new Touch({ identifier: 1, target: slide, clientX: x, clientY: 300 })];
    const tell = (name, given) =>
        slide.dispatchEvent(new TouchEvent(name, { bubbles: true, ...given }));
    tell("touchstart", { touches: touch(200), changedTouches: touch(200) });
    tell("touchend", { touches: [], changedTouches: touch(200 + by) });
}"""


def test_slides_are_turned_by_a_swipe_and_by_buttons(site: Path, visit: Visitor) -> None:
    page, names = visit(f"{SLIDES}.html", width=390, touch=True).page, titles(site)
    page.get_by_role("button", name="Show as slides").tap()
    for by, place in [(-120, 1), (-120, 2), (120, 1), (-20, 1)]:
        page.locator(".slide-shown").evaluate(SWIPE, by)
        assert shown(page) == names[place]
    page.get_by_role("button", name="Next").tap()
    assert shown(page) == names[2]
    page.get_by_role("button", name="End").tap()
    assert page.locator("article section h3").filter(visible=True).count() > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_slides(site: Path, visit: Visitor, theme: str) -> None:
    """As a page, slides are looked at like every other; here is what the script makes of them."""
    page = visit(f"{SLIDES}.html", theme=theme, motion=False).page
    page.get_by_role("button", name="Show as slides").click()
    wrong = {}
    for number, title in enumerate(titles(site)):
        if number in {0, 3} or title == "Before the break":  # text; figure and guess; question
            wrong[title] = complaints(page)
        page.keyboard.press("ArrowRight")
    assert len(wrong) == 3
    assert not any(wrong.values()), wrong


def test_no_slide_is_wider_than_a_phone(visit: Visitor) -> None:
    page = visit(f"{SLIDES}.html", width=360).page
    page.get_by_role("button", name="Show as slides").click()
    for _ in range(page.locator("article section").count()):
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, shown(page)
        page.keyboard.press("ArrowRight")


def test_on_a_projector_hardly_a_slide_has_to_be_scrolled(visit: Visitor) -> None:
    page = visit(f"{SLIDES}.html").page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("button", name="Show as slides").click()
    long = []
    for _ in range(page.locator("article section").count()):
        if page.evaluate("document.documentElement.scrollHeight") > 720:
            long.append(shown(page))
        page.keyboard.press("ArrowRight")
    assert len(long) <= 3, long


def test_slides_are_a_page_without_javascript(visit: Visitor) -> None:
    page = visit(f"{SLIDES}.html", javascript=False, width=390).page
    assert page.locator("article section h3").filter(visible=True).count() > 20
    assert page.get_by_role("button", name="Show as slides").count() == 0


def test_a_question_on_a_slide_is_opened_by_its_reader(visit: Visitor) -> None:
    page = visit(f"{SLIDES}.html").page
    option = page.locator(".copied-question details").first
    option.locator("summary").click()
    assert option.get_attribute("data-answer") in {"right", "wrong"}


def test_what_is_copied_keeps_no_choice_of_its_reader(visit: Visitor) -> None:
    """A guess in a chapter stays with its reader; on a slide there are hands."""
    page = visit(f"{SLIDES}.html").page
    assert page.locator(".predict").count() > 10
    assert page.locator("input[type=radio]").count() == 0
