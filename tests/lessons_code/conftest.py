"""What the tests of ``lessons_code`` share: a clean environment and a place for displays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# the same examples at every run, and no stopwatch: other work shares the machine
settings.register_profile("lessons", deadline=None, derandomize=True, max_examples=80)
settings.load_profile("lessons")


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the whole run: the digits are parsed once, and not into the home."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, shared_cache: Path) -> None:
    for variable in ("LESSONS_DATA", "LESSONS_SEED_SHIFT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LESSONS_CACHE", str(shared_cache))


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was handed to IPython's ``display`` during the test."""
    objects: list[Any] = []
    monkeypatch.setattr("IPython.display.display", objects.append)
    return objects
