"""Looks at the rows alone: numbers, order, both sides of a split, labels beside neighbors."""

from __future__ import annotations

from collections.abc import Iterator

import keras
import numpy as np

from lessons_code.doctor.case import Array, Case, UnseenError, numeric, spread
from lessons_code.doctor.report import Finding, found

FEW = 20  # with fewer rows, shares say nothing


def numbers(case: Case) -> Iterator[Finding]:
    """Rows that are there, of one length, numbers, and finite."""
    if case.x is None and case.y is None:
        raise UnseenError("it needs x and y as arrays")
    pairs = {"x": case.x, "y": case.y, "x_val": case.x_val, "y_val": case.y_val, "use": case.use}
    for name, array in pairs.items():
        if array is None:
            continue
        if not len(array):
            yield found("empty", 0, f"{name} has no rows: its shape is {array.shape}.")
        elif not numeric(array):
            example = array.ravel()[0] if array.size else ""
            yield found(
                "not-numbers",
                len(array),
                f"{name} holds {array.dtype} ({str(example)[:30]!r}), not numbers.",
            )
        elif array.dtype.kind == "f" and not _finite(array):
            bad = np.atleast_1d(~np.isfinite(array.reshape(len(array), -1)).all(axis=1))
            yield found(
                "not-finite",
                bad.sum(),
                f"{bad.sum():,} of {len(bad):,} rows of {name} hold NaN or infinite numbers, the "
                f"first is row {int(bad.argmax())}.",
            )
    for inputs, labels in (("x", "y"), ("x_val", "y_val")):
        one, other = pairs[inputs], pairs[labels]
        if one is None or other is None or len(one) == len(other):
            continue
        axis = [i for i, n in enumerate(one.shape) if n == len(other)]
        hint = (
            f" Axis {axis[0]} of {inputs} has {len(other):,} too: are the examples there?"
            if axis
            else ""
        )
        yield found(
            "lengths-differ",
            len(one) - len(other),
            f"{inputs} has {len(one):,} rows and {labels} has {len(other):,}.{hint}",
        )


def _finite(array: Array) -> bool:
    return bool(np.isfinite(np.min(array)) and np.isfinite(np.max(array)))


def variety(case: Case) -> Iterator[Finding]:
    """Inputs and labels that are not all the same."""
    x, y = case.rows
    some = x[spread(len(x), 500)].reshape(min(len(x), 500), -1)
    if len(some) > 1 and np.all(some == some[0]):
        yield found(
            "inputs-all-alike",
            len(some),
            f"All of {len(some):,} rows of x that were compared are the same: every number is "
            f"{some.flat[0]:g}."
            if some.min() == some.max()
            else f"All of {len(some):,} rows of x that were compared are the same.",
        )
    labels = classes(y)
    if labels is not None and len(labels) > 1 and labels.min() == labels.max():
        yield found("one-class", 1, f"All {len(labels):,} labels are the same: {labels.flat[0]:g}.")


def balance(case: Case) -> Iterator[Finding]:
    """How many rows each class has."""
    _, y = case.rows
    labels = class_numbers(case, y)
    if labels is None or len(labels) < FEW:
        return
    values, counts = np.unique(labels, return_counts=True)
    share = counts.max() / len(labels)
    if len(values) > 1 and share > 0.85:
        common = values[counts.argmax()]
        yield found(
            "classes-unbalanced",
            share,
            f"{share:.0%} of the labels are {common:g}: to say {common:g} always is right that "
            "often.",
            note=True,
        )


