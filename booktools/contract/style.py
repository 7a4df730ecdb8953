"""House style: words and signs that this book does without, listed in its ``words.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booktools.contract.book import WORDS, Book
from booktools.contract.finding import Finding
from booktools.contract.page import Page
from booktools.contract.parts import READ_ON

SIGNS = {
    r"!": ("an exclamation mark", "end with a full stop."),
    "[\U0001f000-\U0001faff\ufe0f]": ("an emoji", "say it in words."),
    r"\u2014.*\u2014": ("a chain of dashes", "make it two sentences, or use commas."),
}


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check the prose of a chapter, quiz and exercises included."""
    for number in book.unclear_words:
        yield Finding(
            book.source / WORDS,
            number,
            "the line holds no pattern with a remedy",
            "write PATTERN -> REMEDY, where the pattern is a regular expression.",
        )
    for text in page.texts:
        if text.section == READ_ON:  # titles of other people's works
            continue
        for line, number in text.lines():
            for phrase, remedy in book.house_words.items():
                for match in re.finditer(rf"\b(?:{phrase})\b", line, re.IGNORECASE):
                    yield Finding(page.path, number, f'"{match[0]}" is not house style', remedy)
            for sign, (what, remedy) in SIGNS.items():
                if re.search(sign, line):
                    yield Finding(page.path, number, what, remedy)
