"""The letters of options, dealt so that no letter is right more often than chance.

Of the questions of a page that have n options, each n in a row have their right ones in n
different places. Which comes where is shuffled by a hash of the page's name, and so are the other
options. Nothing else counts, so every build deals alike, and no other page changes the letters of
this one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import partial
from string import ascii_uppercase

Hand = tuple[str, int, int | None]  # a question's name, its number of options, the right one


def deal(page: str, what: str, hands: Sequence[Hand]) -> list[list[int]]:
    """Return, for each question, its options by number as written, in the order they are shown.

    Args:
        page: Sphinx's name of the page.
        what: ``predict`` or ``quiz``: they are dealt each by itself.
        hands: The questions in the order of the page. The right option counts from 0, and is
            ``None`` if nobody knows, as where nothing was executed. What a question is dealt
            depends on those before it, not on those behind.
    """
    key = f"{page} {what}"
    places = _right_places(key, [count for _, count, _ in hands])
    return [
        _order(f"{key} {name}", count, right, place)
        for (name, count, right), place in zip(hands, places, strict=True)
    ]


def key_of(text: str) -> str:
    """Return a short name for a text, whatever its spaces; another text has another."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def letter(place: int) -> str:
    """Return the letter of a place."""
    return ascii_uppercase[place]


def _right_places(key: str, counts: Sequence[int]) -> list[int]:
    before: Counter[int] = Counter()  # how many questions had so many options
    dealt = []
    for count in counts:
        turn, at = divmod(before[count], count)
        shuffled = sorted(range(count), key=partial(_draw, key, count, turn))
        dealt.append(shuffled[at])
        before[count] += 1
    return dealt


def _order(key: str, count: int, right: int | None, place: int) -> list[int]:
    others = sorted((one for one in range(count) if one != right), key=lambda one: _draw(key, one))
    return others if right is None else [*others[:place], right, *others[place:]]


def _draw(*what: object) -> str:
    return hashlib.sha256(" ".join(map(str, what)).encode()).hexdigest()
