"""The doctor on the thirty failures of the book, of which a third was not used in writing it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest

from lessons_code import doctor
from lessons_code.doctor.codes import CODES, ENTRIES
from lessons_code.failures import FAILURES, Trial
from tests.lessons_code.grading import grade

# where one finding stands for several entries of the page
NAMES: dict[str, set[str]] = {code: {entry} for code, entry in ENTRIES.items()} | {
    "axes-do-not-fit": {"batch-axis-missing", "features-do-not-match"},
    "labels-and-loss": {"loss-for-numbers", "labels-one-hot", "labels-not-one-hot"},
    "labels-shuffled": {"labels-shuffled", "labels-out-of-order"},  # of rows that were asked for
}
# a model that is built by its first batch has no axes yet; a history is no training
NOT_SEEN = {"axis-missing", "history-key"}
# its twin learns, and has no activation all the same
RIGHT_ALARMS = {"loss-is-nan": {"activation-missing"}}


def examined(trials: Sequence[Trial]) -> set[str]:
    """Return the alarms before, during and after some trainings, in the page's words."""
    reports = []
    for trial in trials:
        judged = trial.validation_split or trial.validation
        use = None if trial.asked is None else trial.asked[0]
        reports.append(doctor.examine(trial.model, trial.x, trial.y, validation=judged, use=use))
        watch = doctor.Watch(trial.x, trial.y, validation=judged, quiet=True)
        with suppress(Exception):  # the loud ones
            trial.run([watch])
        reports.append(watch.report)
        if trial.asked is not None:
            with suppress(Exception):
                answers = trial.decode(trial.model.predict(trial.asked[0], verbose=0))
                reports.append(doctor.examine(trial.model, *trial.asked, answers=answers))
    codes = {found.code for report in reports for found in report.alarms}
    return {name for code in codes for name in NAMES.get(code, {code})}


@pytest.mark.parametrize("code", FAILURES)
def test_the_doctor_names_the_failure_and_is_silent_beside_it(code: str) -> None:
    grades = grade(examined, [FAILURES[code]])
    assert set(grades.missed) == {code} & NOT_SEEN
    alarms = grades.false_alarms.get(code, set())
    assert alarms == RIGHT_ALARMS.get(code, set())


def test_at_least_27_of_30_are_named() -> None:
    assert len(FAILURES) == 30
    assert len(FAILURES.keys() - NOT_SEEN) >= 27
    assert FAILURES.keys() > NOT_SEEN


def test_each_link_leads_to_an_entry_of_the_page() -> None:
    assert set(ENTRIES) <= set(CODES)
    assert set(ENTRIES.values()) <= set(FAILURES)
