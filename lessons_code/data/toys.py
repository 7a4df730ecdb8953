"""Toys: small color pictures of ten kinds of things, drawn by code on cluttered ground."""

from __future__ import annotations

import itertools
from random import Random

import numpy as np

from lessons_code.data import drawing, things
from lessons_code.data.cache import Arrays, remember, source_key
from lessons_code.data.dataset import DataCard, Dataset, mode
from lessons_code.data.drawing import Canvas, Pose, cloud
from lessons_code.data.full import check, from_keras
from lessons_code.data.things import THINGS, TYPICAL, Color, Palette

CLASS_NAMES = tuple(THINGS)
N_PICTURES = 6_000
PIXELS = 32
TYPICAL_SHARE = 0.6  # how often a thing, and how often a ground, has a color typical of its class

CIFAR_NAMES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)


def toys() -> Dataset:
    """Load the toys: color pictures of 32 by 32 pixels, in ten classes.

    In the default mode, 6,000 pictures that are drawn by code, 600 of each class. With
    ``LESSONS_DATA=full``, the 60,000 photographs of CIFAR-10 through
    ``keras.datasets.cifar10``, with its own class names and its own last 10,000 as the test
    part.

    Returns:
        ``x`` of shape ``(n, 32, 32, 3)``, ``uint8``: red, green, blue; ``y`` 0 to 9.

    Raises:
        DataError: The full data are missing, broken, or not CIFAR-10.
    """
    if mode() == "full":
        kept = "cifar-10-batches-py-target_archive"
        (x_train, y_train), (x_test, y_test) = from_keras("cifar10", kept)
        y_train, y_test = y_train.reshape(-1), y_test.reshape(-1)  # keras gives columns
        check("CIFAR-10's training part", x_train, y_train, (50_000, 32, 32, 3), (5_000, 5_000))
        check("CIFAR-10's test part", x_test, y_test, (10_000, 32, 32, 3), (1_000, 1_000))
        x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
        return Dataset(x, y.astype(np.int64), CIFAR_NAMES, _CIFAR, len(x_train))
    key = source_key("toys", __file__, drawing.__file__, things.__file__)
    arrays = remember(key, {"x", "y"}, lambda: draw(N_PICTURES))
    return Dataset(arrays["x"], arrays["y"].astype(np.int64), CLASS_NAMES, _DRAWN)


_DRAWN = DataCard(
    "Toys, drawn by code",
    "Drawn by a program of this book; it knows each label because it drew it. Chance decides "
    "shape, pose and clutter. In six pictures of ten the thing, and in six of ten the ground, "
    "gets a color as in the world: trees are green and ships stand before blue, but so do fish "
    "and airplanes; cars and trucks come in all colors, on gray. Else any color will do",
    "MIT, like the program that draws them",
    f"{N_PICTURES:,} color pictures of 32 by 32 pixels, 600 of each class, on cluttered ground",
    "Everything its programmers did not think of. There is one way to draw a cat, sitting, and "
    "no light, shadow or depth. Things face both ways, lean by up to 15 degrees and stand up to a "
    "tenth of the side from the middle. What color gives away was decided by whoever wrote those "
    "six of ten. A score on these drawings says nothing about photographs.",
)
_CIFAR = DataCard(
    "CIFAR-10",
    "Photographs found on the web by the project Tiny Images, picked and labeled by paid "
    "students at the University of Toronto (Krizhevsky, Learning multiple layers of features "
    "from tiny images, 2009)",
    "None stated by its authors; the photographers were not asked. Through keras.datasets",
    "60,000 color pictures of 32 by 32 pixels, 10,000 of them for the test, 6,000 of each class",
    "Ten classes, chosen by hand, and one thing in each picture. A few labels are wrong and some "
    "pictures appear twice. Tiny Images itself was withdrawn in 2020 for offensive labels.",
)


