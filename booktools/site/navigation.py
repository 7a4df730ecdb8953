"""Where a page stands in the book: its part, its number, what comes before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from docutils import nodes
from sphinx.addnodes import toctree
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment


@dataclass(frozen=True)
class Page:
    """A page as the contents list it; chapters, which ask a question, have a number."""

    name: str
    title: str
    question: str = ""
    number: int = 0


@dataclass(frozen=True)
class Part:
    """A part of the book and its pages, in their order."""

    caption: str
    pages: tuple[Page, ...]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("env-updated", note_contents)
    app.connect("html-page-context", add_context)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def contents(env: BuildEnvironment) -> tuple[Part, ...]:
    """Return the parts of the book, as its root page lists them."""
    root: str = env.config.root_doc
    parts, count = [], 0
    for tree in env.get_doctree(root).findall(toctree):
        pages = []
        for _, name in tree["entries"]:
            if name not in env.titles:
                continue
            question = str(env.metadata[name].get("question", ""))
            page = Page(name, env.titles[name].astext(), question)
            if question:
                count += 1
                page = replace(page, number=count)
            pages.append(page)
        parts.append(Part(tree.get("caption") or "", tuple(pages)))
    return tuple(parts)


def note_contents(_app: Sphinx, env: Any) -> None:
    """Keep the contents, which every page shows."""
    env.booktools_contents = contents(env)


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
    order = [Page(env.config.root_doc, ""), *(page for part in parts for page in part.pages)]
    chapters = max((page.number for page in order), default=0)
    book = context.setdefault("book", {})
    book["parts"] = parts
    names = [page.name for page in order]
    if name in names:
        here = names.index(name)
        number = order[here].number
        book["place"] = f"Chapter {number} of {chapters}" if number else ""
        book["part"] = next((p.caption for p in parts if order[here] in p.pages), "")
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
