"""A trial on paper: some steps of training on the same few rows, with copies of the weights."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import numpy as np

from lessons_code.doctor.case import Case, UnseenError, kernel, spread
from lessons_code.doctor.network import count_units, entering, start_loss
from lessons_code.doctor.report import Finding, found

STEPS = 24
ROWS = 32
MOST_WEIGHTS = 5_000_000
SECONDS = 0.6


@dataclass
class Trial:
    """What some steps on the same rows did.

    Attributes:
        losses: The loss before each step and after the last.
        moved: For each trainable array of weights, how far a step moves it, in the middle,
            beside its own size.
        slopes: The size of each array's slope at the first step, beside its own size.
        weights: The weights after the last step.
        penalty: The share of the first loss that regularizers add.
    """

    losses: list[float]
    moved: list[float]
    slopes: list[float]
    weights: list[Any]
    penalty: float

    @property
    def worst(self) -> float:
        """The largest loss, infinite if one was no number."""
        return max(x if np.isfinite(x) else np.inf for x in self.losses)


class Paper:
    """Runs the trial once for a case, when it is first asked for."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def trial(self) -> Trial:
        """The trial.

        Raises:
            UnseenError: It cannot be run here.
        """
        case = self.case
        assert case.compiled
        assert case.built
        if keras.backend.backend() != "tensorflow":
            raise UnseenError(f"slopes are taken with TensorFlow, not {keras.backend.backend()}")
        if type(case.model).train_step is not keras.Model.train_step or (
            type(case.model).compute_loss is not keras.Model.compute_loss
        ):
            raise UnseenError("the network trains by a train_step or a loss of its own")
        if case.model.count_params() > MOST_WEIGHTS:
            raise UnseenError(f"the network has {case.model.count_params():,} weights")
        if not case.model.trainable_variables:
            raise UnseenError("nothing can be trained")
        return run(case)


def run(case: Case) -> Trial:
    """Take some steps on the same rows, and leave network and optimizer as they are."""
    import tensorflow as tf

    x, y = case.sample
    kept = spread(len(x), ROWS)
    inputs, labels = case.tensor(x[kept]), y[kept]
    weights, others = ([tf.convert_to_tensor(one) for one in part] for part in case.state)
    twins = [keras.Variable(one, trainable=True) for one in weights]
    optimizer = _copy(case, twins)
    losses: list[float] = []
    steps: list[list[float]] = []
    slopes: list[float] = []
    penalty = 0.0
    began = time.process_time()  # not the clock: other work may share the machine
    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            outputs, others, extra = case.model.stateless_call(
                weights, others, inputs, return_losses=True, **case.mode(True)
            )
            own = case.loss_of(labels, outputs)
            loss = tf.add_n([own, *[tf.cast(tf.reduce_sum(e), own.dtype) for e in extra]])
        gradients = [
            tf.zeros_like(weight) if slope is None else tf.convert_to_tensor(slope)
            for weight, slope in zip(weights, tape.gradient(loss, weights), strict=True)
        ]
        losses.append(float(loss))
        if not slopes:
            penalty = 1 - float(own) / float(loss) if float(loss) else 0.0
            slopes = [_beside(g, w) for g, w in zip(gradients, weights, strict=True)]
        if not np.isfinite(losses[-1]):
            break
        optimizer.apply(gradients)
        after = [tf.convert_to_tensor(one) for one in twins]
        steps.append([_beside(b - a, a) for a, b in zip(weights, after, strict=True)])
        weights = after
        if time.process_time() - began > SECONDS:
            break
    else:
        outputs = case.model.stateless_call(weights, others, inputs, **case.mode(True))[0]
        losses.append(float(case.loss_of(labels, outputs)))
    moved = np.median(np.array(steps), axis=0).tolist() if steps else []
    return Trial(losses, moved, slopes, weights, penalty)


def _copy(case: Case, twins: list[Any]) -> Any:
    """Return an optimizer like that of the network, in the same state, for copies of weights."""
    own = case.model.optimizer
    try:
        copy = type(own).from_config(own.get_config())
        copy.build(twins)
    except (TypeError, ValueError) as error:
        raise UnseenError(f"the optimizer {type(own).__name__} cannot be copied") from error
    if own.built and [one.shape for one in own.variables] == [one.shape for one in copy.variables]:
        for one, other in zip(copy.variables, own.variables, strict=True):
            one.assign(other)
    return copy


def _beside(change: Any, weight: Any) -> float:
    """Return the size of a change beside that of the weights."""
    size = float(keras.ops.norm(keras.ops.reshape(weight, (-1,))))
    moved = float(keras.ops.norm(keras.ops.reshape(change, (-1,))))
    return moved / size if size else (np.inf if moved else 0.0)


def _kernels(case: Case) -> dict[int, str]:
    """Return the places, among what is trained, of the arrays that layers multiply by."""
    names = {id(kernel(one)): one.name for one in case.layers if kernel(one) is not None}
    return {
        i: names[id(one)]
        for i, one in enumerate(case.model.trainable_variables)
        if id(one) in names
    }


