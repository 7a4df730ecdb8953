"""The parts of a chapter in a browser, on the style guide, which has one of each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.site import checks
from tests.site.checks import complaints
from tests.site.conftest import Visitor

PAGE = "style-guide.html"
STILL = "200 throws"
BOX = "#predict-style-guide-coins"
ANSWER = "#answer-style-guide-coins"
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
DAMAGED = "Storage.prototype.getItem = () => '{';"


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
    page.locator(".animation-label", has_text="40 throws").wait_for()
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
    page.get_by_text("Three options or more").tap()
    assert not tooltip.is_visible()
    term.tap()
    tooltip.wait_for()
    assert PAGE in page.url
    term.tap()
    page.wait_for_url("**/glossary.html#term-loss")


# predictions


def meet(page: Any) -> None:
    """Scroll to the answer, as a reader does."""
    page.locator(ANSWER).scroll_into_view_if_needed()
    page.locator(f"{ANSWER}[open]").wait_for()


def test_a_choice_is_kept_and_can_be_changed_until_the_answer_is_met(visit: Visitor) -> None:
    opened = visit(PAGE)
    page = opened.page
    radios = page.locator(BOX).get_by_role("group", name="Your prediction").get_by_role("radio")
    status = page.locator(BOX).get_by_role("status")
    assert radios.count() == 3
    radios.nth(2).check()
    assert status.inner_text().startswith("You say C. You can change this")
    page.locator(f"{BOX} label").nth(1).click()
    assert status.inner_text().startswith("You say B.")
    assert page.locator(".answer-hint").is_hidden()
    page.reload()
    assert radios.nth(1).is_checked()
    assert page.locator(ANSWER).get_attribute("open") is None
    meet(page)
    words = page.locator(f"{BOX} li").nth(1).inner_text()
    said = " ".join(page.locator(f"{ANSWER} .answer-chosen").inner_text().split())
    assert said == f"You said {' '.join(words.split())}"
    assert radios.nth(0).is_disabled()
    assert status.inner_text() == "You said B. The answer was shown."
    page.reload()
    assert page.locator(f"{ANSWER}[open]").count() == 1
    assert radios.nth(1).is_checked()
    assert radios.nth(0).is_disabled()
    assert opened.problems == []


@pytest.mark.parametrize("right", [True, False])
def test_the_answer_tells_whether_the_choice_was_right(visit: Visitor, right: bool) -> None:
    page = visit(PAGE).page
    key = page.locator(ANSWER).get_attribute("data-right")
    chosen = f"[value='{key}']" if right else f":not([value='{key}'])"
    page.locator(f"{BOX} input{chosen}").first.check()
    meet(page)
    mark = page.locator(f"{ANSWER} .answer-chosen").get_attribute("data-answer")
    assert mark == ("right" if right else "wrong")


@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_can_choose(visit: Visitor, width: int) -> None:
    page = visit(PAGE, width=width, touch=True).page
    label = page.locator(f"{BOX} label").first
    label.scroll_into_view_if_needed()
    assert label.bounding_box()["height"] >= 44
    label.tap()
    assert page.locator(f"{BOX} input").first.is_checked()


def test_keys_alone_choose_and_arrows_on_the_way_are_no_choice(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.set_viewport_size({"width": 1440, "height": 9000})  # box and answer are seen at once
    page.locator(f"{BOX} input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(300)
    assert page.locator(f"{BOX} input").nth(2).is_checked()
    assert page.locator(f"{ANSWER}[open]").count() == 0
    page.keyboard.press("Tab")
    page.locator(f"{ANSWER}[open]").wait_for()
    assert page.locator(f"{ANSWER} .answer-chosen").inner_text().startswith("You said C.")


def test_who_has_not_chosen_is_led_back_and_may_look_all_the_same(visit: Visitor) -> None:
    page = visit(PAGE).page
    answer, hint = page.locator(ANSWER), page.locator(".answer-hint")
    answer.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert answer.get_attribute("open") is None
    hint.get_by_role("link", name="Predict first").click()
    assert page.url.endswith(BOX)
    page.locator(f"{BOX} input:focus").wait_for()
    answer.locator("summary").click()
    assert "Right is " in answer.inner_text()
    assert hint.is_hidden()
    assert page.locator(f"{BOX} input").first.is_disabled()
    assert "before you chose" in page.locator(BOX).get_by_role("status").inner_text()


@pytest.mark.parametrize("before", [FORBIDDEN, FULL, DAMAGED], ids=["forbidden", "full", "damaged"])
def test_where_nothing_can_be_kept_predictions_work_until_the_page_is_left(
    visit: Visitor, before: str
) -> None:
    opened = visit(PAGE, before=before)
    page = opened.page
    page.locator(f"{BOX} label").nth(2).click()
    page.locator(f"{BOX} label").nth(0).click()
    meet(page)
    assert page.locator(f"{ANSWER} .answer-chosen").inner_text().startswith("You said A.")
    assert opened.problems == []


def test_what_is_remembered_stands_under_one_key(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.locator(f"{BOX} label").first.click()
    kept = page.evaluate("Object.entries(localStorage)")
    assert [key for key, _ in kept] == ["book-1:/"]
    assert "style-guide-coins" in kept[0][1]


def test_an_answer_that_opens_for_printing_was_not_met(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(f"{ANSWER}[open]").count() == 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(f"{ANSWER}[open]").count() == 0
    assert page.locator(f"{BOX} input").first.is_enabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_box_that_was_answered(visit: Visitor, theme: str) -> None:
    page = visit(PAGE, theme=theme, motion=False).page
    page.locator(f"{BOX} label").first.click()
    assert complaints(page) == []
    meet(page)
    page.locator("details.quiz-option summary").first.click()
    assert complaints(page) == []


# the quiz


def test_a_quiz_marks_and_counts_first_answers_and_says_so(visit: Visitor) -> None:
    opened = visit(PAGE)
    page = opened.page
    wrong = page.locator("details.quiz-option[data-option=wrong]").first
    right = page.locator("details.quiz-option[data-option=right]")
    score = page.locator(".quiz-score")
    assert score.inner_text() == "0 of 1 answered."
    wrong.locator("summary").focus()
    page.keyboard.press("Enter")
    feedback = wrong.locator(".feedback").inner_text()
    assert feedback.startswith("Not quite:")
    assert wrong.get_attribute("data-answer") == "wrong"
    assert score.get_attribute("role") == "status"
    said = " ".join(score.inner_text().split())
    assert said.startswith(feedback)
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
    option = page.locator("details.quiz-option[data-option=right]")
    option.locator("summary").click()
    assert option.get_by_text("square root").is_visible()
    options = page.locator(f"{BOX} li").all_inner_texts()
    assert [text[:3] for text in options] == ["A. ", "B. ", "C. "]
    assert page.locator(f"{BOX} input, {BOX} [role=status], .answer-hint").count() == 0
    answer = page.locator(ANSWER)
    answer.locator("summary").click()
    assert "Right is " in answer.inner_text()


def test_every_part_works_from_a_folder(visit: Visitor) -> None:
    opened = visit(PAGE, folder=True)
    assert opened.page.locator(".animation-play").is_visible()
    assert opened.page.locator(".quiz-score").is_visible()
    opened.page.locator("a.term").first.focus()
    assert opened.page.get_by_role("tooltip").is_visible()
    opened.page.locator(f"{BOX} label").nth(1).click()
    opened.page.reload()
    assert opened.page.locator(f"{BOX} input").nth(1).is_checked()
    assert opened.problems == []


def test_pages_load_only_the_scripts_of_their_parts(site: Path) -> None:
    def scripts(page: str) -> list[str]:
        sources = [str(tag["src"]) for tag in checks.soup(site / page).select("script[src]")]
        parts = r"(animation|memory|predictions|previews|quiz)\.js"
        found = [re.search(parts, source) for source in sources]
        return sorted(match[1] for match in found if match)

    assert scripts(PAGE) == ["animation", "memory", "predictions", "previews", "quiz"]
    assert scripts("index.html") == ["memory", "previews"]  # memory: where the reader stopped


def test_a_blank_says_what_is_missing_and_the_solution_passes(site: Path) -> None:
    page = checks.soup(site / PAGE)
    (blank,) = page.select("p.check-open")
    assert "still has ... in it" in blank.get_text()
    (done,) = page.select("p.check-done")
    assert done.find_parent(class_="solution") is not None
