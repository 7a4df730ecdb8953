"""Thirty ways in which training goes wrong, each beside a sound twin that has the same chance.

The page *What went wrong?* shows them one by one, with the look that tells and the repair.
Here they stand as a table, :data:`FAILURES`, for whatever tries to find such failures by itself:
each side of a failure is a list of :class:`Trial`, and ``run`` runs one.
"""

from __future__ import annotations

import functools
import html
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from lessons_code import data
from lessons_code.seeding import set_seed, shifted

Array = NDArray[Any]
LOOKS = {
    "start": "loss before training, in units of ln 10",
    "training": "training accuracy",
    "validation": "validation accuracy",
    "dead": "dead hidden units, a share of",
    "moved": "least change of a layer's weights",
}
_SHARES = ("training", "validation", "dead")
_ROWS = 500  # enough examples for a look


class MessageChangedError(AssertionError):
    """What fails says something else in this version of Keras than the book tells its readers."""


# what the page trains, and looks at


def network(
    *,
    rate: float = 0.1,
    last: str = "softmax",
    loss: str = "sparse_categorical_crossentropy",
) -> keras.Sequential:
    """Return the network of the page, compiled, the same each time."""
    set_seed(7)
    hidden = [layers.Dense(32, activation="relu") for _ in range(2)]
    end = layers.Dense(10, activation=last)
    model = keras.Sequential([keras.Input(shape=(784,)), *hidden, end])
    sgd = keras.optimizers.SGD(rate)
    model.compile(optimizer=sgd, loss=loss, metrics=["accuracy"])
    return model


@dataclass(frozen=True)
class Outcome:
    """What a training gave, and what the looks show.

    Attributes:
        model: The trained model.
        history: What ``fit`` returned.
        start: The loss before training, divided by ln k for k classes.
        training: The accuracy on the training rows, afterwards, in prediction mode.
        validation: The accuracy on the validation rows; ``nan`` without any.
        dead: The share of the units of hidden ReLU layers that are 0 for every row looked at.
        moved: The least relative change of a layer's weights.
    """

    model: keras.Model
    history: Any
    start: float
    training: float
    validation: float
    dead: float
    moved: float


@dataclass
class Trial:
    """A training that has not been run yet.

    Attributes:
        model: A compiled model.
        x: The inputs, axis 0 counts the examples.
        y: The answers.
        validation: Other inputs and answers, to judge by.
        validation_split: Which share ``fit`` itself takes off for validation.
        epochs: How often all examples are used.
        batch_size: How many examples make one step.
        asked: Inputs and answers for ``predict`` afterwards.
        decode: Turns what ``predict`` gives, ``(n, k)``, into answers.
        reads: The entry of the history that is read afterwards.
    """

    model: keras.Model
    x: Any
    y: Any
    validation: tuple[Any, Any] | None = None
    validation_split: float = 0.0
    epochs: int = 6
    batch_size: int = 32
    asked: tuple[Any, Any] | None = None
    decode: Callable[[Array], Array] = lambda p: p.argmax(axis=1)
    reads: str = "loss"

    def run(self, callbacks: Sequence[keras.callbacks.Callback] = ()) -> Any:
        """Train; then ask and read, where that is part of it.

        Args:
            callbacks: Go to ``fit``.

        Returns:
            What ``fit`` returned.

        Raises:
            Exception: What Keras, TensorFlow or Python raises, if the failure is a loud one.
        """
        history = self.model.fit(
            self.x,
            self.y,
            epochs=self.epochs,
            batch_size=self.batch_size,
            validation_split=self.validation_split,
            callbacks=list(callbacks),
            verbose=0,
        )
        if self.asked is not None:
            self.decode(self.model.predict(self.asked[0], verbose=0))
        _ = history.history[self.reads]
        return history


