"""What a change did to the book, in Markdown, for whoever judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from booktools.review.markdown import code, plain, table
from booktools.review.reports import Move, Reported, changes, moves, upgrades

NEAR = 0.9  # the share of a budget from which it is marked


def summary(old: Reported | None, new: Reported) -> str:
    """Return what changed from one build to another: pages, claims, seconds and budgets, failures.

    Args:
        old: The earlier report; ``None`` if there is nothing to compare with.
        new: The later one.
    """
    return "\n".join([*_lines(old, new), ""])


def _lines(old: Reported | None, new: Reported) -> Iterator[str]:
    yield "## What this changes in the book"
    yield ""
    pages, claims = ({}, []) if old is None else (changes(old, new), list(moves(old, new)))
    if old is None:
        yield "There was no earlier report to compare with, so nothing is called new or moved."
    else:
        yield _counts(pages, claims, len(new.claims))
        yield from _remarks(old, new)
    yield from _failures(new)
    if pages:
        yield from ("", "### Pages", "")
        rows = [[code(page), _plain_but_bold(what)] for page, what in pages.items()]
        yield from table(["page", "what changed"], rows, "pages")
    if claims:
        yield from ("", "### Claims and facts", "")
        heads = ["page", "it says", ">before", ">after", "bound"]
        yield from table(heads, [_claim(move) for move in claims], "claims and facts")
    yield from _costs(old, new)


def _counts(pages: Mapping[str, str], claims: list[Move], total: int) -> str:
    """Return the first sentence: how much is new, gone, or not what it was."""
    fresh, gone = (sum(what == kind for what in pages.values()) for kind in ("new", "gone"))
    of_claims = {kind: sum(move.kind == kind for move in claims) for kind in ("new", "gone")}
    moved = len(claims) - sum(of_claims.values())
    if not pages and not claims:
        return f"**Nothing changed.** All {total} claims and facts are what they were."
    changed = len(pages) - fresh - gone
    return (
        f"**Pages: {changed} changed, {fresh} new, {gone} gone. Of {total} claims and facts: "
        f"{moved} moved, {of_claims['new']} new, {of_claims['gone']} gone.**"
    )


def _remarks(old: Reported, new: Reported) -> Iterator[str]:
    found = [plain(one) for one in upgrades(old, new)]
    if found:
        more = f" and {len(found) - 10} more" if len(found) > 10 else ""
        yield ""
        yield f"The two builds differ beside the book: {', '.join(found[:10])}{more}."
    if old.pages is None or new.pages is None:
        yield ""
        yield "One of the reports is of an earlier version, so changed texts are not listed."


def _failures(new: Reported) -> Iterator[str]:
    if not new.failures:
        return
    yield from ("", f"### Failures: {len(new.failures)}", "")
    rows = [
        [code(one["page"]), plain(one["line"]), plain(one["kind"]), plain(one["message"])]
        for one in new.failures
    ]
    yield from table(["page", ">line", "what", "the build says"], rows, "failures")


def _claim(move: Move) -> list[str]:
    bound = plain(move.bound) + (f"; was {plain(move.was)}" if move.was else "")
    after = plain(move.after) if move.after else move.kind
    if not move.holds:
        after += " **does not hold**"
    before = plain(move.before) if move.before else move.kind
    return [code(move.page), plain(move.text), before, after, bound]


def _costs(old: Reported | None, new: Reported) -> Iterator[str]:
    """Yield the table of seconds and memory: what ran comes first, and the slowest of it."""
    rows = sorted(new.chapters.values(), key=lambda row: (not _ran(row), -_seconds(row)))
    over = [row for row in rows if row.get("over_budget")]
    near = [row for row in rows if row not in over and _share(row) >= NEAR]
    yield from ("", "### Seconds and budgets", "")
    was = {} if old is None else old.chapters
    before = f", {sum(map(_seconds, was.values())):.0f} s before" if was else ""
    yield (
        f"{len(rows)} chapters take {sum(map(_seconds, rows)):.0f} s{before}, on the reference "
        f"machine, one after the other. {len(over)} over budget, {len(near)} near it."
    )
    yield ""
    heads = ["chapter", ">s before", ">s now", ">budget", ">MB now", ">budget", "this build"]
    yield from table(heads, [_cost(was.get(row["page"]), row) for row in rows], "chapters")


def _cost(before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> list[str]:
    budget = row.get("budget") or {}
    if row.get("over_budget"):
        mark = "**over budget**"
    elif _share(row) >= NEAR:
        mark = "near its budget"
    else:
        mark = "ran" if _ran(row) else "not run again"
    return [
        code(row["page"]),
        f"{_seconds(before):.1f}" if before else "",
        f"{_seconds(row):.1f}",
        _limit(budget.get("seconds")),
        plain(row.get("peak_mb", "")),
        _limit(budget.get("megabytes")),
        mark,
    ]


def _ran(row: Mapping[str, Any]) -> bool:
    return row.get("status") == "executed"


def _limit(given: Any) -> str:
    return "none" if given is None else f"{given:g}"


def _seconds(row: Mapping[str, Any]) -> float:
    """Return how long a chapter takes on the reference machine."""
    return float(row["seconds"]) / float(row.get("slowness") or 1)


def _share(row: Mapping[str, Any]) -> float:
    """Return how much of its budget a chapter uses, of seconds or of memory."""
    budget = row.get("budget") or {}
    used = {"seconds": _seconds(row), "megabytes": float(row.get("peak_mb") or 0)}
    return max((used[name] / budget[name] for name in used if budget.get(name)), default=0)


def _plain_but_bold(words: str) -> str:
    return words if words.startswith("**") else plain(words)
