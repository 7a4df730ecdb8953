"""What evidence adds to a page: an anchor for each claim, and its range over five seeds."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from booktools.evidence.collect import cells_of, page_fingerprint
from booktools.evidence.record import Evidence, Statement, path_for, read, show_range
from booktools.evidence.settings import EvidenceError, from_config, own_sabotages
from booktools.execution import book_settings
from booktools.execution.chapter import read as read_chapter
from booktools.execution.settings import DATA

logger = logging.getLogger(__name__)

CLAIM = re.compile(
    r'<p class="claim (?P<classes>[^"]*)"(?: id="[^"]*")?>(?P<inside>.*?'
    r'<span class="claim-text">(?P<text>.*?)</span>.*?)</p>',
    re.DOTALL,
)


def connect(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("env-get-outdated", outdated_pages)
    app.connect("doctree-read", show_evidence)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)


def outdated_pages(
    _app: Sphinx, env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Return the pages whose evidence is not what it was when they were read."""
    return [page for page, before in _read_with(env).items() if _digest(env, page) != before]


def show_evidence(app: Sphinx, doctree: nodes.document) -> None:
    """Put anchors and ranges into the claims of the page that was read."""
    assert app.env is not None
    page = app.env.docname
    outputs = [
        node
        for node in doctree.findall(nodes.raw)
        if node.get("format") == "html" and CLAIM.search(node.astext())
    ]
    if not outputs:
        return
    _read_with(app.env)[page] = _digest(app.env, page)
    evidence = statements_of(app, page)
    if not evidence and book_settings(app).data == DATA:
        logger.info(
            "%s has no evidence for the code as it stands now, so its claims show no ranges. "
            "Remedy: `make evidence PAGE=%s`.",
            app.env.doc2path(page),
            page,
        )
    anchors = noted(app.env)[page] = {}

    def mark(found: re.Match[str]) -> str:
        text = html.unescape(found["text"])
        anchor = f"claim-{len(anchors) + 1}"
        anchors.setdefault(text, anchor)
        spread = ""
        if text in evidence:
            seeds = html.escape(show_range(evidence[text]))
            spread = f' <span class="claim-seeds">five seeds: {seeds}</span>'
        return f'<p class="claim {found["classes"]}" id="{anchor}">{found["inside"]}{spread}</p>'

    for node in outputs:
        marked = CLAIM.sub(mark, node.astext())
        node.rawsource = marked
        node.children = [nodes.Text(marked)]


def statements_of(app: Sphinx, page: str) -> dict[str, Statement]:
    """Return the evidence of a page by the text of its claims; none if it is not of this run.

    Evidence is of this run if it belongs to the code of the page and to the data mode.
    """
    env: Any = app.env
    source = Path(env.doc2path(page))
    path = path_for(source)
    if not path.is_file():
        return {}
    try:
        evidence = read(path)
    except EvidenceError as error:
        logger.warning("%s", error, location=page)
        return {}
    if not _belongs(app, page, source, evidence):
        return {}
    return {one.text: one for one in evidence.statements}


def _belongs(app: Sphinx, page: str, source: Path, evidence: Evidence) -> bool:
    book = book_settings(app)
    if evidence.data != book.data:
        return False
    chapter = read_chapter(page, source, Path(app.srcdir), book)
    assert chapter is not None  # it has claims
    try:
        settings = from_config(app.config.evidence)
        code = "\n".join(cell.source for cell in chapter.cells)
        own = own_sabotages(chapter.notebook.metadata, code, source)
    except EvidenceError as error:
        logger.warning("%s", error, location=page)
        return False
    return evidence.cells == page_fingerprint(
        cells_of(chapter.notebook), (*settings.sabotages, *own)
    )


def forget(_app: Sphinx, env: Any, page: str) -> None:
    """Forget the anchors of a page that is read again, or is gone."""
    noted(env).pop(page, None)
    _read_with(env).pop(page, None)


def merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    for of in (noted, _read_with):
        of(env).update({page: found for page, found in of(other).items() if page in pages})


def _digest(env: Any, page: str) -> str:
    path = path_for(Path(env.doc2path(page)))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _read_with(env: Any) -> dict[str, Any]:
    """Return a hash of the evidence with which each page was read."""
    if not hasattr(env, "booktools_evidence"):
        env.booktools_evidence = {}
    found: dict[str, Any] = env.booktools_evidence
    return found


def noted(env: Any) -> dict[str, Any]:
    """Return the anchors of claims, by page and text."""
    if not hasattr(env, "booktools_anchors"):
        env.booktools_anchors = {}
    anchors: dict[str, Any] = env.booktools_anchors
    return anchors
