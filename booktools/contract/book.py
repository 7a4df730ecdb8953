"""All pages together: their order, the terms that are explained, the places links can name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sphinx_external_toc.api import Document, FileItem, SiteMap
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml
from yaml import YAMLError

from booktools.contract.page import Page, Target, read
from booktools.contract.settings import Settings

WORDS = "words.txt"


@dataclass
class Book:
    """What the checks of one page need to know of the others.

    Attributes:
        source: The folder of the pages.
        order: The names of the pages, as they are to be read.
        settings: What the contract has to know of the book.
    """

    source: Path
    order: list[str]
    settings: Settings = field(default_factory=Settings)

    @cached_property
    def pages(self) -> dict[str, Page]:
        """The pages that exist as Markdown, by name, in the order of reading."""
        paths = {name: self.source / f"{name}.md" for name in self.order}
        return {name: read(name, path) for name, path in paths.items() if path.is_file()}

    @cached_property
    def terms(self) -> set[str]:
        """The terms of all glossaries, in lower case."""
        return {
            line.split(" : ")[0].strip().lower()
            for page in self.pages.values()
            for glossary in page.directives("glossary")
            for line in glossary.body.splitlines()
            if line.strip() and not line[0].isspace() and not line.startswith("..")
        }

    @cached_property
    def targets(self) -> set[str]:
        """The names that references can lead to, in lower case."""
        return {target.lower() for page in self.pages.values() for target in targets(page)}

    @cached_property
    def house_words(self) -> dict[str, str]:
        """What this book does not write (patterns), and what to do instead, from ``words.txt``."""
        return dict(words for _, words in self._word_lines if words)

    @cached_property
    def unclear_words(self) -> list[int]:
        """The numbers of the lines of ``words.txt`` that cannot be used."""
        return [number for number, words in self._word_lines if not words]

    @cached_property
    def _word_lines(self) -> list[tuple[int, tuple[str, str] | None]]:
        path = self.source / WORDS
        lines = path.read_text(encoding="utf8").splitlines() if path.is_file() else []
        numbered = enumerate(lines, start=1)
        return [(n, _words(line)) for n, line in numbered if line.strip() and line[0] != "#"]


def _words(line: str) -> tuple[str, str] | None:
    """Return the pattern and the remedy in a line; nothing if they are not both there."""
    pattern, _, remedy = line.partition(" -> ")
    with suppress(re.error):
        re.compile(pattern)
        return (pattern, remedy) if pattern.strip() and remedy.strip() else None
    return None


def targets(page: Page) -> Iterator[str]:
    """Yield the names in a page that references can lead to."""
    for target in page.all(Target):
        yield target.name
    for directive in page.directives():
        for option in ("name", "label"):
            if option in directive.options:
                yield directive.options[option]


def slugs(page: Page) -> set[str]:
    """Return the anchors of a page: of its headings, as GitHub and MyST make them, and targets."""
    headings = {re.sub(r"[^\w\- ]", "", h.plain.lower()).replace(" ", "-") for h in page.headings}
    return headings | {target.lower() for target in targets(page)}


def read_order(toc: Path) -> list[str]:
    """Return the names of the pages in the order of a ``_toc.yml``.

    Raises:
        ValueError: It cannot be read; the message says where and what to do.
    """
    try:
        return in_order(parse_toc_yaml(toc))
    except (MalformedError, YAMLError, OSError) as error:
        raise ValueError(f"{toc}: {error}. Remedy: mend the table of contents.") from error


def in_order(site_map: SiteMap) -> list[str]:
    """Return the names of the pages in the order of a table of contents."""
    return [re.sub(r"\.md$", "", name) for name in _walk(site_map, site_map.root)]


def _walk(site_map: SiteMap, document: Document) -> Iterator[str]:
    yield document.docname
    for tree in document.subtrees:
        for item in tree.items:
            if isinstance(item, FileItem):
                yield from _walk(site_map, site_map[str(item)])
