"""The benchmark of whatever names what is wrong with a training: thirty failures, thirty twins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lessons_code.failures import FAILURES, Failure, Trial

# looks at trainings, runs them if it likes, and returns the codes of what it found
Examiner = Callable[[Sequence[Trial]], Collection[str]]


@dataclass
class Grades:
    """How an examiner fared.

    Attributes:
        named: The failures whose code was among what it found.
        missed: The others, with what it found instead.
        false_alarms: The sound twins for which it found anything, with what.
    """

    named: list[str] = field(default_factory=list)
    missed: dict[str, set[str]] = field(default_factory=dict)
    false_alarms: dict[str, set[str]] = field(default_factory=dict)


def grade(
    examiner: Examiner,
    failures: Iterable[Failure] | None = None,
    *,
    same: Mapping[str, str] | None = None,
) -> Grades:
    """Let an examiner look at both sides of every failure.

    Args:
        examiner: Gets the trainings of one side, mostly one, not run yet. Most examiners look at
            ``trial.model``, ``trial.x``, ``trial.y`` and ``trial.validation``, then let each
            trial ``run`` with callbacks, and catch what it raises.
        failures: Which; by default all thirty.
        same: What the examiner calls a failure, if it has another code: its code to ours.
    """
    grades, same = Grades(), same or {}
    for failure in failures if failures is not None else FAILURES.values():
        found = {same.get(code, code) for code in examiner(failure.trials(True))}
        if failure.code in found:
            grades.named.append(failure.code)
        else:
            grades.missed[failure.code] = found
        if wrong := set(examiner(failure.trials(False))):
            grades.false_alarms[failure.code] = wrong
    return grades
