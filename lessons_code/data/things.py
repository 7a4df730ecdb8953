"""The ten toy-like things, and their typical colors: each function draws one, in given colors.

Coordinates run from -1 to 1, ``y`` downward; everything that has a front looks to the left.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from lessons_code.data.drawing import Canvas, Point, arc

Color = tuple[int, int, int]


class Palette(NamedTuple):
    """The colors of one thing."""

    main: Color
    second: Color
    ink: Color
    light: Color


Draw = Callable[[Canvas, Random, Palette], None]


def _airplane(canvas: Canvas, rng: Random, palette: Palette) -> None:
    nose, tail = -0.92, rng.uniform(0.78, 0.95)
    fat = rng.uniform(0.1, 0.16)
    sweep, wing = rng.uniform(0.15, 0.5), rng.uniform(0.5, 0.85)
    root = rng.uniform(-0.3, -0.1)
    if rng.random() < 0.55:  # from above
        for side in (1, -1):
            points = [
                (root, side * fat * 0.6),
                (root + 0.38, side * fat * 0.6),
                (root + sweep + 0.3, side * wing),
                (root + sweep + 0.1, side * wing),
            ]
            canvas.polygon(points, palette.second)
            rudder = [
                (tail - 0.25, 0),
                (tail, 0),
                (tail + 0.05, side * 0.32),
                (tail - 0.1, side * 0.32),
            ]
            canvas.polygon(rudder, palette.second)
        hull = [(nose, 0), (nose + 0.15, -fat), (0.3, -fat), (tail, -0.05)]
        canvas.polygon([*hull, *((x, -y) for x, y in reversed(hull))], palette.main, rounds=1)
        canvas.ellipse(nose + 0.2, 0, 0.07, 0.05, palette.ink)
        return
    fin = rng.uniform(0.3, 0.5)
    canvas.polygon(
        [(tail - 0.35, -0.05), (tail - 0.05, -fin), (tail + 0.05, -fin), (tail, 0)], palette.second
    )
    hull = [(nose, 0.05), (nose + 0.2, -fat), (0.4, -fat), (tail, -0.12), (tail, 0), (0.2, fat)]
    canvas.polygon([*hull, (nose + 0.15, fat)], palette.main, rounds=1)
    canvas.polygon(
        (
            (root, 0.0),
            (root + 0.4, 0.0),
            (root + sweep + 0.35, wing * 0.7),
            (root + sweep + 0.12, wing * 0.7),
        ),
        palette.second,
    )
    for k in range(4):
        canvas.ellipse(nose + 0.3 + 0.2 * k, -fat * 0.3, 0.045, 0.045, palette.ink)


def _wheels(canvas: Canvas, rng: Random, palette: Palette, places: list[float], y: float) -> None:
    radius = rng.uniform(0.15, 0.21)
    for x in places:
        canvas.ellipse(x, y, radius, radius, palette.ink)
        canvas.ellipse(x, y, radius * 0.45, radius * 0.45, palette.light)


def _car(canvas: Canvas, rng: Random, palette: Palette) -> None:
    roof, belt, ground = rng.uniform(-0.42, -0.25), rng.uniform(-0.08, 0.04), 0.32
    front, back = rng.uniform(-0.5, -0.3), rng.uniform(0.5, 0.75)
    cabin = [(front - 0.2, belt), (front + 0.08, roof), (back - 0.25, roof), (back, belt)]
    canvas.polygon(cabin, palette.main)
    middle = (front + back) / 2 - 0.05
    for left, right in ((front - 0.06, middle - 0.04), (middle + 0.04, back - 0.12)):
        canvas.polygon(
            (
                (left, belt),
                (max(left, front + 0.1), roof + 0.08),
                (min(right, back - 0.28), roof + 0.08),
                (right, belt),
            ),
            palette.light,
        )
    body = [(-0.92, 0.1), (-0.85, belt), (0.85, belt), (0.92, 0.08), (0.9, ground), (-0.92, ground)]
    canvas.polygon(body, palette.main)
    if rng.random() < 0.5:
        canvas.line([(-0.9, 0.17), (0.9, 0.17)], 0.8, palette.second)
    canvas.ellipse(-0.84, 0.12, 0.07, 0.06, palette.light)
    _wheels(canvas, rng, palette, [-0.52, 0.52], ground)


def _bird(canvas: Canvas, rng: Random, palette: Palette) -> None:
    fat, long = rng.uniform(0.26, 0.36), rng.uniform(0.45, 0.58)
    head, neck = rng.uniform(0.18, 0.25), rng.uniform(0.22, 0.42)
    x, y = -long * 0.85, -neck
    canvas.polygon(
        [(0.3, 0.0), (0.95, rng.uniform(-0.3, 0.25)), (0.9, 0.3), (0.3, 0.22)], palette.second
    )
    if rng.random() < 0.7:
        for foot in (-0.05, 0.12):
            canvas.line(
                [(foot, fat), (foot, fat + 0.35), (foot - 0.12, fat + 0.35)], 0.9, palette.ink
            )
    canvas.polygon(
        [(x - head * 0.7, y - 0.1), (x - head - 0.25, y + 0.03), (x - 0.1, y + 0.12)], palette.ink
    )
    body = [(-long, -0.05), (-0.2, -fat), (0.4, -0.1), (long, 0.1), (0.2, fat), (-0.35, fat)]
    canvas.polygon(body, palette.main, rounds=2)
    canvas.polygon(
        [(x - 0.12, y), (x + 0.15, y - 0.1), (0.1, -fat * 0.7), (-long + 0.05, 0.1)], palette.main
    )
    canvas.ellipse(x, y, head, head, palette.main)
    if rng.random() < 0.3:  # wings up
        canvas.polygon(
            [(-0.15, -0.1), (0.25, -0.8), (0.5, -0.75), (0.3, 0.0)], palette.second, rounds=1
        )
    else:
        canvas.polygon(
            [(-0.2, -0.12), (0.3, -0.12), (0.5, 0.12), (0.05, 0.16)], palette.second, rounds=1
        )
    canvas.ellipse(x - 0.05, y - 0.04, 0.06, 0.06, palette.light)
    canvas.ellipse(x - 0.06, y - 0.04, 0.035, 0.035, palette.ink)


def _cat(canvas: Canvas, rng: Random, palette: Palette) -> None:
    fat, head = rng.uniform(0.32, 0.42), rng.uniform(0.3, 0.38)
    x, y = rng.uniform(-0.25, 0.0), rng.uniform(-0.42, -0.32)
    lift = rng.uniform(0.1, 0.7)
    canvas.line(
        [(0.25, 0.75), (0.7, 0.7), (0.78, 0.6 - lift), (0.65, 0.5 - lift)], 2.4, palette.main
    )
    body = [(x, y), (0.3, 0.0), (fat + 0.1, 0.6), (0.4, 0.88), (-0.4, 0.88), (-fat + 0.05, 0.4)]
    canvas.polygon(body, palette.main, rounds=2)
    for side in (1, -1):
        ear = [(x + side * head * 0.95, y - 0.05), (x + side * head * 0.9, y - head * 1.45)]
        canvas.polygon([*ear, (x + side * 0.05, y - head * 0.8)], palette.main)
        inner = [(x + side * head * 0.78, y - 0.2), (x + side * head * 0.8, y - head * 1.15)]
        canvas.polygon([*inner, (x + side * 0.15, y - head * 0.8)], palette.second)
    canvas.ellipse(x, y, head, head * 0.86, palette.main)
    if rng.random() < 0.4:
        for k in range(3):
            canvas.line([(0.05, 0.2 + 0.18 * k), (0.4, 0.14 + 0.18 * k)], 1, palette.second)
    elif rng.random() < 0.5:
        canvas.ellipse(x + 0.02, 0.42, 0.18, 0.3, palette.second)
    for side in (1, -1):
        canvas.ellipse(x + side * 0.13, y - 0.04, 0.065, 0.075, palette.light)
        canvas.ellipse(x + side * 0.13, y - 0.03, 0.035, 0.06, palette.ink)
        canvas.line([(x + side * 0.1, y + 0.14), (x + side * 0.42, y + 0.1)], 0.5, palette.ink)
        canvas.ellipse(x + side * 0.15, 0.85, 0.14, 0.07, palette.second)
    canvas.polygon([(x - 0.05, y + 0.07), (x + 0.05, y + 0.07), (x, y + 0.14)], palette.ink)


def _fish(canvas: Canvas, rng: Random, palette: Palette) -> None:
    fat, long = rng.uniform(0.28, 0.48), rng.uniform(0.55, 0.66)
    tail = rng.uniform(0.25, 0.42)
    canvas.polygon([(-0.15, -fat * 0.7), (0.1, -fat - 0.2), (0.4, -fat * 0.5)], palette.second)
    canvas.polygon([(-0.1, fat * 0.7), (0.15, fat + 0.15), (0.25, fat * 0.6)], palette.second)
    fork = rng.uniform(0.6, 0.85)
    canvas.polygon([(long - 0.25, 0), (0.92, -tail), (fork, 0), (0.92, tail)], palette.second)
    body = [(-0.88, 0.0), (-0.5, -fat), (0.1, -fat), (long, -0.06), (long, 0.06), (0.1, fat)]
    canvas.polygon([*body, (-0.5, fat)], palette.main, rounds=2)
    if rng.random() < 0.5:
        for k in range(rng.randrange(1, 4)):
            at = -0.22 + 0.25 * k
            high = fat * (0.75 - 0.2 * k)
            canvas.line([(at, -high), (at + 0.05, 0), (at, high)], 1.3, palette.second)
    canvas.polygon([(-0.15, 0.02), (0.12, 0.12), (-0.1, 0.2)], palette.second)
    canvas.line(arc(-0.62, 0.0, 0.2, fat * 0.8, -70, 70), 0.6, palette.ink)
    canvas.ellipse(-0.6, -0.08, 0.09, 0.09, palette.light)
    canvas.ellipse(-0.61, -0.08, 0.05, 0.05, palette.ink)


def _house(canvas: Canvas, rng: Random, palette: Palette) -> None:
    wide, high = rng.uniform(0.5, 0.78), rng.uniform(-0.15, 0.1)
    ridge, ground = rng.uniform(-0.8, -0.45), 0.72
    if rng.random() < 0.5:
        at = rng.uniform(0.2, 0.4)
        canvas.polygon(
            [(at, ridge - 0.05), (at + 0.15, ridge - 0.05), (at + 0.15, high), (at, high)],
            palette.ink,
        )
    canvas.polygon([(-wide, high), (wide, high), (wide, ground), (-wide, ground)], palette.main)
    peak = rng.choice((0.0, wide * 0.5))
    canvas.polygon(
        [(-wide - 0.14, high), (-peak, ridge), (peak, ridge), (wide + 0.14, high)], palette.second
    )
    door = rng.uniform(-wide + 0.08, wide - 0.34)
    canvas.polygon(
        [(door, 0.25), (door + 0.25, 0.25), (door + 0.25, ground), (door, ground)], palette.ink
    )
    panes = [-wide + 0.12, -0.13, wide - 0.38]
    for x in panes:
        if x + 0.26 < door - 0.02 or x > door + 0.27:
            y = high + 0.14
            canvas.polygon(
                [(x, y), (x + 0.26, y), (x + 0.26, y + 0.26), (x, y + 0.26)], palette.light
            )
            canvas.line([(x + 0.13, y), (x + 0.13, y + 0.26)], 0.5, palette.ink)


def _tree(canvas: Canvas, rng: Random, palette: Palette) -> None:
    trunk, ground = rng.uniform(0.07, 0.13), 0.9
    canvas.polygon(
        [(-trunk, 0.1), (trunk, 0.1), (trunk * 1.5, ground), (-trunk * 1.5, ground)], palette.ink
    )
    if rng.random() < 0.45:  # a fir
        wide, tiers = rng.uniform(0.4, 0.6), rng.randrange(2, 5)
        for k in range(tiers):
            low = 0.45 - 0.95 * k / tiers
            half = wide * (1 - 0.2 * k)
            canvas.polygon(
                [(-half, low), (half, low), (0, low - 1.15 / tiers - 0.15)], palette.main
            )
            canvas.line([(-half * 0.9, low), (half * 0.9, low)], 0.5, palette.second)
        return
    crown = rng.uniform(0.26, 0.36)
    for k in range(6):
        angle = math.tau * (k + rng.random()) / 6
        far = rng.uniform(0.15, 0.32)
        at = (far * math.cos(angle), -0.3 + far * math.sin(angle))
        canvas.ellipse(*at, crown, crown * 0.9, palette.main)
    canvas.line([(0, 0.25), (0.18, -0.1)], 0.8, palette.ink)
    for _ in range(rng.randrange(0, 6)):
        x, y = rng.uniform(-0.4, 0.4), rng.uniform(-0.6, 0.0)
        canvas.ellipse(x, y, 0.08, 0.08, palette.second)


def _ship(canvas: Canvas, rng: Random, palette: Palette) -> None:
    deck, keel = rng.uniform(0.28, 0.4), rng.uniform(0.62, 0.78)
    hull = [(-0.92, deck - 0.06), (0.85, deck), (rng.uniform(0.55, 0.75), keel), (-0.6, keel)]
    mast = rng.uniform(-0.15, 0.1)
    if rng.random() < 0.6:  # under sail
        top = rng.uniform(-0.95, -0.75)
        canvas.line([(mast, top), (mast, deck)], 0.9, palette.ink)
        belly = rng.uniform(0.55, 0.75)
        canvas.polygon(
            [(mast + 0.06, top + 0.05), (mast + belly, deck - 0.1), (mast + 0.06, deck - 0.1)],
            palette.second,
        )
        canvas.polygon(
            [(mast - 0.06, top + 0.15), (mast - 0.55, deck - 0.12), (mast - 0.06, deck - 0.12)],
            palette.light,
        )
    else:  # under steam
        left, right = rng.uniform(-0.5, -0.35), rng.uniform(0.3, 0.55)
        roof = deck - rng.uniform(0.28, 0.4)
        canvas.polygon([(left, roof), (right, roof), (right, deck), (left, deck)], palette.light)
        for x in (-0.2, 0.02, 0.24):
            canvas.ellipse(x, roof + 0.12, 0.05, 0.05, palette.ink)
        for x in [-0.12, 0.15][: rng.randrange(1, 3)]:
            high = roof - rng.uniform(0.3, 0.5)
            canvas.polygon(
                [(x, high), (x + 0.18, high), (x + 0.18, roof), (x, roof)], palette.second
            )
    canvas.polygon(hull, palette.main)
    if rng.random() < 0.5:
        canvas.line([(-0.8, deck + 0.1), (0.78, deck + 0.12)], 0.8, palette.second)


def _truck(canvas: Canvas, rng: Random, palette: Palette) -> None:
    ground, roof = 0.34, rng.uniform(-0.25, -0.05)
    gap, load = rng.uniform(-0.4, -0.22), rng.uniform(-0.62, -0.35)
    canvas.polygon(
        [(-0.9, 0.28), (0.92, 0.28), (0.92, ground + 0.04), (-0.9, ground + 0.04)], palette.ink
    )
    cabin: list[Point] = [(-0.92, 0.02), (-0.8, roof), (gap - 0.06, roof), (gap - 0.06, ground)]
    canvas.polygon([*cabin, (-0.92, ground)], palette.main)
    canvas.polygon(
        [(-0.84, 0.02), (-0.76, roof + 0.07), (gap - 0.18, roof + 0.07), (gap - 0.18, 0.02)],
        palette.light,
    )
    kind = rng.random()
    if kind < 0.7:  # a box
        canvas.polygon([(gap, load), (0.92, load), (0.92, 0.26), (gap, 0.26)], palette.second)
        if rng.random() < 0.5:
            canvas.line(
                [(gap + 0.1, (load + 0.26) / 2), (0.85, (load + 0.26) / 2)], 1.2, palette.light
            )
    elif kind < 0.85:  # a tank
        canvas.ellipse((gap + 0.92) / 2, (load + 0.36) / 2, (0.92 - gap) / 2, 0.34, palette.second)
    else:  # a dump truck
        canvas.polygon(
            [(gap, load + 0.2), (0.95, load), (0.8, 0.26), (gap + 0.08, 0.26)], palette.second
        )
    _wheels(canvas, rng, palette, [-0.6, 0.3, 0.68], ground + 0.05)


def _flower(canvas: Canvas, rng: Random, palette: Palette) -> None:
    y, far = rng.uniform(-0.4, -0.25), rng.uniform(0.28, 0.36)
    petals, size = rng.randrange(5, 9), rng.uniform(0.15, 0.21)
    lean = rng.uniform(-0.2, 0.2)
    canvas.line([(0, y), (lean * 0.4, 0.3), (lean, 0.92)], 1.4, palette.ink)
    for side in (1, -1):
        if rng.random() < 0.75:
            low = rng.uniform(0.45, 0.75)
            leaf = [
                (lean * 0.6, low),
                (side * 0.25, low - 0.25),
                (side * 0.45, low - 0.2),
                (side * 0.25, low),
            ]
            canvas.polygon(leaf, palette.ink, rounds=1)
    turn = rng.random()
    for k in range(petals):
        angle = math.tau * (k + turn) / petals
        at = (far * math.cos(angle), y + far * math.sin(angle))
        canvas.ellipse(*at, size, size, palette.main)
    canvas.ellipse(0, y, far * 0.6, far * 0.6, palette.second)


THINGS: dict[str, Draw] = {
    "airplane": _airplane,
    "car": _car,
    "bird": _bird,
    "cat": _cat,
    "fish": _fish,
    "house": _house,
    "tree": _tree,
    "ship": _ship,
    "truck": _truck,
    "flower": _flower,
}


class Colors(NamedTuple):
    """Colors that are typical of a class in the world; none where it comes in all of them."""

    thing: tuple[Color, ...] = ()
    ground: tuple[Color, ...] = ()


_SKY, _SEA, _GRASS, _ROAD = (140, 185, 230), (40, 100, 150), (80, 140, 60), (125, 125, 130)
_WHITE, _SILVER, _GRAY = (225, 225, 225), (170, 178, 188), (125, 122, 120)

TYPICAL: dict[str, Colors] = {
    "airplane": Colors((_WHITE, _SILVER), (_SKY,)),
    "car": Colors((), (_ROAD,)),
    "bird": Colors(((120, 85, 55), _GRAY), (_SKY, _GRASS)),
    "cat": Colors(((200, 130, 60), (50, 45, 45), _GRAY)),
    "fish": Colors(((230, 120, 40), _SILVER), (_SEA,)),
    "house": Colors((_WHITE, (165, 75, 55)), (_GRASS, _SKY)),
    "tree": Colors(((60, 120, 45), (105, 145, 55)), (_SKY, _GRASS)),
    "ship": Colors((_WHITE, (110, 50, 45)), (_SEA, _SKY)),
    "truck": Colors((), (_ROAD,)),
    "flower": Colors(((210, 50, 70), (240, 205, 50), (150, 80, 180)), (_GRASS,)),
}
