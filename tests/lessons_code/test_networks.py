"""Layers, losses and the optimizer do what Keras does, number by number."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lessons_code import autodiff as ad
from lessons_code import networks
from lessons_code.autodiff import Node


def twins(*, dtype: str = "float32") -> tuple[networks.Sequential, keras.Model]:
    """Return a network of ours and one of Keras with the same weights."""
    rng = np.random.default_rng(3)
    ours = networks.Sequential(
        networks.Dense(6, 8, ad.tanh, rng=rng, dtype=dtype),
        networks.Dense(8, 5, ad.relu, rng=rng, dtype=dtype),
        networks.Dense(5, 3, rng=rng, dtype=dtype),
    )
    theirs = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(8, activation="tanh", dtype=dtype),
            keras.layers.Dense(5, activation="relu", dtype=dtype),
            keras.layers.Dense(3, dtype=dtype),
        ]
    )
    theirs.set_weights([node.value for node in ours.parameters])
    return ours, theirs


def examples(n: int = 70) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    rng = np.random.default_rng(4)
    return rng.normal(size=(n, 6)).astype("float32"), rng.integers(0, 3, size=n)


class InOrder:
    """In the place of a random generator: it leaves the examples in their order."""

    permutation = staticmethod(np.arange)


def test_outputs_are_those_of_keras() -> None:
    ours, theirs = twins()
    x, _ = examples()
    np.testing.assert_allclose(ours(x).value, theirs.predict(x, verbose=0), atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("batch_size", [70, 16])
def test_training_moves_the_weights_as_keras_does(momentum: float, batch_size: int) -> None:
    """The same batches in the same order, the last one smaller: the same weights."""
    ours, theirs = twins()
    x, y = examples()
    history = networks.fit(
        ours,
        networks.softmax_cross_entropy,
        networks.SGD(ours.parameters, 0.1, momentum),
        x,
        y,
        epochs=5,
        batch_size=batch_size,
        rng=InOrder(),  # type: ignore[arg-type]
    )
    theirs.compile(
        keras.optimizers.SGD(0.1, momentum=momentum),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    judge = theirs.fit(x, y, batch_size=batch_size, epochs=5, shuffle=False, verbose=0)
    for node, weights in zip(ours.parameters, theirs.get_weights(), strict=True):
        np.testing.assert_allclose(node.value, weights, atol=1e-5)
        assert node.value.dtype == np.float32
    np.testing.assert_allclose(history, judge.history["loss"], rtol=1e-4)


@given(st.integers(1, 6), st.integers(2, 5), st.floats(0.1, 30), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_losses_are_those_of_keras(n: int, k: int, spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = (rng.normal(size=(n, k)) * spread).astype("float32")
    labels, targets = rng.integers(0, k, size=n), rng.normal(size=(n, k)).astype("float32")
    ours = networks.softmax_cross_entropy(Node(scores), labels)
    judge = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, scores)
    np.testing.assert_allclose(ours.value, judge, rtol=1e-5, atol=1e-6)
    ours = networks.mean_squared_error(Node(scores), targets)
    np.testing.assert_allclose(
        ours.value, keras.losses.MeanSquaredError()(targets, scores), rtol=1e-5
    )
    np.testing.assert_allclose(
        networks.softmax(scores), keras.ops.softmax(scores), rtol=1e-5, atol=1e-7
    )


def test_the_slope_of_softmax_cross_entropy_is_p_minus_y() -> None:
    scores, labels = np.random.default_rng(1).normal(size=(4, 3)), np.array([0, 2, 1, 1])
    node = Node(scores)
    networks.softmax_cross_entropy(node, labels).backward()
    expected = (networks.softmax(scores) - np.eye(3)[labels]) / 4
    np.testing.assert_allclose(node.grad, expected, atol=1e-15)


def test_huge_scores_overflow_nowhere() -> None:
    scores = Node([[1000.0, -1000.0], [-1000.0, 1000.0]])
    with np.errstate(over="raise", invalid="raise"):
        loss = networks.softmax_cross_entropy(scores, np.array([0, 0]))
        loss.backward()
    assert loss.value == 1000
    assert np.isfinite(scores.grad).all()


def test_weights_start_as_in_keras() -> None:
    """Glorot's bounds, reached but not passed, and no two layers alike."""
    rng = np.random.default_rng(0)
    first, second = (networks.Dense(60, 40, rng=rng).w.value for _ in range(2))
    limit = np.sqrt(6 / 100)
    assert 0.99 * limit < np.abs(first).max() <= limit
    assert not np.array_equal(first, second)
    assert networks.Dense(2, 3, rng=rng, dtype="float64").w.value.dtype == np.float64


def test_a_step_leaves_arrays_that_somebody_kept_alone() -> None:
    mine = np.ones(3)
    w = Node(mine)
    w.grad = np.ones(3)
    networks.SGD([w], 0.5).step()
    assert w.value.tolist() == [0.5] * 3
    assert mine.tolist() == [1] * 3


def test_the_same_generator_gives_the_same_training() -> None:
    x, y = examples()

    def trained() -> list[float]:
        rng = np.random.default_rng(5)
        model = networks.Sequential(networks.Dense(6, 3, rng=rng))
        optimizer = networks.SGD(model.parameters, 0.1)
        loss = networks.softmax_cross_entropy
        return networks.fit(model, loss, optimizer, x, y, epochs=3, batch_size=8, rng=rng)

    assert trained() == trained()
    assert trained()[-1] < trained()[0]


@pytest.mark.parametrize(
    ("loss", "answers"),
    [
        (networks.mean_squared_error, np.zeros(4)),
        (networks.mean_squared_error, np.zeros((4, 1))),
        (networks.softmax_cross_entropy, np.zeros((4, 3), int)),
        (networks.softmax_cross_entropy, np.zeros(5, int)),
    ],
)
def test_answers_of_another_shape_are_refused(loss: Any, answers: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match=r"\(4, 3\)"):
        loss(Node(np.zeros((4, 3))), answers)


def test_as_many_answers_as_inputs_are_needed() -> None:
    x, y = examples()
    model = networks.Sequential(networks.Dense(6, 3, rng=np.random.default_rng(0)))
    with pytest.raises(ValueError, match="70 inputs and 69 answers"):
        networks.fit(
            model,
            networks.softmax_cross_entropy,
            networks.SGD(model.parameters, 0.1),
            x,
            y[1:],
            epochs=1,
            batch_size=8,
            rng=np.random.default_rng(0),
        )