def fit(
    model: keras.Model,
    x: Array,
    y: Array,
    validation: tuple[Array, Array] | None = None,
    *,
    validation_split: float = 0.0,
    epochs: int = 6,
) -> Outcome:
    """Train a classifier, and look at it before and after.

    Args:
        model: A compiled model with a unit for each class.
        x: The inputs, shape ``(n, d)``.
        y: Class numbers, shape ``(n,)`` or ``(n, 1)``.
        validation: Other inputs and class numbers; by default what ``validation_split`` takes off.
        validation_split: As for Keras' ``fit``.
        epochs: How often all examples are used.

    Returns:
        What the training gave, and what the looks show.
    """
    trial = Trial(model, x, y, validation, validation_split, epochs)
    seen = x[:_ROWS]
    loss = float(model.compute_loss(y=y[:_ROWS], y_pred=model(seen)))
    before = _kernels(model)
    history = trial.run()
    kept = len(x) - round(validation_split * len(x))
    judged = validation or (x[kept:], y[kept:])
    return Outcome(
        model,
        history,
        loss / float(np.log(model.output_shape[-1])),
        accuracy(model, x[:kept], y[:kept]),
        accuracy(model, *judged) if len(judged[0]) else float("nan"),
        _dead(model, seen),
        min(map(_change, before, _kernels(model))),
    )


def accuracy(model: keras.Model, x: Array, y: Array, *, training: bool = False) -> float:
    """Return the share of rows whose largest output belongs to the label.

    Args:
        model: A classifier with a unit for each class.
        x: The inputs, axis 0 counts the examples.
        y: Class numbers, shape ``(n,)`` or ``(n, 1)``.
        training: Whether the layers work as in training.
    """
    answers = np.asarray(model(x, training=training)).argmax(axis=1)
    return float(np.mean(answers == np.ravel(y)))


def _kernels(model: keras.Model) -> list[Array]:
    return [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]


def _change(before: Array, after: Array) -> float:
    size = float(np.linalg.norm(before))
    moved = float(np.linalg.norm(after - before))
    return moved / size if size else moved


def _dead(model: keras.Model, x: Array) -> float:
    silent: list[Array] = []
    values: Any = x
    for layer in model.layers:
        values = layer(values)
        if getattr(layer, "activation", None) is keras.activations.relu:
            silent.append((np.asarray(values) == 0).all(axis=0))
    return float(np.concatenate(silent).mean()) if silent else float("nan")


@dataclass(frozen=True)
class Comparison:
    """A table of looks, a row each, with a column for each training."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.names)
        body = "".join(
            f'<tr><th scope="row">{html.escape(look)}</th>'
            + "".join(f"<td>{value}</td>" for value in values)
            + "</tr>"
            for look, *values in self.rows
        )
        table = f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
        lines = [
            f"{look}: " + ", ".join(map(" ".join, zip(self.names, values, strict=True)))
            for look, *values in self.rows
        ]
        return {"text/plain": "\n".join(lines), "text/html": table}


def compare(*looks: str, **trainings: Outcome) -> None:
    """Show looks at trainings side by side.

    Args:
        looks: Which, of the names in :data:`LOOKS`.
        trainings: The trainings, with the names of their columns.
    """
    from IPython.display import display

    rows = [(LOOKS[look], *(_shown(one, look) for one in trainings.values())) for look in looks]
    display(Comparison(tuple(trainings), tuple(rows)))


def _shown(outcome: Outcome, look: str) -> str:
    value = getattr(outcome, look)
    return f"{value:.2f}" if look in _SHARES or 0.01 <= value < 100 else f"{value:.2g}"


# messages


@contextmanager
def message_of(code: str) -> Iterator[None]:
    """Show what the lines inside say when they fail, and hold it against what the book tells.

    Args:
        code: The code of the failure; its ``words`` have to stand in the message.

    Raises:
        MessageChangedError: Nothing fails any more, or the message has other words.
    """
    from tensorflow.python.framework import config

    words = FAILURES[code].words
    deterministic = config.is_op_determinism_enabled()
    config.disable_op_determinism()  # which `set_seed` asks for: most readers do without
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            yield
            said = [f"{one.category.__name__}: {one.message}" for one in heard]
        except Exception as error:  # whatever it is, its words are compared
            said = [f"{type(error).__name__}: {error}"]
    if deterministic:
        config.enable_op_determinism()
    found = next((one for one in map(_plain, said) if words and find(words, one)), None)
    if found is None:
        raise MessageChangedError(
            f"{code}: this Keras does not say {words!r}, but {[one[-300:] for one in said]}. "
            "Remedy: put its words into lessons_code/failures.py, and below its heading."
        )
    print(_excerpt(found, words))


def find(words: str, text: str) -> re.Match[str] | None:
    """Find words in a text, with anything in place of each ``…``, and any blanks."""
    pieces = [r"\s+".join(map(re.escape, piece.split())) for piece in words.split("…")]
    return re.search(".*?".join(pieces), text, re.DOTALL)


def _plain(text: str) -> str:
    """Return a text without the codes for bold type."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _excerpt(text: str, words: str) -> str:
    """Return the kind of an error, and what it says from the words to the end of their line."""
    kind, _, message = text.partition(": ")
    found = find(words, text)
    assert found is not None
    piece = found[0] + text[found.end() :].partition("\n")[0]
    if not piece.startswith(kind):
        piece = f"{kind}: {'' if message.startswith(piece) else '… '}{piece}"
    return textwrap.fill(piece, 72, max_lines=4, placeholder=" …")


