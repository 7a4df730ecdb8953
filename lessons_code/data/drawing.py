"""Pictures drawn by code: outlines in a pose, drawn four times too large, then reduced.

Only whole numbers reach the pixels: points are rounded before they are drawn, and Pillow
fills, multiplies and reduces with integers. So every machine draws the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Literal

from PIL import Image, ImageDraw

Point = tuple[float, float]
Fill = int | tuple[int, int, int]

ENLARGED = 4


@dataclass(frozen=True)
class Pose:
    """Where a drawing stands: lengths count half the picture's side, ``y`` points down.

    Attributes:
        size: How many times as large as the picture it is.
        stretch: How many times as wide as it is high.
        turn: Angle in degrees, clockwise.
        shift: Where its middle is, seen from the picture's middle.
    """

    size: float = 1.0
    stretch: float = 1.0
    turn: float = 0.0
    shift: Point = (0.0, 0.0)

    def place(self, points: Iterable[Point], side: int) -> list[tuple[int, int]]:
        """Return the pixels of points in a picture of ``side`` by ``side``."""
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        half, scale = side / 2, side / 2 * self.size
        left, top = half * (1 + self.shift[0]), half * (1 + self.shift[1])
        wide, high = scale * self.stretch, scale
        return [
            (
                round(left + wide * x * cos - high * y * sin),
                round(top + wide * x * sin + high * y * cos),
            )
            for x, y in points
        ]


class Canvas:
    """An enlarged picture to draw on, in the coordinates of a pose."""

    def __init__(self, pixels: int, mode: Literal["L", "RGB"], pose: Pose) -> None:
        """Start with a black picture.

        Args:
            pixels: Width and height of the reduced picture.
            mode: Pillow's name for gray (``L``) or color (``RGB``).
            pose: Where the drawing stands.
        """
        self.image = Image.new(mode, (ENLARGED * pixels,) * 2)
        self.pose = pose
        self._draw = ImageDraw.Draw(self.image)

    @property
    def side(self) -> int:
        """Width and height of the enlarged picture, in pixels."""
        return self.image.width

    def polygon(self, points: Iterable[Point], fill: Fill, *, rounds: int = 0) -> None:
        """Fill an outline; each of the ``rounds`` cuts its corners once."""
        corners = list(points)
        for _ in range(rounds):
            corners = _cut_corners(corners)
        self._draw.polygon(self.pose.place(corners, self.side), fill=fill)

    def mirrored(self, right: Iterable[Point], fill: Fill, *, rounds: int = 0) -> None:
        """Fill an outline of which only the right half is given, from top to bottom."""
        half = list(right)
        self.polygon([*half, *((-x, y) for x, y in reversed(half))], fill, rounds=rounds)

    def ellipse(self, x: float, y: float, wide: float, high: float, fill: Fill) -> None:
        """Fill an ellipse around ``x, y`` with half axes ``wide`` and ``high``."""
        self.polygon(((x + wide * cos, y + high * sin) for cos, sin in _CIRCLE), fill)

    def line(self, points: Iterable[Point], width: float, fill: Fill) -> None:
        """Draw a line through points; its width counts pixels of the reduced picture."""
        thick = max(1, round(width * ENLARGED))
        self._draw.line(self.pose.place(points, self.side), fill, thick, joint="curve")

    def paste(self, image: Image.Image) -> None:
        """Replace everything that was drawn so far."""
        self.image.paste(image)

    def reduced(self) -> bytes:
        """Return the pixels of the picture in its own size."""
        return self.image.reduce(ENLARGED).tobytes()


def arc(x: float, y: float, wide: float, high: float, start: float, end: float) -> list[Point]:
    """Return points on an ellipse; angles in degrees, 0 to the right, 90 downward."""
    angles = (math.radians(start + (end - start) * step / 12) for step in range(13))
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in angles]


def cloud(rng: Random, side: int, cells: int, *ranges: tuple[int, int]) -> Image.Image:
    """Return a soft random picture: ``cells`` by ``cells`` values, spread smoothly.

    Args:
        rng: What chance decides.
        side: Width and height in pixels.
        cells: How many values a row and a column has.
        *ranges: The lowest value and the end of the values, for gray or for each of three colors.
    """
    values = bytes(rng.randrange(*span) for _ in range(cells * cells) for span in ranges)
    small = Image.frombytes("RGB" if len(ranges) == 3 else "L", (cells, cells), values)
    return small.resize((side, side), Image.Resampling.BICUBIC)


def _cut_corners(points: list[Point]) -> list[Point]:
    """Replace each corner of an outline by two: Chaikin's way to round it."""
    cut: list[Point] = []
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        cut.append((0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1))
        cut.append((0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1))
    return cut


_CIRCLE = [(math.cos(math.tau * k / 20), math.sin(math.tau * k / 20)) for k in range(20)]
