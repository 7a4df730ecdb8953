"""The words of the palette and of previews, which a book may say in its own language."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from booktools.extension import metadata

# `{}` is what was typed, or counted, or the words of a link
WORDS = {
    "find": "Find",
    "find here": "Find in this book",
    "what is found": "Headings, terms, claims, exercises, error messages",
    "close": "Close",
    "how many": "Found: {}",
    "nothing": "No heading, term, claim, exercise or message is called “{}”.",
    "full text": "Search the whole text",
    "full text for": "Search the whole text for “{}”",
    "failed": "The list of what can be found did not load. The search of the whole text may work.",
    "page": "Page",
    "heading": "Heading",
    "term": "Term",
    "claim": "Claim",
    "fact": "Fact",
    "exercise": "Exercise",
    "code": "Code",
    "message": "Error message",
    "preview": "Where “{}” leads",
}


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting."""
    app.add_config_value("site_words", {}, "env", types=[dict])
    app.connect("config-inited", check)
    return metadata()


def check(_app: Sphinx, config: Config) -> None:
    """Refuse words that nothing shows.

    Raises:
        ConfigError: A key of ``site_words`` is none of ``WORDS``, or its words are no text.
    """
    if not isinstance(config.site_words, dict):
        raise ConfigError(
            "_config.yml: site_words is no mapping. Remedy: write KEY: WORDS below it."
        )
    wrong = [
        key
        for key, text in config.site_words.items()
        if key not in WORDS or not isinstance(text, str) or ("{}" in text) != ("{}" in WORDS[key])
    ]
    if wrong:
        raise ConfigError(
            f"_config.yml: site_words: {', '.join(map(repr, wrong))}. Remedy: name one of "
            f"{', '.join(WORDS)}, and keep {{}} where the English words have it: {WORDS}."
        )


def words(config: Config) -> dict[str, str]:
    """Return all words, the book's own where it has some."""
    own: dict[str, str] = config.site_words
    return WORDS | own
