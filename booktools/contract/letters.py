"""Letters of options: the build deals them, so nobody can type them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.page import Page

TYPED = re.compile(
    r"\b(?:[Aa]nswers?|[Oo]ptions?|[Cc]hoices?|[Pp]redictions?)(?: (?:is|are|was|were))? "
    r"(?:[B-H]\b|A(?=[.,;:?)]| and [B-H]\b|$))"
    r"|^(?:[A-H](?:, | and ))*[A-H] (?:is|are|was|were) (?:right|wrong|correct)\b"
    r"|^(?:\* )?[A-H]\. "  # at the head of an option, whose condition is the star
)


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that no text names an option by its letter."""
    for text in page.texts:
        for line, number in text.lines():
            for match in TYPED.finditer(line):
                yield Finding(
                    page.path,
                    number,
                    f"{match[0].strip('* ')!r} names an option by its letter, which is dealt",
                    "name it by its words, or write {letter}`NAME`, or {letter}`NAME.2` for the "
                    "second option as written; in a quiz, by its words.",
                )
