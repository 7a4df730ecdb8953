"""Looks at what has to fit together: axes, labels, last layer, loss and metrics."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import keras
import numpy as np

from lessons_code.doctor.case import (
    AMOUNTS,
    LINEAR,
    PROBABILITIES,
    Array,
    Case,
    UnseenError,
    activation,
    numeric,
)
from lessons_code.doctor.report import Finding, found
from lessons_code.doctor.rows import class_numbers, classes, one_hot


def axes(case: Case) -> Iterator[Finding]:
    """Whether one row has the shape that the network was built for."""
    if case.x is None:
        raise UnseenError("it needs x as an array")
    expected = case.input_shape
    arrays = {"x": case.x, "x_val": case.x_val, "use": case.use}
    for name, array in arrays.items():
        if array is None or not len(array) or _fits(array.shape, expected):
            continue
        yield found(
            "axes-do-not-fit",
            array.ndim,
            f"{name} has the shape {array.shape}, the network takes (rows, "
            f"{', '.join('any' if n is None else str(n) for n in expected[1:])}).",
            remedy=_hint(array.shape, expected),
        )
    x = case.x
    if x.ndim != 4 or not _fits(x.shape, expected):
        yield from _time(case, x, expected)
        return
    first = next((one for one in case.layers if isinstance(one, keras.layers.Conv2D)), None)
    if first is not None and getattr(first, "data_format", "") == "channels_last":
        _, a, b, c = x.shape
        if a in (1, 3, 4) and b == c and b > 4:
            yield found(
                "channels-first",
                a,
                f"x has the shape {x.shape}: a Conv2D layer takes the {c} columns for channels, "
                f"and the {a} channels for rows of pixels.",
            )


def _fits(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    if len(shape) + 1 == len(expected) and expected[-1] == 1:
        shape = (*shape, 1)  # fit adds an axis of length 1
    elif len(shape) == len(expected) + 1 and shape[-1] == 1:
        shape = shape[:-1]
    return len(shape) == len(expected) and all(
        wanted is None or n == wanted for n, wanted in zip(shape[1:], expected[1:], strict=True)
    )


def _hint(shape: tuple[int, ...], expected: tuple[int | None, ...]) -> str | None:
    """Return what would make the shape fit, if that can be told."""
    row = tuple(expected[1:])
    if shape == row:
        return "This is one example. Give it axis 0: x[None], or x[:1] instead of x[0]."
    if (*shape[1:], 1) == row:
        return "Add the axis of channels: x[..., None]."
    if None not in row and int(np.prod(shape[1:])) == int(np.prod([n or 0 for n in row])):
        if sorted(shape[1:]) == sorted(n or 0 for n in row) and len(shape) > 2:
            return (
                "The axes are there in another order: move them with np.moveaxis or np.swapaxes, "
                "not with reshape."
            )
        if len(row) == 1:
            return "Add keras.layers.Flatten() after keras.Input, or x.reshape(len(x), -1)."
        return f"x.reshape(-1, {', '.join(str(n) for n in row)}) has the same numbers, if the "
        "order is right."
    return None


def _time(case: Case, x: Array, expected: tuple[int | None, ...]) -> Iterator[Finding]:
    if x.ndim == 3 and _fits(x.shape, expected) and x.shape[1] == 1 and x.shape[2] > 1:
        first = next((one for one in case.layers if not isinstance(one, LINEAR)), None)
        if isinstance(first, keras.layers.RNN | keras.layers.Bidirectional) or (
            type(first).__name__ in ("LSTM", "GRU", "SimpleRNN")
        ):
            yield found(
                "one-time-step",
                x.shape[2],
                f"x has the shape {x.shape}: the recurrent layer sees one step of {x.shape[2]} "
                "features, so it has nothing to remember.",
            )


def answers(case: Case) -> Iterator[Finding]:
    """Whether labels, loss and last layer speak of the same thing."""
    _, y = case.rows
    name, shape, last = case.loss, case.output_shape, case.last
    units = shape[-1] or 0
    if name == "sparse_categorical_crossentropy":
        yield from _sparse(case, y, units)
    elif name == "categorical_crossentropy":
        yield from _one_hot(y, units, shape)
    elif name.startswith("binary_"):
        yield from _binary(case, y, units)
    elif name in AMOUNTS:
        yield from _amounts(case, y, units)
    elif case.task == "unknown":
        raise UnseenError(f"{name} is a loss of its own")
    if units == 1 and last == "softmax":
        yield found(
            "one-softmax",
            1,
            "The last layer has one unit and softmax: a share among one is 1 for every row.",
        )
    wanted = _strip(shape[1:-1] if name.startswith("sparse_") else shape[1:])
    if len(shape) > 2 and len(_strip(y.shape[1:])) < len(wanted):
        kind = "a whole sequence" if len(shape) == 3 else "a map"
        remedy = (
            "Leave out return_sequences=True in the last recurrent layer, or pool over the steps."
            if len(shape) == 3
            else None
        )
        yield found(
            "output-does-not-fit",
            len(shape),
            f"The network gives {kind} for each row, shape {_show(shape)}; y has the shape "
            f"{y.shape}.",
            remedy=remedy,
        )


def _strip(shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Return a shape without the 1 at its end, which Keras adds and takes away by itself."""
    return shape[:-1] if shape and shape[-1] == 1 else shape


