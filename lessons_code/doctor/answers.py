"""Looks at what a trained network answers, and at what was made of its answers."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np

from lessons_code.doctor.case import Array, Case, UnseenError, numeric
from lessons_code.doctor.network import decode, score, start_loss
from lessons_code.doctor.report import Finding, found
from lessons_code.doctor.rows import class_numbers, classes, distance


def constant(case: Case) -> Iterator[Finding]:
    """Whether a trained network gives one answer to all."""
    if not case.steps:
        raise UnseenError("the network is not trained yet")
    _, y = case.sample
    outputs = case.outputs
    if not np.isfinite(outputs).all():
        return
    given = decode(case, outputs)
    if given is None:
        if case.task == "amounts" and outputs.shape == y.reshape(len(y), -1).shape:
            spread = float(outputs.std() / y.std()) if y.std() else 1.0
            if spread < 1e-3:
                yield found(
                    "constant-answers",
                    spread,
                    f"All answers are {outputs.mean():.3g}, to a thousandth of how far the targets "
                    "spread.",
                )
        return
    labels = class_numbers(case, y)
    if labels is None or given.ndim != 1 or len(labels) < 20:
        return
    values, counts = np.unique(given, return_counts=True)
    share, usual = counts.max() / len(given), np.unique(labels, return_counts=True)[1].max()
    if share > 0.99 and usual / len(labels) < 0.99:
        common = usual / len(labels)
        rare = common > 0.85
        yield found(
            "classes-unbalanced" if rare else "constant-answers",
            share,
            f"The network answers {values[counts.argmax()]:g} to {share:.0%} of {len(given)} "
            f"training rows; {common:.0%} of them have the most frequent label.",
        )


def learned(case: Case) -> Iterator[Finding]:
    """Whether the loss of a trained network is below that of guessing."""
    if case.steps < 2:
        raise UnseenError("the network is not trained yet")
    x, y = case.sample
    if case.task == "classes":
        labels = class_numbers(case, y)
        if labels is None or len(labels) < 20:
            return
        shares = np.unique(labels, return_counts=True)[1] / len(labels)
        chance = float(-np.sum(shares * np.log(shares)))
    elif case.task == "yes or no":
        share = float(np.clip(y.mean(), 1e-6, 1 - 1e-6))
        chance = -share * np.log(share) - (1 - share) * np.log(1 - share)
    elif case.task == "amounts" and case.loss == "mean_squared_error":
        chance = float(np.mean((y - y.mean(axis=0)) ** 2))
    else:
        return
    value = float(keras.ops.convert_to_numpy(case.loss_of(y, case.call(x))))
    if np.isfinite(value) and chance > 1e-3 and value > 0.97 * chance:
        yield found(
            "loss-stands-still",
            value / chance,
            f"After {case.steps:,} steps the loss on training rows is {value:.3g}; to answer with "
            f"the mean of the labels each time would give {chance:.3g}.",
            note=case.steps < 50,
        )


def own_answers(case: Case) -> Iterator[Finding]:
    """What was made of the outputs."""
    if case.answers is None:
        raise UnseenError("none were given: answers=..., what you made of predict, row by row")
    _, y = case.rows
    labels = classes(y)
    given = case.answers
    if not numeric(given):
        raise UnseenError(f"they are {given.dtype}, not numbers")
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if case.task == "amounts" and given.ndim == 1 and y.size == len(given) > 20:
        yield from _amounts_scaled(given.astype(float), y.reshape(-1).astype(float))
        return
    if labels is None or given.ndim != 1:
        raise UnseenError("they are no class numbers, one for each row")
    if len(given) != len(labels):
        yield found(
            "lengths-differ",
            len(given) - len(labels),
            f"There are {len(given):,} answers and {len(labels):,} labels.",
        )
        return
    right = float(np.mean(given == labels))
    share = float(np.unique(given, return_counts=True)[1].max() / len(given))
    usual = float(np.unique(labels, return_counts=True)[1].max() / len(labels))
    units = case.output_shape[-1]
    if units == 1 and share == 1 and given.flat[0] == 0 and usual < 1:
        yield found(
            "answers-of-one-column",
            right,
            f"All {len(given):,} answers are 0, and {right:.0%} of them right. The network has one "
            "output, and argmax over one column is always 0.",
        )
        return
    x, some = case.sample
    own = score(case, some, case.outputs)
    if own is None or own - right < 0.1:
        return
    if share < 0.9 and distance(given, labels) < 0.15 and right < 0.6 * own:
        yield found(
            "answers-in-other-order",
            right,
            f"{right:.0%} of your answers are right, {own:.0%} of the network's own. "
            "Yet each class is answered as often as it occurs: they belong to other rows.",
        )
    else:
        yield found(
            "answers-decoded-wrongly",
            right,
            f"{right:.0%} of your answers are right; the largest output of the network names the "
            f"right class for {own:.0%} of {len(x)} of these rows.",
        )


def _amounts_scaled(given: Array, wanted: Array) -> Iterator[Finding]:
    """Find answers in other units than the targets."""
    if not given.std() or not wanted.std() or np.corrcoef(given, wanted)[0, 1] < 0.7:
        return
    ratio = float(given.std() / wanted.std())
    away = float(abs(given.mean() - wanted.mean()) / wanted.std())
    if not 0.2 < ratio < 5 or away > 3:
        yield found(
            "answers-decoded-wrongly",
            ratio,
            f"Your answers rise and fall with the targets, but their mean is {given.mean():.3g} "
            f"and their spread {given.std():.3g}; those of the targets are {wanted.mean():.3g} and "
            f"{wanted.std():.3g}.",
            remedy="Scale answers back as targets were scaled: answer * std + mean.",
        )


def earlier(case: Case) -> Iterator[Finding]:
    """Whether fit begins with a fresh network."""
    if not case.built:
        return
    if case.steps < 2:  # a network that fit has built is looked at after its first step
        return
    words = f"The optimizer has taken {case.steps:,} steps already: another fit goes on from here."
    try:
        loss, chance = start_loss(case)
    except UnseenError:
        loss = None
    if loss is not None:
        words += f" The loss is {loss:.3g}, that of guessing {chance:.3g}."
    yield found("fit-continues", case.steps, words, note=True)


def validated(case: Case) -> Iterator[Finding]:
    """How a trained network does on rows that are held back."""
    if not case.steps:
        raise UnseenError("the network is not trained yet")
    x, y, held, y_held = case.parts
    if y is None or y_held is None or len(held) < 20 or not len(x):
        return
    outer = Case(case.model, held, y_held)
    inner = Case(case.model, x, y)
    try:
        known, new = score(inner, inner.sample[1], inner.outputs), None
        if held.shape[1:] == x.shape[1:]:
            new = score(outer, outer.sample[1], outer.outputs)
    except (UnseenError, ValueError):
        return
    if known is None or new is None:
        return
    labels = class_numbers(case, y_held)
    usual = 0.0
    if labels is not None:
        usual = float(np.unique(labels, return_counts=True)[1].max() / len(labels))
    if known - new > 0.1:
        yield found(
            "gap-opens",
            known - new,
            f"Of training rows {known:.0%} are right, of validation rows {new:.0%}: what was "
            "learned holds for the rows it was learned from.",
            note=True,
        )
    luck = 2 * np.sqrt(0.25 / len(outer.sample[0]))
    mine = class_numbers(case, y)
    alike = labels is not None and mine is not None and distance(mine, labels) < 0.3
    if alike and known > usual + 0.15 and new < usual + luck and known - new > 0.15:
        yield found(
            "labels-shuffled",
            new,
            f"Of training rows {known:.0%} are right, of validation rows {new:.0%}, where the most "
            f"frequent class alone is {usual:.0%}: rows are learned by heart, and their labels say "
            "nothing about others.",
            note=True,  # or the task is one of bits, in which neighbors tell nothing
        )
