"""A Sphinx extension: the words that parts say to readers, which a book may put otherwise.

``reader_words`` in the configuration replaces some or all of ``WORDS``, so that a book in another
language speaks it throughout.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError

from booktools.extension import metadata

WORDS = {
    "memory-forbidden": "Your browser lets this book keep nothing, so this lasts until you leave "
    "the page.",
    "memory-full": "Your browser has no room left for this book. What it kept before is still "
    "there; what you do now lasts until you leave the page.",
    "memory-without-script": "This book keeps nothing now: what it remembers, it remembers with "
    "JavaScript.",
    "memory-nothing": "At the moment this book keeps nothing of what you did.",
    "memory-kept": "Kept on this device at the moment: predictions, {predictions}; answers, "
    "{answers}; chapters read to the end, {read}.",
    "memory-forget": "Forget everything",
    "memory-sure": "Forget your predictions, your answers, what you read and where you stopped? "
    "This cannot be undone.",
    "memory-forgotten": "Forgotten. This book keeps nothing of what you did now.",
    "reading-go-on": "Go on where you stopped",
    "reading-read": "read",
    "reading-back": "questions to answer again: {count}",
    "map-label": "Map of the chapters",
    "map-list": "The same as a list, in the order of the book:",
    "map-needs": "needs",
    "map-needs-nothing": "needs nothing",
    "map-questions": "questions: {count}",
    "map-answered": "{answered} of {count} answered",
    "map-read": "read",
    "map-here": "you stopped here",
    "map-summary": "You have read {read} of {chapters} chapters to the end and answered "
    "{answered} of {count} questions.",
    "review-without-script": "This page needs JavaScript, which your browser does not run here. "
    "The questions stand at the ends of the chapters, and there they work without it.",
    "review-none": "You have missed no question so far, so nothing comes back.",
    "review-waiting": "Nothing to answer now. Questions that you missed and that come back later: "
    "{count}.",
    "review-due": "Questions that have come back: {due}. Later: {count}.",
    "review-from": "From",
    "review-right": "Right. It does not come back again.",
    "review-wrong": "Not yet. It comes back two chapters later.",
}


class WordsError(SphinxError):
    """Words for what nobody says."""

    category = "Words"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting."""
    app.add_config_value("reader_words", {}, "env", types=[dict])
    app.connect("config-inited", check)
    return metadata()


def check(_app: Sphinx, config: Config) -> None:
    """Check that a book's own words replace some of ours.

    Raises:
        WordsError: A name is not known, or does not stand for a text.
    """
    if not isinstance(config.reader_words, dict):
        raise WordsError("reader_words is no mapping. Remedy: write NAME: WORDS below it.")
    for name, text in config.reader_words.items():
        near = get_close_matches(str(name), WORDS, 1) or sorted(WORDS)
        if name not in WORDS:
            raise WordsError(
                f"reader_words names {name!r}, which no part says. Remedy: mend it, such as "
                f"{near[0]!r}; all names stand in booktools/parts/words.py."
            )
        if not isinstance(text, str):
            raise WordsError(f"reader_words: {name!r} is no text. Remedy: put it into quotes.")


def words(config: Config, room: str, *names: str) -> dict[str, str]:
    """Return what a room says, all of it or some names, each without the name of the room."""
    said = {**WORDS, **config.reader_words}
    start = f"{room}-"
    found = {name.removeprefix(start): said[name] for name in said if name.startswith(start)}
    return {name: found[name] for name in names or found}
