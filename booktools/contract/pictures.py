"""Alternative text: whatever is to be seen is also said."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.limits import ALTERNATIVE_TEXT
from booktools.contract.page import Page, keywords


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check that figures, animations, demos and images say what they show."""
    for cell in page.cells:
        for call, name, line in cell.calls():
            given = keywords(call)
            wanted = book.settings.spoken.get(name)
            if wanted and None not in given and not _says(given.get(wanted)):
                yield Finding(
                    page.path,
                    line,
                    f"{name} has no {wanted}= that says what is to be seen",
                    "say in a sentence or two what somebody who cannot see it has to know.",
                )
    for text in page.texts:
        for image, line in text.find("image"):
            if not image.content.strip():
                yield _silent(page, line, "`![what it shows](...)`")
    for directive in page.directives("figure", "image"):
        if not directive.options.get("alt", "").strip():
            yield _silent(page, directive.line, "`:alt: what it shows`")


def _says(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return len(str(value.value or "").strip()) >= ALTERNATIVE_TEXT
    return value is not None


def _silent(page: Page, line: int, form: str) -> Finding:
    return Finding(page.path, line, "an image without alternative text", f"write {form}.")
