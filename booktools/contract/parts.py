"""The parts of a chapter, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.limits import HOOK_WORDS, READING
from booktools.contract.page import CARD, Block, Item, Page, Text

FIRST = "Predict"
QUIZ, EXERCISES, READ_ON = "Check yourself", "Exercises", "Further reading"
# headings that come last and in this order; those between "Predict" and them are free
LAST = (QUIZ, EXERCISES, "What you now know", "What you do not know yet", READ_ON)
OPTIONAL = "Bias check"  # after the free ones, where there are data about people


def check(page: Page, _book: Book) -> Iterator[Finding]:
    """Check that all parts are there, and in order."""
    yield from _head(page)
    yield from _headings(page)
    items = [item for item in page.all(Item) if item.section == READ_ON]
    if items and len(items) != READING:
        yield Finding(
            page.path,
            items[0].line,
            f"{len(items)} items of further reading",
            f"choose {READING}, and say of each in a sentence why.",
        )


def _head(page: Page) -> Iterator[Finding]:
    titles = [heading for heading in page.headings if heading.level == 1]
    if len(titles) != 1 or page.blocks[0] is not titles[0]:
        yield Finding(
            page.path,
            titles[-1].line if titles else 1,
            f"{len(titles)} titles (`# ...`), where one opens the page",
            "one title, before everything else.",
        )
    after = [block for block in page.blocks if block not in titles]
    card = page.directives(CARD)[0]
    if after[0] is not card:
        yield Finding(
            page.path,
            card.line,
            "the card does not stand right after the title",
            "move `{chapter-card}` up.",
        )
    hook = [text for text in page.texts if not text.section and text.level != 1]
    words = sum(text.words for text in hook)
    if not 0 < words <= HOOK_WORDS:
        yield Finding(
            page.path,
            hook[0].line if hook else card.line,
            f"the hook has {words} words",
            f"open with 1 to {HOOK_WORDS} words before `## {FIRST}`: a number or a picture that "
            "looks wrong.",
        )


def _headings(page: Page) -> Iterator[Finding]:
    sections = [heading for heading in page.headings if heading.level == 2]
    names = [section.plain for section in sections]
    wanted = (FIRST, *LAST)
    for n, name in enumerate(wanted):
        if name not in names:
            behind = f"after `## {wanted[n - 1]}`" if n else "right after the hook"
            yield Finding(
                page.path,
                sections[-1].line if sections else page.title_line,
                f"the part `## {name}` is missing",
                f"write it {behind}.",
            )
    present = [name for name in wanted if name in names]
    order = [name for name in names if name in wanted or name == OPTIONAL]
    if OPTIONAL in order:
        present.insert(present.index(QUIZ) if QUIZ in present else 1, OPTIONAL)
    if names and FIRST in names and names[0] != FIRST:
        yield _misplaced(page, sections[names.index(FIRST)], "it comes right after the hook.")
    for section, name, expected in _pairs(sections, order, present):
        yield _misplaced(page, section, f"here `## {expected}` is expected, not `## {name}`.")
    if all(name in names for name in LAST) and order == present:
        for section in sections[names.index(QUIZ) :]:
            if section.plain not in LAST:
                yield _misplaced(page, section, f"headings of your own stand before `## {QUIZ}`.")


def _pairs(
    sections: list[Text], order: list[str], present: list[str]
) -> Iterator[tuple[Text, str, str]]:
    """Yield the first heading that is out of order, and the one that was expected there."""
    for name, expected in zip(order, present, strict=False):
        if name != expected:
            yield next(s for s in sections if s.plain == name), name, expected
            return


def _misplaced(page: Page, section: Text, remedy: str) -> Finding:
    return Finding(
        page.path, section.line, f"`## {section.plain}` is out of order", f"move it: {remedy}"
    )


def in_lesson(block: Block) -> bool:
    """Tell whether a block stands in the lesson itself, not in quiz or exercises at its end."""
    return block.section not in (QUIZ, EXERCISES) and CARD not in block.inside
