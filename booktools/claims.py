"""A Sphinx extension: the page that lists every claim of the book with today's value.

The directive ``{claims-table}`` draws a table for each chapter from what the execution
collected. Its page is read again whenever a claim or a value changed.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_AFTER_EXECUTION = 900


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and keep its pages up to date."""
    app.setup_extension("booktools.execution")
    app.add_directive("claims-table", ClaimsTable)
    app.connect("env-get-outdated", outdated_pages, priority=_AFTER_EXECUTION)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}


class ClaimsTable(SphinxDirective):
    """``{claims-table}``, without arguments."""

    def run(self) -> list[nodes.Node]:
        """Return a heading line and a table for each chapter that claims something."""
        claims = getattr(self.env, "booktools_claims", [])
        shown = getattr(self.env, "booktools_claims_shown", {})
        shown[self.env.docname] = claims
        self.env.booktools_claims_shown = shown  # type: ignore[attr-defined]
        order = list(getattr(self.config, "external_site_map", None) or ())
        in_order = sorted(claims, key=lambda claim: _place(order, str(claim["page"])))
        lines = []
        for page, rows in groupby(in_order, key=lambda claim: str(claim["page"])):
            lines += [f"**[](/{page}.md)**", "", "| Claim | Today | Bound |", "|---|---|---|"]
            lines += [f"| {_cell(row['text'])} | {row['shown']} | {row['bound']} |" for row in rows]
            lines.append("")
        if not lines:
            lines = ["No chapter claims anything yet."]
        container = nodes.container(classes=["claims-table"])
        self.state.nested_parse(StringList(lines, source="claims"), self.content_offset, container)
        return [container]


def outdated_pages(
    _app: Sphinx, env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Return the pages whose table shows other claims than there are now."""
    claims = getattr(env, "booktools_claims", [])
    shown = getattr(env, "booktools_claims_shown", {})
    return [page for page, rows in shown.items() if rows != claims and page in env.found_docs]


def _place(order: list[str], page: str) -> tuple[int, str]:
    """Return what sorts pages as in the table of contents, and others behind, by name."""
    return (order.index(page) if page in order else len(order)), page


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
