"""What the tests of ``lessons_code`` share: a clean environment and a place for displays."""

from __future__ import annotations

import os
import shutil
import urllib.error
from collections.abc import Callable, Iterator
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


class Network:
    """What stands in for the network: it fails, or it hands out a file, or one of a folder."""

    def __init__(self) -> None:
        self.answer: Exception | Path = urllib.error.URLError("no route to host")
        self.asked: list[str] = []

    def __call__(self, url: str, target: str, progress: Callable[[int, int, int], None]) -> None:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        progress(0, 8192, 1000)
        progress(1, 8192, 1000)
        folder = self.answer.is_dir()
        shutil.copy(self.answer / url.rsplit("/")[-1] if folder else self.answer, target)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    stand_in = Network()
    monkeypatch.setattr("keras.src.utils.file_utils.urlretrieve", stand_in)
    return stand_in


@pytest.fixture
def datasets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, network: Network) -> Iterator[Path]:
    """Where Keras keeps data, in full mode; nothing is there yet, and there is no network."""
    import keras

    home = tmp_path / "keras"
    (home / "datasets").mkdir(parents=True)
    monkeypatch.setenv("LESSONS_DATA", "full")
    monkeypatch.setenv("KERAS_HOME", str(home))
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(home))
    talkative = keras.config.is_interactive_logging_enabled()
    keras.config.enable_interactive_logging()
    yield home / "datasets"
    if not talkative:
        keras.config.disable_interactive_logging()


@pytest.fixture
def any_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Keras take any file for the genuine one."""
    monkeypatch.setattr("keras.src.utils.file_utils.validate_file", lambda *_, **__: True)
