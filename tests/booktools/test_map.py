"""Where chapters stand on the map, and how its lines run, whatever needs what."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from booktools.parts.map.layout import COLUMNS, Needs, drawn_needs, lines, places


@st.composite
def books(draw: Any) -> dict[str, list[str]]:
    """Draw a book: chapters, each of which needs some that come earlier."""
    names = [f"c{n}" for n in range(draw(st.integers(0, 10)))]
    few = st.lists(st.integers(0, 9), max_size=3, unique=True)
    return {name: [names[one] for one in draw(few) if one < n] for n, name in enumerate(names)}


def reached(needs: Needs, chapter: str) -> set[str]:
    """Return all that a chapter needs, near and far, by walking there."""
    return {far for near in needs[chapter] for far in {near, *reached(needs, near)}}


@given(books())
@settings(deadline=None, max_examples=25)
def test_chapters_stand_below_what_they_need_and_nobody_shares_a_place(needs: Needs) -> None:
    at = places(needs)
    assert set(at) == set(needs)
    assert len(set(at.values())) == len(at)
    assert all(0 <= column < COLUMNS for _, column in at.values())
    assert all(at[one][0] < at[chapter][0] for chapter, near in needs.items() for one in near)
    assert at == places(needs)


@given(books())
@settings(deadline=None, max_examples=25)
def test_lines_say_all_that_the_needs_say_and_nothing_twice(needs: Needs) -> None:
    drawn = drawn_needs(needs)
    for chapter in needs:
        assert reached(drawn, chapter) == reached(needs, chapter)
        for one in drawn[chapter]:
            others = {name: [*near] for name, near in drawn.items()}
            others[chapter].remove(one)
            assert one not in reached(others, chapter)


@given(books())
@settings(deadline=None, max_examples=25)
def test_lines_run_down_from_one_chapter_to_the_other_and_through_no_third(needs: Needs) -> None:
    at, drawn = places(needs), drawn_needs(needs)
    pairs = [(one, chapter) for chapter, near in drawn.items() for one in near]
    for (one, chapter), line in zip(pairs, lines(drawn, at), strict=True):
        numbers = [float(number) for number in re.findall(r"[\d.]+", line.path)]
        assert [numbers[1] - 0.5, numbers[0] - 0.5] == list(at[one])
        assert [numbers[-1] - 0.5, numbers[-3] - 0.5] == list(at[chapter])
        lane = line.bends[0][2]
        passed = {(row, lane) for row in range(at[one][0] + 1, at[chapter][0])}
        assert not passed & set(at.values())


def test_a_chain_stands_in_the_middle_and_branches_beside_it() -> None:
    needs = {"a": [], "b": ["a"], "c": ["b", "a"], "d": ["b"]}
    at = places(needs)
    assert [at[one] for one in "ab"] == [(0, 1), (1, 1)]
    assert {at["c"][0], at["d"][0]} == {2}
    assert drawn_needs(needs)["c"] == ["b"]
