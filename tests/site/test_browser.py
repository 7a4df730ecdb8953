"""The site in a real browser: nothing fails, nothing foreign is asked for, all can use it."""

from __future__ import annotations

import pytest

from tests.site.checks import complaints
from tests.site.conftest import Look, Visitor
from tests.site.contents import ALL_PAGES, CHAPTERS
from tests.site.visits import variants

EVERY_PAGE = [f"{page}.html" for page in ALL_PAGES]
CHAPTER = f"{CHAPTERS[-1]}.html"
every_page = pytest.mark.parametrize("page", EVERY_PAGE)
everywhere = pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])


@everywhere
@every_page
def test_a_page_opens_without_an_error_or_a_foreign_request(
    seen: Look, page: str, folder: bool
) -> None:
    assert seen(page).problems[folder] == []


@pytest.mark.parametrize(
    ("page", "variant"), [(page, name) for page in EVERY_PAGE for name in variants(page)]
)
def test_axe_finds_nothing_on_a_phone_or_a_desk_by_day_or_by_night(
    seen: Look, page: str, variant: str
) -> None:
    assert seen(page).complaints[variant] == []


def test_axe_finds_what_is_wrong(visit: Visitor) -> None:
    """The check above would go red."""
    opened = visit("404.html")
    opened.page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any("image-alt" in complaint for complaint in complaints(opened.page))


@every_page
def test_no_page_is_wider_than_a_phone(seen: Look, page: str) -> None:
    assert seen(page).wide <= 360


def test_a_foreign_request_and_a_broken_policy_are_noticed(visit: Visitor) -> None:
    opened = visit("404.html")
    opened.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<img src="http://127.0.0.1:9/x.png" alt=""><p style="color: red">\')'
    )
    for _ in range(50):
        opened.page.wait_for_timeout(20)
        if len(opened.errors) >= 2:
            break
    assert sum("Content Security Policy" in error for error in opened.errors) == 2


@everywhere
def test_search_finds_a_word(visit: Visitor, folder: bool) -> None:
    opened = visit(CHAPTER, folder=folder)
    field = opened.page.get_by_role("searchbox", name="Search this book")
    field.fill("kernel")
    field.press("Enter")
    result = opened.page.locator("ul.search a", has_text="Convolution").first
    result.wait_for()
    opened.page.wait_for_load_state("networkidle")  # leaving earlier would cut excerpts short
    result.click()
    opened.page.wait_for_url("**/convolution.html*")
    assert opened.problems == []


@everywhere
def test_the_theme_can_be_switched_and_stays(visit: Visitor, folder: bool) -> None:
    opened = visit(CHAPTER, theme="light", folder=folder)
    color = "getComputedStyle(document.body).backgroundColor"
    light = opened.page.evaluate(color)
    switch = opened.page.get_by_role("button", name="Dark theme")
    assert switch.get_attribute("aria-pressed") == "false"
    switch.focus()
    opened.page.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true"
    assert opened.page.evaluate(color) != light
    opened.page.reload()
    assert opened.page.evaluate(color) != light


def test_the_system_s_theme_is_the_first(visit: Visitor) -> None:
    opened = visit("index.html", theme="dark")
    assert opened.page.locator("html").get_attribute("data-theme") == "dark"


def test_folds_open_by_keyboard(visit: Visitor) -> None:
    page = visit(CHAPTER).page
    for kind in ("details.hide", "details.quiz-option", "details.solution"):
        fold = page.locator(kind).first
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        assert fold.get_attribute("open") is not None, kind


def test_folds_are_open_on_paper_and_shut_afterwards(visit: Visitor) -> None:
    page = visit(CHAPTER).page
    shut = page.locator("details:not([open])").count()
    assert shut
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == shut


def test_the_contents_are_a_drawer_on_a_phone(visit: Visitor) -> None:
    page = visit(CHAPTER, width=390, touch=True).page
    drawer = page.get_by_role("navigation", name="Contents")
    assert not drawer.is_visible()
    page.get_by_role("button", name="Contents").tap()
    assert drawer.is_visible()
    assert drawer.locator("[aria-current=page]").is_visible()
    page.keyboard.press("Escape")
    assert not drawer.is_visible()
    page.get_by_role("button", name="Contents").tap()
    drawer.locator(".contents-sections a").last.tap()
    assert not drawer.is_visible()


def test_everything_in_the_frame_is_reached_by_keyboard_and_shows_it(visit: Visitor) -> None:
    page = visit(CHAPTER).page
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText")
        )
        assert page.evaluate(
            "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"
        ), names[-1]
    assert names[0] == "Skip to the text"
    assert {"Dark theme", "Search this book", "Front page"} <= set(names)


def test_what_scrolls_sideways_can_be_focused(visit: Visitor) -> None:
    page = visit(CHAPTER, width=360).page
    page.locator("article pre[tabindex='0']").first.wait_for()
    unreachable = page.evaluate(
        "[...document.querySelectorAll('article pre, article .scroll')]"
        ".filter(box => box.checkVisibility({ contentVisibilityAuto: true }))"
        ".filter(box => box.scrollWidth > box.clientWidth && box.tabIndex < 0).length"
    )
    assert unreachable == 0


def test_code_is_copied(visit: Visitor) -> None:
    page = visit(CHAPTER).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = page.locator(".cell_input .highlight").first
    block.hover()
    block.get_by_role("button", name="Copy").click()
    block.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "import keras" in copied
    assert "Copy" not in copied


def test_a_chapter_reads_without_javascript(visit: Visitor) -> None:
    page = visit(CHAPTER, javascript=False, width=390).page
    assert page.locator("h1").is_visible()
    assert not page.get_by_role("button", name="Dark theme").is_visible()
    page.locator("details.hide summary").first.click()
    assert page.locator("details.hide .cell_input").first.is_visible()
    page.get_by_role("button", name="Contents").click()
    assert page.get_by_role("navigation", name="Contents").is_visible()
