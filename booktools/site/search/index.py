"""The index of the palette: what can be found, page by page, as a script that holds data.

It is written after every build from what Sphinx remembers, so that pages which were not read
again are in it too. Its text is the same for the same book.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder

from booktools.site.navigation import Page, contents
from booktools.site.search.marks import Entry, noted
from booktools.site.words import words

NAME = "booktools/palette-index.js"


def is_written_by(builder: Builder) -> bool:
    """Tell whether a builder makes a site of pages, which alone has a palette."""
    return builder.format == "html" and builder.name not in {"epub", "singlehtml"}


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the index into the static folder of the site."""
    if error is None and is_written_by(app.builder):
        path = Path(app.outdir, "_static", NAME)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(index(app)), encoding="utf8")


def script(data: dict[str, Any]) -> str:
    """Return the script that hands the index to the palette."""
    return f"bookPalette.fill({json.dumps(data, ensure_ascii=False, separators=(',', ':'))});\n"


def index(app: Sphinx) -> dict[str, Any]:
    """Return the index.

    Returns:
        ``words``: what the palette says, and what kinds are called. ``search``: the address of
        the search page. ``pages``: for each page, in the order of the book, its address, its
        title, and then each kind with its entries: an anchor and a text, in turn. All addresses
        start at the root of the site.
    """
    env: Any = app.env
    builder = app.builder
    terms, claims, code = terms_of(env), claims_of(env), code_of(env)
    pages = []
    for page in in_order(env):
        by_kind: dict[str, list[str]] = {}
        marked = noted(env).get(page.name, [])
        called = dict.fromkeys(code.get(page.name, ()), "code")
        called |= {anchor: kind for kind, anchor, text in marked if not text}
        found: list[Entry] = [
            *((called.get(at, "heading"), at, text) for at, text in headings(env, page.name)),
            *(("term", anchor, text) for anchor, text in terms.get(page.name, ())),
            *claims.get(page.name, ()),
            *(entry for entry in marked if entry[2]),
        ]
        for kind, anchor, text in found:
            by_kind.setdefault(kind, []).extend((anchor, text))
        address = builder.get_target_uri(page.name)
        pages.append([address, page.title, *(part for one in by_kind.items() for part in one)])
    return {
        "words": words(app.config),
        "search": builder.get_target_uri("search"),
        "pages": pages,
    }


def in_order(env: Any) -> Iterator[Page]:
    """Yield the pages of the book in its order, then those that stand nowhere in it."""
    seen = set()
    root: str = env.config.root_doc
    listed = [page for part in contents(env) for page in part.all()]
    for page in (Page(root, env.titles[root].astext()), *listed):
        seen.add(page.name)
        yield page
    for name in sorted(env.found_docs - seen):
        yield Page(name, env.titles[name].astext())


def terms_of(env: Any) -> dict[str, list[tuple[str, str]]]:
    """Return anchor and name of the terms of each page that has a glossary."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, _, kind, page, anchor, _ in sorted(env.domains["std"].get_objects()):
        if kind == "term":
            found.setdefault(page, []).append((anchor, name))
    return found


def code_of(env: Any) -> dict[str, set[str]]:
    """Return the anchors of functions, classes and their like on each page that describes some."""
    found: dict[str, set[str]] = {}
    for name, domain in env.domains.items():
        for _, _, _, page, anchor, _ in domain.get_objects() if name != "std" else ():
            found.setdefault(page, set()).add(anchor)
    return found


def claims_of(env: Any) -> dict[str, list[Entry]]:
    """Return the claims and facts that each page shows."""
    kinds = {
        (claim["page"], claim["text"]): claim["kind"]
        for claim in getattr(env, "booktools_claims", ())
    }
    return {
        page: [(kinds.get((page, text), "claim"), at, text) for text, at in anchors.items()]
        for page, anchors in getattr(env, "booktools_anchors", {}).items()
    }


def headings(env: Any, page: str) -> Iterator[tuple[str, str]]:
    """Yield anchor and text of the headings of a page below its title."""
    for link in env.tocs[page].findall(nodes.reference):
        if link.get("anchorname") and link.get("refuri") == page:
            yield link["anchorname"].removeprefix("#"), link.astext()
