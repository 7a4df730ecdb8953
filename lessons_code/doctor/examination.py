"""All looks, one after the other."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from lessons_code.doctor import answers, match, network, rows, trial
from lessons_code.doctor.case import Array, Case, UnseenError, numeric, stride, to_array
from lessons_code.doctor.report import PAGE, Finding, Report, assemble, found

Look = Callable[[Case], Iterator[Finding]]


class Seen(NamedTuple):
    """Rows that a network was about to be trained on."""

    steps: int
    x: Array


# which rows a network met at earlier examinations, as long as it exists
_MEMORY: WeakKeyDictionary[Any, list[Seen]] = WeakKeyDictionary()


def looks(paper: trial.Paper) -> dict[str, Look]:
    """Return all looks by what they look at, in the words of the report."""
    return {
        "the numbers in x and y": rows.numbers,
        "how far rows differ": rows.variety,
        "compile": match.ready,
        "axes": match.axes,
        "labels, loss and last layer": match.answers,
        "probabilities": match.softmax,
        "metrics": match.metrics,
        "numbers of pieces": match.tokens,
        "the balance of classes": rows.balance,
        "the order of the rows": rows.order,
        "rows on both sides of the split": rows.both_sides,
        "the scaler": rows.scaler,
        "preprocessing of new rows": rows.preprocessing,
        "labels beside neighbors": rows.relation,
        "targets beside inputs": rows.forecast,
        "activations": network.activations,
        "the width of layers": match.narrow,
        "dropout": network.regularizers,
        "frozen layers": network.frozen,
        "weights": network.weights,
        "the loss at the start": network.start,
        "dead units": network.units,
        "step size beside weight size": lambda case: trial.rate(case, paper),
        "the scale of the input": lambda case: trial.scale(case, paper),
        "the scale of the target": lambda case: trial.target(case, paper),
        "slopes from layer to layer": lambda case: trial.slopes(case, paper),
        "penalties": lambda case: trial.penalty(case, paper),
        "earlier training": answers.earlier,
        "rows of earlier trainings": earlier_rows,
        "BatchNormalization in training and in use": network.lag,
        "constant answers": answers.constant,
        "loss after training": answers.learned,
        "the gap to validation": answers.validated,
        "your answers": answers.own_answers,
    }


def examine(
    model: Any,
    x: Any = None,
    y: Any = None,
    *,
    validation: Any = None,
    use: Any = None,
    answers: Any = None,
    page: str = PAGE,
) -> Report:
    """Look for what commonly keeps a network from learning, and change nothing.

    Call it before ``fit``, with what ``fit`` will get, or afterwards. It takes at most about
    two seconds: of large arrays it looks at evenly spaced rows, and says so.

    Args:
        model: A Keras model, built and compiled; of others it says what it could not look at.
        x: Training inputs, shape ``(n, ...)``.
        y: Their labels, shape ``(n,)``, ``(n, 1)`` or ``(n, k)``.
        validation: Rows that are held back, ``(x_val, y_val)``, or, as ``validation_split``, the
            share of the last rows.
        use: Inputs for which the network will be used, shape ``(m, ...)``: they should look like
            ``x``.
        answers: What you made of ``model.predict(x)``: a class number for each row.
        page: Where the links of the findings lead.

    Returns:
        The report: its findings, the surest first, what was looked at, and what could not be.

    Raises:
        ValueError: ``validation`` is neither a pair nor a share between 0 and 1.

    Example:
        >>> from lessons_code import doctor
        >>> print(doctor.examine(None, [[0.0]], [1, 2]))  # doctest: +ELLIPSIS
        One alarm, the surest first.
        1. x has 1 rows and y has 2.
        ...

    Source:
        The ranking follows Islam et al., *A comprehensive study on deep learning bug
        characteristics* (2019), https://arxiv.org/abs/1906.01388, and the idea Schoop et al.,
        *UMLAUT: debugging deep learning programs using program structure and model behavior*
        (2021), https://doi.org/10.1145/3411764.3445538.
    """
    with untouched():
        unseen: list[tuple[str, str]] = []
        case = gather(model, x, y, validation, use, answers, unseen)
        findings, looked = look_at(case, unseen)
        remember(case)
        return assemble(findings, looked, unseen, page)


def gather(
    model: Any,
    x: Any,
    y: Any,
    validation: Any,
    use: Any,
    answers: Any,
    unseen: list[tuple[str, str]],
) -> Case:
    """Return the case, and note what could not be read."""
    given = {"x": x, "y": y, "use": use, "answers": answers}
    split: float | None = None
    if isinstance(validation, float | int) and not isinstance(validation, bool):
        split = float(validation)
        if not 0 < split < 1:
            raise ValueError(f"validation: a share lies between 0 and 1, it is {validation}")
    elif isinstance(validation, tuple | list):
        if len(validation) not in (2, 3):
            raise ValueError(
                f"validation: give a pair (x_val, y_val) or a share; it has {len(validation)} parts"
            )
        given |= {"x_val": validation[0], "y_val": validation[1]}
    elif validation is not None:
        given["x_val"] = validation if not hasattr(validation, "shape") else None
        if given["x_val"] is None:
            raise ValueError("validation: give a pair (x_val, y_val) or a share, not one array")
    arrays: dict[str, Array | None] = {}
    for name, value in given.items():
        try:
            arrays[name] = to_array(value, name)
        except UnseenError as why:
            arrays[name] = None
            unseen.append((name, str(why)))
            continue
        every = stride(value.shape) if isinstance(value, np.ndarray) and value.ndim else 1
        if every > 1:
            unseen.append((f"all rows of {name}", f"one in {every} of {len(value):,} was taken"))
    known = ("x", "y", "x_val", "y_val")
    x, y, x_val, y_val = (arrays.get(name) for name in known)
    return Case(model, x, y, x_val, y_val, split, arrays["use"], arrays["answers"])


def look_at(
    case: Case, unseen: list[tuple[str, str]], only: frozenset[str] | None = None
) -> tuple[list[Finding], list[str]]:
    """Return what all looks find, and what was looked at."""
    findings: list[Finding] = []
    looked: list[str] = []
    for name, look in looks(trial.Paper(case)).items():
        if only is not None and name not in only:
            continue
        try:
            findings += look(case)
            looked.append(name)
        except UnseenError as why:
            unseen.append((name, str(why)))
        except Exception as error:  # a network may be anything; what is broken fails fit as well
            text = str(error).strip().splitlines() or [""]
            unseen.append((name, f"{type(error).__name__}: {text[0][:120]}"))
    return findings, looked


@contextmanager
def untouched() -> Iterator[None]:
    """Leave random numbers as they are, and warnings to the training."""
    state = np.random.get_state(), random.getstate()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(state[0])
        random.setstate(state[1])


def remember(case: Case) -> None:
    """Keep in mind which rows the network is about to be trained on."""
    if case.x is None or not numeric(case.x) or not getattr(case.model, "built", False):
        return
    if case.x.ndim < 2 or not case.x.size or case.x.nbytes > 500_000_000:
        return
    train = case.parts[0] if case.split is not None else case.x
    known = _MEMORY.setdefault(case.model, [])
    if not known or known[-1].steps != case.steps:
        known.append(Seen(case.steps, rows.fingerprints(train, train[:1])[0]))


def earlier_rows(case: Case) -> Iterator[Finding]:
    """Whether validation rows were training rows when this network was trained before."""
    try:
        known = [seen for seen in _MEMORY.get(case.model, []) if seen.steps < case.steps]
    except TypeError:  # no network at all
        return
    if not known:
        return
    x, _, held, _ = case.parts
    mine, new = rows.fingerprints(x, held)
    before = np.isin(new, np.concatenate([seen.x for seen in known])) & ~np.isin(new, mine)
    if before.mean() > 0.02:
        yield found(
            "fit-continues",
            before.mean(),
            f"{int(before.sum()):,} of {len(new):,} validation rows were training rows of an "
            f"earlier fit of this same network, which has taken {case.steps:,} steps. Its score "
            "on them is no score on new rows.",
        )
