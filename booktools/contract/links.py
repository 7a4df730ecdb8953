"""Links, references and terms that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from booktools.contract.book import Book, slugs
from booktools.contract.finding import Finding
from booktools.contract.page import Page

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)  # https:, mailto: and their like
SPHINX = {"genindex", "modindex", "search"}  # targets that Sphinx makes itself


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check the links, roles and pictures of a page that lead to something in the book."""
    for text in page.texts:
        for token, line in text.find("link_open"):
            address = str(token.attrs.get("href", ""))
            if not ELSEWHERE.match(address):
                yield from _link(page, book, address, line)
        for token, line in text.find("image"):
            yield from _file(page, book, str(token.attrs["src"]), line)
        for token, line in text.find("myst_role"):
            named = re.fullmatch(r".*<([^<>]+)>", token.content, re.DOTALL)
            name = " ".join((named[1] if named else token.content).split())
            yield from _role(page, book, token.meta["name"], name, line)
    for directive in page.directives("figure", "image"):
        yield from _file(page, book, directive.argument, directive.line)


def _link(page: Page, book: Book, address: str, line: int) -> Iterator[Finding]:
    path, _, anchor = address.partition("#")
    if not path:
        there = page
    elif path.lower() in book.targets:
        return
    else:
        file = _resolve(page, book, path)
        if not file.exists() and not file.with_name(f"{file.name}.md").exists():
            yield _dead(page, line, f"the link {address} leads to no file")
            return
        source = book.source.resolve()
        if not file.is_relative_to(source):
            yield Finding(
                page.path,
                line,
                f"the link {address} leads out of the book, to {file.name}, which is there but is "
                "not part of the site",
                "link to where readers find it, with https:, or write `{download}`.",
            )
            return
        name = file.relative_to(source).as_posix().removesuffix(".md")
        if file.suffix == ".md" and name not in book.pages:
            yield Finding(
                page.path,
                line,
                f"the link {address} leads to a page that is not in the contents",
                "enter the page in _toc.yml.",
            )
            return
        if name not in book.pages:
            return
        there = book.pages[name]
    if anchor and anchor.lower() not in slugs(there) | (set() if path else book.targets):
        yield _dead(page, line, f"the link {address} leads to no heading or target of that name")


def _role(page: Page, book: Book, role: str, name: str, line: int) -> Iterator[Finding]:
    if role == "term" and name.lower() not in book.terms:
        yield Finding(
            page.path,
            line,
            f"the term {name!r} is not in the glossary",
            "give it an entry of one or two sentences, or name an entry: {term}`kernels <kernel>`.",
        )
    elif role in ("ref", "numref", "prf:ref") and name.lower() not in book.targets | SPHINX:
        yield _dead(page, line, f"{{{role}}} names {name}, which is no target of this book")
    elif role == "doc" and not _resolve(page, book, f"{name}.md").exists():
        yield _dead(page, line, f"{{doc}} names {name}, which is no page")
    elif role == "download":
        yield from _file(page, book, name, line)


def _file(page: Page, book: Book, address: str, line: int) -> Iterator[Finding]:
    if not ELSEWHERE.match(address) and not _resolve(page, book, address).is_file():
        yield _dead(page, line, f"there is no file {address}")


def _resolve(page: Page, book: Book, address: str) -> Path:
    """Return the file that an address means; ``/`` is the book's folder."""
    start = book.source if address.startswith("/") else page.path.parent
    return (start / address.lstrip("/")).resolve()


def _dead(page: Page, line: int, wrong: str) -> Finding:
    return Finding(page.path, line, wrong, "mend the name, seen from this file, or take it out.")
