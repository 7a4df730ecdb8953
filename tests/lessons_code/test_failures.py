"""Thirty failures: each side can be run, the looks are right, and the page shows them all."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lessons_code import failures
from lessons_code.failures import FAILURES, Failure, Trial, find, message_of
from tests.lessons_code.grading import grade

PAGE = (Path(__file__).parents[2] / "book" / "what-went-wrong.md").read_text(encoding="utf8")
ENTRY = re.compile(r"^\(([a-z-]+)\)=\n### (.+)\n((?:.|\n)*?)(?=^\(|^## )", re.MULTILINE)
ENTRIES = {code: (title, text) for code, title, text in ENTRY.findall(PAGE)}
LOUD = [code for code, (_, text) in ENTRIES.items() if f'message_of("{code}")' in text]
SILENT = [code for code in ENTRIES if code not in LOUD]
every = pytest.mark.parametrize("code", FAILURES)
loud = pytest.mark.parametrize("code", LOUD)


# the page


def test_there_are_thirty_and_the_page_shows_them_all() -> None:
    assert len(FAILURES) == 30
    assert set(ENTRIES) == set(FAILURES)
    assert (len(SILENT), len(LOUD)) == (19, 11)


@every
def test_an_entry_has_the_heading_and_the_words_of_the_table(code: str) -> None:
    title, text = ENTRIES[code]
    quoted = re.findall(r"^```text\n((?:.|\n)*?)\n```", text, re.MULTILINE)
    assert title == FAILURES[code].title
    quoted = [" ".join(words.split()) for words in quoted]
    assert quoted == ([FAILURES[code].words] if FAILURES[code].words else [])


@every
def test_an_entry_runs_and_says_cause_repair_and_chapter(code: str) -> None:
    _, text = ENTRIES[code]
    assert "```{code-cell}" in text
    assert "**Cause:**" in text
    assert "**Repair:**" in text
    assert re.search(r"\*\*More:\*\* .*\]\([a-z/-]+\.md#", text)


@pytest.mark.parametrize("code", SILENT)
def test_a_silent_entry_has_symptom_look_and_claim(code: str) -> None:
    _, text = ENTRIES[code]
    assert "**You see**" in text
    assert "**Look" in text
    assert "claim(" in text


@every
def test_a_reader_is_led_to_every_entry(code: str) -> None:
    ways = PAGE.partition("## The sound twin")[0]
    assert f"](#{code})" in ways


# the table


@every
def test_both_sides_of_a_failure_are_trainings(code: str) -> None:
    broken, sound = (FAILURES[code].trials(side) for side in (True, False))
    assert len(broken) == len(sound) >= 1
    assert all(trial.model.optimizer is not None for trial in [*broken, *sound])


@loud
def test_a_loud_failure_says_its_words_and_its_twin_does_not(code: str) -> None:
    broken, sound = (FAILURES[code].trials(side)[0] for side in (True, False))
    broken.epochs = sound.epochs = 1
    with message_of(code):
        broken.run()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sound.run()


# messages


def test_words_are_found_with_anything_in_place_of_the_dots() -> None:
    assert find("got … of …", "we\ngot 3\nof 4")
    assert find("a b", "a\n  b")
    assert not find("got … of …", "of 3 got 4")


def test_a_message_is_shown_to_the_end_of_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with message_of("data-not-numbers"):
        raise ValueError("Before.\n\x1b[1mInvalid dtype: object, here\x1b[0m\nAfter.")
    assert capsys.readouterr().out == "ValueError: … Invalid dtype: object, here\n"


@pytest.mark.parametrize("error", [ValueError("Other words"), None])
def test_a_message_that_changed_stops_the_build(error: Exception | None) -> None:
    def fail() -> None:
        with message_of("axis-missing"):
            if error:
                raise error

    with pytest.raises(failures.MessageChangedError, match="Remedy"):
        fail()


def test_the_words_of_one_message_are_not_those_of_another() -> None:
    told = failures.messages()
    for one in told:
        hits = [other["code"] for other in told if find(other["words"], one["words"])]
        assert hits == [one["code"]]


# the looks


def test_the_looks_are_what_keras_says() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random((60, 784), "float32"), rng.integers(0, 10, 60)
    model = failures.network()
    start, _ = model.evaluate(x, y, verbose=0)
    found = failures.fit(model, x, y, (x[:30], y[:30]), epochs=1)
    assert found.start == pytest.approx(start / np.log(10), rel=1e-4)
    assert found.training == pytest.approx(model.evaluate(x, y, verbose=0)[1])
    assert found.validation == pytest.approx(model.evaluate(x[:30], y[:30], verbose=0)[1])
    assert found.dead < 0.5 < 1e3 * found.moved


def test_dead_units_and_layers_that_stand_still_are_counted() -> None:
    x, y = np.ones((40, 784), "float32"), np.zeros(40, int)
    model = failures.network()
    model.layers[1].bias.assign(np.full(32, -1e3))
    model.layers[0].trainable = False
    found = failures.fit(model, x, y, validation_split=0.5, epochs=1)
    first = np.asarray(model.layers[0](x))
    assert found.dead == pytest.approx((32 + np.sum((first == 0).all(axis=0))) / 64)
    assert found.moved == 0


def test_looks_are_shown_side_by_side(displayed: list[Any]) -> None:
    good = failures.Outcome(None, None, 1.02, 0.97, 0.9, 0.0, 0.31)
    bad = failures.Outcome(None, None, 46.3, 0.1, 0.09, 1.0, 0.00015)
    failures.compare("start", "dead", "moved", sound=good, broken=bad)
    shown = displayed[0]._repr_mimebundle_()
    assert '<th scope="col">sound</th><th scope="col">broken</th>' in shown["text/html"]
    assert "<td>1.02</td><td>46.30</td>" in shown["text/html"]
    assert "sound 0.31, broken 0.00015" in shown["text/plain"]


# the benchmark of examiners


def _told(code: str) -> Failure:
    """Return a failure whose trainings tell on which side they stand."""
    return Failure(code, code, lambda broken: [Trial(None, code if broken else "", None)])


@pytest.mark.parametrize(
    ("finds", "named", "alarms"),
    [
        (lambda one: {one.x} - {""}, 2, 0),  # knows
        (lambda _: set(), 0, 0),  # is mute
        (lambda _: {"a", "b"}, 2, 2),  # shouts always
        (lambda one: {"other"} if one.x == "a" else set(), 1, 0),  # has its own words
    ],
)
def test_an_examiner_is_graded(finds: Any, named: int, alarms: int) -> None:
    def examiner(trials: Sequence[Trial]) -> set[str]:
        return {code for one in trials for code in finds(one)}

    grades = grade(examiner, [_told("a"), _told("b")], same={"other": "a"})
    assert len(grades.named) == named
    assert len(grades.missed) == 2 - named
    assert len(grades.false_alarms) == alarms
