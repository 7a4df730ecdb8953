"""The built site; it is built first if it is not there or not up to date."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the book, which takes seconds where nothing changed, and return its folder."""
    command = [sys.executable, "-m", "booktools", "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
    return ROOT / "_build" / "html"


@pytest.fixture(scope="session")
def report(site: Path) -> dict[str, Any]:
    """Return what the build reported."""
    loaded: dict[str, Any] = json.loads((site.parent / "report.json").read_text(encoding="utf8"))
    return loaded
