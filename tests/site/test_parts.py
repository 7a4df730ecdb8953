"""The parts of a chapter in a browser, on the style guide, which has one of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.site import checks
from tests.site.conftest import Visitor

PAGE = "style-guide.html"
STILL = "200 throws"


def visible_frames(page: Any) -> set[str]:
    """Return which variants of the animated parts are drawn."""
    parts = page.locator(".animation [data-frames]").evaluate_all(
        "parts => parts.filter(p => getComputedStyle(p).display !== 'none')"
        ".map(p => p.dataset.frames)"
    )
    return set(parts)


def last_frame(page: Any) -> str:
    return str(len(page.locator(".animation").evaluate("a => JSON.parse(a.dataset.labels)")) - 1)


# animations


def test_an_animation_waits_for_the_reader_and_stops_at_the_end(visit: Visitor) -> None:
    opened = visit(PAGE)
    page = opened.page
    label = page.locator(".animation-label")
    page.wait_for_timeout(1200)
    assert label.inner_text() == STILL
    assert visible_frames(page) == {last_frame(page)}
    page.get_by_role("button", name="Play").click()
    assert label.inner_text() == "20 throws"
    assert visible_frames(page) == {"0"}
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for(timeout=20_000)
    assert label.inner_text() == STILL
    assert page.locator(".animation [role=status]").inner_text() == f"Stopped at {STILL}"
    assert opened.problems == []


def test_an_animation_can_be_paused_and_stepped_with_keys_alone(visit: Visitor) -> None:
    page = visit(PAGE, width=390).page
    page.locator(".animation-play").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    page.keyboard.press("Space")
    stopped = page.locator(".animation-label").inner_text()
    page.wait_for_timeout(700)
    assert page.locator(".animation-label").inner_text() == stopped != STILL
    page.keyboard.press("Tab")
    slider = page.get_by_role("slider")
    page.keyboard.press("Home")
    assert slider.get_attribute("aria-valuetext") == "20 throws"
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "40 throws"
    assert visible_frames(page) == {"1"}
    name = page.locator(".animation svg").get_attribute("aria-label")
    assert name.endswith("Shown: 40 throws.")


def test_with_reduced_motion_only_the_slider_moves_an_animation(visit: Visitor) -> None:
    page = visit(PAGE, motion=False).page
    assert not page.locator(".animation-play").is_visible()
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".animation-label").inner_text() == "180 throws"
    page.emulate_media(reduced_motion="no-preference")
    page.locator(".animation-play").wait_for(state="visible")


def test_a_playing_animation_stops_when_motion_becomes_unwanted(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.locator(".animation-play").click()
    page.emulate_media(reduced_motion="reduce")
    page.locator(".animation-play").wait_for(state="hidden")
    stopped = page.locator(".animation-label").inner_text()
    page.wait_for_timeout(1200)
    assert page.locator(".animation-label").inner_text() == stopped


def test_on_paper_an_animation_is_its_still(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.emulate_media(media="print")
    assert visible_frames(page) == {last_frame(page)}
    assert not page.locator(".animation-controls").is_visible()


# terms


def test_a_definition_appears_on_hover_stays_under_the_pointer_and_goes(visit: Visitor) -> None:
    opened = visit(PAGE)
    page = opened.page
    term, tooltip = page.locator("a.term").first, page.get_by_role("tooltip")
    assert not tooltip.is_visible()
    term.hover()
    tooltip.wait_for()
    assert "how wrong" in tooltip.inner_text()
    assert term.get_attribute("aria-describedby") == tooltip.get_attribute("id")
    tooltip.hover()
    page.wait_for_timeout(500)
    assert tooltip.is_visible()
    page.mouse.move(2, 2)
    tooltip.wait_for(state="hidden")
    assert opened.problems == []


def test_a_definition_appears_on_focus_and_escape_closes_it(visit: Visitor) -> None:
    page = visit(PAGE).page
    term, tooltip = page.locator("a.term").first, page.get_by_role("tooltip")
    term.focus()
    assert tooltip.is_visible()
    page.keyboard.press("Escape")
    assert not tooltip.is_visible()
    assert term.evaluate("link => link === document.activeElement")
    page.keyboard.press("Tab")
    assert tooltip.is_visible()  # the next term
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-loss")


@pytest.mark.parametrize("width", [320, 390])
def test_a_tap_shows_a_definition_and_a_second_tap_follows_the_link(
    visit: Visitor, width: int
) -> None:
    page = visit(PAGE, width=width, touch=True).page
    term, tooltip = page.locator("a.term").first, page.get_by_role("tooltip")
    term.tap()
    tooltip.wait_for()
    box = tooltip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.get_by_text("Each option is a fold").tap()
    assert not tooltip.is_visible()
    term.tap()
    tooltip.wait_for()
    assert PAGE in page.url
    term.tap()
    page.wait_for_url("**/glossary.html#term-loss")


# the quiz


def test_a_quiz_marks_and_counts_first_answers_and_says_so(visit: Visitor) -> None:
    opened = visit(PAGE)
    page = opened.page
    wrong, right = page.locator("details.quiz-option").all()
    score = page.locator(".quiz-score")
    assert score.inner_text() == "0 of 1 answered."
    wrong.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "cancel each other" in wrong.inner_text()
    assert wrong.get_attribute("data-answer") == "wrong"
    assert score.get_attribute("role") == "status"
    said = " ".join(score.inner_text().split())
    assert said.startswith("Not quite:")
    assert said.endswith("1 of 1 answered, 0 right at the first try.")
    right.locator("summary").click()
    assert right.get_attribute("data-answer") == "right"
    assert "0 right at the first try" in score.inner_text()
    assert opened.problems == []


def test_folds_that_open_for_printing_are_no_answers(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    page.wait_for_timeout(100)
    assert page.locator(".quiz-score").inner_text() == "0 of 1 answered."
    assert page.locator("[data-answer]").count() == 0


# without a script, and what a page loads


def test_without_javascript_nothing_is_lost(visit: Visitor) -> None:
    page = visit(PAGE, javascript=False).page
    assert page.locator(".animation svg").is_visible()
    assert visible_frames(page) == {"9"}
    assert page.locator(".animation-controls, .quiz-score, [role=tooltip]").count() == 0
    assert "how wrong" in page.locator("a.term").first.get_attribute("title")
    option = page.locator("details.quiz-option").last
    option.locator("summary").click()
    assert option.get_by_text("square root").is_visible()


def test_every_part_works_from_a_folder(visit: Visitor) -> None:
    opened = visit(PAGE, folder=True)
    assert opened.page.locator(".animation-play").is_visible()
    assert opened.page.locator(".quiz-score").is_visible()
    opened.page.locator("a.term").first.focus()
    assert opened.page.get_by_role("tooltip").is_visible()
    assert opened.problems == []


def test_pages_load_only_the_scripts_of_their_parts(site: Path) -> None:
    def scripts(page: str) -> list[str]:
        sources = [str(tag["src"]) for tag in checks.soup(site / page).select("script[src]")]
        found = [re.search(r"(animation|quiz|tooltips)\.js", source) for source in sources]
        return sorted(match[1] for match in found if match)

    assert scripts(PAGE) == ["animation", "quiz", "tooltips"]
    assert scripts("index.html") == []


def test_a_blank_says_what_is_missing_and_the_solution_passes(site: Path) -> None:
    page = checks.soup(site / PAGE)
    (blank,) = page.select("p.check-open")
    assert "still has ... in it" in blank.get_text()
    (done,) = page.select("p.check-done")
    assert done.find_parent(class_="solution") is not None