def rate(case: Case, paper: Paper) -> Iterator[Finding]:
    """The size of steps beside the size of weights, on copies."""
    trial = paper.trial
    first, name = trial.losses[0], type(case.model.optimizer).__name__
    learning_rate = learning_rate_of(case.model)
    if not np.isfinite(first):
        yield found(
            "loss-not-finite",
            first,
            "The loss is no finite number before the first step: look at the data, the last "
            "layer and the loss.",
        )
        return
    if exploded(trial):
        where = int(np.argmax([x if np.isfinite(x) else np.inf for x in trial.losses]))
        value = f"{trial.worst:.3g}" if np.isfinite(trial.worst) else "no number any more"
        yield found(
            "rate-too-large",
            learning_rate,
            f"Tried on a copy: in {len(trial.losses) - 1} steps of {name} with learning rate "
            f"{learning_rate:g} on the same {ROWS} rows the loss went from {first:.3g} to "
            f"{trial.losses[-1]:.3g}; after step {where} it was {value}.",
        )
    kernels = {i: trial.moved[i] for i in _kernels(case) if i < len(trial.moved)}
    moving = {i: moved for i, moved in kernels.items() if moved > 0}
    if moving and max(moving.values()) < 3e-6 and trial.slopes:
        most = max(moving.values())
        yield found(
            "rate-too-small",
            learning_rate,
            f"Tried on a copy: a step of {name} with learning rate {learning_rate:g} changes no "
            f"kernel by more than {most:.1g} of its size. To change by a tenth would take "
            f"{0.1 / most:,.0f} steps.",
        )


def exploded(trial: Trial) -> bool:
    """Tell whether the steps led up instead of down, or to where there are no slopes."""
    first, last = trial.losses[0], trial.losses[-1]
    if not np.isfinite(trial.worst):
        return True
    killed = any(
        slope > 0 and moved == 0 for slope, moved in zip(trial.slopes, trial.moved, strict=False)
    )
    if killed and last > 0.5 * first and len(trial.losses) > 10:
        return True
    up = trial.worst / max(first, 1e-3)
    return up > 20 or (up > 3 and last > 0.9 * first and len(trial.losses) > 2)


def learning_rate_of(model: Any) -> float:
    """Return the learning rate of the next step."""
    return float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))


def scale(case: Case, paper: Paper) -> Iterator[Finding]:
    """The scale of what enters the first layer of weights."""
    x = entering(case)
    size = float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))
    top = float(np.abs(x).max())
    if top == 0:
        return
    try:
        hurt = exploded(paper.trial)
    except UnseenError:
        hurt = False
    if case.steps == 0 and case.task in ("classes", "yes or no", "any of k"):
        loss, chance = start_loss(case)
        hurt |= loss is not None and loss > 2 * chance
    hurt |= case.steps > 0 and _half_dead(case)
    if size > 3 and (hurt or size > 10):
        yield found(
            "scale-of-input",
            top,
            f"The numbers that enter the first layer go from {x.min():.3g} to {x.max():.3g}, "
            f"{size:.3g} in the middle (root mean square); the usual start of weights expects "
            "about 1.",
            note=not hurt,
        )
    elif top < 0.02:
        yield found(
            "scale-of-input",
            top,
            f"No number that enters the first layer is larger than {top:.2g}: was it scaled twice?",
            remedy="Scale once: in the data or in the network (Rescaling), not in both.",
        )
    elif x.ndim == 2 and x.shape[1] > 1:
        width = x.std(axis=0)
        moving = width[width > 0]
        if len(moving) > 1 and moving.max() > 300 * np.median(moving):
            yield found(
                "scale-of-input",
                moving.max() / np.median(moving),
                f"One column spreads {moving.max() / np.median(moving):,.0f} times as far as "
                "the middle one; a weighted sum of them hears only that one.",
                note=True,
            )


def _half_dead(case: Case) -> bool:
    try:
        dead, alive, _ = count_units(case.insides)
    except UnseenError:
        return False
    return dead > alive


def target(case: Case, paper: Paper) -> Iterator[Finding]:
    """The scale of the targets."""
    _, y = case.sample
    if case.task != "amounts" or case.last not in (None, "linear", "relu", "softplus"):
        return
    size = float(np.sqrt(np.mean(np.square(y, dtype=np.float64))))
    spread_ = float(y.std())
    try:
        hurt = exploded(paper.trial)
    except UnseenError:
        hurt = False
    if size > 50 or (size > 3 and hurt):
        yield found(
            "scale-of-target",
            size,
            f"The targets are {size:.3g} in the middle (root mean square) and spread by "
            f"{spread_:.3g}; a fresh network answers with numbers near 0, and steps are made for "
            "errors of about 1.",
            note=size <= 50 and not hurt,
        )


def slopes(case: Case, paper: Paper) -> Iterator[Finding]:
    """Slopes that fade on their way to the first layer, or that are none."""
    trial = paper.trial
    kernels = _kernels(case)
    sizes = [(name, trial.slopes[i]) for i, name in kernels.items() if np.isfinite(trial.slopes[i])]
    if len(sizes) < 2:
        return
    (first, small), (last, large) = sizes[0], sizes[-1]
    if large > 0 and 0 < small < 1e-4 * large:
        yield found(
            "slopes-vanish",
            small / large,
            f"Beside its weights, the slope of {first} is {small / large:.1g} times that of "
            f"{last}: on its way down through {len(sizes)} layers it all but vanishes.",
        )
    still = [name for name, slope in sizes if slope == 0]
    if still and any(slope > 0 for _, slope in sizes) and case.steps == 0:
        yield found(
            "dead-units",
            len(still),
            f"The slope of {', '.join(still[:3])} is exactly 0 in the first step: nothing that "
            "comes later depends on it.",
        )


def penalty(case: Case, paper: Paper) -> Iterator[Finding]:
    """How much of the loss regularizers are."""
    del case
    share = paper.trial.penalty
    if share > 0.5:
        yield found(
            "penalty-rules",
            share,
            f"Of the loss before training, {share:.0%} is the regularizers' penalty on weights; "
            "answers hardly count.",
            note=share < 0.75,
        )
