"""Claims: a bound that is broken must break the build, and the page must say what happened."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons_code import claim, claims, fact
from lessons_code.claims import CLAIM_MIME, Claim, ClaimFailedError, show_number

TEXT = "Two of three heads"


def above(number: float) -> float:
    return math.nextafter(number, math.inf)


def below(number: float) -> float:
    return math.nextafter(number, -math.inf)


# bound, its words, its limits for machines, values that keep it, values that break it
BOUNDS: dict[str, tuple[dict[str, Any], str, dict[str, Any], list[float], list[float]]] = {
    "at_least": (
        {"at_least": 0.5},
        "at least 0.5",
        {"at_least": 0.5},
        [0.5, above(0.5), 1, 1e300],
        [below(0.5), 0, -0.5, -1e300],
    ),
    "at_least zero": ({"at_least": 0}, "at least 0", {"at_least": 0}, [0, -0.0, 5e-324], [-5e-324]),
    "at_most": (
        {"at_most": 0.5},
        "at most 0.5",
        {"at_most": 0.5},
        [0.5, below(0.5), 0, -1e300],
        [above(0.5), 1, 1e300],
    ),
    "at_most zero": ({"at_most": 0.0}, "at most 0", {"at_most": 0.0}, [0, -1], [5e-324]),
    "between": (
        {"between": (0.25, 0.75)},
        "between 0.25 and 0.75",
        {"between": [0.25, 0.75]},
        [0.25, above(0.25), 0.5, below(0.75), 0.75],
        [below(0.25), above(0.75), -0.5, 0, 1],
    ),
    "between one point": (
        {"between": (-2, -2)},
        "between -2 and -2",
        {"between": [-2, -2]},
        [-2],
        [above(-2), below(-2), 2],
    ),
    "equals": (
        {"equals": 1234},
        "exactly 1,234",
        {"equals": 1234, "tolerance": 0.0},
        [1234, 1234.0],
        [above(1234), below(1234), -1234, 0],
    ),
    "equals zero": (
        {"equals": 0},
        "exactly 0",
        {"equals": 0, "tolerance": 0.0},
        [0, -0.0],
        [5e-324, -5e-324, 1],
    ),
    "tolerance": (
        {"equals": 0.5, "tolerance": 0.25},
        "0.5 to within 0.25",
        {"equals": 0.5, "tolerance": 0.25},
        [0.25, 0.5, 0.75],
        [below(0.25), above(0.75), 0, 1],
    ),
}
UNBOUNDED: list[dict[str, Any]] = [
    {"at_least": -math.inf},
    {"at_most": math.inf},
    {"between": (-math.inf, math.inf)},
    {"equals": 0, "tolerance": math.inf},
]
every_bound = pytest.mark.parametrize("kind", BOUNDS)


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> list[Claim]:
    """The claims that were shown during the test."""
    shown: list[Claim] = []
    monkeypatch.setattr("lessons_code.claims._display", shown.append)
    return shown


def judge(value: Any, **bound: Any) -> Claim:
    """Make a claim, and return what it showed; it must raise exactly when it does not hold."""
    shown: list[Claim] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lessons_code.claims._display", shown.append)
        try:
            claim(TEXT, value, **bound)
        except ClaimFailedError:
            failed = True
        else:
            failed = False
    (result,) = shown
    assert result.holds == (not failed)
    return result


# bounds


@every_bound
def test_values_up_to_the_edge_keep_the_bound(kind: str) -> None:
    bound, _, _, kept, _ = BOUNDS[kind]
    for value in kept:
        assert judge(value, **bound).holds, value


@every_bound
def test_values_beyond_the_edge_break_the_bound(kind: str) -> None:
    bound, _, _, _, broken = BOUNDS[kind]
    for value in broken:
        assert not judge(value, **bound).holds, value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32("nan"), np.inf])
@pytest.mark.parametrize("bound", [case[0] for case in BOUNDS.values()] + UNBOUNDED, ids=str)
def test_a_value_that_is_not_finite_breaks_every_bound(value: float, bound: dict[str, Any]) -> None:
    assert not judge(value, **bound).holds


@pytest.mark.parametrize(
    "bound", [{"at_least": math.nan}, {"at_most": math.nan}, {"equals": math.nan}], ids=str
)
def test_a_bound_that_is_not_a_number_is_kept_by_nothing(bound: dict[str, Any]) -> None:
    assert not judge(0.5, **bound).holds


FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(FINITE, FINITE)
def test_one_sided_bounds_agree_with_exact_fractions(value: float, bound: float) -> None:
    assert judge(value, at_least=bound).holds == (Fraction(value) >= Fraction(bound))
    assert judge(value, at_most=bound).holds == (Fraction(value) <= Fraction(bound))
    assert judge(value, equals=bound).holds == (Fraction(value) == Fraction(bound))


@given(st.integers(-20, 20), st.integers(-20, 20), st.integers(0, 20))
def test_two_sided_bounds_agree_with_exact_fractions(value: int, middle: int, width: int) -> None:
    inside = abs(Fraction(value) - middle) <= width
    assert judge(value, equals=middle, tolerance=width).holds == inside
    assert judge(value, between=(middle - width, middle + width)).holds == inside


# values


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (True, 1.0),
        (False, 0.0),
        (np.True_, 1.0),
        (np.False_, 0.0),
        (1, 1.0),
        (np.int64(-3), -3.0),
        (np.uint8(200), 200.0),
        (np.float32(0.25), 0.25),
        (np.float64(0.25), 0.25),
        (np.mean([0.0, 0.5]), 0.25),
        (np.array(0.25), 0.25),
        (Fraction(1, 4), 0.25),
    ],
    ids=repr,
)
def test_every_kind_of_scalar_becomes_a_plain_float(value: Any, number: float) -> None:
    result = judge(value, equals=number)
    assert type(result.value) is float
    assert result.value == number
    assert result.holds
    assert not judge(value, equals=number + 1).holds


def test_the_value_of_a_keras_computation_is_a_scalar() -> None:
    import keras

    assert judge(keras.ops.mean(keras.ops.ones((3,))), equals=1).value == 1.0


@pytest.mark.parametrize("shape", [(1,), (2,), (0,), (2, 3), (1, 1)])
def test_an_array_is_refused_with_its_shape(results: list[Claim], shape: tuple[int, ...]) -> None:
    with pytest.raises(TypeError) as caught:
        claim(TEXT, np.ones(shape), at_least=0)  # type: ignore[arg-type]
    assert f"array of shape {shape}" in str(caught.value)
    assert not results


@pytest.mark.parametrize("value", [None, "many", [0.5], {}, 1j])
def test_anything_else_that_is_not_a_number_is_refused_by_name(
    results: list[Claim], value: Any
) -> None:
    with pytest.raises(TypeError) as caught:
        claim(TEXT, value, at_least=0)
    assert repr(value) in str(caught.value)
    assert not results


# misuse


@pytest.mark.parametrize(
    ("bounds", "number"),
    [
        ({}, 0),
        ({"at_least": 0, "at_most": 1}, 2),
        ({"at_least": 0, "equals": 0}, 2),
        ({"at_most": 0, "between": (0, 1)}, 2),
        ({"at_least": 0, "at_most": 0, "between": (0, 0), "equals": 0}, 4),
    ],
)
def test_anything_but_one_bound_is_refused_with_their_number(
    results: list[Claim], bounds: dict[str, Any], number: int
) -> None:
    with pytest.raises(ValueError, match=rf"exactly one bound.*\({number} were given\)"):
        claim(TEXT, 0, **bounds)
    assert not results


@pytest.mark.parametrize(
    ("bounds", "word"),
    [
        ({"equals": 0, "tolerance": -0.1}, "tolerance"),
        ({"at_least": 0, "tolerance": 0.1}, "tolerance"),
        ({"between": (0, 1), "tolerance": 0.1}, "tolerance"),
        ({"between": (1, 0)}, "smaller first"),
        ({"between": (0, 1, 2)}, "unpack"),
    ],
    ids=str,
)
def test_a_bound_that_makes_no_sense_is_refused(
    results: list[Claim], bounds: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        claim(TEXT, 0, **bounds)
    assert not results


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_claim_without_words_is_refused(results: list[Claim], text: str) -> None:
    with pytest.raises(ValueError, match="say in words"):
        claim(text, 1, equals=1)
    assert not results


# what is said


@every_bound
def test_the_message_of_a_failure_holds_text_value_and_bound(
    results: list[Claim], kind: str
) -> None:
    bound, words, *_ = BOUNDS[kind]
    with pytest.raises(ClaimFailedError) as caught:
        claim(TEXT, -98.7654, **bound) if "most" not in kind else claim(TEXT, 98.7654, **bound)
    assert isinstance(caught.value, AssertionError)
    message = str(caught.value)
    assert f'"{TEXT}"' in message
    assert "98.7654" in message
    assert words in message
    assert len(results) == 1


@every_bound
@pytest.mark.parametrize("holds", [True, False])
def test_the_bundle_carries_the_facts_as_json_whether_it_holds_or_not(
    kind: str, holds: bool
) -> None:
    bound, words, limits, kept, broken = BOUNDS[kind]
    value = (kept if holds else broken)[0]
    bundle = judge(value, **bound)._repr_mimebundle_()
    assert json.loads(json.dumps(bundle[CLAIM_MIME])) == {
        "text": TEXT,
        "value": value,
        "bound": words,
        "holds": holds,
        "limits": limits,
        "kind": "claim",
        "of": None,
        "shown": show_number(value),
    }


def test_the_bundle_of_a_numpy_value_is_json() -> None:
    facts = judge(np.float32(0.5), at_least=0.25)._repr_mimebundle_()[CLAIM_MIME]
    assert json.loads(json.dumps(facts))["value"] == 0.5


@pytest.mark.parametrize(("value", "state"), [(0.75, "holds"), (0.25, "fails")])
def test_the_bundle_says_in_words_whether_the_claim_holds(value: float, state: str) -> None:
    bundle = judge(value, at_least=0.5)._repr_mimebundle_()
    assert bundle["text/plain"] == f"Claim {state}: {TEXT}: {value} (at least 0.5)"
    page = Page(bundle["text/html"])
    assert page.text == f"Claim {state} {TEXT} {value} at least 0.5"
    assert page.classes[0] == f"claim claim-{state}"


class Page(HTMLParser):
    """The tags, classes and text of a piece of HTML, as a browser reads it."""

    def __init__(self, markup: object) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.classes: list[str] = []
        self.text = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.classes.append(dict(attrs).get("class") or "")

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(st.sampled_from("ab<>&\"';/ =!-"), min_size=1).filter(str.strip))
def test_text_reaches_the_page_as_text_and_never_as_markup(text: str) -> None:
    shown = Page(Claim(text, 1.0, "at <b>least</b> 0", True, {})._repr_mimebundle_()["text/html"])
    assert shown.tags == ["p", "span", "span", "span", "span"]
    assert shown.text == f"Claim holds {text} 1 at <b>least</b> 0"


# how it is shown


def test_a_notebook_displays_the_claim_before_a_failure_is_raised(
    displayed: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("IPython.core.getipython.get_ipython", SimpleNamespace)
    with pytest.raises(ClaimFailedError):
        claim(TEXT, 0.25, at_least=0.5)
    claim(TEXT, 0.75, at_least=0.5)
    assert [result.holds for result in displayed] == [False, True]


def test_ipython_finds_all_three_formats_in_a_claim() -> None:
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(Claim(TEXT, 0.5, "at least 0", True, {"at_least": 0}))
    assert {"text/plain", "text/html", CLAIM_MIME} <= set(data)
    assert data[CLAIM_MIME]["text"] == TEXT


def test_a_script_prints_the_claim_as_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    claim(TEXT, 2 / 3, at_least=0.6)
    assert capsys.readouterr().out == f"Claim holds: {TEXT}: 0.667 (at least 0.6)\n"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (-0.0, "0"),
        (7, "7"),
        (1000, "1,000"),
        (-1234567.0, "-1,234,567"),
        (True, "1"),
        (0.5, "0.5"),
        (0.98765, "0.988"),
        (-0.98765, "-0.988"),
        (12.345, "12.3"),
        (999.4, "999"),
        (1000.4, "1,000"),
        (1234.6, "1,235"),
        (-98765.4, "-98,765"),
        (0.00001234, "1.23e-05"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (np.float32(0.1), "0.1"),
    ],
)
def test_numbers_are_shown_with_separators_or_three_digits(number: float, shown: str) -> None:
    assert show_number(number) == shown


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_shown_in_full(number: int) -> None:
    assert int(show_number(number).replace(",", "")) == number


def test_the_public_name_is_the_function_of_this_module() -> None:
    import lessons_code

    public: Callable[..., None] = lessons_code.claim
    assert public is claim


def test_bounds_may_be_numpy_numbers_and_the_json_stays_plain() -> None:
    made: list[claims.Claim] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "_display", made.append)
        claims.claim("a mean", np.float32(0.4), at_most=np.mean([0.5, 0.6]))
    bundle = made[0]._repr_mimebundle_()
    assert json.loads(json.dumps(bundle[claims.CLAIM_MIME]))["holds"] is True


def test_a_value_that_is_no_number_is_null_in_the_json() -> None:
    made: list[claims.Claim] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "_display", made.append)
        with pytest.raises(claims.ClaimFailedError):
            claims.claim("nothing", float("nan"), at_least=0)
    bundle = made[0]._repr_mimebundle_()
    assert json.dumps(bundle[claims.CLAIM_MIME], allow_nan=False)
    assert bundle[claims.CLAIM_MIME]["value"] is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (999.6, "1,000"),
        (0.12345, "0.123"),
        (4095, "4,095"),
        (2.05e-8, "2.05e-08"),
        (1234.5, "1,234"),
    ],
)
def test_numbers_are_shown_short(value: float, shown: str) -> None:
    assert claims.show_number(value) == shown


def test_a_bound_is_shown_as_it_was_given() -> None:
    assert claims.show_bound(0.9999) == "0.9999"
    assert claims.show_bound(1e-5) == "1e-05"


# facts


def test_a_fact_is_told_apart_from_a_claim(results: list[Claim]) -> None:
    fact(TEXT, 2 / 3, at_least=0.6)
    claim(TEXT, 2 / 3, at_least=0.6)
    assert [result.kind for result in results] == ["fact", "claim"]
    stated, claimed = (result._repr_mimebundle_() for result in results)
    assert str(stated["text/plain"]).startswith("Fact holds: ")
    assert Page(stated["text/html"]).classes[0] == "claim claim-holds claim-fact"
    assert Page(claimed["text/html"]).classes[0] == "claim claim-holds"


def test_a_fact_that_does_not_hold_fails_in_its_own_name(results: list[Claim]) -> None:
    with pytest.raises(ClaimFailedError, match='The fact "Two of three heads" does not hold'):
        fact(TEXT, 0.5, at_least=0.6)
    assert not results[0].holds


# evidence


def test_while_evidence_is_collected_nothing_raises(
    results: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(claims.RECORD_VARIABLE, "record")
    claim(TEXT, 0.5, at_least=0.6)
    fact(TEXT, math.nan, at_least=0.6)
    assert [result.holds for result in results] == [False, False]
    monkeypatch.setenv(claims.RECORD_VARIABLE, "")
    with pytest.raises(ClaimFailedError):
        claim(TEXT, 0.5, at_least=0.6)


def test_misuse_raises_also_while_evidence_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(claims.RECORD_VARIABLE, "record")
    with pytest.raises(ValueError, match="exactly one bound"):
        claim(TEXT, 0.5)


# shares of examples


@pytest.mark.parametrize(
    ("value", "of", "shown"),
    [
        (177 / 179, 179, "0.99 (177 of 179)"),
        (np.float32(0.96), 1000, "0.96 (960 of 1,000)"),
        (1, 300, "1.00 (300 of 300)"),
        (-12 / 1000, 1000, "-0.01 (-12 of 1,000)"),
        (9876 / 10_000, 10_000, "0.988 (9,876 of 10,000)"),
    ],
)
def test_a_share_is_shown_with_its_count_and_the_digits_that_mean_something(
    value: Any, of: int, shown: str
) -> None:
    assert judge(value, at_least=-1, of=of).shown == shown


def test_a_share_that_no_count_gives_is_refused(results: list[Claim]) -> None:
    with pytest.raises(ValueError, match="not a share of 179 examples"):
        claim(TEXT, 0.987, at_least=0, of=179)
    with pytest.raises(ValueError, match="of=0"):
        claim(TEXT, 0.5, at_least=0, of=0)
    assert not results


def test_a_share_that_is_no_number_breaks_its_bound() -> None:
    assert not judge(math.nan, at_least=0, of=10).holds
