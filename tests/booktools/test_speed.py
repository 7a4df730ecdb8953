"""Budgets follow the machine: a slower one gets more time, a faster one not less."""

from __future__ import annotations

import time

import pytest

from booktools.execution import speed


@pytest.mark.parametrize(("factor", "expected"), [(3.0, 3.0), (0.2, 1.0)])
def test_a_machine_is_measured_beside_the_reference(
    monkeypatch: pytest.MonkeyPatch, factor: float, expected: float
) -> None:
    seconds = factor * speed.REFERENCE_SECONDS
    monkeypatch.setattr(speed, "work", lambda: time.sleep(seconds))
    assert speed.slowness.__wrapped__() == pytest.approx(expected, rel=0.3)


def test_the_work_is_always_the_same() -> None:
    assert speed.work() == speed.work()
