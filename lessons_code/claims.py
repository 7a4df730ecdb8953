"""Claims: what the book says about a network, checked at every build."""

from __future__ import annotations

import html
import math
from dataclasses import asdict, dataclass

CLAIM_MIME = "application/vnd.lessons-code.claim+json"


class ClaimFailedError(AssertionError):
    """A claim whose value lies outside its bound."""


@dataclass(frozen=True)
class Claim:
    """A statement, the value that was computed for it, and the bound it has to keep.

    In a notebook it displays as one quiet line. Beside the line, the output carries
    the same facts as JSON (MIME type ``CLAIM_MIME``), which the build collects.

    Attributes:
        text: The statement, a sentence without its final full stop.
        value: The computed number.
        bound: The bound in words, such as ``at least 0.97``.
        holds: Whether the value keeps the bound.
        limits: The bound as given to :func:`claim`, for machines.
    """

    text: str
    value: float
    bound: str
    holds: bool
    limits: dict[str, float | list[float]]

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        state = "holds" if self.holds else "fails"
        line = f"{self.text}: {show_number(self.value)} ({self.bound})"
        markup = (
            f'<p class="claim claim-{state}"><span class="claim-state">Claim {state}</span> '
            f'<span class="claim-text">{html.escape(self.text)}</span> '
            f'<span class="claim-value">{show_number(self.value)}</span> '
            f'<span class="claim-bound">{html.escape(self.bound)}</span></p>'
        )
        finite = self.value if math.isfinite(self.value) else None  # JSON has no other numbers
        return {
            "text/plain": f"Claim {state}: {line}",
            "text/html": markup,
            CLAIM_MIME: asdict(self) | {"value": finite, "shown": show_number(self.value)},
        }


def show_number(value: float) -> str:
    """Return ``value`` for readers: whole numbers with separators, others with three digits."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"


def show_bound(value: float) -> str:
    """Return a bound for readers: as it was given, up to six digits."""
    return show_number(value) if float(value).is_integer() else f"{value:.6g}"


def claim(
    text: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    between: tuple[float, float] | None = None,
    equals: float | None = None,
    tolerance: float = 0.0,
) -> None:
    """Show a statement with its measured value, and fail if the value breaks the bound.

    Args:
        text: What the book says, as a sentence without its final full stop.
        value: The measured number, a scalar. ``True`` and ``False`` count as 1 and 0.
        at_least: The smallest value that keeps the claim.
        at_most: The largest value that keeps the claim.
        between: The smallest and the largest value that keep the claim.
        equals: The value that the claim names.
        tolerance: How far from ``equals`` the value may lie.

    Raises:
        ClaimFailedError: The value breaks the bound, or is not a finite number.
        ValueError: The text is empty, or not exactly one bound was given.
        TypeError: The value is not a scalar.

    Example:
        >>> claim("Two of three heads", 2 / 3, at_least=0.6)  # doctest: +SKIP
    """
    if not text.strip():
        raise ValueError("claim: say in words what is claimed, as its first argument")
    number = _scalar(value)
    bound, limits, low, high = _bound(at_least, at_most, between, equals, tolerance)
    holds = math.isfinite(number) and low <= number <= high
    _display(Claim(text, number, bound, holds, limits))
    if not holds:
        raise ClaimFailedError(
            f'The claim "{text}" does not hold: the value is {number:.6g}, it should be {bound}. '
            "Either the lesson is broken or the text says too much: mend one of them."
        )


def _scalar(value: float) -> float:
    try:
        if isinstance(value, str):
            raise TypeError("a string")
        return float(value)
    except (TypeError, ValueError) as error:
        shape = getattr(value, "shape", None)
        kind = f"an array of shape {shape}" if shape is not None else repr(value)
        raise TypeError(f"claim: the value must be one number, not {kind}") from error


def _bound(
    at_least: float | None,
    at_most: float | None,
    between: tuple[float, float] | None,
    equals: float | None,
    tolerance: float,
) -> tuple[str, dict[str, float | list[float]], float, float]:
    """Return the bound in words, as given, and as the interval that it allows."""
    given = [bound for bound in (at_least, at_most, between, equals) if bound is not None]
    if len(given) != 1:
        raise ValueError(
            "claim: give exactly one bound: at_least, at_most, between or equals "
            f"({len(given)} were given)"
        )
    if tolerance < 0 or (tolerance and equals is None):
        raise ValueError("claim: tolerance is zero or more, and goes with equals only")
    if at_least is not None:
        low = float(at_least)
        return f"at least {show_bound(low)}", {"at_least": low}, low, math.inf
    if at_most is not None:
        high = float(at_most)
        return f"at most {show_bound(high)}", {"at_most": high}, -math.inf, high
    if between is not None:
        low, high = map(float, between)
        if low > high:
            raise ValueError(f"claim: between=({low}, {high}) is empty; give the smaller first")
        words = f"between {show_bound(low)} and {show_bound(high)}"
        return words, {"between": [low, high]}, low, high
    assert equals is not None
    target, tolerance = float(equals), float(tolerance)
    words = f"exactly {show_bound(target)}"
    if tolerance:
        words = f"{show_bound(target)} to within {show_bound(tolerance)}"
    limits: dict[str, float | list[float]] = {"equals": target, "tolerance": tolerance}
    return words, limits, target - tolerance, target + tolerance


def _display(result: Claim) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is not None:
        display(result)
    else:
        print(result._repr_mimebundle_()["text/plain"])