def messages() -> list[dict[str, str]]:
    """Return what the page compares a pasted message with: code, title and words of each."""
    return [
        {"code": one.code, "title": one.title, "words": one.words}
        for one in FAILURES.values()
        if one.words
    ]


# the thirty


@dataclass(frozen=True)
class Failure:
    """A way in which training goes wrong.

    Attributes:
        code: What it is called, also as a place on the page.
        title: Its heading there.
        trials: Given whether it is to be broken, returns the trainings, in their order.
        words: What is printed when it happens, with ``…`` for what differs; empty if it is silent.
    """

    code: str
    title: str
    trials: Callable[[bool], list[Trial]]
    words: str = ""


FAILURES: dict[str, Failure] = {}
_Make = Callable[[bool], Trial | list[Trial]]


def _failure(code: str, title: str, words: str = "") -> Callable[[_Make], _Make]:
    def enter(make: _Make) -> _Make:
        @functools.wraps(make)
        def trials(broken: bool) -> list[Trial]:
            made = make(broken)
            return made if isinstance(made, list) else [made]

        FAILURES[code] = Failure(code, title, trials, words)
        return make

    return enter


@dataclass(frozen=True)
class Digits:
    """The digits of the page as rows from 0 to 1: to train, to validate, and new ones."""

    x: Array
    y: Array
    validation: tuple[Array, Array]
    new: tuple[Array, Array]


@functools.cache
def _digits(seed: int) -> Digits:
    rng = np.random.default_rng(seed)
    whole = data.digits()
    rows = rng.permutation(len(whole.x))[:1800]
    x = whole.x[rows].reshape(-1, 784).astype("float32") / 255
    y = whole.y[rows]
    return Digits(x[:1000], y[:1000], (x[1000:1400], y[1000:1400]), (x[1400:], y[1400:]))


def digits() -> Digits:
    """Return 1,000 digits to train, 400 to validate and 400 new ones, at random."""
    return _digits(shifted(3))


def _trial(d: Digits, **options: Any) -> Trial:
    return Trial(options.pop("model", None) or network(), d.x, d.y, d.validation, **options)


@_failure("inputs-not-scaled", "The inputs are not scaled")
def _inputs_not_scaled(broken: bool) -> Trial:
    d, scale = digits(), 255 if broken else 1
    x_val, y_val = d.validation
    return Trial(network(), scale * d.x, d.y, (scale * x_val, y_val))


@_failure("loss-for-numbers", "A loss for quantities, with class numbers")
def _loss_for_numbers(broken: bool) -> Trial:
    d = digits()
    if broken:
        x_val, y_val = d.validation
        return Trial(network(loss="mse"), d.x, d.y[:, None], (x_val, y_val[:, None]))
    return _trial(d)


@_failure("softmax-missing", "The softmax is missing")
def _softmax_missing(broken: bool) -> Trial:
    return _trial(digits(), model=network(last="linear" if broken else "softmax"))


