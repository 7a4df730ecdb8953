"""The front matter: what the card, the search engines and the execution need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.limits import DESCRIPTION, OBJECTIVES
from booktools.contract.page import Page

# words that an objective starts with when it names no deed that one could test
NO_DEED = {"a", "an", "the", "how", "what", "when", "where", "which", "who", "why", "that", "to"}
NO_DEED |= {"you", "be", "know", "learn", "understand"}


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check a chapter's front matter."""
    if page.matter_error:
        yield Finding(
            page.path,
            1,
            f"the front matter cannot be read: {page.matter_error}",
            "mend the YAML; a text with a colon in it needs quotes.",
        )
        return
    for key, wrong, remedy in _problems(page, book):
        yield Finding(page.path, page.matter_line(key), f"front matter: {wrong}", remedy)


def _problems(page: Page, book: Book) -> Iterator[tuple[str, str, str]]:
    matter = page.matter
    if matter.get("file_format") != "mystnb" or not _kernel(matter):
        yield (
            "file_format",
            "file_format is not mystnb, or kernelspec names no kernel",
            "copy both from another chapter; without them nothing is executed.",
        )
    yield from _texts(matter)
    yield from _objectives(matter.get("objectives"))
    yield from _needs(page, book)
    yield from _budget(matter.get("budget"))


def _kernel(matter: dict[str, Any]) -> bool:
    kernel = matter.get("kernelspec")
    return isinstance(kernel, dict) and bool(kernel.get("name"))


def _texts(matter: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    description, question = matter.get("description"), matter.get("question")
    if not isinstance(description, str) or len(description) not in DESCRIPTION:
        length = len(description) if isinstance(description, str) else "no"
        yield (
            "description",
            f"the description has {length} characters",
            f"one sentence of {DESCRIPTION[0]} to {DESCRIPTION[-1]} characters.",
        )
    if not isinstance(question, str) or not question.endswith("?"):
        yield (
            "question",
            "the question does not end with a question mark",
            "ask what the chapter answers, in one sentence.",
        )


def _objectives(objectives: Any) -> Iterator[tuple[str, str, str]]:
    if not isinstance(objectives, list) or len(objectives) != OBJECTIVES:
        count = len(objectives) if isinstance(objectives, list) else "no list of"
        yield (
            "objectives",
            f"there are {count} objectives",
            f"name {OBJECTIVES} things that the reader will be able to do.",
        )
        return
    for objective in objectives:
        first = str(objective).split()[0].strip(",;:") if objective else ""
        if not first.isalpha() or not first.islower() or first in NO_DEED:
            yield (
                "objectives",
                f"the objective {objective!r} does not start with a verb for something to do",
                "start with a verb in lower case that one can test: say, build, count, compare.",
            )


def _needs(page: Page, book: Book) -> Iterator[tuple[str, str, str]]:
    needs = page.matter.get("needs")
    if not isinstance(needs, list):
        yield "needs", "needs is no list", "list earlier chapters, or write `needs: []`."
        return
    here = book.order.index(page.name) if page.name in book.order else len(book.order)
    for need in needs:
        if need not in book.order:
            yield (
                "needs",
                f"needs names {need}, which is not in the contents",
                "write the page as in _toc.yml, such as part/chapter.",
            )
        elif book.order.index(need) >= here:
            yield (
                "needs",
                f"needs names {need}, which does not come before this chapter",
                "name only chapters that were read before, or change the order in _toc.yml.",
            )


def _budget(budget: Any) -> Iterator[tuple[str, str, str]]:
    given = budget if isinstance(budget, dict) else {}
    numbers: list[Any] = [given.get("seconds"), given.get("megabytes")]
    if not all(type(number) in (int, float) and number > 0 for number in numbers):
        yield (
            "budget",
            "the budget does not give positive seconds and megabytes",
            "say how long the chapter may run and how much memory it may take.",
        )
