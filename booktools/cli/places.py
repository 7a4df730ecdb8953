"""Where a book has its files, from the folder in which a command runs; and kinds of options."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import yaml

BOOK, CONFIG, TOC = Path("book"), Path("_config.yml"), Path("_toc.yml")
RESULTS = Path("_build") / ".jupyter_cache"  # where jupyter-book has myst-nb keep them
SITE = Path("_build") / "html"


def sphinx_config() -> dict[str, Any]:
    """Return what the book's ``_config.yml`` says to Sphinx and its extensions."""
    given = yaml.safe_load(CONFIG.read_text(encoding="utf8")) or {}
    return (given.get("sphinx") or {}).get("config") or {}


def positive(text: str) -> int:
    """Return the number from 1 up that an option gives."""
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return number