def order(case: Case) -> Iterator[Finding]:
    """The order of the rows, and the classes of the rows that are held back."""
    _, y = case.rows
    labels = class_numbers(case, y)
    if labels is None:
        yield from _order_of_amounts(case)
        return
    in_order = _sorted(labels)
    try:
        _, train, _, held = case.parts
    except UnseenError:
        if in_order:
            yield found(
                "rows-sorted",
                in_order,
                f"The rows are sorted by label: it changes {in_order:,} times in "
                f"{len(labels):,} rows. validation_split would take the last classes away.",
                note=True,
            )
        return
    if train is None or held is None or not len(held) or not len(train) or not numeric(held):
        return
    one, other = class_numbers(case, train), class_numbers(case, held)
    if one is None or other is None or len(other) < FEW:
        return
    unseen = float(np.mean(~np.isin(other, one)))
    apart = distance(one, other)
    k = len(np.unique(np.concatenate([one, other])))
    luck = np.sqrt(k / len(other)) / 2
    if unseen > 0.2 or (apart > 0.3 + luck and (in_order or _sorted(one))):
        yield found(
            "rows-sorted",
            max(unseen, apart),
            f"{unseen:.0%} of the {len(other):,} validation rows are of classes that no training "
            "row has: the rows are sorted, and validation got the last ones."
            if unseen
            else f"The rows are sorted, so validation has another mix of classes: {apart:.0%} of "
            "its rows would have to change.",
        )
    elif apart > 0.3 + luck:
        yield found(
            "classes-differ",
            apart,
            f"Validation has another mix of classes than training: {apart:.0%} of its rows would "
            "have to change to make it the same.",
        )
    elif in_order:
        yield found(
            "rows-sorted",
            in_order,
            f"The rows are sorted by label: it changes {in_order:,} times in {len(labels):,} "
            "rows. This validation is well mixed; validation_split would not be.",
            note=True,
        )
    if len(other) < 50 and case.steps == 0:
        yield found(
            "small-validation",
            len(other),
            f"There are {len(other)} validation rows: one of them moves accuracy by "
            f"{1 / len(other):.2f}.",
            note=True,
        )


def _order_of_amounts(case: Case) -> Iterator[Finding]:
    _, y = case.rows
    if (y.ndim > 1 and y.shape[-1] != 1) or case.split is None:
        return
    _, train, _, held = case.parts
    assert train is not None
    assert held is not None
    if len(held) < FEW:
        return
    outside = float(np.mean((held < train.min()) | (held > train.max())))
    if outside > 0.5:
        yield found(
            "rows-sorted",
            outside,
            f"{outside:.0%} of the validation targets lie outside of what training rows have: the "
            "rows are sorted by target.",
        )


def both_sides(case: Case) -> Iterator[Finding]:
    """Rows that are in training and in validation."""
    x, y, held, y_held = case.parts
    if x.shape[1:] != held.shape[1:] or not len(x) or not len(held):
        return
    known, new = fingerprints(x, held)
    again = float(np.mean(np.isin(new, known)))
    if not again:
        yield from _near_copies(x, held)
        return
    usual = 1 - len(np.unique(known)) / len(known)  # repeated rows are a property of the data
    counted = round(again * len(new))
    sentence = (
        f"{counted:,} of {len(new):,} validation rows stand in training too ({again:.0%}), so the "
        "score on them is no score on new rows."
    )
    small = again < 0.02 or again < 3 * usual + 0.01
    more = f" Within training, {usual:.0%} of the rows repeat others." if usual > 0.005 else ""
    yield found("rows-in-both", again, sentence + more, note=small)
    one = classes(y) if y is not None and len(y) == len(x) else None
    if one is None or y_held is None:
        return
    first = dict(zip(known.tolist(), one.tolist(), strict=True))
    differ = [first[key] != label for key, label in zip(known.tolist(), one.tolist(), strict=True)]
    if np.mean(differ) > 0.02:
        yield found(
            "same-row-other-label",
            np.mean(differ),
            f"{np.sum(differ):,} training rows are the same as another one with another label.",
            note=True,
        )


