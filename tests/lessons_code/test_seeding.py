"""Seeds: the same line gives the same network, and another seed gives another one."""

from __future__ import annotations

import logging
import math
import random
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lessons_code import set_seed
from lessons_code.seeding import SHIFT_VARIABLE, shifted


def new_model() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1),
        ]
    )


def first_weights() -> NDArray[np.float32]:
    """Return the random weights of a new network."""
    kernels = [weight for weight in new_model().get_weights() if weight.ndim == 2]
    return np.concatenate([kernel.ravel() for kernel in kernels])


def draw_everything(seed: int) -> list[Any]:
    """Return draws from all the places that a chapter can draw from, seeded once."""
    generator = set_seed(seed)
    return [
        first_weights().tolist(),
        generator.random(5).tolist(),
        np.random.random(5).tolist(),
        [random.random() for _ in range(5)],
        tf.random.uniform((5,)).numpy().tolist(),
        keras.ops.convert_to_numpy(keras.random.uniform((5,))).tolist(),
    ]


def trained_weights(seed: int) -> list[NDArray[np.float32]]:
    generator = set_seed(seed)
    x = generator.normal(size=(16, 3)).astype("float32")
    model = new_model()
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, x.sum(axis=1), epochs=2, batch_size=4, verbose=0)
    return model.get_weights()  # type: ignore[no-any-return]


def test_the_same_seed_gives_the_same_weights_and_draws_everywhere() -> None:
    assert draw_everything(7) == draw_everything(7)


def test_another_seed_gives_other_weights_and_draws_everywhere() -> None:
    for one, other in zip(draw_everything(7), draw_everything(8), strict=True):
        assert one != other


def test_the_same_seed_gives_the_same_training_to_the_last_bit() -> None:
    """Shuffling, dropout and the order of sums are all in it."""
    for one, other in zip(trained_weights(5), trained_weights(5), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_generator_is_numpys_own_for_that_seed() -> None:
    assert set_seed(42).random(10).tolist() == np.random.default_rng(42).random(10).tolist()


def test_the_weights_are_those_of_keras_own_seeding() -> None:
    set_seed(42)
    ours = first_weights()
    keras.utils.set_random_seed(42)
    np.testing.assert_array_equal(ours, first_weights())


def test_tensorflow_is_asked_for_deterministic_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tf.config.experimental, "enable_op_determinism", lambda: asked.append(True))
    set_seed(0)
    assert asked == [True]


def test_the_shift_moves_every_seed_by_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = draw_everything(7)
    monkeypatch.setenv(SHIFT_VARIABLE, "2")
    moved = draw_everything(7)
    for one, other in zip(plain, moved, strict=True):
        assert one != other
    assert moved[1] == np.random.default_rng(2007).random(5).tolist()
    keras.utils.set_random_seed(2007)
    assert moved[0] == first_weights().tolist()


def test_a_shift_of_zero_is_no_shift(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = draw_everything(7)
    monkeypatch.setenv(SHIFT_VARIABLE, "0")
    assert draw_everything(7) == plain


@given(st.integers(0, 999), st.integers(0, 50), st.integers(0, 999), st.integers(0, 50))
def test_two_seeds_never_meet_however_they_are_shifted(
    seed: int, shift: int, other_seed: int, other_shift: int
) -> None:
    numbers = []
    with pytest.MonkeyPatch.context() as patch:
        for start, step in ((seed, shift), (other_seed, other_shift)):
            patch.setenv(SHIFT_VARIABLE, str(step))
            numbers.append(shifted(start))
    assert (numbers[0] == numbers[1]) == ((seed, shift) == (other_seed, other_shift))


@pytest.mark.parametrize("seed", [0, 1, 999])
def test_seeds_up_to_the_edges_are_taken_as_they_are(seed: int) -> None:
    assert shifted(seed) == seed
    assert set_seed(seed).random() == np.random.default_rng(seed).random()


@pytest.mark.parametrize("seed", [-1, 1000, 10**9, 1.5, math.nan, math.inf])
def test_a_seed_out_of_range_or_not_whole_is_refused(seed: Any) -> None:
    with pytest.raises(ValueError, match="seed"):
        set_seed(seed)


@pytest.mark.parametrize("shift", ["-1", "1.5", "1e3", "one", "²", "1 2"])
def test_a_shift_that_is_not_a_whole_number_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, shift: str
) -> None:
    monkeypatch.setenv(SHIFT_VARIABLE, shift)
    with pytest.raises(ValueError, match="LESSONS_SEED_SHIFT") as caught:
        set_seed(1)
    assert repr(shift) in str(caught.value)


def test_a_chapter_with_many_networks_is_not_warned_of_retracing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    set_seed(1)
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    try:
        for units in range(1, 9):
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
            model.predict(np.ones((2, 3)), verbose=0)
        logger.warning("something real")
    finally:
        logger.removeHandler(caplog.handler)
    assert {record.getMessage() for record in caplog.records} == {"something real"}
