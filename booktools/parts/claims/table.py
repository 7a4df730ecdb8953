"""The directive ``{claims-table}``: every claim and fact of the book, and what can break it.

Its page is read again whenever a claim, a value or its evidence changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.evidence.record import Statement, show_range
from booktools.parts.claims.page import noted, statements_of

_AFTER_EXECUTION = 900
_LINK = "booktools_claim"
_HEADINGS = ("Claim or fact", "Today", "Bound", "Five seeds", "What breaks it")


def connect(app: Sphinx) -> None:
    """Register the directive, and keep its pages up to date."""
    app.add_directive("claims-table", ClaimsTable)
    app.connect("env-get-outdated", outdated_pages, priority=_AFTER_EXECUTION)
    app.connect("doctree-resolved", link_to_claims)


class ClaimsTable(SphinxDirective):
    """``{claims-table}``, without arguments: a count, then a table for each page."""

    def run(self) -> list[nodes.Node]:
        """Return the count, and a heading and a table for each page that states something."""
        env: Any = self.env
        claims = getattr(env, "booktools_claims", [])
        _shown(env)[env.docname] = _all_evidence(env.app, claims)
        if not claims:
            return [nodes.paragraph("", "No chapter claims anything yet.")]
        order = list(getattr(self.config, "external_site_map", None) or ())
        in_order = sorted(claims, key=lambda claim: _place(order, str(claim["page"])))
        found: list[nodes.Node] = [nodes.paragraph("", count(claims))]
        for page, rows in groupby(in_order, key=lambda claim: str(claim["page"])):
            heading = nodes.container()
            link = StringList([f"**[](/{page}.md)**"], source="claims")
            self.state.nested_parse(link, self.content_offset, heading)
            found += heading.children
            found.append(_table(page, list(rows), statements_of(env.app, page)))
        return [nodes.container("", *found, classes=["claims-table"])]


def count(claims: Sequence[dict[str, Any]]) -> str:
    """Return how many claims and facts there are, in words."""
    facts = sum(claim["kind"] == "fact" for claim in claims)
    return f"{_many(len(claims) - facts, 'claim')} and {_many(facts, 'fact')} in this build."


def outdated_pages(
    app: Sphinx, env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Return the pages whose table shows other claims or other evidence than there are now."""
    now = _all_evidence(app, getattr(env, "booktools_claims", []))
    return [page for page, rows in _shown(env).items() if rows != now and page in env.found_docs]


def link_to_claims(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Let each row lead to its claim, where that is shown on its page."""
    anchors = noted(app.env)
    for link in doctree.findall(nodes.reference):
        if _LINK in link:
            target, text = link[_LINK]
            address = app.builder.get_relative_uri(page, target)
            anchor = anchors.get(target, {}).get(text)
            link["refuri"] = f"{address}#{anchor}" if anchor else address


def _table(
    page: str, rows: Sequence[dict[str, Any]], evidence: dict[str, Statement]
) -> nodes.table:
    columns = [nodes.colspec(colwidth=1) for _ in _HEADINGS]
    head = nodes.thead("", _row(nodes.paragraph("", heading) for heading in _HEADINGS))
    body = nodes.tbody()
    for row in rows:
        statement = evidence.get(row["text"])
        link = nodes.reference("", row["text"], internal=True)
        link[_LINK] = (page, row["text"])
        name = nodes.paragraph("", "", link)
        if row["kind"] == "fact":
            name += nodes.Text(" (fact)")
        seeds = show_range(statement) if statement else "not measured"
        broken = ", ".join(statement.broken_by) if statement else ""
        texts = (row["shown"], row["bound"], seeds, broken or "\u2013")
        body += _row([name, *(nodes.paragraph("", text) for text in texts)])
    group = nodes.tgroup("", *columns, head, body, cols=len(_HEADINGS))
    return nodes.table("", group)


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def _all_evidence(app: Sphinx, claims: Sequence[dict[str, Any]]) -> list[Any]:
    pages = sorted({str(claim["page"]) for claim in claims})
    return [claims, {page: statements_of(app, page) for page in pages}]


def _shown(env: Any) -> dict[str, list[Any]]:
    if not hasattr(env, "booktools_claims_shown"):
        env.booktools_claims_shown = {}
    shown: dict[str, list[Any]] = env.booktools_claims_shown
    return shown


def _place(order: list[str], page: str) -> tuple[int, str]:
    """Return what sorts pages as in the table of contents, and others behind, by name."""
    return (order.index(page) if page in order else len(order)), page


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
