"""Checks: they say kindly what is missing, never fail a blank, and fail a wrong solution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lessons_code.checks import Check, CheckFailedError


def halve(x: Any) -> Any:
    return x / 2


def unfinished(x: Any) -> Any:
    return ...


def raising(x: Any) -> Any:
    raise NameError("name 'pixels' is not defined")


PIXELS = Check("x_train", shape=(2, 3), between=(0, 1))
FUNCTION = Check("halve", {"halve(8) should be 4.": lambda f: f(8) == 4})


def says(check: Check, answer: object) -> str:
    verdict = check.verdict(answer)
    assert not verdict.passed
    return verdict.text


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (PIXELS, np.zeros((2, 3))),
        (PIXELS, [[0, 1, 0], [0.5, 1, 0]]),
        (FUNCTION, halve),
        (Check("steps", equals=32), 32),
        (Check("share", equals=1 / 3, tolerance=0.01), 0.33),
        (Check("bits", equals=[1, 0]), np.array([1, 0])),
        (Check("word", {"Too short.": lambda word: len(word) > 2}), "shirt"),
    ],
)
def test_a_right_answer_is_done(check: Check, answer: object, displayed: list[Any]) -> None:
    check(answer)
    check(answer, strict=True)
    for shown in displayed:
        assert shown._repr_mimebundle_()["text/plain"] == f"Done: {check.name} passes the check."


@pytest.mark.parametrize(
    ("check", "answer"),
    [(PIXELS, ...), (FUNCTION, unfinished), (Check("pair", equals=[1, 2]), [1, ...])],
)
def test_a_blank_is_told_to_be_one_and_fails_nothing(
    check: Check, answer: object, displayed: list[Any]
) -> None:
    check(answer)
    text = displayed.pop()._repr_mimebundle_()["text/plain"]
    assert text == f"Not yet: {check.name} still has ... in it; write your answer there."
    with pytest.raises(CheckFailedError, match="still has"):
        check(answer, strict=True)
    assert not displayed


def test_the_first_thing_that_is_missing_is_told() -> None:
    assert (
        says(PIXELS, np.full((3, 2), 255)) == "x_train has the shape (3, 2); it should have (2, 3)."
    )
    assert "go from 0 to 255; they should lie between 0 and 1" in says(
        PIXELS, np.array([[0, 255, 1]] * 2)
    )
    assert says(FUNCTION, abs) == "halve(8) should be 4."


def test_numbers_that_are_none_are_out_of_range() -> None:
    assert "nan" in says(PIXELS, np.full((2, 3), np.nan))


@pytest.mark.parametrize("answer", [None, "shirt", {}])
def test_what_holds_no_numbers_is_named(answer: object) -> None:
    assert "should hold numbers" in says(Check("steps", between=(0, 1)), answer)


def test_the_right_number_is_not_given_away() -> None:
    assert says(Check("steps", equals=32), 320) == "steps is 320, which is not right."
    assert "32" not in says(Check("steps", equals=[32, 1]), [0, 1])
    assert "32" not in says(Check("steps", equals=[32, 1]), [0, 1, 2])


def test_what_a_function_raised_is_told_with_the_hint() -> None:
    text = says(FUNCTION, raising)
    assert text == "halve(8) should be 4. (Trying it gave NameError: name 'pixels' is not defined)"


def test_a_condition_on_an_array_has_to_hold_everywhere() -> None:
    positive = Check("w", {"All weights should be positive.": lambda w: w > 0})
    assert positive.verdict(np.array([1, 2])).passed
    assert not positive.verdict(np.array([1, -2])).passed


@pytest.mark.parametrize("answer", [np.zeros((3, 3)), np.full((2, 3), 7)])
def test_a_wrong_solution_fails_its_cell(answer: object) -> None:
    with pytest.raises(AssertionError, match="x_train"):
        PIXELS(answer, strict=True)


def test_words_are_escaped_on_a_page() -> None:
    shown = Check("a", {"It should be < 1 & > 0.": lambda a: a < 1}).verdict(2)
    page = shown._repr_mimebundle_()["text/html"]
    assert "&lt; 1 &amp; &gt; 0" in page
    assert 'class="check check-open"' in page
    assert "style=" not in page


def test_a_function_that_indexes_with_dots_is_not_blank() -> None:
    first: Callable[[Any], Any] = lambda x: x[..., 0]  # noqa: E731
    check = Check("first", {"first(x) should be the first column.": lambda f: f(np.eye(2))[1] == 0})
    assert check.verdict(first).passed
