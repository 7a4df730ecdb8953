"""Trainings for the doctor's tests: twenty that fail, each in its own way, and sound ones.

Each returns the report of a training that was watched. What the doctor should name stands
beside it. A failure with ``epochs=0`` is only examined, before training.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lessons_code import data, doctor, encodings
from lessons_code.doctor import Report

Array = NDArray[Any]
SPARSE = "sparse_categorical_crossentropy"


class Failure(NamedTuple):
    """A training that fails, and the codes that name why."""

    run: Callable[..., Report]
    codes: tuple[str, ...]


FAILURES: dict[str, Failure] = {}
SOUND: dict[str, Callable[[int], Report]] = {}


def failure(*codes: str) -> Callable[[Callable[..., Report]], Callable[..., Report]]:
    """Enter a training under its name, with what it should be called."""

    def enter(run: Callable[..., Report]) -> Callable[..., Report]:
        FAILURES[run.__name__] = Failure(run, codes)
        return run

    return enter


def sound(run: Callable[[int], Report]) -> Callable[[int], Report]:
    """Enter a training with which nothing is wrong."""
    SOUND[run.__name__] = run
    return run


class Digits(NamedTuple):
    """Small digits in three parts, scaled to 0 to 1."""

    x: Array
    y: Array
    x_val: Array
    y_val: Array
    x_new: Array
    y_new: Array


def digits(seed: int) -> Digits:
    """Return 800, 200 and 700 small digits."""
    every = data.small_digits()
    order = np.random.default_rng(seed).permutation(len(every.x))
    x, y = every.x[order] / np.float32(16), every.y[order]
    return Digits(x[:800], y[:800], x[800:1000], y[800:1000], x[1000:1700], y[1000:1700])


def dense(seed: int, *hidden: Any, last: Any = None, shape: tuple[int, ...] = (8, 8)) -> Any:
    """Return a network for digits: two hidden layers, unless others are given."""
    keras.utils.set_random_seed(seed)
    usual = [layers.Dense(32, activation="relu"), layers.Dense(32, activation="relu")]
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            *(hidden or usual),
            last or layers.Dense(10, activation="softmax"),
        ]
    )


def train(
    model: Any,
    x: Array,
    y: Array,
    *,
    optimizer: Any = None,
    loss: Any = SPARSE,
    metrics: Any = ("accuracy",),
    epochs: int = 5,
    batch_size: int = 32,
    told: Any = None,
    **options: Any,
) -> Report:
    """Compile a network, train it, and return what was said meanwhile."""
    optimizer = optimizer or keras.optimizers.SGD(0.1)
    model.compile(optimizer, loss, metrics=list(metrics))
    watch = doctor.Watch(x, y, validation=told or options.get("validation_data"), quiet=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model.fit(
                x,
                y,
                epochs=epochs,
                batch_size=batch_size,
                verbose=0,
                callbacks=[watch],
                **options,
            )
        except Exception:  # Keras may refuse it, the report stands
            assert watch.report.looked
    return watch.report


@failure("scale-of-input")
def raw_pixels(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed), d.x * 255, d.y, epochs=epochs)


@failure("labels-shuffled")
def labels_shuffled(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    mixed = np.random.default_rng(seed).permutation(d.y)
    return train(dense(seed), d.x, mixed, validation_data=(d.x_val, d.y_val), epochs=epochs)


@failure("rows-sorted")
def rows_sorted(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    order = np.argsort(d.y, kind="stable")
    return train(dense(seed), d.x[order], d.y[order], told=0.2, validation_split=0.2, epochs=epochs)


@failure("rate-too-large")
def rate_too_large(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed), d.x, d.y, optimizer=keras.optimizers.SGD(10.0), epochs=epochs)


@failure("rate-too-small")
def rate_too_small(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed), d.x, d.y, optimizer=keras.optimizers.SGD(1e-5), epochs=epochs)


@failure("dead-units")
def dead_units(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    start = keras.initializers.Constant(-3.0)
    hidden = [layers.Dense(32, activation="relu", bias_initializer=start) for _ in range(2)]
    return train(dense(seed, *hidden), d.x, d.y, epochs=epochs)


@failure("weights-all-alike")
def all_zero(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed)
    model.set_weights([np.zeros_like(one) for one in model.get_weights()])
    return train(model, d.x, d.y, epochs=epochs)


@failure("frozen-layers")
def first_layer_frozen(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed)
    model.layers[1].trainable = False
    return train(model, d.x, d.y, epochs=epochs)


@failure("softmax-missing")
def softmax_missing(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed, last=layers.Dense(10)), d.x, d.y, epochs=epochs)


@failure("labels-and-loss")
def mse_with_a_column(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed, last=layers.Dense(10)), d.x, d.y[:, None], loss="mse", epochs=epochs)


@failure("rows-in-both")
def held_rows_in_training(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    x, y = np.concatenate([d.x, d.x_val]), np.concatenate([d.y, d.y_val])
    return train(dense(seed), x, y, validation_data=(d.x_val, d.y_val), epochs=epochs)


@failure("preprocessing-differs")
def inverted_in_use(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed)
    train(model, d.x, d.y, epochs=epochs)
    return doctor.examine(model, d.x, d.y, use=1 - d.x_new)


@failure("answers-of-one-column")
def argmax_of_one_column(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed, last=layers.Dense(1, activation="sigmoid"))
    train(model, d.x, d.y % 2, loss="binary_crossentropy", epochs=epochs)
    made = model.predict(d.x, verbose=0).argmax(axis=1)
    return doctor.examine(model, d.x, d.y % 2, answers=made)


@failure("batchnorm-lags")
def batchnorm_lags(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    hidden = [
        layers.BatchNormalization(momentum=0.99),
        layers.Dense(64, activation="relu"),
        layers.BatchNormalization(momentum=0.99),
    ]
    return train(
        dense(seed, *hidden),
        d.x * 16,
        d.y,
        optimizer=keras.optimizers.Adam(0.01),
        epochs=min(epochs, 2),
        batch_size=64,
    )


@failure("fit-continues")
def folds_on_one_model(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed)
    model.compile(keras.optimizers.Adam(0.01), SPARSE, metrics=["accuracy"])
    folds = np.array_split(np.arange(len(d.x)), 4)
    for i, held in enumerate(folds):
        rest = np.concatenate(folds[:i] + folds[i + 1 :])
        pair = (d.x[held], d.y[held])
        watch = doctor.Watch(d.x[rest], d.y[rest], validation=pair, quiet=True)
        model.fit(d.x[rest], d.y[rest], epochs=min(epochs, 3), verbose=0, callbacks=[watch])
    return watch.report


@failure("missing-activation")
def missing_activation(seed: int, epochs: int = 5) -> Report:
    rings = data.rings(400, np.random.default_rng(seed))
    hidden = [layers.Dense(16), layers.Dense(16)]
    model = dense(seed, *hidden, last=layers.Dense(1, activation="sigmoid"), shape=(2,))
    adam = keras.optimizers.Adam(0.01)
    return train(model, rings.x, rings.y, optimizer=adam, loss="binary_crossentropy", epochs=epochs)


@failure("missing-activation", "rate-too-large", "loss-not-finite")
def nan_from_lines(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed, layers.Dense(32), layers.Dense(32), last=layers.Dense(1))
    return train(
        model,
        d.x,
        d.y / 9,
        loss="mse",
        optimizer=keras.optimizers.SGD(1.0),
        metrics=(),
        epochs=epochs,
    )


@failure("labels-out-of-range")
def labels_from_one(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed), d.x, d.y + 1, epochs=epochs)


@failure("labels-and-loss")
def one_hot_with_sparse_loss(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    return train(dense(seed), d.x, np.eye(10, dtype="float32")[d.y], epochs=epochs)


@failure("one-softmax")
def softmax_on_one_unit(seed: int, epochs: int = 5) -> Report:
    d = digits(seed)
    model = dense(seed, last=layers.Dense(1, activation="softmax"))
    return train(model, d.x, d.y % 2, loss="binary_crossentropy", epochs=epochs)


@cache
def large_digits() -> tuple[Array, Array]:
    """Return 2,000 digits of 28 by 28, 0 to 255, in random order."""
    every = data.digits()
    order = np.random.default_rng(0).permutation(len(every.x))[:2000]
    return every.x[order].astype("float32"), every.y[order]


@sound
def chapter_handwritten_digits(seed: int) -> Report:
    x, y = large_digits()
    x = x / 255
    hidden = layers.Dense(128, activation="relu")
    return train(
        dense(seed, hidden, shape=(28, 28)),
        x[:1600],
        y[:1600],
        optimizer=keras.optimizers.Adam(0.002),
        batch_size=128,
        validation_data=(x[1600:], y[1600:]),
    )


@sound
def chapter_convolution(seed: int) -> Report:
    x, y = large_digits()
    x = x[..., None] / 255
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    return train(
        model,
        x[:800],
        y[:800],
        optimizer=keras.optimizers.Adam(0.004),
        epochs=2,
        batch_size=64,
        validation_data=(x[1600:], y[1600:]),
    )


@sound
def chapter_fizzbuzz(seed: int) -> Report:
    n = np.random.default_rng(seed).permutation(np.arange(101, 2101))
    y = 1 * (n % 3 == 0) + 2 * (n % 5 == 0)
    x = encodings.residues(n, [3, 5])
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((8,)), layers.Dense(4, activation="softmax")])
    return train(
        model,
        x[:1600],
        y[:1600],
        optimizer=keras.optimizers.Adam(0.01),
        batch_size=64,
        epochs=8,
        validation_data=(x[1600:], y[1600:]),
    )


@sound
def chapter_odd_or_even(seed: int) -> Report:
    n = np.random.default_rng(seed).permutation(np.arange(101, 1024))
    x = encodings.binary(n, bits=12)
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((12,)), layers.Dense(1, activation="sigmoid")])
    return train(
        model,
        x[:700],
        n[:700] % 2,
        optimizer=keras.optimizers.SGD(0.5),
        loss="binary_crossentropy",
        validation_data=(x[700:], n[700:] % 2),
    )


@sound
def chapter_walking_downhill(seed: int) -> Report:
    """One neuron that starts at zero, as the chapter has it."""
    from sklearn.datasets import load_iris

    x, y = load_iris().data[:, 2:].T
    keras.utils.set_random_seed(seed)
    neuron = layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), neuron])
    return train(
        model,
        x[:, None],
        y,
        optimizer=keras.optimizers.SGD(0.05),
        loss="mse",
        metrics=(),
        epochs=60,
        batch_size=150,
    )


@sound
def chapter_which_language(seed: int) -> Report:
    every = data.names()
    keep = np.random.default_rng(seed).permutation(len(every.x))[:1500]
    rows = [[1 + ord(letter) % 499 for letter in str(text)[:20]] for text in every.x[keep]]
    x, y = keras.utils.pad_sequences(rows, padding="post"), every.y[keep]
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(500, 16, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(len(every.class_names), activation="softmax"),
        ]
    )
    return train(
        model,
        x[:1200],
        y[:1200],
        optimizer=keras.optimizers.Adam(0.03),
        epochs=4,
        batch_size=128,
        validation_data=(x[1200:], y[1200:]),
    )


@sound
def chapter_layers_bend_space(seed: int) -> Report:
    rings = data.rings(400, np.random.default_rng(seed))
    hidden = layers.Dense(3, activation="tanh")
    model = dense(seed, hidden, last=layers.Dense(1, activation="sigmoid"), shape=(2,))
    adam = keras.optimizers.Adam(0.05)
    return train(
        model,
        rings.x[:300],
        rings.y[:300],
        optimizer=adam,
        loss="binary_crossentropy",
        epochs=25,
        batch_size=50,
        validation_data=(rings.x[300:], rings.y[300:]),
    )


@sound
def chapter_the_ruler(seed: int) -> Report:
    spots = data.spots((0.97, 0.03))
    order = np.random.default_rng(seed).permutation(len(spots.x))[:600]
    x, y = spots.x[order] / np.float32(127.5) - 1, spots.y[order]
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    return train(
        model,
        x[:450],
        y[:450],
        optimizer=keras.optimizers.Adam(0.003),
        loss="binary_crossentropy",
        epochs=3,
        validation_data=(x[450:], y[450:]),
    )


@sound
def chapter_how_good_how_sure(seed: int) -> Report:
    """Few rows, many epochs: the gap is a note. No softmax, and the loss knows."""
    x, y = large_digits()
    x = x / 255
    hidden = [layers.Dense(64, activation="relu"), layers.Dense(64, activation="relu")]
    return train(
        dense(seed, *hidden, last=layers.Dense(10), shape=(28, 28)),
        x[:400],
        y[:400],
        optimizer=keras.optimizers.Adam(0.003),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        epochs=30,
        validation_data=(x[1600:], y[1600:]),
    )


@sound
def chapter_choosing_and_stopping(seed: int) -> Report:
    """Dropout and a penalty on weights, both as the chapter has them."""
    x, y = large_digits()
    x = x / 255
    hidden = [
        layers.Dense(256, "relu", kernel_regularizer=keras.regularizers.L2(0.003)),
        layers.Dropout(0.5),
    ]
    return train(
        dense(seed, *hidden, shape=(28, 28)),
        x[:500],
        y[:500],
        optimizer=keras.optimizers.Adam(0.003),
        batch_size=50,
        validation_data=(x[1600:], y[1600:]),
    )


@sound
def amounts_with_scaled_targets(seed: int) -> Report:
    from lessons_code.data.tables import diabetes

    table = diabetes()
    order = np.random.default_rng(seed).permutation(len(table.x))
    x, y = table.x[order], table.y[order]
    x = (x - x[:300].mean(axis=0)) / x[:300].std(axis=0)
    y = (y - y[:300].mean()) / y[:300].std()
    hidden = layers.Dense(16, activation="relu")
    return train(
        dense(seed, hidden, last=layers.Dense(1), shape=(10,)),
        x[:300],
        y[:300],
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
        metrics=("mae",),
        validation_data=(x[300:], y[300:]),
    )


@sound
def pictures_of_themselves(seed: int) -> Report:
    """An autoencoder: the targets are the inputs, through a narrow middle."""
    d = digits(seed)
    hidden = [layers.Dense(32, activation="relu"), layers.Dense(2), layers.Dense(32, "relu")]
    x, x_val = (part.reshape(-1, 64) for part in (d.x, d.x_val))
    model = dense(seed, *hidden, last=layers.Dense(64, activation="sigmoid"), shape=(64,))
    return train(
        model,
        x,
        x,
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
        metrics=(),
        epochs=8,
        validation_data=(x_val, x_val),
    )


@sound
def several_labels(seed: int) -> Report:
    d = digits(seed)
    y = np.stack([d.y % 2, d.y > 4, np.isin(d.y, (2, 3, 5, 7))], axis=1).astype("float32")
    model = dense(seed, last=layers.Dense(3, activation="sigmoid"))
    return train(
        model,
        d.x,
        y,
        loss="binary_crossentropy",
        metrics=("binary_accuracy",),
        optimizer=keras.optimizers.Adam(0.01),
    )


@sound
def rare_class(seed: int) -> Report:
    d = digits(seed)
    model = dense(seed, last=layers.Dense(1, activation="sigmoid"))
    return train(
        model,
        d.x,
        (d.y == 8).astype(int),
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(0.01),
        validation_data=(d.x_val, (d.y_val == 8).astype(int)),
    )


@sound
def batchnorm_on_raw_pixels(seed: int) -> Report:
    d = digits(seed)
    hidden = [layers.BatchNormalization(momentum=0.9), layers.Dense(32, activation="relu")]
    return train(
        dense(seed, *hidden),
        d.x * 255,
        d.y,
        optimizer=keras.optimizers.Adam(0.01),
        validation_data=(d.x_val * 255, d.y_val),
    )


@sound
def small_table(seed: int) -> Report:
    from lessons_code.data.tables import wine

    table = wine()
    order = np.random.default_rng(seed).permutation(len(table.x))
    x, y = table.x[order], table.y[order]
    x = (x - x[:120].mean(axis=0)) / x[:120].std(axis=0)
    hidden = layers.Dense(8, activation="relu")
    return train(
        dense(seed, hidden, last=layers.Dense(3, activation="softmax"), shape=(13,)),
        x[:120],
        y[:120],
        optimizer=keras.optimizers.Adam(0.01),
        epochs=20,
        validation_data=(x[120:], y[120:]),
    )


@sound
def frozen_on_purpose(seed: int) -> Report:
    """Transfer: layers that learned digits are kept for odd and even."""
    d = digits(seed)
    first = dense(seed)
    train(first, d.x, d.y, epochs=3)
    body = keras.Sequential(first.layers[:-1])
    body.trainable = False
    model = keras.Sequential(
        [keras.Input((8, 8)), body, layers.Dense(1, activation="sigmoid")],
    )
    return train(
        model,
        d.x,
        d.y % 2,
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(0.01),
        validation_data=(d.x_val, d.y_val % 2),
    )


@sound
def next_value_of_a_wave(seed: int) -> Report:
    rng = np.random.default_rng(seed)
    wave = np.sin(np.arange(600) / 5) + rng.normal(0, 0.1, 600)
    x = np.stack([wave[i : i + 12] for i in range(580)])[..., None]
    y = wave[12:592]
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((12, 1)), layers.GRU(8), layers.Dense(1)])
    return train(
        model,
        x[:460],
        y[:460],
        optimizer=keras.optimizers.Adam(0.01),
        loss="mse",
        metrics=("mae",),
        validation_data=(x[480:], y[480:]),
    )