def draw(n: int, seed: int = 13) -> Arrays:
    """Draw ``n`` things, each class in turn.

    Args:
        n: How many.
        seed: The same seed draws the same pictures.

    Returns:
        ``x`` of shape ``(n, 32, 32, 3)``, ``uint8``; ``y`` of shape ``(n,)``.
    """
    rng = Random(seed)
    y = (np.arange(n) % len(THINGS)).astype(np.uint8)
    draws, colors = list(THINGS.values()), [TYPICAL[name] for name in THINGS]
    pictures = []
    for label in y:
        ground, middle = _ground(rng, colors[label].ground)
        pose = Pose(
            size=rng.uniform(0.56, 0.88),
            stretch=rng.choice((1, -1)) * rng.uniform(0.88, 1.12),
            turn=rng.uniform(-15, 15),
            shift=(rng.uniform(-0.18, 0.18), rng.uniform(-0.16, 0.16)),
        )
        canvas = Canvas(PIXELS, "RGB", pose)
        canvas.paste(ground.image)
        draws[label](canvas, rng, _palette(rng, middle, colors[label].thing))
        _clutter(canvas, rng, rng.randrange(3))  # what stands in front of it
        pictures.append(np.frombuffer(canvas.reduced(), np.uint8))
    x = np.stack(pictures).reshape(n, PIXELS, PIXELS, 3)
    noise = np.random.default_rng(seed).integers(-16, 17, x.shape, dtype=np.int16)
    return {"x": np.clip(x + noise, 0, 255).astype(np.uint8), "y": y}


def _ground(rng: Random, typical: tuple[Color, ...]) -> tuple[Canvas, Color]:
    """Return a background full of clutter, and the color around its middle."""
    canvas = Canvas(PIXELS, "RGB", Pose())
    base, spread = _choose(rng, typical), rng.randrange(15, 75)
    ranges = ((max(0, value - spread), min(255, value + spread) + 1) for value in base)
    canvas.paste(cloud(rng, canvas.side, rng.randrange(2, 7), *ranges))
    if rng.random() < 0.4:
        left, right = rng.uniform(0.0, 0.7), rng.uniform(0.0, 0.7)
        canvas.polygon([(-1, left), (1, right), (1, 1), (-1, 1)], _color(rng))
    _clutter(canvas, rng, rng.randrange(3, 8))
    quarter = canvas.side // 4
    middle = canvas.image.resize((1, 1), box=(quarter, quarter, 3 * quarter, 3 * quarter))
    red, green, blue = middle.tobytes()
    return canvas, (red, green, blue)


def _clutter(canvas: Canvas, rng: Random, n: int) -> None:
    """Draw ``n`` shapes without meaning."""
    for _ in range(n):
        x, y = rng.uniform(-1, 1), rng.uniform(-1, 1)
        kind = rng.randrange(3)
        if kind == 0:
            canvas.ellipse(x, y, rng.uniform(0.08, 0.4), rng.uniform(0.08, 0.35), _color(rng))
        elif kind == 1:
            corners = [(x + rng.uniform(-0.5, 0.5), y + rng.uniform(-0.5, 0.5)) for _ in range(3)]
            canvas.polygon(corners, _color(rng))
        else:
            end = (x + rng.uniform(-1, 1), y + rng.uniform(-1, 1))
            canvas.line([(x, y), end], rng.uniform(0.6, 2), _color(rng))


def _color(rng: Random) -> Color:
    """Return any color, some more gray than others."""
    values = [rng.randrange(256) for _ in range(3)]
    gray, part = sum(values) // 3, rng.randrange(70)
    red, green, blue = ((value * (100 - part) + gray * part) // 100 for value in values)
    return red, green, blue


def _choose(rng: Random, typical: tuple[Color, ...]) -> Color:
    """Return about one of the typical colors in ``TYPICAL_SHARE`` of all cases, else any."""
    if not typical or rng.random() >= TYPICAL_SHARE:
        return _color(rng)
    lighter = rng.randrange(-30, 31)
    red, green, blue = (
        min(255, max(0, value + lighter + rng.randrange(-20, 21))) for value in rng.choice(typical)
    )
    return red, green, blue


def _palette(rng: Random, ground: Color, typical: tuple[Color, ...]) -> Palette:
    """Choose the colors of a thing; its main color differs from the ground."""
    contrast = rng.randrange(40, 150)
    main = second = ground
    for tries in itertools.count():  # a green tree may stand before green: then any color will do
        main = _choose(rng, typical if tries < 5 else ())
        if _distance(main, ground) >= contrast:
            break
    while _distance(second, main) < 90 or _distance(second, ground) < contrast / 2:
        second = _color(rng)
    ink = (rng.randrange(60), rng.randrange(60), rng.randrange(60))
    light = (rng.randrange(185, 256), rng.randrange(185, 256), rng.randrange(185, 256))
    return Palette(main, second, ink, light)


def _distance(one: Color, other: Color) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
