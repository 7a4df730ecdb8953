"""Spots: the same patches whatever the rulers, and no tone of skin that stands for a class."""

from __future__ import annotations

import hashlib
import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from lessons_code.data import spots

drawer = importlib.import_module("lessons_code.data.spots")  # the package has a function spots
# where other bytes come out, numbers of two chapters may move: run their seeds
BYTES = {"plain": "90e21083fd2b94bf", "ruled": "9c306743cf5e830c"}


def carries(rulers: tuple[float, float]) -> NDArray[np.bool_]:
    """Return which pictures differ from those without any ruler."""
    differs: NDArray[np.bool_] = (spots().x != spots(rulers).x).any(axis=(1, 2, 3))
    return differs


def tones() -> NDArray[np.float64]:
    """Return the mean color of each patch's four corners, where no spot reaches."""
    corners = spots().x[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    mean: NDArray[np.float64] = corners.mean(axis=1)
    return mean


def test_the_same_seed_draws_the_same_bytes_on_every_machine() -> None:
    first, again, other = (drawer.draw(40, seed=seed) for seed in (5, 5, 6))
    for name, expected in BYTES.items():
        np.testing.assert_array_equal(first[name], again[name])
        assert not np.array_equal(first[name], other[name])
        assert hashlib.sha256(first[name].tobytes()).hexdigest()[:16] == expected, name


def test_each_class_has_half_of_the_pictures_and_no_two_are_alike() -> None:
    data = spots((0.5, 0.5))
    assert data.x.shape == (3000, 32, 32, 3)
    assert (data.x.dtype, data.y.dtype) == (np.uint8, np.int64)
    assert data.class_names == ("benign", "malignant")
    assert np.bincount(data.y).tolist() == [1500, 1500]
    assert len({picture.tobytes() for picture in spots().x}) == 3000
    for text in (data.card.origin, data.card.license, data.card.size, data.card.missing):
        assert len(text) > 10
    assert "3,000" in data.card.size


@pytest.mark.parametrize("rulers", [(0.0, 0.0), (0.03, 0.97), (0.97, 0.03), (0.5, 0.5), (1.0, 1.0)])
def test_rulers_come_as_often_as_told(rulers: tuple[float, float]) -> None:
    shares = [carries(rulers)[spots().y == k].mean() for k in (0, 1)]
    np.testing.assert_allclose(shares, rulers, atol=1e-9)


def test_a_larger_share_adds_rulers_and_takes_none_away() -> None:
    few, many = carries((0.1, 0.4)), carries((0.2, 0.9))
    assert not (few & ~many).any()


def test_a_ruler_changes_one_strip_along_an_edge_and_nothing_else() -> None:
    ruled = (spots().x != spots((1, 1)).x).any(axis=3)
    rows, columns = ruled.any(axis=2), ruled.any(axis=1)
    wide = drawer.RULER_PIXELS
    edges = np.stack(
        [
            ~rows[:, wide:].any(axis=1),
            ~rows[:, :-wide].any(axis=1),
            ~columns[:, wide:].any(axis=1),
            ~columns[:, :-wide].any(axis=1),
        ]
    )
    assert (edges.sum(axis=0) == 1).all()
    assert (np.abs(edges.mean(axis=1) - 0.25) < 0.04).all()  # no edge is preferred
    assert ruled.mean() == pytest.approx(wide / drawer.PIXELS, abs=0.005)


def test_splits_of_the_same_seed_deal_the_same_patches() -> None:
    plain, ruled = spots().split(seed=3), spots((0.0, 1.0)).split(seed=3)
    np.testing.assert_array_equal(plain.y_test, ruled.y_test)
    same = (plain.x_test == ruled.x_test).all(axis=(1, 2, 3))
    np.testing.assert_array_equal(same, plain.y_test == 0)


def test_the_tone_of_the_skin_says_nothing_about_the_class() -> None:
    scores = cross_val_score(LogisticRegression(), tones() / 255, spots().y, cv=5)
    assert 0.46 < scores.mean() < 0.54


def test_all_tones_of_skin_are_there_in_both_classes() -> None:
    light, dark = drawer.TONES[0][1], drawer.TONES[-1][1]
    edges = np.linspace(dark, light, 5)
    for k in (0, 1):
        counts = np.histogram(tones()[spots().y == k, 1], edges)[0]
        assert counts.min() > 0.15 * 1500, counts


def test_the_two_traits_tell_the_classes_apart_but_not_always() -> None:
    for benign, malignant in (drawer.RAGGED, drawer.TWO_TONED):
        assert benign[0] < malignant[0] < benign[1] < malignant[1]


@pytest.mark.parametrize("rulers", [(-0.1, 0.5), (0.5, 1.1), (0.5,), (float("nan"), 0.5)])
def test_a_share_out_of_range_is_refused_with_a_remedy(rulers: Any) -> None:
    with pytest.raises(ValueError, match="two shares from 0 to 1"):
        spots(rulers)


def test_pictures_are_drawn_once_and_then_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONS_CACHE", str(tmp_path))
    few, drawn = drawer.draw(20), []

    def draw(n: int) -> dict[str, NDArray[Any]]:
        drawn.append(n)
        return few  # type: ignore[no-any-return]

    monkeypatch.setattr(drawer, "draw", draw)
    for rulers in ((0, 0), (0, 1), (0.5, 0.5)):
        assert len(spots(rulers).x) == 20
    assert drawn == [drawer.N_PICTURES]
