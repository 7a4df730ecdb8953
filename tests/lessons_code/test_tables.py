"""Tables: scikit-learn's own numbers, with what a reader has to know of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from lessons_code.data import Dataset
from lessons_code.data.tables import diabetes, tumors, wine

TABLES = [(wine, load_wine), (tumors, load_breast_cancer), (diabetes, load_diabetes)]


@pytest.mark.parametrize(("load", "judge"), TABLES)
def test_a_table_is_scikit_learns_own(
    load: Callable[[], Dataset], judge: Callable[..., object]
) -> None:
    table = load()
    x, y = judge(return_X_y=True)  # type: ignore[misc]
    assert table.x.shape == x.shape
    assert table.y.dtype == np.int64
    np.testing.assert_array_equal(table.y, y)
    scaled = (table.x - table.x.mean(axis=0)) / table.x.std(axis=0)
    np.testing.assert_allclose(scaled, (x - x.mean(axis=0)) / x.std(axis=0), atol=1e-3)
    rows = len(table.x)
    assert str(rows) in table.card.size


@pytest.mark.parametrize(("load", "judge"), TABLES[:2])
def test_the_name_of_a_class_stands_at_its_number(
    load: Callable[[], Dataset], judge: Callable[[], object]
) -> None:
    table = load()
    theirs = [str(name) for name in judge().target_names]  # type: ignore[attr-defined]
    assert [name.replace("cultivar ", "class_") for name in table.class_names] == theirs


def test_the_course_of_diabetes_is_a_measure_in_its_own_units() -> None:
    table = diabetes()
    assert table.class_names == ()
    assert (table.y.min(), table.y.max()) == (25, 346)
    assert 18 < table.x[:, 0].min() < table.x[:, 0].max() < 100  # years


def test_the_tumors_are_212_malignant_and_357_benign() -> None:
    table = tumors()
    assert np.bincount(table.y).tolist() == [212, 357]
    assert "212 malignant and 357 benign" in table.card.size
