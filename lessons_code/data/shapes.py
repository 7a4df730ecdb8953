"""Points in the plane, made by code: rings, moons and a spiral, two classes each.

The points lie within about 2.5 of the origin, in random order, as many of one class as of the
other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons_code.data.dataset import DataCard, Dataset

Points = NDArray[np.float64]


def rings(n: int, rng: np.random.Generator, *, noise: float = 0.12) -> Dataset:
    """Return points of a small ring and of a large ring around it.

    Args:
        n: How many points, an even number.
        rng: Where the random draws come from, as :func:`lessons_code.set_seed` returns it.
        noise: Standard deviation of the distance from the ring; the radii are 0.8 and 2.

    Returns:
        ``x`` of shape ``(n, 2)`` and ``y`` of shape ``(n,)``: 0 is inner, 1 is outer.

    Raises:
        ValueError: ``n`` is not a positive even number, or ``noise`` is negative.
    """
    half = _half(n, noise)
    angle = rng.uniform(0, 2 * np.pi, (2, half))
    radius = np.array([[0.8], [2.0]]) + rng.normal(0, noise, (2, half))
    return _dataset("rings", _polar(radius, angle), ("inner", "outer"), rng)


def moons(n: int, rng: np.random.Generator, *, noise: float = 0.16) -> Dataset:
    """Return points of two half circles, each with one end inside the other.

    Args:
        n: How many points, an even number.
        rng: Where the random draws come from.
        noise: Standard deviation of what is added to each coordinate; the radius is 1.4.

    Returns:
        ``x`` of shape ``(n, 2)`` and ``y`` of shape ``(n,)``: 0 is upper, 1 is lower.

    Raises:
        ValueError: ``n`` is not a positive even number, or ``noise`` is negative.
    """
    half = _half(n, noise)
    angle = rng.uniform(0, np.pi, (2, half)) + np.array([[0], [np.pi]])
    points = _polar(np.full((2, half), 1.4), angle)
    points += np.array([[[-0.7, -0.35]], [[0.7, 0.35]]])
    return _dataset("moons", points + rng.normal(0, noise, points.shape), ("upper", "lower"), rng)


def spiral(
    n: int,
    rng: np.random.Generator,
    *,
    noise: float = 0.08,
    along: tuple[float, float] = (0.1, 1.0),
) -> Dataset:
    """Return points of two arms that wind around each other, one and a quarter turns each.

    Args:
        n: How many points, an even number.
        rng: Where the random draws come from.
        noise: Standard deviation of what is added to each coordinate; the arms end at radius 2.2.
        along: Which stretch of the arms, as shares of their length; beyond 1 they wind on.

    Returns:
        ``x`` of shape ``(n, 2)`` and ``y`` of shape ``(n,)``, the number of the arm.

    Raises:
        ValueError: ``n`` is not a positive even number, ``noise`` is negative, or ``along`` is
            not a stretch from the center outwards.
    """
    half = _half(n, noise)
    if not 0 <= along[0] < along[1]:
        raise ValueError(f"along goes from the center, 0, outwards, as in (0.1, 1), not {along}")
    # evenly dense: more points further out, where the arms sweep more of the plane
    share = np.sqrt(rng.uniform(along[0] ** 2, along[1] ** 2, (2, half)))
    points = _polar(2.2 * share, 2.5 * np.pi * share + np.array([[0], [np.pi]]))
    return _dataset("spiral", points + rng.normal(0, noise, points.shape), ("first", "second"), rng)


def _half(n: int, noise: float) -> int:
    if n < 2 or n % 2:
        raise ValueError(f"the two classes need a positive even number of points, not {n}")
    if noise < 0:
        raise ValueError(f"noise is a standard deviation, 0 or more, not {noise}")
    return n // 2


def _polar(radius: Points, angle: Points) -> Points:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def _dataset(
    name: str, points: Points, class_names: tuple[str, str], rng: np.random.Generator
) -> Dataset:
    """Mix the points of two classes, shape ``(2, n // 2, 2)``."""
    n = 2 * points.shape[1]
    order = rng.permutation(n)
    card = DataCard(
        name=name.capitalize(),
        origin="Drawn at random by this book's code (lessons_code.data.shapes).",
        license="MIT, as the code",
        size=f"{n:,} points in the plane with two coordinates each, two classes",
        missing="Everything real: the classes are equally common and hardly overlap.",
    )
    labels = np.repeat(np.arange(2), n // 2)
    return Dataset(points.reshape(n, 2)[order], labels[order], class_names, card)
