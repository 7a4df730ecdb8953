"""The numbers that a run put into the text, for what is no page: ``{glue:text}`key:.2f```."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from myst_nb.core.variables import format_plain_text

Numbers = Callable[[str], str | None]
ROLE = re.compile(r"\{glue:\w*\}`([^`]+)`")
LEFT_OUT = "\u2026"


def from_run(folder: Path, page: str) -> Numbers:
    """Return what looks a number up, as MyST-NB does for the page.

    Args:
        folder: Where MyST-NB keeps what pages glue.
        page: Sphinx's name of the page.

    Returns:
        A function of what stands in the role, such as ``key:.2f`` or ``other.md::key:s``. It
        returns ``None`` where there is no such number, and where it is no plain text.
    """

    @cache
    def glued(name: str) -> dict[str, Any]:
        path = folder / f"{name}.glue.json"
        known: dict[str, Any] = json.loads(path.read_text("utf8")) if path.exists() else {}
        return known

    def number(content: str) -> str | None:
        key, colon, form = content.rpartition(":")
        key, form = (key, form) if colon else (content, "s")
        other, colons, name = key.partition("::")
        source = page
        if colons:
            key = name
            source = normpath(PurePosixPath(page).parent / other).removesuffix(".md")
        plain = glued(source).get(key, {}).get("data", {}).get("text/plain")
        if plain is None:
            return None
        try:
            return str(format_plain_text(plain, form))
        except (TypeError, ValueError):  # the build says so
            return None

    return number


def put_in(text: str, numbers: Numbers) -> str:
    """Return a text with numbers where its roles stand, and dots where there is none."""
    return ROLE.sub(lambda role: numbers(role[1]) or LEFT_OUT, text)
