"""Links that lead out of the book: which hold, which are broken, which could not be tried.

Sphinx' own builder ``linkcheck`` follows them and writes a line of JSON for each; this says what
its answers mean. A link is broken where somebody answered that there is no such thing; where
nobody answered, or a host does not talk to programs, nobody knows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from booktools.review.markdown import plain, table

PERMANENTLY = {301, 308}
_STATUS = re.compile(r"^(\d{3}) (?:Client|Server) Error")
# answers of hosts that are there, but do not want to, or cannot now
_UNWILLING = {401, 403, 405, 406, 407, 408, 418, 425, 429, 451, 999}
_SYSTEM = re.compile(r"\[Errno -?\d+\] ([\w ]+)")  # what a long chain of errors ends with
_NO_SUCH_HOST = re.compile(r"NameResolutionError|Failed to resolve|Name or service not known")


class LinksError(ValueError):
    """Links that could not be checked. The message says why."""


@dataclass(frozen=True)
class Link:
    """A link, and what became of it: ``page:line``, its address, and words."""

    place: str
    address: str
    words: str


@dataclass
class Links:
    """All links out of a book, by what became of them.

    Attributes:
        working: How many hold.
        broken: Those that lead to nothing.
        unreachable: Those of which nothing is known, because nobody answered.
        moved: Those that hold, at another address from now on.
    """

    working: int = 0
    broken: list[Link] = field(default_factory=list)
    unreachable: list[Link] = field(default_factory=list)
    moved: list[Link] = field(default_factory=list)

    @property
    def tried(self) -> int:
        """How many links there are."""
        return self.working + len(self.broken) + len(self.unreachable) + len(self.moved)

    @property
    def nobody_answered(self) -> bool:
        """Whether not one of them could be reached, so that nothing is known."""
        return self.tried > 0 and len(self.unreachable) == self.tried

    def write(self, path: Path) -> None:
        """Write them as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        given = {"tried": self.tried, **asdict(self)}
        path.write_text(json.dumps(given, indent=1, ensure_ascii=False) + "\n", encoding="utf8")

    def lines(self) -> list[str]:
        """Return what is to be said of them, a line each."""
        said = {"broken": self.broken, "not reached": self.unreachable, "moved": self.moved}
        return [
            f"{one.place}: {kind}: {one.address} ({one.words})"
            for kind, links in said.items()
            for one in links
        ]

    def counts(self) -> str:
        """Return how many became what, in a sentence."""
        return (
            f"{self.tried} links out of the book: {self.working} work, {len(self.moved)} work at "
            f"a new address, {len(self.broken)} are broken, {len(self.unreachable)} could not be "
            "reached."
        )

    def markdown(self) -> str:
        """Return the same as a summary of a workflow shows it."""
        rows = [line.split(": ", 2) for line in self.lines()]
        cells = [[plain(part) for part in row] for row in rows]
        listed = ["", *table(["place", "what", "link"], cells, "links")] if cells else []
        return "\n".join(["## Links out of the book", "", self.counts(), *listed, ""])


def judge(rows: Iterable[dict[str, Any]]) -> Links:
    """Return what became of links.

    Args:
        rows: What ``linkcheck`` wrote in ``output.json``, a line each.
    """
    links = Links()
    unknown_hosts = []
    answered = False
    for row in sorted(rows, key=lambda row: (row["filename"], row["lineno"])):
        address, status, words = str(row["uri"]), row["status"], " ".join(row["info"].split())
        if not address.startswith(("http:", "https:")) or status in ("unchecked", "local"):
            continue
        short = _SYSTEM.findall(words)[-1:] or [words or status]
        link = Link(f"{row['filename']}:{row['lineno']}", address, short[0])
        answer = _STATUS.match(words)
        code = int(answer[1]) if answer else 0
        if status == "ignored" and words != "service unavailable":
            continue  # the book says not to try it
        answered |= status in ("working", "redirected") or bool(code)
        if status == "working":
            links.working += 1
        elif status == "redirected":
            if row["code"] in PERMANENTLY and _leads_elsewhere(address, words):
                links.moved.append(link)
            else:
                links.working += 1
        elif _NO_SUCH_HOST.search(words):
            unknown_hosts.append(Link(link.place, address, f"no host {urlsplit(address).hostname}"))
        elif (400 <= code < 500 and code not in _UNWILLING) or words.startswith("Anchor "):
            links.broken.append(link)
        else:
            links.unreachable.append(link)
    # a name that nobody knows is gone, unless no name is known because there is no network
    (links.broken if answered else links.unreachable).extend(unknown_hosts)
    return links


def _leads_elsewhere(old: str, new: str) -> bool:
    """Tell whether an address is another one, and not only the safe or the longer form."""
    parts = [urlsplit(one) for one in (old, new)]
    first, then = ((one.hostname, one.path.rstrip("/")) for one in parts)
    return first != then


def read(path: Path) -> Links:
    """Return what became of links, from the file that ``linkcheck`` wrote.

    Raises:
        LinksError: There is none, or it is damaged.
    """
    try:
        return judge(json.loads(line) for line in path.read_text(encoding="utf8").splitlines())
    except FileNotFoundError as error:
        raise LinksError(
            f"no link was tried: {path} was not written. Remedy: build the book first, and mend "
            "what the build complains about."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LinksError(
            f"{path} is damaged ({type(error).__name__}: {error}). Remedy: check the links again."
        ) from error
