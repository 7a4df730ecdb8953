"""The chapter contract: what every chapter owes its reader, checked before anything is run.

``python -m booktools check`` prints all findings. As a Sphinx extension it stops a build in
the same words. It concerns pages that carry a ``{chapter-card}``; on other pages the command
checks links, alternative text and spelling.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from booktools.contract import (
    claims,
    evidence,
    exercises,
    front_matter,
    length,
    letters,
    links,
    parts,
    pictures,
    predictions,
    python_code,
    quiz,
    spelling,
    style,
    typed_numbers,
)
from booktools.contract.book import Book, in_order
from booktools.contract.finding import Finding
from booktools.contract.page import Page
from booktools.contract.settings import Settings
from booktools.extension import metadata

EVERY_PAGE = (links, pictures, spelling)
CHAPTERS = (
    front_matter,
    parts,
    length,
    predictions,
    quiz,
    letters,
    exercises,
    claims,
    typed_numbers,
    python_code,
    style,
    *EVERY_PAGE,
)


class ContractBroken(SphinxError):  # noqa: N818 - Sphinx prints the category, not the name
    """Chapters that break the contract."""

    category = "The book was not built"


def setup(app: Sphinx) -> dict[str, Any]:
    """Check the chapters when the pages are known, before booktools.execution runs them."""
    app.add_config_value("contract", {}, "", types=[dict])
    app.add_config_value("chapter_template", "", "", types=[str])
    app.connect("env-get-outdated", stop_on_findings, priority=100)
    return metadata()


def stop_on_findings(app: Sphinx, env: Any, *_: object) -> list[str]:
    """Stop the build if a chapter breaks the contract."""
    site_map = getattr(app.config, "external_site_map", None)
    order = in_order(site_map) if site_map else sorted(env.found_docs)
    try:
        settings = Settings.from_config({"contract": app.config.contract})
    except ValueError as error:
        raise ContractBroken(str(error)) from error
    book = Book(app.srcdir, order, settings)
    chapters = [page for page in book.pages.values() if page.is_chapter]
    found = [finding for page in chapters for finding in check(page, book)]
    if found:
        raise ContractBroken(summary(found))
    return []


def check(page: Page, book: Book, *, evidence_too: bool = False) -> list[Finding]:
    """Return what is wrong with a page, in the order of its lines.

    Args:
        page: The page.
        book: All pages.
        evidence_too: Whether its evidence is checked; a build goes on without, so that authors
            see what they write before they collect it.
    """
    checks = CHAPTERS if page.is_chapter else EVERY_PAGE
    if evidence_too:
        checks = (*checks, evidence)
    return sorted(finding for module in checks for finding in module.check(page, book))


def summary(found: list[Finding]) -> str:
    """Return all findings, a line each, and their number."""
    pages = len({finding.path for finding in found})
    lines = list(dict.fromkeys(map(str, found)))  # several pages may find the same elsewhere
    return "\n".join([*lines, f"{len(lines)} findings in {pages} of the files."])
