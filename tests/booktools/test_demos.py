"""Interactive elements in a small book: their pages get scripts, and missing ones are named."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from tests.booktools.books import Book

MakeBook = Callable[..., Book]
SHOW = """\
from lessons_code import demos
demos.show("turn-a-line", {"slope": 2}, text="Move the slider and see how the line turns.")"""


@pytest.fixture
def demo(book: MakeBook) -> Book:
    made = book(a=SHOW, b="print(1)")
    made.extend(
        "booktools.execution, booktools.parts.demos",
        "  config:\n    html_static_path: [_static]\n",
    )
    for file in ("demos/style.css", "demos/turn-a-line.js"):
        made.write(f"book/_static/{file}", "")
    return made


def scripts(book: Book, page: str) -> list[str]:
    tree = BeautifulSoup(book.page(page), "html.parser")
    named = [str(tag.get("src", tag.get("href"))) for tag in tree.select("script[src], link[href]")]
    return [name.split("?")[0] for name in named if "demos" in name]


def test_only_pages_with_a_demo_load_scripts(demo: Book) -> None:
    assert demo.build("-W").status == 0
    loaded = ["_static/demos.css", "_static/demos.js", "_static/demos/style.css"]
    assert sorted(scripts(demo, "a")) == loaded
    assert scripts(demo, "b") == []
    page = BeautifulSoup(demo.page("a"), "html.parser")
    assert page.select_one('script[src*="demos.js"]').has_attr("defer")
    assert page.select_one('.demo[data-demo="turn-a-line"] .demo-text').get_text()
    for name in (*loaded, "_static/demos/turn-a-line.js"):
        assert (demo.root / "_build/html" / name).is_file()


def test_a_demo_without_a_script_fails_every_build_with_its_place(demo: Book) -> None:
    script = demo.root / "book/_static/demos/turn-a-line.js"
    assert demo.build().status == 0
    script.unlink()
    for _ in range(2):  # also where no page is read again
        built = demo.build()
        assert built.status != 0
        assert re.search(r"a\.md:1\d: the demo 'turn-a-line' has no script", built.output)
        assert "_static/demos/turn-a-line.js" in built.output
    script.touch()
    assert demo.build().status == 0


def test_a_page_whose_demo_is_gone_loads_nothing(demo: Book) -> None:
    demo.build()
    demo.chapter("a", "print(2)")
    assert demo.build("-W").status == 0
    assert scripts(demo, "a") == []
