"""Texts: names in ten languages, and film reviews in full mode."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from lessons_code.data import DataError, names, reviews
from tests.lessons_code.conftest import Network

# names


def test_every_name_belongs_to_one_language() -> None:
    data = names()
    folded = [name.casefold() for name in data.x]
    assert len(set(folded)) == len(folded)


def test_shared_names_are_kept_on_request_once_for_each_language() -> None:
    data = names(shared=True)
    languages = {label for name, label in zip(data.x, data.y, strict=True) if name == "Angola"}
    assert len(languages) > 5
    assert len(set(zip(map(str.casefold, data.x), data.y, strict=True))) == len(data.x)
    assert "left out" not in data.card.size


def test_there_are_enough_names_of_each_language() -> None:
    data = names()
    counts = np.bincount(data.y, minlength=10)
    assert len(data.class_names) == len(counts) == 10
    assert counts.min() > 400
    assert counts.max() < 3 * counts.min()
    assert f"{len(data.x):,}" in data.card.size


def test_the_labels_are_those_of_the_languages() -> None:
    data = names()
    label = dict(zip(data.x, data.y, strict=True))
    for name, language in {
        "Germany": "English",
        "Deutschland": "German",
        "Německo": "Czech",
    }.items():
        assert data.class_names[label[name]] == language


def test_names_are_the_same_at_every_call() -> None:
    first, second = names(), names()
    assert (first.x == second.x).all()
    assert (first.y == second.y).all()


@pytest.mark.parametrize("seed", range(3))
def test_translations_of_one_thing_stay_on_one_side(seed: int) -> None:
    data = names()
    assert data.groups is not None
    group = dict(zip(data.x, data.groups, strict=True))
    parts = data.split(seed=seed)
    sides = [{group[name] for name in part} for part in (parts.x_train, parts.x_val, parts.x_test)]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    assert sum(map(len, (parts.x_train, parts.x_val, parts.x_test))) == len(data.x)
    assert 0.15 < len(parts.x_test) / len(data.x) < 0.25
    assert 0.07 < len(parts.x_val) / len(data.x) < 0.13


def test_another_seed_deals_other_groups() -> None:
    data = names()
    assert data.split(seed=0).x_test.tolist() != data.split(seed=1).x_test.tolist()


# reviews


def archive(path: Path, *, size: int = 25_000, text: object = None) -> Path:
    """Write a file with the names, types and shapes of Keras' imdb.npz, of short texts."""
    parts = {}
    for half, seed in (("train", 1), ("test", 2)):
        rng = np.random.default_rng(seed)
        texts = np.empty(size, dtype=object)
        texts[:] = [rng.integers(1, 100, 3 + i % 4).tolist() for i in range(size)]
        if text is not None:
            texts[7] = text
        parts[f"x_{half}"] = texts
        parts[f"y_{half}"] = np.arange(size) % 2
    np.savez(path, **parts)  # type: ignore[arg-type]
    return path


def test_reviews_need_the_full_mode() -> None:
    with pytest.raises(DataError, match="LESSONS_DATA=full"):
        reviews()


@pytest.mark.usefixtures("any_hash")
def test_full_reviews_keep_the_test_half_and_deal_a_validation_part(
    datasets: Path, network: Network, tmp_path: Path
) -> None:
    shutil.copy(archive(tmp_path / "imdb.npz"), datasets / "imdb.npz")
    data = reviews()
    assert len(data.x) == 50_000
    assert all(text[0] == 1 for text in data.x[:50])  # Keras marks the start
    parts = data.split(val=0.1, test=0.5)
    assert len(parts.x_test) == 25_000
    assert len(parts.x_train) + len(parts.x_val) == 25_000
    assert parts.x_test.tolist() == data.x[25_000:].tolist()
    assert network.asked == []


def test_reviews_that_cannot_be_fetched_say_what_to_do(datasets: Path) -> None:
    with pytest.raises(DataError, match=r"imdb.npz could not be downloaded.*Remedy: connect"):
        reviews()


@pytest.mark.usefixtures("any_hash")
def test_too_few_reviews_are_refused(datasets: Path, tmp_path: Path) -> None:
    shutil.copy(archive(tmp_path / "imdb.npz", size=100), datasets / "imdb.npz")
    with pytest.raises(DataError, match=r"100 texts.*expected 25,000.*Remedy: delete"):
        reviews()


@pytest.mark.usefixtures("any_hash")
def test_reviews_that_hold_no_numbers_are_refused(datasets: Path, tmp_path: Path) -> None:
    shutil.copy(archive(tmp_path / "imdb.npz", text=[1, 2.5]), datasets / "imdb.npz")
    with pytest.raises(DataError, match="is not a list of word numbers"):
        reviews()
