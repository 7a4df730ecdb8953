"""The wardrobe: gray pictures of garments, drawn by code after Fashion-MNIST's ten classes."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from lessons_code.data import drawing, garments
from lessons_code.data.cache import Arrays, remember, source_key
from lessons_code.data.dataset import DataCard, Dataset, mode
from lessons_code.data.drawing import ENLARGED, Canvas, Pose, cloud
from lessons_code.data.full import check, from_keras
from lessons_code.data.garments import GARMENTS

CLASS_NAMES = tuple(GARMENTS)
N_PICTURES = 7_000
PIXELS = 28

_SIDE = ENLARGED * PIXELS


def wardrobe() -> Dataset:
    """Load the wardrobe: gray pictures of garments, 28 by 28 pixels, in ten classes.

    In the default mode, 7,000 pictures that are drawn by code, 700 of each class. With
    ``LESSONS_DATA=full``, the 70,000 photographs of Fashion-MNIST through
    ``keras.datasets.fashion_mnist``, and its own last 10,000 as the test part.

    Returns:
        ``x`` of shape ``(n, 28, 28)``, ``uint8``, 0 for the ground; ``y`` 0 to 9.

    Raises:
        DataError: The full data are missing, broken, or not Fashion-MNIST.
    """
    if mode() == "full":
        (x_train, y_train), (x_test, y_test) = from_keras("fashion_mnist", "fashion-mnist")
        check("Fashion-MNIST's training part", x_train, y_train, (60_000, 28, 28), (6_000, 6_000))
        check("Fashion-MNIST's test part", x_test, y_test, (10_000, 28, 28), (1_000, 1_000))
        x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
        return Dataset(x, y.astype(np.int64), CLASS_NAMES, _FASHION_MNIST, len(x_train))
    key = source_key("wardrobe", __file__, drawing.__file__, garments.__file__)
    arrays = remember(key, {"x", "y"}, lambda: draw(N_PICTURES))
    return Dataset(arrays["x"], arrays["y"].astype(np.int64), CLASS_NAMES, _DRAWN)


_DRAWN = DataCard(
    "The wardrobe, drawn by code",
    "Drawn by a program of this book, after the ten classes of Fashion-MNIST; it knows each label "
    "because it drew it. Chance decides cut, cloth, pose and brightness. A quarter of the shirts "
    "have short sleeves, as nine tenths of the T-shirts do; a tenth of the T-shirts have none. "
    "Every shoe points to the left. Garments lean by up to 12 degrees",
    "MIT, like the program that draws them",
    f"{N_PICTURES:,} gray pictures of 28 by 28 pixels, 700 of each class, on black ground",
    "Everything its programmers did not think of: no skirt, hat, glove or sari, no garment that "
    "is worn, folded or half hidden, no color, and no shoe that points to the right. A score on "
    "these drawings says nothing about photographs.",
)
_FASHION_MNIST = DataCard(
    "Fashion-MNIST",
    "Photographs from the catalog of the online shop Zalando, reduced and labeled by the shop "
    "(Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017, arXiv:1708.07747)",
    "MIT, through keras.datasets",
    "70,000 gray pictures of 28 by 28 pixels, 10,000 of them for the test, 7,000 of each class",
    "One shop in Europe, one season: what it did not sell is not there. No garment is worn, "
    "folded or half hidden, there is no color, and nearly every shoe points to the left.",
)


def draw(n: int, seed: int = 12) -> Arrays:
    """Draw ``n`` garments, each class in turn.

    Args:
        n: How many.
        seed: The same seed draws the same pictures.

    Returns:
        ``x`` of shape ``(n, 28, 28)``, ``uint8``, 0 for the ground; ``y`` of shape ``(n,)``.
    """
    rng = Random(seed)
    patterns = [_pattern(rng) for _ in range(60)]
    folds = [cloud(rng, _SIDE, 5, (150, 256)) for _ in range(40)]
    y = (np.arange(n) % len(GARMENTS)).astype(np.uint8)
    draws = list(GARMENTS.values())
    pictures = []
    for label in y:
        pose = Pose(
            size=rng.uniform(0.68, 0.98),
            stretch=rng.uniform(0.82, 1.15),
            turn=rng.uniform(-12, 12),
            shift=(rng.uniform(-0.14, 0.14), rng.uniform(-0.14, 0.14)),
        )
        canvas = Canvas(PIXELS, "L", pose)
        details = draws[label](canvas, rng)
        if rng.random() < 0.5:
            left, top = rng.randrange(_SIDE), rng.randrange(_SIDE)
            part = rng.choice(patterns).crop((left, top, left + _SIDE, top + _SIDE))
            canvas.paste(ImageChops.multiply(canvas.image, part))
        details()
        canvas.paste(ImageChops.multiply(canvas.image, rng.choice(folds)))
        brightness = rng.randrange(120, 380)
        shades = [min(255, tone * brightness >> 8) for tone in range(256)]
        canvas.paste(canvas.image.point(shades))
        pictures.append(np.frombuffer(canvas.reduced(), np.uint8))
    return {"x": np.stack(pictures).reshape(n, PIXELS, PIXELS), "y": y}


def _pattern(rng: Random) -> Image.Image:
    """Return a pattern of cloth, twice as large as an enlarged picture."""
    side = 2 * _SIDE
    dark = rng.randrange(90, 190)
    image = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(image)
    step, width = rng.randrange(12, 36), rng.uniform(0.25, 0.6)
    kind = rng.randrange(5)
    bars = [(at, at + round(step * width)) for at in range(0, side, step)]
    if kind in (0, 2):
        for start, end in bars:
            pen.rectangle((0, start, side, end), fill=dark)
    if kind == 1:
        for start, end in bars:
            pen.rectangle((start, 0, end, side), fill=dark)
    if kind == 2:
        other = Image.new("L", (side, side), 255)
        pen = ImageDraw.Draw(other)
        for start, end in bars:
            pen.rectangle((start, 0, end, side), fill=dark)
        return ImageChops.multiply(image, other)
    if kind == 3:
        radius = max(3, round(step * width / 2))
        for top in range(0, side, step):
            for left in range(top // step % 2 * step // 2, side, step):
                pen.ellipse((left, top, left + radius * 2, top + radius * 2), fill=dark)
    if kind == 4:
        return cloud(rng, side, rng.randrange(30, 70), (dark - 60, 256))
    return image
