"""The points in the plane: what the lessons build on must be so for every seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lessons_code import data
from lessons_code.data import Dataset

Shape = Callable[..., Dataset]
SHAPES: list[Shape] = [data.rings, data.moons, data.spiral]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_has_as_many_points_of_each_class_in_mixed_order(shape: Shape) -> None:
    points = shape(200, np.random.default_rng(0))
    assert points.x.shape == (200, 2)
    assert np.bincount(points.y).tolist() == [100, 100]
    assert 20 < points.y[:100].sum() < 80  # not sorted by class
    assert len(points.class_names) == 2


@pytest.mark.parametrize("shape", SHAPES)
def test_the_generator_alone_decides(shape: Shape) -> None:
    one, same, other = (shape(50, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.x, same.x)
    np.testing.assert_array_equal(one.y, same.y)
    assert not np.array_equal(one.x, other.x)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_points_stay_near_the_origin(shape: Shape) -> None:
    """Demos draw the square from -3 to 3."""
    assert np.abs(shape(10_000, np.random.default_rng(0)).x).max() < 3


def test_the_inner_ring_is_inside_the_outer() -> None:
    rings = data.rings(2000, np.random.default_rng(0))
    radius = np.hypot(*rings.x.T)
    assert radius[rings.y == 0].max() < 1.4 < radius[rings.y == 1].min()


def test_without_noise_the_rings_are_circles() -> None:
    rings = data.rings(100, np.random.default_rng(0), noise=0)
    np.testing.assert_allclose(np.hypot(*rings.x.T), np.where(rings.y == 0, 0.8, 2.0))


def test_the_rings_can_be_folded_twice_and_cut_once() -> None:
    """The chapter folds the plane twice and cuts once along a straight line."""
    rings = data.rings(4000, np.random.default_rng(0))
    assert np.mean((np.abs(rings.x).sum(axis=1) > 1.6) == rings.y) > 0.99


def test_the_spirals_arms_are_each_other_turned_by_half_a_turn() -> None:
    spiral = data.spiral(4000, np.random.default_rng(0), noise=0)
    radius, angle = np.hypot(*spiral.x.T), np.arctan2(*spiral.x.T[::-1])
    turned = angle - 2.5 * np.pi * radius / 2.2 - np.pi * spiral.y
    np.testing.assert_allclose(np.cos(turned), 1, atol=1e-9)


def test_the_arms_wind_on_where_the_first_stretch_ends() -> None:
    longer = data.spiral(200, np.random.default_rng(0), noise=0, along=(1, 1.3))
    radius = np.hypot(*longer.x.T)
    assert radius.min() >= 2.2
    assert radius.max() <= 2.2 * 1.3


@pytest.mark.parametrize("n", [0, -2, 7])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_number_that_cannot_be_halved_is_refused(shape: Shape, n: int) -> None:
    with pytest.raises(ValueError, match=f"even number of points, not {n}"):
        shape(n, np.random.default_rng(0))


@pytest.mark.parametrize("shape", SHAPES)
def test_negative_noise_is_refused(shape: Shape) -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        shape(10, np.random.default_rng(0), noise=-1)


@pytest.mark.parametrize("along", [(1, 1), (0.5, 0.2), (-1, 1)])
def test_a_stretch_that_goes_inwards_is_refused(along: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="outwards"):
        data.spiral(10, np.random.default_rng(0), along=along)
