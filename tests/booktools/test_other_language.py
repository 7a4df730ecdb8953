"""A book in German, with letters that English lacks in names, headings, code and output."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.booktools.books import Book
from tests.site import checks

CONFIG = """\
title: Ein Buch über Größen
only_build_toc_files: true
execute: {execute_notebooks: cache}
sphinx:
  extra_extensions: [booktools.execution, booktools.parts, booktools.site]
  config: {language: de}
"""
QUIZ = """\
## Schöne Überschrift

::::{question} Wie groß?
:::{right} Größer
Richtig: größer.
:::
:::{wrong} Kleiner
Falsch: kleiner.
:::
:::{wrong} Gleich
Falsch: gleich.
:::
::::
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Book(tmp_path_factory.mktemp("german") / "buch")
    made.write("_config.yml", CONFIG)
    made.contents("größe")
    made.write("book/index.md", "# Ein Buch über Größen\n\n[Weiter](größe.md)\n")
    made.chapter("größe", "maß = 'Straße'\nprint(maß)", prose=QUIZ)
    done = made.build()
    assert done.status == 0, done.output[-3000:]
    assert "WARNING" not in done.output
    return made.root / "_build" / "html"


def test_the_page_is_german_and_was_run(built: Path) -> None:
    page = checks.soup(built / "größe.html")
    assert page.select_one("html[lang=de]")
    assert "Straße" in page.get_text()
    assert page.select_one("#schone-uberschrift, #schöne-überschrift")


def test_links_lead_somewhere_and_no_id_stands_twice(built: Path) -> None:
    assert list(checks.broken_links(built)) == []
    assert all(checks.repeated_ids(page) == [] for page in checks.pages(built))
    assert all(checks.holes(page) == [] for page in checks.pages(built))


def test_the_right_option_is_known_whatever_its_words(built: Path) -> None:
    page = checks.soup(built / "größe.html")
    (right,) = page.select("details[data-option=right]")
    assert "Größer" in right.get_text()


def test_the_search_knows_german(built: Path) -> None:
    words = (built / "_static" / "language_data.js").read_text(encoding="utf8")
    assert '"und"' in words
