"""Checks: a cell below an exercise that says what is missing from the reader's answer.

The exercise's cell has ``...`` where the reader writes. A check is made once, out of the way,
then called twice: below the blank, where it says what to do next and never fails the page, and
in the folded solution with ``strict=True``, where the build makes sure that it passes.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class CheckFailedError(AssertionError):
    """An answer that was expected to pass its check, and does not."""


@dataclass(frozen=True)
class Verdict:
    """What a check says about an answer: one line on a page or in a notebook."""

    passed: bool
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        state, name = ("Done", "done") if self.passed else ("Not yet", "open")
        return {
            "text/plain": f"{state}: {self.text}",
            "text/html": f'<p class="check check-{name}"><span class="check-state">{state}:</span> '
            f"{html.escape(self.text)}</p>",
        }


@dataclass(frozen=True)
class Check:
    """What an answer has to be. Call it with the answer to see the first thing that is missing.

    Args:
        name: What the reader calls the answer: the variable's or function's name.
        conditions: Further conditions, functions of the answer, by the hint that is shown when
            one is not met (or raises): a sentence such as ``Each row should add up to 1.``
        shape: The shape that the answer should have.
        between: The smallest and the largest number that may be in the answer.
        equals: The number or array that the answer should be; it is not told to the reader.
        tolerance: How far from ``equals`` the answer may lie.

    Example:
        >>> check = Check("mean", {"Add up all numbers first.": lambda m: m > 2}, equals=2.5)
        >>> print(check.verdict(...).text)
        mean still has ... in it; write your answer there.
        >>> print(check.verdict(1.5).text)
        mean is 1.5, which is not right.
        >>> check.verdict(2.5).passed
        True
    """

    name: str
    conditions: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    shape: tuple[int, ...] | None = None
    between: tuple[float, float] | None = None
    equals: Any = None
    tolerance: float = 1e-6

    def __call__(self, answer: object, *, strict: bool = False) -> None:
        """Show whether the answer passes, and if not, what to do next.

        Args:
            answer: What the reader wrote.
            strict: Fail the cell if the answer does not pass, as in a solution.

        Raises:
            CheckFailedError: ``strict``, and the answer does not pass.
        """
        from IPython.display import display

        verdict = self.verdict(answer)
        if strict and not verdict.passed:
            raise CheckFailedError(f"the check does not pass: {verdict.text}")
        display(verdict)

    def verdict(self, answer: object) -> Verdict:
        """Return whether the answer passes, with the first thing that is missing."""
        blank = f"{self.name} still has ... in it; write your answer there."
        missing = blank if answer is ... else self._missing(answer)
        if missing and _is_blank(answer):
            missing = blank
        return Verdict(not missing, missing or f"{self.name} passes the check.")

    def _missing(self, answer: Any) -> str | None:
        try:
            builtin = self._wrong_shape(answer) or self._out_of_range(answer) or self._other(answer)
        except (TypeError, ValueError):
            builtin = f"{self.name} should hold numbers; it is {_kind(answer)}."
        if builtin:
            return builtin
        for hint, condition in self.conditions.items():
            try:
                if not np.all(condition(answer)):
                    return hint
            except Exception as error:  # the reader's own function may raise anything
                return f"{hint} (Trying it gave {type(error).__name__}: {error})"
        return None

    def _wrong_shape(self, answer: Any) -> str | None:
        if self.shape is None or np.shape(answer) == self.shape:
            return None
        return f"{self.name} has the shape {np.shape(answer)}; it should have {self.shape}."

    def _out_of_range(self, answer: Any) -> str | None:
        if self.between is None:
            return None
        low, high = np.min(answer), np.max(answer)
        if self.between[0] <= low and high <= self.between[1]:
            return None
        return (
            f"The numbers in {self.name} go from {low:g} to {high:g}; "
            f"they should lie between {self.between[0]:g} and {self.between[1]:g}."
        )

    def _other(self, answer: Any) -> str | None:
        if self.equals is None:
            return None
        if np.shape(answer) != np.shape(self.equals):
            return f"{self.name} has the shape {np.shape(answer)}, which is not right."
        if np.allclose(answer, self.equals, rtol=0, atol=self.tolerance):
            return None
        shown = f"{answer:g}" if np.ndim(answer) == 0 else "there, but some number in it"
        return f"{self.name} is {shown}, which is not right."


def _is_blank(answer: Any) -> bool:
    """Tell whether there is still an ``...`` where the answer should be, in a function too."""
    if isinstance(answer, list | tuple):
        return any(item is ... for item in answer)
    code = getattr(answer, "__code__", None)
    return answer is ... or (code is not None and ... in code.co_consts)


def _kind(answer: object) -> str:
    return "None" if answer is None else f"a {type(answer).__name__}"