def _show(shape: tuple[int | None, ...]) -> str:
    return f"(rows, {', '.join('any' if n is None else str(n) for n in shape[1:])})"


def _sparse(case: Case, y: Array, units: int) -> Iterator[Finding]:
    if len(case.output_shape) == 2 and y.ndim == 2 and y.shape[1] > 1:
        what = "one-hot rows" if one_hot(y) else "rows of several numbers"
        yield found(
            "labels-and-loss",
            y.shape[1],
            f"The loss {case.loss} takes one class number for each row; y has {what}, shape "
            f"{y.shape}.",
            remedy="Use categorical_crossentropy for one-hot rows, or y.argmax(axis=1).",
        )
        return
    if not np.all(y == np.round(y)):
        yield found(
            "labels-and-loss",
            float(np.mean(y != np.round(y))),
            f"The loss takes class numbers, and {np.mean(y != np.round(y)):.0%} of the labels "
            "are no whole numbers.",
            remedy="For amounts use Dense(1) and mean_squared_error.",
        )
        return
    low, high = y.min(), y.max()
    if low < 0 or high >= units:
        wrong = float(np.mean((y < 0) | (y >= units)))
        yield found(
            "labels-out-of-range",
            high,
            f"Labels go from {low:g} to {high:g}; the last layer has {units} units, for 0 to "
            f"{units - 1}. {wrong:.1%} of the labels have no unit.",
            remedy=f"Use y - {low:g}, so that classes count from 0."
            if low > 0 and high - low < units
            else None,
        )
    elif case.y_val is not None and numeric(case.y_val) and len(case.y_val):
        high = case.y_val.max()
        if high >= units or case.y_val.min() < 0:
            yield found(
                "labels-out-of-range",
                high,
                f"Validation labels go up to {high:g}; the last layer has {units} units.",
            )
    if units == 1:
        yield found(
            "labels-and-loss",
            1,
            f"The loss {case.loss} needs a unit for each class; the last layer has one.",
            remedy='Two classes: Dense(1, activation="sigmoid") and binary_crossentropy, or '
            'Dense(2, activation="softmax").',
        )


def _one_hot(y: Array, units: int, shape: tuple[int | None, ...]) -> Iterator[Finding]:
    if y.ndim == 1 or (y.shape[-1] == 1 and units > 1):
        yield found(
            "labels-and-loss",
            units,
            f"The loss categorical_crossentropy takes one-hot rows of {units} numbers; y has the "
            f"shape {y.shape}, class numbers.",
            remedy="Use sparse_categorical_crossentropy, or keras.utils.to_categorical(y).",
        )
    elif y.ndim == len(shape) and y.shape[-1] != units:
        yield found(
            "output-does-not-fit",
            units,
            f"y has {y.shape[-1]} columns, the last layer {units} units.",
        )
    elif y.ndim == 2 and not np.allclose(y.sum(axis=1), 1, atol=1e-3):
        off = float(np.mean(np.abs(y.sum(axis=1) - 1) > 1e-3))
        yield found(
            "labels-and-loss",
            off,
            f"The loss categorical_crossentropy takes rows that add up to 1, one class for each; "
            f"{off:.0%} of the rows of y do not.",
            remedy="If several classes can be right: sigmoid units and binary_crossentropy.",
        )