@_failure("target-not-scaled", "The target of a regression is not scaled")
def _target_not_scaled(broken: bool) -> Trial:
    x, y = homes(700, set_seed(5))
    center, spread = (0, 1) if broken else (y.mean(), y.std())
    z = (y - center) / spread
    return Trial(
        regressor(), x[:500], z[:500], (x[500:], z[500:]), epochs=15, decode=lambda p: p[:, 0]
    )


@_failure("loss-is-nan", "The loss is nan", "loss: nan")
def _loss_is_nan(broken: bool) -> Trial:
    d, scale = digits(), 255 if broken else 1
    x_val, y_val = d.validation
    return Trial(linear(), scale * d.x, d.y, (scale * x_val, y_val), epochs=2)


@_failure("rate-too-large", "The learning rate is far too large")
def _rate_too_large(broken: bool) -> Trial:
    return _trial(digits(), model=network(rate=10.0 if broken else 0.1))


@_failure("rate-too-small", "The learning rate is far too small")
def _rate_too_small(broken: bool) -> Trial:
    return _trial(digits(), model=network(rate=1e-5 if broken else 0.1))


@_failure("units-dead", "The hidden units are dead")
def _units_dead(broken: bool) -> Trial:
    model = network()
    if broken:
        for layer in model.layers[:-1]:
            layer.bias.assign(-3 * np.ones(32))
    return _trial(digits(), model=model)


@_failure("weights-all-zero", "All weights start at zero")
def _weights_all_zero(broken: bool) -> Trial:
    model = network()
    if broken:
        model.set_weights([0 * w for w in model.get_weights()])
    return _trial(digits(), model=model)


@_failure("layer-frozen", "A layer is frozen")
def _layer_frozen(broken: bool) -> Trial:
    model = network()
    model.layers[0].trainable = not broken
    return _trial(digits(), model=model)


@_failure("activation-missing", "The activation is missing")
def _activation_missing(broken: bool) -> Trial:
    rings = data.rings(600, set_seed(4))
    model = bender(None if broken else "relu")
    parts = rings.x[:400], rings.y[:400], (rings.x[400:], rings.y[400:])
    return Trial(model, *parts, epochs=15)


@_failure("labels-shuffled", "The labels are shuffled")
def _labels_shuffled(broken: bool) -> Trial:
    d = digits()
    y = set_seed(1).permutation(d.y) if broken else d.y
    return Trial(network(), d.x, y, d.validation)


@_failure("rows-sorted", "The rows are sorted, and fit splits them")
def _rows_sorted(broken: bool) -> Trial:
    d = digits()
    order = np.argsort(d.y) if broken else np.arange(len(d.y))
    return Trial(network(), d.x[order], d.y[order], validation_split=0.2)


@_failure("test-rows-in-training", "Test rows were trained on")
def _test_rows_in_training(broken: bool) -> Trial:
    d = digits()
    x, y = d.x[:400], d.y[:400]
    if broken:
        x, y = np.concatenate([x, d.new[0]]), np.concatenate([y, d.new[1]])
    return Trial(network(), x, y, d.new, epochs=12)


@_failure("fit-goes-on", "A second fit goes on")
def _fit_goes_on(broken: bool) -> list[Trial]:
    d, model = digits(), network()
    trials = []
    for k in range(3):
        held = np.arange(600) % 3 == k
        x, y = d.x[:600], d.y[:600]
        parts = x[~held], y[~held], (x[held], y[held])
        trials.append(Trial(model if broken else network(), *parts, epochs=12))
    return trials


@_failure("batchnorm-few-steps", "Batch normalization after few steps")
def _batchnorm_few_steps(broken: bool) -> Trial:
    model = normalized(0.99 if broken else 0.9)
    return _trial(digits(), model=model, epochs=1, batch_size=64)


@_failure("inputs-differ-at-predict", "The inputs are other ones at predict")
def _inputs_differ_at_predict(broken: bool) -> Trial:
    d = digits()
    x_val, y_val = d.validation
    asked = (1 - x_val if broken else x_val, y_val)
    return Trial(network(), d.x, d.y, asked, asked=asked)


