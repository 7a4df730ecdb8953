"""Which option of a prediction is right, decided by the value of a claim or a fact."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence

HOLDS = "holds"  # the option that says what the claim says; the others have no condition
FORMS = f"`>= x`, `> x`, `<= x`, `< x`, `= x`, `x to y`, or `{HOLDS}` for one option alone"
_NUMBER = r"([+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)"
_RANGE = re.compile(rf"{_NUMBER} to {_NUMBER}")
_SIGNED = re.compile(rf"(>=|>|<=|<|=) ?{_NUMBER}")
_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
    "=": lambda value, target: math.isclose(value, target, rel_tol=1e-9, abs_tol=1e-12),
}


class UndecidedError(ValueError):
    """Conditions that do not say which option is right; the message ends with the remedy."""


def read(condition: str) -> Callable[[float], bool] | None:
    """Return the test that a condition means; ``None`` if it means none."""
    if match := _RANGE.fullmatch(condition.strip()):
        low, high = _number(match[1]), _number(match[2])
        return (lambda value: low <= value <= high) if low < high else None
    if match := _SIGNED.fullmatch(condition.strip()):
        compare, target = _SIGNS[match[1]], _number(match[2])
        return lambda value: compare(value, target)
    return None


def check(conditions: Sequence[str]) -> None:
    """Check that conditions can be read, whatever the value will be.

    Args:
        conditions: One for each option; empty where an option has none.

    Raises:
        UndecidedError: One cannot be read, or ``holds`` does not stand alone.
    """
    if HOLDS in conditions:
        if [one for one in conditions if one] != [HOLDS]:
            raise UndecidedError(
                f"`{HOLDS}` stands beside other conditions. Remedy: one option alone has it, and "
                "the others have no condition."
            )
        return
    for condition in conditions:
        if read(condition) is None:
            shown = f"`{condition}`" if condition else "no condition"
            raise UndecidedError(
                f"an option begins with {shown}, which cannot be read. Remedy: {FORMS}."
            )


def right_option(conditions: Sequence[str], value: float | None, *, holds: bool = True) -> int:
    """Return which option is right, counted from 0.

    Args:
        conditions: One for each option; empty where an option has none.
        value: The value of the claim; ``None`` if it is no finite number.
        holds: Whether the claim holds.

    Raises:
        UndecidedError: As for :func:`check`; or not exactly one option fits the value.
    """
    check(conditions)
    if HOLDS in conditions:
        fits = [n for n, one in enumerate(conditions) if one == HOLDS and holds]
    else:
        tests = [read(condition) for condition in conditions]
        fits = [n for n, fit in enumerate(tests) if value is not None and fit and fit(value)]
    if len(fits) != 1:
        many = f"{len(fits)} options" if fits else "no option"
        shown = "not finite" if value is None else f"{value:.6g}"
        raise UndecidedError(
            f"{many} fit the value, which is {shown}. Remedy: mend the conditions, so that "
            "exactly one fits whatever the run gives."
        )
    return fits[0]


def _number(text: str) -> float:
    return float(text.replace(",", ""))
