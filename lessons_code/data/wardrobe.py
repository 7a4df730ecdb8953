"""The wardrobe: gray pictures of garments, drawn by code after Fashion-MNIST's ten classes."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from lessons_code.data.cache import Arrays, remember
from lessons_code.data.dataset import DataCard, Dataset, mode
from lessons_code.data.drawing import ENLARGED, Canvas, Pose, cloud
from lessons_code.data.full import check, from_keras
from lessons_code.data.garments import GARMENTS

CLASS_NAMES = tuple(GARMENTS)
N_PICTURES = 6_000
PIXELS = 28

# raise it whenever the drawings change: the cache goes by it
_VERSION = 1
_SIDE = ENLARGED * PIXELS


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
    y = np.arange(n, dtype=np.uint8) % len(GARMENTS)
    draws = list(GARMENTS.values())
    pictures = []
    for label in y:
        pose = Pose(
            size=rng.uniform(0.78, 0.98),
            stretch=rng.uniform(0.85, 1.12),
            turn=rng.uniform(-9, 9),
            shift=(rng.uniform(-0.1, 0.1), rng.uniform(-0.08, 0.08)),
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