@_failure("labels-out-of-order", "Predictions and labels are in different orders")
def _labels_out_of_order(broken: bool) -> Trial:
    d = digits()
    x_val, y_val = d.validation
    asked = (x_val, set_seed(2).permutation(y_val) if broken else y_val)
    return Trial(network(), d.x, d.y, asked, asked=asked)


@_failure("argmax-of-one-column", "argmax of a single column")
def _argmax_of_one_column(broken: bool) -> Trial:
    d = digits()
    asked = (d.validation[0], d.validation[1] % 2)
    trial = Trial(odd_or_even("sigmoid"), d.x, d.y % 2, asked, asked=asked)
    if not broken:
        trial.decode = lambda p: p[:, 0] > 0.5
    return trial


@_failure(
    "labels-from-one",
    "The labels start at one",
    "Received a label value of … which is outside the valid range of …",
)
def _labels_from_one(broken: bool) -> Trial:
    d = digits()
    return Trial(network(), d.x, d.y + broken, (d.validation[0], d.validation[1] + broken))


@_failure(
    "labels-one-hot",
    "One-hot labels with a sparse loss",
    "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=…, "
    "output.shape=…",
)
def _labels_one_hot(broken: bool) -> Trial:
    return _with_labels(digits(), one_hot=broken, loss="sparse_categorical_crossentropy")


@_failure(
    "labels-not-one-hot",
    "Class numbers with a loss for one-hot labels",
    "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=…, "
    "output.shape=…",
)
def _labels_not_one_hot(broken: bool) -> Trial:
    return _with_labels(digits(), one_hot=not broken, loss="categorical_crossentropy")


def _with_labels(d: Digits, *, one_hot: bool, loss: str) -> Trial:
    x_val, y_val = d.validation
    rows = np.eye(10)
    if one_hot:
        return Trial(network(loss=loss), d.x, rows[d.y], (x_val, rows[y_val]))
    return Trial(network(loss=loss), d.x, d.y, (x_val, y_val))


@_failure(
    "softmax-on-one",
    "A softmax over a single unit",
    "You are using a softmax over axis -1 of a tensor of shape … This axis has size 1.",
)
def _softmax_on_one(broken: bool) -> Trial:
    d = digits()
    model = odd_or_even("softmax" if broken else "sigmoid")
    return Trial(
        model, d.x, d.y % 2, (d.validation[0], d.validation[1] % 2), decode=lambda p: p[:, 0] > 0.5
    )


@_failure(
    "axis-missing",
    "The channel axis is missing",
    "expected min_ndim=4, found ndim=3. Full shape received: …",
)
def _axis_missing(broken: bool) -> Trial:
    d = digits()
    x, x_val = (
        pixels.reshape((-1, 28, 28) if broken else (-1, 28, 28, 1))
        for pixels in (d.x, d.validation[0])
    )
    return Trial(sliding(), x, d.y, (x_val, d.validation[1]), epochs=1)


@_failure(
    "batch-axis-missing",
    "One example without the axis of examples",
    "Expected shape (None, …), but input has incompatible shape …",
)
def _batch_axis_missing(broken: bool) -> Trial:
    d = digits()
    x_val, y_val = d.validation
    asked = (x_val[0], y_val[0]) if broken else (x_val[:1], y_val[:1])
    return _trial(d, asked=asked)


@_failure(
    "features-do-not-match",
    "Another number of features than the first layer has",
    "expected axis -1 of input shape to have value …, but received input with shape …",
)
def _features_do_not_match(broken: bool) -> Trial:
    d, left_out = digits(), int(broken)
    x_val, y_val = d.validation
    return Trial(network(), d.x[:, left_out:], d.y, (x_val[:, left_out:], y_val))


@_failure(
    "rows-do-not-match",
    "Not as many labels as rows",
    "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples. … "
    "'x' sizes: … 'y' sizes: …",
)
def _rows_do_not_match(broken: bool) -> Trial:
    d = digits()
    return Trial(network(), d.x, d.y[int(broken) :], d.validation)


@_failure("data-not-numbers", "The array holds words or objects", "Invalid dtype: …")
def _data_not_numbers(broken: bool) -> Trial:
    d = digits()
    return Trial(network(), d.x.astype(object) if broken else d.x, d.y, d.validation)


