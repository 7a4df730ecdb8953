"""What stands in a page: a room a part, with its Python, script and style together.

As a Sphinx extension, ``booktools.parts`` brings them all.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from booktools.extension import metadata

PARTS = (
    "memory",
    "claims",
    "card",
    "predictions",
    "quiz",
    "mathematics",
    "animation",
    "demos",
    "exercises",
    "notebook",
    "copies",
    "slides",
    "sheets",
    "terms",
    "reading",
    "map",
    "review",
    "deck",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Bring all parts."""
    for part in PARTS:
        app.setup_extension(f"booktools.parts.{part}")
    return metadata()