def _binary(case: Case, y: Array, units: int) -> Iterator[Finding]:
    low, high = float(y.min()), float(y.max())
    if low < 0 or high > 1:
        values = len(np.unique(y[:10_000]))
        yield found(
            "labels-and-loss",
            high,
            f"The loss {case.loss} takes labels from 0 to 1; these go from {low:g} to {high:g}.",
            remedy="Map the two classes to 0 and 1: (y > y.min()).astype(int)."
            if values == 2
            else "For several classes use a softmax unit for each, and "
            "sparse_categorical_crossentropy.",
        )
    elif y.ndim == 1 and units > 1:
        yield found(
            "output-does-not-fit",
            units,
            f"The last layer has {units} units, and y one number for each row: every unit would "
            "learn the same.",
            remedy="One unit for yes or no; for classes, sparse_categorical_crossentropy.",
        )
    elif y.ndim == 2 and y.shape[1] != units:
        yield found(
            "output-does-not-fit",
            units,
            f"y has {y.shape[1]} columns, the last layer {units} units.",
        )
    elif units > 1 and not one_hot(y) and case.last == "softmax" and y.ndim == 2:
        several = float(np.mean(y.sum(axis=1) != 1))
        yield found(
            "labels-and-loss",
            several,
            f"In {several:.0%} of the rows none or several classes are right, and softmax lets "
            "the outputs of a row share 1.",
            remedy='Give the last layer activation="sigmoid": each class is a question of its own.',
        )
    elif units > 1 and one_hot(y) and case.last == "softmax":
        yield found(
            "labels-and-loss",
            units,
            f"Each row of y has one class of {units}, and the loss {case.loss} asks {units} "
            "questions of yes or no.",
            remedy="Use categorical_crossentropy with softmax.",
            note=True,
        )


def _amounts(case: Case, y: Array, units: int) -> Iterator[Finding]:
    columns = 1 if y.ndim == 1 else y.shape[-1]
    if columns != units:
        stretched = " Keras stretches y: every unit learns the same number." if columns == 1 else ""
        yield found(
            "labels-and-loss" if columns == 1 else "output-does-not-fit",
            units,
            f"The loss {case.loss} compares {units} outputs with y of shape {y.shape}.{stretched}",
            remedy="If y holds class numbers: softmax and sparse_categorical_crossentropy. If it "
            "holds an amount: Dense(1)."
            if columns == 1
            else None,
        )
        return
    low, high = float(y.min()), float(y.max())
    floor, roof = {
        "sigmoid": (0.0, 1.0),
        "softmax": (0.0, 1.0),
        "tanh": (-1.0, 1.0),
        "relu": (0.0, np.inf),
        "softplus": (0.0, np.inf),
        "relu6": (0.0, 6.0),
        "softsign": (-1.0, 1.0),
    }.get(case.last or "", (-np.inf, np.inf))
    room = 1e-3 * (high - low)
    cut = float(np.mean((y < floor - room) | (y > roof + room)))
    if cut > 0.005 and not (units == 1 and case.last == "softmax"):
        yield found(
            "answers-cut-off",
            cut,
            f"The last layer ends with {case.last}, so answers lie between {floor:g} and "
            f"{roof:g}; {cut:.0%} of the targets do not.",
        )
    labels = classes(y)
    if columns == 1 and labels is not None and np.all(labels == np.round(labels)):
        values = np.unique(labels)
        if 3 <= len(values) <= 20 and values[0] in (0, 1) and np.ptp(values) == len(values) - 1:
            yield found(
                "labels-and-loss",
                len(values),
                f"The targets are the whole numbers {values[0]:g} to {values[-1]:g}. If they name "
                f"classes, {case.loss} takes class {values[-1]:g} for far from class "
                f"{values[0]:g}, and near to {values[-2]:g}.",
                note="accuracy" not in case.metrics,
            )


def softmax(case: Case) -> Iterator[Finding]:
    """Whether the loss gets probabilities where it expects them."""
    if case.task not in ("classes", "yes or no", "any of k"):
        return
    last, units = case.last, case.output_shape[-1]
    if not case.from_logits:
        if last not in PROBABILITIES:
            yield from _no_probabilities(case)
    elif last in PROBABILITIES:
        yield found(
            "logits-and-softmax",
            1,
            f"The loss is told to take {last} itself (from_logits=True), and the last layer has "
            "taken it.",
            note=True,
        )
    layers = [one for one in case.layers if activation(one) or not isinstance(one, LINEAR)]
    for one, other in itertools.pairwise(layers):
        if activation(one) == activation(other) == "softmax" and not other.weights:
            yield found(
                "softmax-twice",
                2,
                f"Softmax is taken twice, by {one.name} and by {other.name}: no class can get "
                f"more than {np.e / (np.e + (units or 2) - 1):.2f}.",
            )