@_failure(
    "index-out-of-range",
    "An embedding is asked for a row that it does not have",
    "indices[…] = … is not in [0, …)",
)
def _index_out_of_range(broken: bool) -> Trial:
    words = set_seed(6).integers(0, 100, (400, 5))
    words[0, 0] = 100 if broken else 99
    return Trial(bag_of_words(), words, (words < 50).sum(axis=1) % 2, epochs=1)


@_failure("history-key", "The history has no entry of that name", "KeyError: 'acc'")
def _history_key(broken: bool) -> Trial:
    return _trial(digits(), reads="acc" if broken else "accuracy")


# the other networks and data


def _compiled(
    stack: Sequence[Any], loss: str, optimizer: keras.optimizers.Optimizer | None = None
) -> keras.Sequential:
    model = keras.Sequential(list(stack))
    optimizer = optimizer or keras.optimizers.SGD(0.1)
    metrics = [] if loss == "mse" else ["accuracy"]
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    return model


def linear() -> keras.Sequential:
    """Return a network for digits that has lost its activations."""
    set_seed(7)
    stack = [keras.Input(shape=(784,)), layers.Dense(32), layers.Dense(32)]
    stack.append(layers.Dense(10, activation="softmax"))
    return _compiled(stack, "sparse_categorical_crossentropy")


def bender(activation: str | None) -> keras.Sequential:
    """Return a network for points in the plane, two classes."""
    set_seed(7)
    stack = [keras.Input(shape=(2,)), layers.Dense(16, activation), layers.Dense(16, activation)]
    stack.append(layers.Dense(2, activation="softmax"))
    adam = keras.optimizers.Adam(0.02)
    return _compiled(stack, "sparse_categorical_crossentropy", adam)


def normalized(momentum: float) -> keras.Sequential:
    """Return a network for digits with batch normalization."""
    set_seed(7)
    stack = [
        keras.Input(shape=(784,)),
        layers.Dense(32),
        layers.BatchNormalization(momentum=momentum),
        layers.ReLU(),
        layers.Dense(10, activation="softmax"),
    ]
    return _compiled(stack, "sparse_categorical_crossentropy")


def odd_or_even(last: str) -> keras.Sequential:
    """Return a network for digits with one unit at the end."""
    set_seed(7)
    stack = [keras.Input(shape=(784,)), layers.Dense(32, activation="relu")]
    return _compiled([*stack, layers.Dense(1, activation=last)], "binary_crossentropy")


def sliding() -> keras.Sequential:
    """Return a small convolutional network that learns its input shape from what comes."""
    set_seed(7)
    stack = [layers.Conv2D(4, 3, strides=2, activation="relu"), layers.Flatten()]
    stack.append(layers.Dense(10, activation="softmax"))
    return _compiled(stack, "sparse_categorical_crossentropy")


def bag_of_words() -> keras.Sequential:
    """Return a network for five words each, out of a hundred."""
    set_seed(7)
    stack = [keras.Input(shape=(5,)), layers.Embedding(100, 4), layers.Flatten()]
    stack.append(layers.Dense(2, activation="softmax"))
    return _compiled(stack, "sparse_categorical_crossentropy")


def regressor() -> keras.Sequential:
    """Return a network that gives one quantity for three features."""
    set_seed(7)
    stack = [keras.Input(shape=(3,)), layers.Dense(16, activation="relu"), layers.Dense(1)]
    return _compiled(stack, "mse", keras.optimizers.Adam(0.01))


def homes(n: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Invent homes.

    Args:
        n: How many.
        rng: Where the random draws come from.

    Returns:
        Size, age and distance from the center, each from 0 to 1, shape ``(n, 3)``; and prices
        of some hundred thousand, shape ``(n,)``.
    """
    x = rng.uniform(0, 1, (n, 3)).astype("float32")
    size, age, distance = x.T
    price = 60_000 + 300_000 * size * (1.2 - distance) - 40_000 * age
    return x, price + rng.normal(0, 15_000, n)
