"""Spots: patches of skin drawn by code, benign or malignant, some of them beside a ruler."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lessons_code.data import drawing
from lessons_code.data.cache import Arrays, remember, source_key
from lessons_code.data.dataset import DataCard, Dataset
from lessons_code.data.drawing import ENLARGED, Canvas, Point, Pose, cloud

Color = tuple[int, int, int]

CLASS_NAMES = ("benign", "malignant")
N_PICTURES = 3_000
PIXELS = 32
RULER_PIXELS = 4  # width of the strip, an eighth of the picture

# how ragged an outline is, and how far a second tone departs: the ranges of the classes overlap
RAGGED = ((0.0, 0.1), (0.07, 0.2))
TWO_TONED = ((0.0, 0.22), (0.15, 0.6))
# skin from light to dark; a patch has any tone between two neighbors, whatever its class
TONES = ((243, 214, 192), (222, 180, 148), (188, 138, 104), (139, 95, 68), (92, 62, 46))


def spots(rulers: tuple[float, float] = (0.0, 0.0)) -> Dataset:
    """Load the spots: color pictures of skin, 32 by 32 pixels, benign or malignant.

    Every call returns the same 3,000 patches in the same order; only who carries a ruler
    differs. So ``split`` with the same seed deals the same patches, and where two calls
    differ, there lies a ruler.

    Args:
        rulers: The share of benign and the share of malignant pictures with a strip of ruler
            along one edge, each from 0 to 1. With a larger share the same pictures keep theirs.

    Returns:
        ``x`` of shape ``(3000, 32, 32, 3)``, ``uint8``: red, green, blue; ``y`` 0 for benign,
        1 for malignant.

    Raises:
        ValueError: A share is not between 0 and 1.

    Example:
        >>> plain, ruled = spots(), spots(rulers=(0.03, 0.97))
        >>> carries = (plain.x != ruled.x).any(axis=(1, 2, 3))
        >>> [round(float(carries[plain.y == k].mean()), 2) for k in (0, 1)]
        [0.03, 0.97]
    """
    if len(rulers) != 2 or not all(0 <= share <= 1 for share in rulers):
        raise ValueError(
            "rulers are two shares from 0 to 1, of the benign and of the malignant "
            f"pictures, as in (0.03, 0.97), not {rulers}"
        )
    key = source_key("spots", __file__, drawing.__file__)
    kept = remember(key, {"plain", "ruled", "rank", "y"}, lambda: draw(N_PICTURES))
    y = kept["y"].astype(np.int64)
    carries = kept["rank"] < np.array([round(share * len(y) / 2) for share in rulers])[y]
    x = np.where(carries[:, None, None, None], kept["ruled"], kept["plain"])
    return Dataset(x, y, CLASS_NAMES, _DRAWN)


_DRAWN = DataCard(
    "Spots, drawn by code",
    "Drawn by a program of this book; it knows each label because it drew it. Benign spots are "
    "smooth and even, malignant ones ragged and two-toned, in ranges that overlap. Skin tone, "
    "size, place and hair are drawn alike for both classes. How many of each class carry a "
    "ruler is the reader's choice",
    "MIT, like the program that draws them",
    f"{N_PICTURES:,} color pictures of 32 by 32 pixels, 1,500 of each class",
    "Every real disease and every real person. Two traits stand for what a physician looks at, "
    "half of the spots are malignant, far more than among people, and tones of skin are evenly "
    "spread, as hardly anywhere. A score on these drawings says nothing about skin.",
)


def draw(n: int, seed: int = 24) -> Arrays:
    """Draw ``n`` spots, benign and malignant in turn, each without and with a ruler.

    Args:
        n: How many, an even number.
        seed: The same seed draws the same pictures.

    Returns:
        ``plain`` and ``ruled`` of shape ``(n, 32, 32, 3)``, ``uint8``; ``rank`` of shape
        ``(n,)``, the order within its class in which a picture gets its ruler; ``y`` of shape
        ``(n,)``.
    """
    rng = Random(seed)
    y = (np.arange(n) % 2).astype(np.uint8)
    plain = np.stack([_spot(rng, int(label)) for label in y])
    noise = np.random.default_rng(seed).integers(-7, 8, plain.shape, dtype=np.int16)
    plain = np.clip(plain + noise, 0, 255).astype(np.uint8)
    ruled = np.stack([_with_ruler(rng, picture) for picture in plain])
    rank = np.zeros(n, np.int64)
    for label in (0, 1):
        rank[y == label] = rng.sample(range(n // 2), n // 2)
    return {"plain": plain, "ruled": ruled, "rank": rank, "y": y}


def _spot(rng: Random, label: int) -> NDArray[np.int16]:
    """Return a patch of skin with one spot, before the camera's noise."""
    skin = _tone(rng)
    pose = Pose(
        size=rng.uniform(0.34, 0.54),
        stretch=rng.uniform(0.8, 1.25),
        turn=rng.uniform(0, 360),
        shift=(rng.uniform(-0.16, 0.16), rng.uniform(-0.16, 0.16)),
    )
    canvas = Canvas(PIXELS, "RGB", pose)
    canvas.paste(cloud(rng, canvas.side, 3, *((tone - 5, tone + 6) for tone in skin)))
    ragged, two_toned = rng.uniform(*RAGGED[label]), rng.uniform(*TWO_TONED[label])
    depth = rng.uniform(0.4, 0.62)
    canvas.polygon(_outline(rng, ragged), _darker(skin, depth))
    for _ in range(2):
        x, y = rng.uniform(-0.4, 0.4), rng.uniform(-0.4, 0.4)
        part = [(x + 0.5 * u, y + 0.5 * v) for u, v in _outline(rng, ragged)]
        canvas.polygon(part, _darker(skin, depth * (1 + rng.choice((-1, 0.8)) * two_toned)))
    canvas.pose = Pose()
    for _ in range(rng.randrange(3)):
        start, end = ((rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(2))
        canvas.line([start, end], rng.uniform(0.3, 0.6), _darker(skin, 0.4))
    return np.frombuffer(canvas.reduced(), np.uint8).reshape(PIXELS, PIXELS, 3).astype(np.int16)


def _tone(rng: Random) -> Color:
    """Return a tone of skin, all stretches from light to dark alike."""
    place = rng.uniform(0, len(TONES) - 1)
    k = min(int(place), len(TONES) - 2)
    red, green, blue = (
        round(one + (place - k) * (two - one))
        for one, two in zip(TONES[k], TONES[k + 1], strict=True)
    )
    return red, green, blue


def _darker(skin: Color, part: float) -> Color:
    """Return a brown that keeps ``part`` of the skin's light."""
    red, green, blue = (round(tone * part) for tone in skin)
    return red, round(green * 0.9), round(blue * 0.85)


def _outline(rng: Random, ragged: float) -> list[Point]:
    """Return an outline around the middle, bent a little, and as ragged as told."""
    bends = [(k, rng.uniform(0, 0.1), rng.uniform(0, math.tau)) for k in (2, 3)]
    points = []
    for k in range(36):
        angle = math.tau * k / 36
        radius = 1 + sum(size * math.cos(n * angle + start) for n, size, start in bends)
        radius += rng.uniform(-1.8, 1.8) * ragged
        points.append((radius * math.cos(angle), radius * math.sin(angle)))
    return points


def _with_ruler(rng: Random, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture with a strip of ruler along one of its edges."""
    long, wide = ENLARGED * PIXELS, ENLARGED * RULER_PIXELS
    paper = rng.randrange(205, 250)
    strip = Image.new("RGB", (long, wide), (paper, paper, paper - rng.randrange(25)))
    pen = ImageDraw.Draw(strip)
    step, start, ink = rng.randrange(10, 15), rng.randrange(12), rng.randrange(20, 70)
    for count, left in enumerate(range(start, long, step)):
        end = wide if count % 5 == 0 else wide // 2
        pen.rectangle((left, 0, left + 3, end), fill=(ink, ink, ink))
    reduced = np.frombuffer(strip.reduce(ENLARGED).tobytes(), np.uint8)
    turns = rng.randrange(4)
    ruled = np.rot90(picture, turns).copy()
    ruled[-RULER_PIXELS:] = reduced.reshape(RULER_PIXELS, PIXELS, 3)
    return np.rot90(ruled, -turns)