def _no_probabilities(case: Case) -> Iterator[Finding]:
    """Find outputs that the loss takes for probabilities, and which are none."""
    outputs = case.outputs.reshape(-1, case.outputs.shape[-1])
    if not np.isfinite(outputs).all():
        return
    sums = outputs.sum(axis=1)
    outside = float(np.mean((outputs < -1e-6) | (outputs > 1 + 1e-6)))
    uneven = case.task == "classes" and bool(np.mean(np.abs(sums - 1) > 1e-3) > 0.5)
    if outside > 0 or (uneven and case.last is not None):
        yield found(
            "softmax-missing",
            outside,
            f"The loss {case.loss} takes outputs for probabilities; they go from "
            f"{outputs.min():.2g} to {outputs.max():.2g}"
            + (f" and add up to {np.median(sums):.2g} in a row" if case.task == "classes" else "")
            + f". The last layer has the activation {case.last or 'that is not known'}.",
        )


def metrics(case: Case) -> Iterator[Finding]:
    """Whether the metrics count what one would take them for."""
    _, y = case.rows
    names = case.metrics
    if case.task == "amounts" and {"accuracy", "acc"} & set(names):
        labels = classes(y)
        if one_hot(y) or (labels is not None and set(np.unique(labels)) <= {0, 1}):
            return
        yield found(
            "metric-does-not-fit",
            len(np.unique(y[:1000])),
            "Accuracy counts answers that are right to the last digit; for amounts that is none.",
            remedy='Use metrics=["mean_absolute_error"]: its unit is that of the target.',
        )
    if case.task == "any of k" and {"accuracy", "acc"} & set(names) and not one_hot(y):
        several = float(np.mean(y.reshape(len(y), -1).sum(axis=1) != 1))
        yield found(
            "metric-does-not-fit",
            several,
            f"Several classes can be right ({several:.0%} of the rows have none or more than "
            "one), and accuracy compares only the largest output of each row.",
            remedy='Use metrics=["binary_accuracy"].',
        )
    if "Accuracy" in names and case.task != "amounts":
        yield found(
            "metric-does-not-fit",
            0,
            "keras.metrics.Accuracy compares outputs with labels as they are; probabilities are "
            "never equal to a class number.",
            remedy='Use the word "accuracy": Keras then takes the kind that fits.',
        )
    if (
        case.task == "yes or no"
        and case.from_logits
        and case.last not in PROBABILITIES
        and {"accuracy", "acc", "binary_accuracy"} & set(names)
    ):
        yield found(
            "metric-does-not-fit",
            0.5,
            "Accuracy calls an output above 0.5 a yes; these outputs are logits, for which yes "
            "begins at 0.",
            remedy="Use keras.metrics.BinaryAccuracy(threshold=0).",
        )


def ready(case: Case) -> Iterator[Finding]:
    """Whether fit may be called."""
    model = case.model
    if hasattr(model, "compiled") and not model.compiled:
        yield found(
            "not-compiled", 0, "The network is not compiled, so fit refuses to begin.", note=True
        )


def tokens(case: Case) -> Iterator[Finding]:
    """Whether numbers of pieces have a row in the embedding."""
    x, _ = case.rows
    first = next((one for one in case.layers if not isinstance(one, keras.layers.InputLayer)), None)
    if not isinstance(first, keras.layers.Embedding):
        return
    low, high, rows = float(x.min()), float(x.max()), first.input_dim
    if low < 0 or high >= rows:
        yield found(
            "index-out-of-range",
            high,
            f"Numbers of pieces go from {low:g} to {high:g}; the embedding has rows 0 to "
            f"{rows - 1}.",
        )
    elif x.dtype.kind == "f" and np.any(x[:1000] != np.round(x[:1000])):
        yield found(
            "index-out-of-range",
            high,
            f"The embedding takes whole numbers; x goes from {low:g} to {high:g}, with fractions, "
            "which are cut off.",
        )


def narrow(case: Case) -> Iterator[Finding]:
    """Whether some hidden layer lets too little through for so many classes."""
    _, y = case.rows
    labels = class_numbers(case, y)
    if case.task != "classes" or labels is None or not case.lines:
        return
    k = len(np.unique(labels))
    dense = [one for one in case.layers if isinstance(one, keras.layers.Dense)]
    for layer in dense[:-1]:
        if (layer.units == 1 and k > 2) or (
            layer.units < np.log2(k) and activation(layer) == "relu"
        ):
            yield found(
                "narrow-layer",
                layer.units,
                f"Layer {layer.name} has {layer.units} unit{'s' * (layer.units != 1)}; all that "
                f"is known of {k} classes has to pass through.",
            )
