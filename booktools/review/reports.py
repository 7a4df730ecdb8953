"""The reports of two builds, and what changed between them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Key = tuple[str, str, int]  # page, text, and how often that text came before on the page


class ReportError(ValueError):
    """A report that cannot be used. The message names the file and the remedy."""


@dataclass(frozen=True)
class Reported:
    """What a build reported, as ``report.json`` holds it.

    Attributes:
        chapters: What is said of each page with code, by the page.
        claims: The claims and facts, in the order of the report.
        pages: A checksum of the text of every page; ``None`` in reports of earlier versions.
        failures: What failed.
        data: The data mode.
        versions: Python and packages.
    """

    chapters: dict[str, dict[str, Any]]
    claims: dict[Key, dict[str, Any]]
    pages: dict[str, str] | None
    failures: list[dict[str, Any]]
    data: str
    versions: dict[str, str]

    @property
    def failed(self) -> set[str]:
        """The pages of which nothing is known, because they failed."""
        return {failure["page"] for failure in self.failures}

    @property
    def names(self) -> set[str]:
        """The pages that the book has, as far as the report knows."""
        return {*self.chapters, *self.failed, *(self.pages or ())}


def load(path: Path) -> Reported:
    """Read a report.

    Raises:
        ReportError: It is not there, or damaged.
    """
    try:
        given = json.loads(path.read_text(encoding="utf8"))
        for name, needed in (("chapters", ("page", "seconds")), ("claims", ("page", "text"))):
            for row in given[name]:
                _ = [row[key] for key in needed]
        for failure in given["failures"]:
            _ = [failure[key] for key in ("page", "line", "kind", "message")]
        return Reported(
            chapters={str(row["page"]): row for row in given["chapters"]},
            claims=dict(_numbered(given["claims"])),
            pages=None if given.get("pages") is None else dict(given["pages"]),
            failures=list(given["failures"]),
            data=str(given["data"]),
            versions=dict(given["versions"]),
        )
    except FileNotFoundError as error:
        raise ReportError(
            f"there is no {path}. Remedy: build the book, which writes _build/report.json; if a "
            "build ended before it ran a chapter, its own words say why."
        ) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        words = f"{type(error).__name__}: {' '.join(str(error).split())[:100]}"
        raise ReportError(
            f"{path} is damaged, or no report of a build ({words}). Remedy: build again, which "
            "writes it anew, or name another file."
        ) from error


def _numbered(rows: list[dict[str, Any]]) -> Iterator[tuple[Key, dict[str, Any]]]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        name = (str(row["page"]), str(row["text"]))
        seen[name] = seen.get(name, -1) + 1
        yield (*name, seen[name]), row


@dataclass(frozen=True)
class Move:
    """A claim or fact that is new, gone, or not what it was.

    Attributes:
        kind: ``new``, ``gone`` or ``moved``.
        page: Its page.
        text: What it says.
        before: The value that readers saw; empty if it is new.
        after: The value that they see now; empty if it is gone.
        bound: The bound in words.
        was: The bound before, where it is another now.
        holds: Whether it holds.
    """

    kind: str
    page: str
    text: str
    before: str = ""
    after: str = ""
    bound: str = ""
    was: str = ""
    holds: bool = True


def moves(old: Reported, new: Reported) -> Iterator[Move]:
    """Yield the claims and facts that changed, by page; of pages that failed nothing is known."""
    unknown = old.failed | new.failed
    for key in sorted({**old.claims, **new.claims}, key=lambda key: key[0]):
        page, text, _ = key
        before, after = old.claims.get(key), new.claims.get(key)
        if page in unknown:
            continue
        if before is None and after is not None:
            bound = after.get("bound", "")
            yield Move("new", page, text, "", _shown(after), bound, "", after.get("holds", True))
        elif after is None and before is not None:
            yield Move("gone", page, text, _shown(before), "", before.get("bound", ""))
        elif before is not None and after is not None:
            first, then = _values(before, after)
            was, bound = before.get("bound", ""), after.get("bound", "")
            if first != then or was != bound:
                held = after.get("holds", True)
                other = was if was != bound else ""
                yield Move("moved", page, text, first, then, bound, other, held)


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, str]:
    """Return two values as readers see them, with more digits where only those differ."""
    shown = _shown(before), _shown(after)
    exact = _exact(before), _exact(after)
    return exact if shown[0] == shown[1] and exact[0] != exact[1] else shown


def _shown(row: Mapping[str, Any]) -> str:
    return str(row.get("shown", _exact(row)))


def _exact(row: Mapping[str, Any]) -> str:
    value = row.get("value")
    return f"{value:.4g}" if isinstance(value, int | float) else "no number"


def changes(old: Reported, new: Reported) -> dict[str, str]:
    """Return what became of each page that is not what it was, in words."""
    found = {}
    for page in sorted(old.names | new.names):
        chapter = new.chapters.get(page, {})
        if page in new.failed:
            found[page] = "**failed**"
        elif page not in old.names and (old.pages is not None or page in new.chapters):
            found[page] = "new"
        elif page not in new.names and (new.pages is not None or page in old.chapters):
            found[page] = "gone"
        elif chapter.get("status") == "executed":
            found[page] = f"ran again: {chapter.get('why', 'no reason given')}"
        elif old.pages and new.pages and old.pages.get(page) != new.pages.get(page):
            found[page] = "text"
    return found


def upgrades(old: Reported, new: Reported) -> Iterator[str]:
    """Yield what differs between two builds beside the book: data, Python, packages."""
    if old.data != new.data:
        yield f"data {old.data} → {new.data}"
    for name in sorted({**old.versions, **new.versions}):
        before, after = old.versions.get(name, "none"), new.versions.get(name, "none")
        if before != after:
            yield f"{name} {before} → {after}"
