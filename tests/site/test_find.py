"""The palette and the previews in a browser, and what the index of the palette weighs."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.site import checks
from tests.site.conftest import Visitor
from tests.site.contents import CHAPTERS, PAGES
from tests.site.visits import DIAGONAL
from tests.site.weights import INDEX_LIMIT, index_at

PAGE = "seeing/convolution.html"
INDEX = "_static/booktools/palette-index.js"
everywhere = pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])
# kinds, texts and pages, with letters and doublets that a search can trip over
SMALL: dict[str, Any] = {
    "words": {"page": "Page", "heading": "Heading", "term": "Term", "claim": "Claim"},
    "search": "search.html",
    "pages": [
        ["a.html", "Größe", "heading", ["one", "Wie groß?", "two", "Exercises"]],
        ["b.html", "Kernels", "heading", ["one", "The kernel by hand", "two", "Exercises"],
         "claim", ["claim-1", "A kernel finds edges", "claim-2", "Subkernels find none"]],
        ["c.html", "Glossary", "term", ["term-kernel", "kernel", "term-unseen", "unseen"]],
        ["d.html", "What went wrong", "heading", ["shapes", "The shapes do not fit"],
         "=Error message", [
             "shapes", "ValueError: Shapes (None, 10) and (None, 1) are incompatible",
             "gone", "ModuleNotFoundError: No module named 'keras'"]],
    ],
}  # fmt: skip
ASKED = {
    "kernel": ["kernel", "Kernels", "The kernel by hand", "A kernel finds edges"],
    "KERN": ["Kernels", "kernel"],
    "hand kernel": ["The kernel by hand"],
    "grosse": ["Größe"],
    "GRÖSSE": ["Größe"],
    "gro": ["Größe", "Wie groß?"],
    "exercises kernels": ["Exercises"],  # the one of that page
    "claim edges": ["A kernel finds edges"],
    "shapes": ["ValueError: Shapes (None, 10) and (None, 1) are incompatible"],
    "ValueError: Shapes (32, 7) and (32, 1) are incompatible": [
        "ValueError: Shapes (None, 10) and (None, 1) are incompatible"
    ],
    "Traceback (most recent call last): File x.py, line 3, in <module> import keras "
    "ModuleNotFoundError: No module named 'keras'": [
        "ModuleNotFoundError: No module named 'keras'"
    ],
    "zebra": [],
    "kernel zebra": [],
    "?!": [],
    "": ["Größe", "Kernels", "Glossary", "What went wrong"],
}


def open_palette(page: Any) -> Any:
    """Open the palette by its key, and return its field."""
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find in this book")
    field.wait_for()
    return field


def found(page: Any) -> list[str]:
    texts: list[str] = page.locator(".palette-text").all_inner_texts()
    return texts


# the index


def test_the_index_is_light_at_thirty_chapters(site: Path) -> None:
    index = (site / INDEX).read_bytes()
    assert index_at(30, index, len(CHAPTERS)) <= INDEX_LIMIT


def test_an_index_that_held_more_than_names_would_be_noticed(site: Path) -> None:
    """The limit is not out of reach: with the first lines of each place, the index breaks it."""
    folder = site / "_static/booktools/previews"
    lines = b"".join((folder / f"{page}.js").read_bytes() for page in PAGES)
    assert index_at(30, (site / INDEX).read_bytes() + lines, len(CHAPTERS)) > INDEX_LIMIT


def test_what_has_a_name_is_in_the_index(site: Path, report: dict[str, Any]) -> None:
    text = (site / INDEX).read_text(encoding="utf8")
    index = json.loads(text.removeprefix("bookPalette.fill(").removesuffix(");\n"))
    pages = {address: dict(zip(kinds[::2], kinds[1::2], strict=True))
             for address, _, *kinds in index["pages"]}  # fmt: skip
    assert list(pages) == [f"{page}.html" for page in PAGES]
    statements = {(f"{one['page']}.html", one["text"]) for one in report["claims"]}
    indexed = {
        (address, text)
        for address, found in pages.items()
        for text in [*found.get("claim", [])[1::2], *found.get("fact", [])[1::2]]
    }
    hidden = {text for _, text in statements - indexed}  # of cells that show nothing
    assert indexed <= statements
    assert len(hidden) <= len(statements) / 20, hidden
    for address, found in pages.items():
        html = (site / address).read_text(encoding="utf8")
        anchors = {anchor for entries in found.values() for anchor in entries[::2]}
        assert anchors <= set(re.findall(r'\bid="([^"]+)"', html))
        assert len(found.get("exercise", [])) == 2 * html.count('<div class="exercise admonition')
    assert len(pages["glossary.html"]["term"]) > 200
    message = "ExampleError: the message of the style guide"
    assert pages["style-guide.html"]["=Error message"] == ["found-by-other-words", message]


def test_the_best_is_first_whatever_is_typed(visit: Visitor) -> None:
    opened = visit("404.html")
    open_palette(opened.page)
    opened.page.evaluate("small => bookPalette.fill(small)", SMALL)
    for query, wanted in ASKED.items():
        given = opened.page.evaluate("query => bookPalette.find(query).map(e => e.text)", query)
        assert given[: len(wanted)] == wanted, query
        assert wanted or given == [], query
    assert "unseen" not in given
    assert len(opened.page.evaluate("bookPalette.find('e', 3)")) == 3


# the palette


@everywhere
def test_keys_alone_find_and_go(visit: Visitor, folder: bool) -> None:
    opened = visit(PAGE, folder=folder)
    page = opened.page
    assert not [request for request in opened.requests if "palette" in request]
    field = open_palette(page)
    assert field.evaluate("field => field === document.activeElement")
    page.keyboard.type("max pool")
    page.get_by_role("option").first.wait_for()
    assert found(page)[0] == "max pooling"
    page.keyboard.press("ArrowUp")  # around, to the last
    last = page.get_by_role("option").last
    assert last.get_attribute("aria-selected") == "true"
    assert field.get_attribute("aria-activedescendant") == last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").count() == 1
    page.get_by_role("status").filter(has_text="Found: ").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#term-max-pooling")
    open_palette(page)
    page.keyboard.type("The dense network reads plain test digits")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{PAGE}#claim-*")
    assert opened.problems == []


def test_the_focus_stays_in_the_palette_and_is_given_back(visit: Visitor) -> None:
    page = visit(PAGE).page
    button = page.get_by_role("button", name="Find in this book")
    assert button.get_attribute("aria-keyshortcuts") == "Control+K"
    assert button.get_by_text("Ctrl K").is_visible()
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox").wait_for()
    for _ in range(7):
        page.keyboard.press("Tab")
        # after the last, the browser's own buttons have their turn
        assert page.evaluate(
            "document.activeElement === document.body ||"
            " document.activeElement.closest('.palette') !== null"
        )
    page.keyboard.press("Escape")
    assert not page.locator(".palette").is_visible()
    assert button.evaluate("button => button === document.activeElement")
    open_palette(page)
    page.keyboard.press("Control+k")  # the key shuts it too
    assert not page.locator(".palette").is_visible()
    open_palette(page)
    page.mouse.click(5, 500)  # and so does the page around it
    assert not page.locator(".palette").is_visible()


def test_a_place_on_the_same_page_is_gone_to(visit: Visitor) -> None:
    page = visit(PAGE).page
    open_palette(page)
    page.keyboard.type("many sheets one map")
    page.keyboard.press("Enter")
    page.wait_for_url("**#many-sheets-one-map")
    assert not page.locator(".palette").is_visible()
    page.get_by_role("heading", name="Many sheets, one map").wait_for()


def test_a_finger_finds_on_a_phone(visit: Visitor) -> None:
    opened = visit(PAGE, width=390, touch=True, folder=True)
    page = opened.page
    assert page.get_by_role("link", name="Search", exact=True).count() == 0
    page.get_by_role("button", name="Find in this book").tap()
    field = page.get_by_role("combobox")
    field.fill("wardrobe")
    option = page.get_by_role("option").first
    box = option.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] >= 30
    option.tap()
    page.wait_for_url("**/wardrobe.html*")
    assert opened.problems == []


def test_what_has_no_such_name_is_searched_in_the_whole_text(visit: Visitor) -> None:
    opened = visit(PAGE, folder=True)
    page = opened.page
    open_palette(page)
    page.keyboard.type("whirlpool")
    assert page.get_by_text("is called “whirlpool”").is_visible()
    assert page.get_by_role("option").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=whirlpool")
    assert page.get_by_role("searchbox", name="Words to look for").input_value() == "whirlpool"
    assert opened.problems == []


def test_without_its_index_the_palette_says_so(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.route("**/palette-index.js", lambda route: route.abort())
    open_palette(page)
    assert page.get_by_text("did not load").is_visible()
    assert page.get_by_role("link", name="Search the whole text").is_visible()
    page.keyboard.press("Escape")
    page.unroute("**/palette-index.js")
    open_palette(page)
    page.get_by_role("option").first.wait_for()


def test_without_javascript_there_is_a_link_to_the_search(visit: Visitor) -> None:
    page = visit(PAGE, javascript=False, width=390).page
    assert page.get_by_role("link", name="Search", exact=True).is_visible()
    assert not page.locator(".find-button").is_visible()


# previews


def preview_of(page: Any, link: Any) -> str:
    """Hover over a link, and return what its preview says."""
    link.scroll_into_view_if_needed()
    page.mouse.move(1, 1)
    page.locator("#site-preview").wait_for(state="hidden")
    link.hover()
    page.get_by_role("tooltip").wait_for()
    said: str = page.get_by_role("tooltip").inner_text()
    return said


@everywhere
def test_a_preview_shows_where_a_link_leads(visit: Visitor, folder: bool) -> None:
    opened = visit(PAGE, folder=folder)
    page = opened.page
    assert not [request for request in opened.requests if "/previews/" in request]
    link = page.locator("article a[href$='wardrobe.html']").last
    said = preview_of(page, link)
    assert said.startswith("The wardrobe\n")
    assert "?" in said.splitlines()[1] or "?" in said.splitlines()[2]  # what the chapter asks
    assert link.get_attribute("aria-describedby") == "site-preview"
    page.get_by_role("tooltip").hover()
    page.wait_for_timeout(400)
    assert page.get_by_role("tooltip").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("tooltip").is_visible()
    loaded = [request for request in opened.requests if "/previews/" in request]
    assert [name.rpartition("/")[2] for name in loaded] == ["wardrobe.js"]
    assert opened.problems == []


def test_a_preview_shows_a_claim_with_its_value(visit: Visitor) -> None:
    opened = visit("claims.html")
    link = opened.page.get_by_role("link", name="The dense network reads plain test digits")
    said = preview_of(opened.page, link)
    assert said.startswith("Claim holds")
    assert "between 0.9 and 0.97" in said
    assert "five seeds: 0.9" in said
    assert opened.problems == []


def test_a_preview_appears_on_focus_and_not_of_what_is_in_sight(visit: Visitor) -> None:
    page = visit(PAGE).page
    page.locator("article a[href$='tensors.html']").first.focus()
    page.keyboard.press("Tab")
    page.get_by_role("tooltip").wait_for()
    assert page.get_by_role("tooltip").inner_text().startswith("Handwritten digits\n")
    page.evaluate("document.activeElement.href = document.activeElement.baseURI + '#convolution'")
    page.evaluate("document.activeElement.blur()")
    page.locator("article a[href$='#convolution']:not(.headerlink)").hover()
    page.wait_for_timeout(700)
    assert page.get_by_role("tooltip").count() == 0


def test_a_tap_follows_a_link_and_the_arrow_behind_it_shows_the_preview(visit: Visitor) -> None:
    opened = visit(PAGE, width=390, touch=True, folder=True)
    page = opened.page
    arrow = page.get_by_role("button", name="Where “The wardrobe” leads").last
    arrow.scroll_into_view_if_needed()
    box = arrow.bounding_box()
    assert min(box["width"], box["height"]) >= 24
    arrow.tap()
    bubble = page.locator("#site-preview")
    bubble.wait_for()
    assert arrow.get_attribute("aria-expanded") == "true"
    assert bubble.inner_text().startswith("The wardrobe\n")
    edges = bubble.bounding_box()
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= 390
    arrow.tap()
    assert not bubble.is_visible()
    assert opened.problems == []
    page.locator("article a[href$='wardrobe.html']").last.tap()
    page.wait_for_url("**/wardrobe.html")


@pytest.mark.parametrize(("theme", "width"), DIAGONAL.values(), ids=DIAGONAL)
def test_axe_finds_nothing_in_palette_and_preview(visit: Visitor, theme: str, width: int) -> None:
    page = visit(PAGE, theme=theme, width=width, touch=width == 390, motion=False).page
    open_palette(page)
    page.keyboard.type("kernel")
    assert len(found(page)) > 3
    assert checks.complaints(page) == []
    page.keyboard.press("Escape")
    if width == 390:
        page.locator(".preview-button").first.tap()
    else:
        page.locator("article a[href$='tensors.html']").first.hover()
    page.locator("#site-preview").wait_for()
    assert checks.complaints(page, "main") == []


def test_arrows_stand_in_running_text_and_not_in_lists_of_links(visit: Visitor) -> None:
    page = visit("index.html", width=390, touch=True).page
    assert page.locator("article > section p .preview-button").count() > 3
    assert page.locator(".chapter-list .preview-button").count() == 0


def test_fragments_are_light(site: Path) -> None:
    folder = site / "_static/booktools/previews"
    heavy = {
        page: size
        for page in PAGES
        if (size := len(gzip.compress((folder / f"{page}.js").read_bytes()))) > 20_000
    }
    assert heavy == {}
