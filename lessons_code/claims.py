"""Claims and facts: what the book says, checked at every build.

A :func:`claim` says what training did, a :func:`fact` what counting or algebra gives whatever
was trained. The book's evidence (``make evidence``) holds each to its kind.
"""

from __future__ import annotations

import html
import math
import os
from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal["claim", "fact"]
Limits = dict[str, float | list[float]]

# set while evidence is collected: what does not hold is noted, and the cell goes on
RECORD_VARIABLE = "BOOKTOOLS_CLAIMS"
CLAIM_MIME = "application/vnd.booktools.claim+json"


class ClaimFailedError(AssertionError):
    """A claim or a fact whose value lies outside its bound."""


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
        kind: ``claim``, what training did, or ``fact``, what holds whatever was trained.
        of: On how many examples the value is a share, if it is one.
    """

    text: str
    value: float
    bound: str
    holds: bool
    limits: Limits
    kind: Kind = "claim"
    of: int | None = None

    @property
    def shown(self) -> str:
        """The value for readers."""
        if self.of and math.isfinite(self.value):
            return show_share(self.value, self.of)
        return show_number(self.value)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        state = "holds" if self.holds else "fails"
        label = f"{self.kind.capitalize()} {state}"
        classes = f"claim claim-{state}" + (" claim-fact" if self.kind == "fact" else "")
        markup = (
            f'<p class="{classes}">'
            f'<span class="claim-state">{label}</span> '
            f'<span class="claim-text">{html.escape(self.text)}</span> '
            f'<span class="claim-value">{self.shown}</span> '
            f'<span class="claim-bound">{html.escape(self.bound)}</span></p>'
        )
        finite = self.value if math.isfinite(self.value) else None  # JSON has no other numbers
        return {
            "text/plain": f"{label}: {self.text}: {self.shown} ({self.bound})",
            "text/html": markup,
            CLAIM_MIME: asdict(self) | {"value": finite, "shown": self.shown},
        }


def show_number(value: float) -> str:
    """Return ``value`` for readers: whole numbers with separators, others with three digits."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.3g}" if abs(value) < 999.5 else f"{value:,.0f}"


def show_bound(value: float) -> str:
    """Return a bound for readers: as it was given, up to six digits."""
    return show_number(value) if float(value).is_integer() else f"{value:.6g}"


def show_share(value: float, of: int) -> str:
    """Return a share of ``of`` examples for readers: the digits that mean something, the count.

    Luck moves a share by about ``0.5 / sqrt(of)``: below ten thousand examples, the third
    digit says nothing.
    """
    count = round(value * of)
    if abs(value * of - count) > 0.01:
        raise ValueError(f"claim: {value} is not a share of {of} examples, times {of} is not whole")
    digits = 2 if of < 10_000 else 3
    return f"{value:.{digits}f} ({count:,} of {of:,})"


def claim(
    text: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    between: tuple[float, float] | None = None,
    equals: float | None = None,
    tolerance: float = 0.0,
    of: int | None = None,
) -> None:
    """Show what training did, with its measured value, and fail if that breaks the bound.

    Args:
        text: What the book says, as a sentence without its final full stop.
        value: The measured number, a scalar. ``True`` and ``False`` count as 1 and 0.
        at_least: The smallest value that keeps the claim.
        at_most: The largest value that keeps the claim.
        between: The smallest and the largest value that keep the claim.
        equals: The value that the claim names.
        tolerance: How far from ``equals`` the value may lie.
        of: On how many examples the value is a share (or a difference of two); the reader is
            shown the count.

    Raises:
        ClaimFailedError: The value breaks the bound, or is not a finite number.
        ValueError: The text is empty, not exactly one bound was given, or the value is no
            share of ``of`` examples.
        TypeError: The value is not a scalar.

    Example:
        >>> claim("Two of three heads", 2 / 3, at_least=0.6, of=3)
        Claim holds: Two of three heads: 0.67 (2 of 3) (at least 0.6)
    """
    _judge("claim", text, value, of, _bound(at_least, at_most, between, equals, tolerance))


def fact(
    text: str,
    value: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    between: tuple[float, float] | None = None,
    equals: float | None = None,
    tolerance: float = 0.0,
    of: int | None = None,
) -> None:
    """Show what counting or algebra gives whatever was trained, and fail if it does not hold.

    Arguments and errors are those of :func:`claim`.

    Example:
        >>> fact("Ways to label four points", 2**4, equals=16)
        Fact holds: Ways to label four points: 16 (exactly 16)
    """
    _judge("fact", text, value, of, _bound(at_least, at_most, between, equals, tolerance))


def _judge(
    kind: Kind, text: str, value: float, of: int | None, bound: tuple[str, Limits, float, float]
) -> None:
    if of is not None and of < 1:
        raise ValueError(f"{kind}: of={of} is no number of examples")
    if not text.strip():
        raise ValueError(f"{kind}: say in words what is stated, as its first argument")
    number = _scalar(value)
    words, limits, low, high = bound
    holds = math.isfinite(number) and low <= number <= high
    result = Claim(text, number, words, holds, limits, kind, of)
    _ = result.shown  # a share that is none is refused before anything is shown
    _display(result)
    if not holds and os.environ.get(RECORD_VARIABLE) != "record":
        raise ClaimFailedError(
            f'The {kind} "{text}" does not hold: the value is {number:.6g}, it should be {words}. '
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
) -> tuple[str, Limits, float, float]:
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
    limits: Limits = {"equals": target, "tolerance": tolerance}
    return words, limits, target - tolerance, target + tolerance


def _display(result: Claim) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is not None:
        display(result)
    else:
        print(result._repr_mimebundle_()["text/plain"])
