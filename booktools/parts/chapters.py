"""A Sphinx extension: what is known of the chapters while a book is built.

A chapter is a page of the contents whose front matter has a ``question``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.extension import metadata
from booktools.parts.card import front_matter
from booktools.parts.predictions.boxes import of_page
from booktools.parts.quiz import keys_of
from booktools.site.navigation import contents


@dataclass(frozen=True)
class Chapter:
    """A chapter of the book.

    Attributes:
        page: Sphinx's name of the page.
        number: Its number, from 1, in the order of the contents.
        title: What the contents call it.
        question: What it asks.
        needs: The earlier chapters that it builds on, by their pages, in the order of the book.
        predictions: Its predictions: name and key of each.
        questions: The keys of the questions of its quiz.
    """

    page: str
    number: int
    title: str
    question: str
    needs: tuple[str, ...]
    predictions: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    for part in ("copies", "predictions", "quiz"):  # copies note which pages were read
        app.setup_extension(f"booktools.parts.{part}")
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", note_chapters)
    return metadata()


def note_chapters(app: Sphinx, env: Any) -> list[str]:
    """Note the chapters, and return the pages that show something of all of them if one changed."""
    found = list(_chapters(env))
    changed = found != of_book(env) or app.booktools_read  # type: ignore[attr-defined]
    env.booktools_chapters = found
    return sorted(set(_shown(env)) & env.found_docs) if changed else []


def forget(_app: Sphinx, env: Any, page: str) -> None:
    """Forget what a page shows that is read again, or is gone."""
    _shown(env).pop(page, None)


def merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    _shown(env).update({page: shown for page, shown in _shown(other).items() if page in pages})


def of_book(env: Any) -> list[Chapter]:
    """Return the chapters, in the order of the contents."""
    found: list[Chapter] = getattr(env, "booktools_chapters", [])
    return found


def address(app: Sphinx, page: str) -> str:
    """Return where a page stands in the site, by which scripts know it."""
    return app.builder.get_target_uri(page)


def shows_all(env: Any, page: str, what: str) -> None:
    """Note that a page shows something that is made of all chapters, such as the map."""
    _shown(env)[page] = {*_shown(env).get(page, ()), what}


def page_with(env: Any, what: str) -> str:
    """Return the first page that shows it; empty if none does."""
    return next((page for page, shown in sorted(_shown(env).items()) if what in shown), "")


def _chapters(env: Any) -> Iterator[Chapter]:
    entries = [page for part in contents(env) for page in part.all()]
    numbers = {page.name: page.number for page in entries if page.number}
    for entry in entries:
        if not entry.number:
            continue
        matter = front_matter(Path(env.doc2path(entry.name)).read_text(encoding="utf8"))
        needs = matter.get("needs") or []
        needed = [need for need in needs if 0 < numbers.get(need, 0) < entry.number]
        boxes = of_page(env, entry.name).by_name
        yield Chapter(
            entry.name,
            entry.number,
            entry.title,
            entry.question,
            tuple(sorted(needed, key=lambda need: numbers[need])),
            tuple((name, box.key) for name, box in boxes.items()),
            tuple(keys_of(env).get(entry.name, ())),
        )


def _shown(env: Any) -> dict[str, set[str]]:
    if not hasattr(env, "booktools_shows_all"):
        env.booktools_shows_all = {}
    shown: dict[str, set[str]] = env.booktools_shows_all
    return shown
