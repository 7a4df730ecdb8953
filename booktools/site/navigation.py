"""Where a page stands in the book: its part, its number, what comes before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from booktools.extension import metadata


@dataclass(frozen=True)
class Page:
    """An entry of the contents; chapters, which ask a question, have a number.

    Attributes:
        name: Sphinx's name of the page; empty for an address elsewhere.
        title: What the contents call it.
        question: What the chapter asks.
        number: Its number among the chapters; 0 if it is none.
        section: Its number in contents with ``numbered``, such as ``2.1``.
        url: The address of what is not a page of the book.
        pages: The entries below it.
    """

    name: str
    title: str
    question: str = ""
    number: int = 0
    section: str = ""
    url: str = ""
    pages: tuple[Page, ...] = ()

    def all(self) -> Iterator[Page]:
        """Yield the pages of the book from this one on: itself, and those below it."""
        if self.name:
            yield self
        for page in self.pages:
            yield from page.all()


@dataclass(frozen=True)
class Part:
    """A part of the book and its entries, in their order."""

    caption: str
    pages: tuple[Page, ...]

    def all(self) -> Iterator[Page]:
        """Yield the pages of the part, however deep they stand."""
        for page in self.pages:
            yield from page.all()


@dataclass
class _Walk:
    """The way through the contents, from the root page down."""

    env: BuildEnvironment
    seen: set[str] = field(default_factory=set)
    chapters: int = 0

    def parts(self, name: str) -> Iterator[Part]:
        """Yield the lists of contents that a page holds."""
        for tree in self.env.tocs[name].findall(toctree):
            entries = tuple(self._entries(name, tree))
            if entries:
                yield Part(tree.get("caption") or "", entries)

    def _entries(self, page: str, tree: toctree) -> Iterator[Page]:
        for given, target in tree["entries"]:
            name = page if target == "self" else target
            if "://" in target or target.startswith("mailto:"):
                yield Page("", given or target, url=target)
            elif name in self.env.titles and name not in self.seen:
                self.seen.add(name)
                yield self._page(name, given)

    def _page(self, name: str, given: str | None) -> Page:
        question = str(self.env.metadata[name].get("question", ""))
        section = ".".join(map(str, self.env.toc_secnumbers.get(name, {}).get("", ())))
        page = Page(name, given or self.env.titles[name].astext(), question, section=section)
        if question:
            self.chapters += 1
            page = replace(page, number=self.chapters)
        below = (entry for part in self.parts(name) for entry in part.pages)
        return replace(page, pages=tuple(below))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("env-get-updated", note_contents, priority=800)  # when sections have numbers
    app.connect("html-page-context", add_context)
    return metadata()


def contents(env: BuildEnvironment) -> tuple[Part, ...]:
    """Return the parts of the book: what its root page lists, and what stands below that."""
    root: str = env.config.root_doc
    return tuple(_Walk(env, {root}).parts(root))


def note_contents(_app: Sphinx, env: Any) -> list[str]:
    """Keep the contents, which every page shows."""
    env.booktools_contents = contents(env)
    return []


def add_context(
    app: Sphinx,
    name: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Tell the template where the page stands."""
    env: Any = app.env
    parts: tuple[Part, ...] = env.booktools_contents
    order = [Page(env.config.root_doc, ""), *(page for part in parts for page in part.all())]
    chapters = max((page.number for page in order), default=0)
    book = context.setdefault("book", {})
    book["parts"] = parts
    names = [page.name for page in order]
    if name in names:
        here = names.index(name)
        number = order[here].number
        book["place"] = f"Chapter {number} of {chapters}" if number else ""
        book["part"] = next((p.caption for p in parts if order[here] in p.all()), "")
        book["sections"] = sections(env, name)
        book["next"] = order[here + 1] if here + 1 < len(order) else None
        book["previous"] = order[here - 1] if here > 1 else None


def sections(env: BuildEnvironment, name: str) -> list[dict[str, str]]:
    """Return the sections of a page, one level deep."""
    top = env.tocs[name]
    found = []
    for entry in top[0].children[1:] if len(top) else ():
        for item in entry.children:
            link = next(item.findall(nodes.reference), None)
            if link is not None:
                found.append({"anchor": link["anchorname"], "title": link.astext()})
    return found