def _near_copies(x: Array, held: Array) -> Iterator[Finding]:
    """Find validation rows that are training rows but for a little noise."""
    if x.dtype.kind != "f" or x[0].size < 8 or len(x) < 50 or len(held) < FEW:
        return
    one, other = flat(x[spread(len(x), 2000)]), flat(held[spread(len(held), 200)])
    if len(one) < len(x):  # copies would be missed
        return
    inside = np.sqrt(_nearest(one[:: max(1, len(one) // 200)], one, skip=True)[0])
    across = np.sqrt(_nearest(other, one)[0])
    close = float(np.mean(across < 0.05 * np.median(inside)))
    if np.median(inside) > 0 and close > 0.1 and np.mean(inside < 0.05 * np.median(inside)) < 0.05:
        yield found(
            "rows-in-both",
            close,
            f"{close:.0%} of the validation rows are training rows but for less than a twentieth "
            "of the usual distance between neighbors.",
        )


def fingerprints(x: Array, held: Array) -> tuple[Array, Array]:
    """Return one number for each row of both arrays; the same rows have the same number."""
    width = int(np.prod(x.shape[1:]))
    kept = spread(width, 256)
    rng = np.random.default_rng(0)
    factors = rng.integers(1, 2**63, size=len(kept), dtype=np.uint64) | np.uint64(1)

    def mark(array: Array) -> Array:
        some = np.ascontiguousarray(array.reshape(len(array), -1)[:, kept])
        bits = (some.astype(np.float32) + np.float32(0)).view(np.uint32).astype(np.uint64)
        mixed = (bits ^ (bits >> np.uint64(13))) * np.uint64(0x9E3779B97F4A7C15)
        return np.asarray((mixed * factors).sum(axis=1, dtype=np.uint64))

    return mark(x), mark(held)


def preprocessing(case: Case) -> Iterator[Finding]:
    """Whether rows that are held back or used look like those of training."""
    x = case.x
    if x is None or not numeric(x) or not len(x):
        raise UnseenError("it needs x as an array of numbers")
    if case.has(keras.layers.Embedding):
        raise UnseenError("it compares amounts, and x holds numbers of pieces")
    others = {}
    if case.use is not None and numeric(case.use):
        others["the rows of use"] = case.use
    try:
        x, _, others["the validation rows"], _ = case.parts
    except UnseenError:
        if not others:
            raise UnseenError(
                "neither validation nor use was given, the rows for which the network works"
            ) from None
    for name, new in others.items():
        if x.shape[1:] == new.shape[1:] and len(new) and len(x) >= FEW:
            yield from _differ(x, new, name)
        elif x.shape[1:] != new.shape[1:]:
            yield found(
                "preprocessing-differs",
                new.ndim,
                f"A row of x has the shape {x.shape[1:]}, one of {name} {new.shape[1:]}.",
            )


def _differ(x: Array, new: Array, name: str) -> Iterator[Finding]:
    one, other = x[spread(len(x), 2000)], new[spread(len(new), 2000)]
    one, other = one.astype(np.float64), other.astype(np.float64)
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return
    a, b = one.reshape(len(one), -1), other.reshape(len(other), -1)
    if np.ptp(a) == 0:
        return
    # amounts: where the middle of a row lies, and how far it spreads
    for what, measure in (("mean", np.mean), ("spread", np.std)):
        mine, theirs = measure(a, axis=1), measure(b, axis=1)
        scale = max(mine.std(), 1e-6 * np.abs(mine).max(), 1e-12)
        away = abs(np.median(theirs) - np.median(mine)) / scale
        if away > 5 and a.shape[1] > 1:
            flipped = a.max() + a.min() - b
            turned = abs(np.median(measure(flipped, axis=1)) - np.median(mine)) / scale
            inverted = (
                " They look inverted, light for dark." if what == "mean" and turned < 3 else ""
            )
            yield found(
                "preprocessing-differs",
                away,
                f"In {name} the {what} of a row is {np.median(theirs):.3g}, in x "
                f"{np.median(mine):.3g}: {away:.0f} times as far as rows of x differ.{inverted}",
            )
            return
    middle, width = a.mean(axis=0), a.std(axis=0)
    if len(b) >= FEW and a.shape[1] > 1:
        away = np.abs(b.mean(axis=0) - middle) / np.maximum(width, 1e-9)
        moving = width > 1e-3 * max(width.max(), 1e-12)
        share = float(np.mean(away[moving] > 3)) if moving.any() else 0.0
        if share > 0.1:
            yield found(
                "preprocessing-differs",
                share,
                f"In {name}, {share:.0%} of the columns have means that lie more than three "
                "standard deviations from those of x.",
            )
            return
    if a.shape[1] == 1 and len(b) >= FEW:
        away = float(abs(b.mean() - a.mean()) / a.std())
        if away > 5:
            yield found(
                "preprocessing-differs",
                away,
                f"The mean of {name} is {b.mean():.3g}, that of x {a.mean():.3g}.",
            )
            return
    yield from _turned(one, other, name)


def _turned(one: Array, other: Array, name: str) -> Iterator[Finding]:
    """Find pictures that were transposed, mirrored or turned: changed back, they are nearer."""
    if len(other) < FEW or one.ndim < 3 or one.shape[1] < 6 or one.shape[1] != one.shape[2]:
        return
    some = other[spread(len(other), 100)]
    changes = {
        "as they are": some,
        "transposed": some.swapaxes(1, 2),
        "upside down": some[:, ::-1],
        "mirrored": some[:, :, ::-1],
        "turned by 180 degrees": some[:, ::-1, ::-1],
    }
    if one.ndim == 4 and one.shape[-1] == 3:
        changes["with red and blue exchanged"] = some[..., ::-1]
    known = flat(one[spread(len(one), 1000)])
    away = {
        words: float(np.sqrt(_nearest(flat(rows), known)[0]).mean())
        for words, rows in changes.items()
    }
    words = min(away, key=lambda one: away[one])
    ratio = away[words] / away["as they are"] if away["as they are"] else 1.0
    if ratio < 0.93:
        yield found(
            "preprocessing-differs",
            ratio,
            f"When {name} are {words}, they come nearer to rows of x: the distance to the nearest "
            f"one is {ratio:.2f} times what it is now.",
        )


def scaler(case: Case) -> Iterator[Finding]:
    """Whether a scaler was fitted on both sides of the split."""
    x, _, held, _ = case.parts
    if x.ndim != 2 or held.ndim != 2 or x.shape[1] != held.shape[1] or x.dtype.kind != "f":
        return
    if len(x) < FEW or len(held) < 5 or x.size > 20_000_000:
        return
    both = np.concatenate([x, held]).astype(np.float64)
    moving = x.std(axis=0) > 0
    if not moving.any():
        return

    def off(rows: Array) -> float:
        some = rows[:, moving].astype(np.float64)
        return float(max(np.abs(some.mean(axis=0)).max(), np.abs(some.std(axis=0) - 1).max()))

    if off(both) < 1e-4 and off(x) > 1e-3:
        yield found(
            "scaler-saw-both",
            off(x),
            "Training and validation rows together have mean 0 and standard deviation 1 in every "
            f"column; training rows alone are off by up to {off(x):.2g}. The scaler was fitted on "
            "both.",
        )


def relation(case: Case) -> Iterator[Finding]:
    """Whether labels have anything to do with their rows, for neighbors and for a line."""
    x, y = case.rows
    amounts = case.task == "amounts" and not _one_hot(y)
    labels = y.reshape(len(y), -1)[:, 0].astype(float) if amounts else classes(y)
    if labels is None or (y.ndim > 1 and y.shape[-1] > 1 and not _one_hot(y)):
        raise UnseenError("each row has several targets")
    if case.has(keras.layers.Embedding) and len(x) < 2000:  # few rows share their words
        raise UnseenError("rows of words need 2,000 to have neighbors")
    if len(x) < 400:  # with fewer, a weak relation looks like luck
        raise UnseenError("it needs 400 rows")
    if not amounts and np.unique(labels, return_counts=True)[1].max() > 0.9 * len(labels):
        raise UnseenError("nearly all labels are the same")
    kept = spread(len(x), 1800)
    features = _features(case, x[kept])
    if features is None:
        raise UnseenError(
            "inputs of two values alone, or of one column, may have no useful neighbors"
        )
    labels = labels[kept]
    asked = np.zeros(len(kept), dtype=bool)
    asked[np.random.default_rng(0).permutation(len(kept))[: min(400, len(kept) // 3)]] = True
    best = 0.0
    agree, chance = 0.0, 0.0
    for each in features:
        guesses = [labels[~asked][_nearest(each[asked], each[~asked])[1]]]
        guesses.append(_by_line(each[~asked], labels[~asked], each[asked], amounts))
        for guess in guesses:
            if amounts:
                r = np.corrcoef(guess, labels[asked])[0, 1] if np.std(guess) else 0.0
                z, share, luck = r * np.sqrt(asked.sum()), r, 0.0
            else:
                values = np.unique(labels)
                luck = float(sum(np.mean(guess == v) * np.mean(labels[asked] == v) for v in values))
                share = float(np.mean(guess == labels[asked]))
                z = (share - luck) / np.sqrt(max(luck * (1 - luck), 1e-9) / asked.sum())
            if z > best or not chance:
                agree, chance = float(share), luck
            best = max(best, float(z))
    little = agree - chance < (0.25 if amounts else 0.08)
    if best < 3 and little and len(np.unique(labels)) > 1:
        shown = "their correlation is" if amounts else "they agree in"
        value = f"{agree:.2f}" if amounts else f"{agree:.0%}, by luck alone {chance:.0%}"
        yield found(
            "labels-shuffled",
            agree,
            "Neither the nearest other row nor a line tells anything of a row's label: "
            f"{shown} {value}. The labels may belong to other rows.",
        )


def _features(case: Case, x: Array) -> list[Array] | None:
    """Return the rows as points, in one or two ways, or nothing if neighbors mean nothing."""
    if case.has(keras.layers.Embedding):
        rows = x.reshape(len(x), -1).astype(np.int64)
        counts = np.zeros((len(x), 512), np.float32)
        np.add.at(counts, (np.repeat(np.arange(len(x)), rows.shape[1]), rows.ravel() % 512), 1)
        counts[:, 0] = 0  # padding
        return [counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)]
    points = flat(x)
    if points.shape[1] < 2 or np.unique(points[:200]).size <= 2:
        return None
    if not np.isfinite(points).all():
        raise UnseenError("there are NaN or infinite numbers in the rows")
    width = points.std(axis=0)
    scaled = (points - points.mean(axis=0)) / (width + 0.1 * width.mean() + 1e-9)
    found_ways = [scaled]
    if x.ndim > 2:
        rows = x.reshape(len(x), -1).astype(np.float32)
        rough = [rows.mean(1), rows.std(1), rows.min(1), rows.max(1)]
        channels = x.reshape(len(x), -1, x.shape[-1]).astype(np.float32)
        if x.shape[-1] <= 16:
            rough += [*channels.mean(1).T, *channels.std(1).T]
        summary = np.stack(rough, axis=1)
        found_ways.append((summary - summary.mean(0)) / (summary.std(0) + 1e-9))
    return found_ways


def _by_line(x: Array, y: Array, asked: Array, amounts: bool) -> Array:
    """Return what a straight line (ridge regression) answers."""
    some = spread(x.shape[1], 256)
    a, b = (np.c_[part[:, some], np.ones(len(part))] for part in (x, asked))
    values = np.unique(y)
    targets = y[:, None] if amounts else (y[:, None] == values).astype(float)
    weights = np.linalg.solve(a.T @ a + 10 * np.eye(a.shape[1]), a.T @ targets)
    scores = b @ weights
    return np.asarray(scores[:, 0] if amounts else values[scores.argmax(axis=1)])


def _nearest(asked: Array, known: Array, *, skip: bool = False) -> tuple[Array, Array]:
    """Return the squared distance to the nearest known row, and its number."""
    apart = (asked**2).sum(1)[:, None] - 2 * asked @ known.T + (known**2).sum(1)
    apart = np.maximum(apart, 0)
    if skip:
        apart[apart < 1e-9 * (known**2).sum(1).max()] = np.inf
    nearest = apart.argmin(axis=1)
    return np.take_along_axis(apart, nearest[:, None], 1)[:, 0], nearest


def forecast(case: Case) -> Iterator[Finding]:
    """Whether the target is the last value again."""
    x, y = case.rows
    if case.task != "amounts" or (y.ndim > 1 and y.shape[-1] != 1) or len(x) < FEW:
        return
    columns = x.reshape(len(x), -1)
    target = y.reshape(-1).astype(float)
    if not target.std() or not np.isfinite(target).all():
        return
    if x.ndim == 3 and x.shape[1] > 2:
        last = x[:, -1, 0].astype(float)
        if last.std() and (r := np.corrcoef(last, target)[0, 1]) > 0.9:
            yield found(
                "no-better-than-copying",
                r,
                f"The target is like the last value of the sequence to {r:.3f} (correlation): to "
                "repeat that value is hard to beat. Compare with it.",
                note=True,
            )
    for i in spread(columns.shape[1], 512)[:512]:
        column = columns[:, i].astype(float)
        if column.std() and x.ndim == 2 and abs(r := np.corrcoef(column, target)[0, 1]) > 0.9999:
            yield found(
                "label-in-input",
                r,
                f"Column {i} of x is the target in other units (correlation {r:.4f}).",
                note=True,
            )
            return


def flat(x: Array) -> Array:
    """Return rows as vectors of at most about 1,000 numbers."""
    rows = x.reshape(len(x), -1)
    return rows[:, :: max(1, -(-rows.shape[1] // 1024))].astype(np.float32)


def classes(y: Array | None) -> Array | None:
    """Return the class of each row, from class numbers or one-hot rows, or nothing."""
    if y is None or not numeric(y) or not len(y):
        return None
    if _one_hot(y):
        return np.asarray(y.argmax(axis=1))
    if y.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1):
        return y.reshape(-1)
    return None


def class_numbers(case: Case, y: Array) -> Array | None:
    """Return the class of each row where labels are classes, not amounts."""
    try:
        if case.task == "amounts" and not _one_hot(y):
            return None
    except UnseenError:
        pass
    labels = classes(y)
    if labels is None or not np.isfinite(labels.astype(float)).all():
        return None
    whole = np.all(labels == np.round(labels))
    return labels if whole and len(np.unique(labels)) <= max(2, len(labels) // 2) else None


def _one_hot(y: Array) -> bool:
    return bool(
        y.ndim == 2
        and y.shape[1] > 1
        and np.isin(y[:500], (0, 1)).all()
        and np.all(y[:500].sum(axis=1) == 1)
    )


def one_hot(y: Array) -> bool:
    """Tell whether each row has a single 1."""
    return _one_hot(y)


def distance(one: Array, other: Array) -> float:
    """Return which share of rows would have to change class, to make two mixes the same."""
    values = np.unique(np.concatenate([one, other]))
    return float(sum(abs(np.mean(one == v) - np.mean(other == v)) for v in values) / 2)


def _sorted(labels: Array) -> int:
    """Return how often sorted labels change, 0 if they are not sorted."""
    if len(labels) < 50:
        return 0
    changes = int(np.sum(labels[1:] != labels[:-1]))
    shares = np.unique(labels, return_counts=True)[1] / len(labels)
    by_luck = len(labels) * (1 - np.sum(shares**2))
    return changes if 0 < changes < 0.2 * by_luck else 0
