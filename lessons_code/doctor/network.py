"""Looks at the network: activations, weights at the start, units, frozen layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from lessons_code.doctor.case import (
    LINEAR,
    NORMALIZERS,
    PROBABILITIES,
    Array,
    Case,
    UnseenError,
    activation,
    kernel,
)
from lessons_code.doctor.report import Finding, found


def activations(case: Case) -> Iterator[Finding]:
    """Whether something bends between layers of weights."""
    layers = case.layers
    if not case.lines:
        raise UnseenError("the layers do not stand in a line")
    weighted = [i for i, one in enumerate(layers) if kernel(one) is not None]
    if len(weighted) < 2:
        return
    first, last = weighted[0], weighted[-1]
    bends = [
        one
        for one in layers[first:last]
        if (activation(one) or "linear") != "linear"
        or (kernel(one) is None and not isinstance(one, LINEAR) and activation(one) is None)
        or isinstance(one, keras.layers.RNN)
    ]
    same = case.x is not None and case.y is not None and case.x.shape == case.y.shape
    if not bends and not same:
        yield found(
            "missing-activation",
            len(weighted),
            f"{len(weighted)} layers of weights stand in a line with no activation between them: "
            "together they are one weighted sum.",
        )


def regularizers(case: Case) -> Iterator[Finding]:
    """How much dropout takes away, and where."""
    layers = case.layers
    last = max((i for i, one in enumerate(layers) if kernel(one) is not None), default=-1)
    for i, layer in enumerate(layers):
        rate = float(getattr(layer, "rate", 0) or 0) if _drops(layer) else 0.0
        if rate >= 0.8:
            yield found(
                "dropout-too-high",
                rate,
                f"{layer.name} sets {rate:.0%} of its numbers to 0 in every step of training.",
            )
        elif rate and last >= 0 and i > last:
            yield found(
                "dropout-too-high",
                rate,
                f"{layer.name} stands after the last layer of weights: in training, {rate:.0%} of "
                "the answers themselves are set to 0.",
            )


def _drops(layer: Any) -> bool:
    return "Dropout" in type(layer).__name__


def frozen(case: Case) -> Iterator[Finding]:
    """Layers that training does not change."""
    if not case.built:
        return
    model = case.model
    if not model.weights:
        return
    if not model.trainable_variables:
        yield found(
            "nothing-to-train",
            0,
            f"None of the {len(model.weights)} arrays of weights can be trained: trainable is "
            "False everywhere.",
        )
        return
    asleep = [
        one
        for one in case.layers
        if (kernel(one) is not None or isinstance(one, keras.layers.Embedding))
        and one.weights
        and not one.trainable_variables
    ]
    fresh = [one for one in asleep if _as_at_start(one)]
    if fresh:
        yield found(
            "frozen-layers",
            len(fresh),
            f"{_names(fresh)} {'is' if len(fresh) == 1 else 'are'} frozen (trainable = False) "
            "with the random weights of the start.",
        )
    elif asleep:
        size = sum(int(np.prod(w.shape)) for one in asleep for w in one.weights)
        yield found(
            "frozen-layers",
            len(asleep),
            f"{_names(asleep)} {'is' if len(asleep) == 1 else 'are'} frozen: {size:,} weights, "
            "trained before, stay as they are.",
            note=True,
        )
    optimizer = getattr(model, "optimizer", None)
    kept = getattr(optimizer, "_trainable_variables", None) if optimizer else None
    if optimizer is not None and optimizer.built and kept is not None:
        now = {id(one) for one in model.trainable_variables}
        then = {id(one) for one in kept}
        if now != then:
            yield found(
                "compile-again",
                len(now) - len(then),
                f"The optimizer was made for {len(then)} arrays of weights, and {len(now)} can "
                "be trained now: trainable was changed after compile.",
            )


def _names(layers: list[Any]) -> str:
    names = [one.name for one in layers]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _as_at_start(layer: Any) -> bool:
    """Tell whether weights look as an initializer left them: biases at 0, kernels within it."""
    if isinstance(layer, keras.layers.Embedding):
        rows = _value(layer.embeddings)
        return bool(np.abs(rows).max() <= 0.05 and abs(rows.std() / 0.0289 - 1) < 0.1)
    bias = getattr(layer, "bias", None)
    if bias is not None:
        return not np.any(_value(bias))
    weights = _value(kernel(layer))
    initializer = getattr(layer, "kernel_initializer", None)
    if not isinstance(initializer, keras.initializers.GlorotUniform) or weights.ndim < 2:
        return False
    field = int(np.prod(weights.shape[:-2]))
    limit = np.sqrt(6 / (field * (weights.shape[-2] + weights.shape[-1])))
    inside = np.abs(weights).max() <= limit * (1 + 1e-6)
    return bool(inside and abs(weights.std() * np.sqrt(3) / limit - 1) < 0.1)


def weights(case: Case) -> Iterator[Finding]:
    """Kernels that are all alike, or far too large, and weights that are no numbers."""
    if not case.built:
        return
    weighted = [one for one in case.layers if kernel(one) is not None]
    broken = [w.path for w in case.model.weights if _floats(w) and not np.isfinite(_value(w)).all()]
    if broken:
        yield found(
            "loss-not-finite",
            len(broken),
            f"{len(broken)} of {len(case.model.weights)} arrays of weights hold NaN or infinite "
            f"numbers, the first is {broken[0]}.",
        )
        return
    for layer in weighted[:-1]:
        values = _value(kernel(layer))
        if isinstance(layer, keras.layers.DepthwiseConv2D) or values.shape[-1] < 2:
            continue
        columns = values.reshape(-1, values.shape[-1])
        bias = getattr(layer, "bias", None)
        alike = np.all(columns == columns[:, :1])
        same = bias is None or np.ptp(_value(bias)) == 0
        if alike and same:
            yield found(
                "weights-all-alike",
                values.shape[-1],
                f"All {values.shape[-1]} units of {layer.name} have the same weights "
                f"({columns.flat[0]:.3g}), so they stay copies of one unit.",
            )
            break
    for layer in weighted[:-1] if case.steps == 0 else []:
        values, bias = _value(kernel(layer)), getattr(layer, "bias", None)
        if bias is not None and np.any(_value(bias)):  # trained, or set by hand
            continue
        if values.ndim < 2 or isinstance(layer, keras.layers.DepthwiseConv2D):
            continue
        size = float(values.std() * np.sqrt(np.prod(values.shape[:-1])))
        if size > 6:
            yield found(
                "weights-too-large",
                size,
                f"The weights of {layer.name} start so large that its sums are {size:.0f} times "
                "as large as its inputs; the usual start keeps them near 1.",
            )


def _value(variable: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(variable))


def _floats(variable: Any) -> bool:
    return "float" in str(variable.dtype)


def start(case: Case) -> Iterator[Finding]:
    """The loss before training, beside that of guessing."""
    if case.steps:
        raise UnseenError("the network has been trained")
    if case.task not in ("classes", "yes or no", "any of k"):
        return
    loss, chance = start_loss(case)
    if loss is None:
        return
    ratio = loss / chance
    if ratio > 1.5:
        yield found(
            "loss-at-start",
            ratio,
            f"Before training the loss is {loss:.3g}, {ratio:.1f} times that of guessing "
            f"({chance:.3g}): the network is sure of wrong answers.",
            note=ratio < 2,
        )
    elif ratio < 0.5:
        yield found(
            "fit-continues",
            loss,
            f"Before training the loss is {loss:.3g}, that of guessing would be {chance:.3g}: "
            "these weights were trained before.",
            note=True,
        )


def start_loss(case: Case) -> tuple[float | None, float]:
    """Return the loss of the sample, and that of guessing."""
    x, y = case.sample
    units = case.output_shape[-1] or 1
    chance = float(np.log(units)) if case.task == "classes" else float(np.log(2))
    batch = case.has(keras.layers.BatchNormalization)  # its averages do not know the data yet
    value = float(keras.ops.convert_to_numpy(case.loss_of(y, case.call(x, training=batch))))
    return (value if np.isfinite(value) and chance else None), chance


def units(case: Case) -> Iterator[Finding]:
    """Hidden units that give 0, or their limit, for every row."""
    dead, alive, stuck = count_units(case.insides)
    total = dead + alive
    if total and dead / total > 0.25:
        share = dead / total
        began = case.steps == 0
        yield found(
            "dead-units" if began else "units-at-zero",
            share,
            f"{dead:,} of {total:,} hidden ReLU units give 0 for every row that was tried "
            f"({share:.0%})" + (", before training." if began else "."),
            note=share < (0.5 if began else 0.9),  # sound networks end with some
        )
    for layer, share in stuck:
        yield found(
            "saturated-units",
            share,
            f"{share:.0%} of what {layer.name} gives lies within 0.01 of the limits of "
            f"{activation(layer)}, where there is next to no slope.",
            note=share < 0.9,
        )


def count_units(insides: list[tuple[Any, Array]]) -> tuple[int, int, list[tuple[Any, float]]]:
    """Return how many ReLU units are dead and alive, and layers that are at their limits."""
    dead = alive = 0
    stuck = []
    for layer, values in insides[:-1]:
        name = activation(layer)
        if values.ndim < 2 or name is None:
            continue
        rows = values.reshape(-1, values.shape[-1])
        if name == "relu":
            gone = int(np.sum(~(rows > 0).any(axis=0)))
            dead, alive = dead + gone, alive + rows.shape[1] - gone
        elif name in ("sigmoid", "tanh"):
            low = 0 if name == "sigmoid" else -1
            share = float(np.mean((rows < low + 0.01) | (rows > 0.99)))
            if share > 0.7:
                stuck.append((layer, share))
    return dead, alive, stuck


def entering(case: Case) -> Array:
    """Return what enters the first layer of weights, after any scaling in the network."""
    x, _ = case.sample
    value = x.astype(np.float32)
    for layer, given in case.insides:
        if isinstance(layer, NORMALIZERS):
            raise UnseenError(f"{layer.name} scales what comes in")
        if isinstance(layer, keras.layers.Embedding):
            raise UnseenError("the numbers of pieces are looked up, so they have no scale")
        if kernel(layer) is not None:
            return value
        value = given
    raise UnseenError("no layer of weights was found")


def lag(case: Case) -> Iterator[Finding]:
    """BatchNormalization: the same rows, in training and in use."""
    if not case.has(keras.layers.BatchNormalization):
        return
    if not case.steps:
        raise UnseenError("BatchNormalization has no averages before training")
    x, y = case.sample
    use, batch = (
        np.asarray(keras.ops.convert_to_numpy(case.call(x, training=mode)))
        for mode in (False, True)
    )
    one, other = score(case, y, use), score(case, y, batch)
    if one is None or other is None:
        return
    if other - one > 0.05:
        norm = next(one for one in case.layers if isinstance(one, keras.layers.BatchNormalization))
        left = norm.momentum**case.steps
        yield found(
            "batchnorm-lags",
            other - one,
            f"The same {len(x)} rows: accuracy {other:.2f} with the averages of the batch, as in "
            f"training, and {one:.2f} with the running ones, as in use. After {case.steps:,} "
            f"steps with momentum {norm.momentum:g} these are still {left:.0%} their start.",
        )


def score(case: Case, y: Array, outputs: Array) -> float | None:
    """Return the share of right answers, or nothing where there is none."""
    right = decode(case, outputs)
    if right is None or right.ndim != 1:
        return None
    labels = y.argmax(axis=1) if y.ndim == 2 and y.shape[1] > 1 else y.reshape(-1)
    return float(np.mean(right == labels)) if len(labels) == len(right) else None


def decode(case: Case, outputs: Array) -> Array | None:
    """Return the answers that outputs stand for: classes, or yes and no."""
    if outputs.ndim != 2:
        return None
    if case.task == "classes":
        return np.asarray(outputs.argmax(axis=1))
    if case.task == "yes or no":
        logits = case.from_logits and case.last not in PROBABILITIES
        return (outputs[:, 0] > (0 if logits else 0.5)).astype(int)
    return None
