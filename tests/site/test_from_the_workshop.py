"""Each idea and each mistake of the workshop has a place in the book, or a chapter to wait for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Tag

from tests.site import checks
from tests.site.contents import SOURCES

PAGE = "from-the-workshop"
IDEAS = [str(number) for number in range(1, 68)]
STATEMENTS = [f"A{number}" for number in range(1, 37)]
BUGS = [f"B{number}" for number in range(1, 29)]
CALLS = [f"C{number}" for number in range(1, 8)]

ROW = re.compile(r"^\| ([ABC]?\d+) \|.*\| (.+) \|$", re.MULTILINE)  # its number, its last cell
PLACE = re.compile(r"\]\([^):]*#[^)]+\)")  # a link to a place in a page of the book
WAITING = re.compile(r"\b[Nn]ot yet: (\*[^*]+\*(?:, \*[^*]+\*)*)")
PLANNED = re.compile(r"^- \*([^*]+)\*", re.MULTILINE)


def homes(source: str) -> dict[str, str]:
    """Return where each row of the tables says that it is at home, by the row's number."""
    return dict(ROW.findall(source))


def awaited(home: str) -> list[str]:
    """Return the chapters for which a row waits."""
    return [name for names in WAITING.findall(home) for name in re.findall(r"\*([^*]+)\*", names)]


def planned(source: str) -> set[str]:
    """Return the chapters that the page says are planned."""
    return set(PLANNED.findall(source.partition("\n## What is still missing\n")[2]))


def homeless(source: str) -> Iterator[str]:
    """Yield the rows that neither lead to a place nor wait for a planned chapter."""
    for number, home in homes(source).items():
        waits = awaited(home)
        if not waits and not PLACE.search(home):
            yield f"{number}: no place and no chapter to wait for: {home}"
        for chapter in set(waits) - planned(source):
            yield f"{number}: waits for {chapter}, which is not among the planned chapters"


def arrived(source: str, titles: set[str]) -> set[str]:
    """Return the planned chapters that are in the book by now."""
    return planned(source) & titles


def lost(site: Path, page: str) -> Iterator[str]:
    """Yield the rows of the built page with a link to a place that does not exist."""
    for row in checks.soup(site / f"{page}.html").select("main tr"):
        cells = row.find_all("td")
        for link in cells[-1].find_all("a") if cells else ():
            if not _leads_to_a_place(site, page, link):
                yield f"{cells[0].get_text()}: {link['href']}"


def _leads_to_a_place(site: Path, page: str, link: Tag) -> bool:
    target = urlsplit(str(link["href"]))
    path = site / f"{page}.html"
    if target.path:
        path = (path.parent / unquote(target.path)).resolve()
    if not target.fragment or not path.is_file():
        return False
    return checks.soup(path).find(id=target.fragment) is not None


def test_every_idea_statement_bug_and_call_has_a_row() -> None:
    found = [number for number, _ in ROW.findall(SOURCES[PAGE])]
    assert found == [*IDEAS, *STATEMENTS, *BUGS, *CALLS]


def test_every_row_names_a_place_or_the_chapter_that_it_waits_for() -> None:
    assert list(homeless(SOURCES[PAGE])) == []


def test_no_row_waits_for_a_chapter_that_is_there() -> None:
    titles = {source.partition("\n# ")[2].partition("\n")[0] for source in SOURCES.values()}
    assert arrived(SOURCES[PAGE], titles) == set(), "link the rows that wait for them"


def test_every_place_that_a_row_names_exists(site: Path) -> None:
    rows = checks.soup(site / f"{PAGE}.html").select("main tr:has(td)")
    assert len(rows) == len([*IDEAS, *STATEMENTS, *BUGS, *CALLS])
    assert list(lost(site, PAGE)) == []


@pytest.mark.parametrize(
    ("home", "wrong"),
    [
        ("[There](a.md#there)", 0),
        ("[there](#label), and more", 0),
        ("Not yet: *Later*", 0),
        ("[There](a.md#there); not yet: *Later*, *Much later*", 0),
        ("[A page](a.md), but no place in it", 1),
        ("[Elsewhere](https://example.org#there)", 1),
        ("In some chapter", 1),
        ("Not yet: *Never*", 1),
        ("[There](a.md#there); not yet: *Later*, *Never*", 1),
    ],
)
def test_a_row_without_a_home_is_noticed(home: str, wrong: int) -> None:
    source = (
        f"| 1 | an idea | {home} |\n\n## What is still missing\n\n- *Later*\n- *Much later*: x\n"
    )
    assert len(list(homeless(source))) == wrong


def test_a_chapter_that_has_arrived_is_noticed() -> None:
    source = "\n## What is still missing\n\n- *Later*: x\n- *Much later*: y\n"
    assert arrived(source, {"Later", "Now"}) == {"Later"}


def test_a_place_that_is_gone_is_noticed(tmp_path: Path) -> None:
    links = ["b.html#here", "b.html#gone", "c.html#here", "#here", "b.html"]
    cells = "".join(
        f'<tr><td>{n}</td><td><a href="{to}">x</a></td></tr>' for n, to in enumerate(links)
    )
    (tmp_path / "a.html").write_text(f'<main id="here"><table>{cells}</table></main>')
    (tmp_path / "b.html").write_text('<p id="here"></p>')
    assert list(lost(tmp_path, "a")) == ["1: b.html#gone", "2: c.html#here", "4: b.html"]
