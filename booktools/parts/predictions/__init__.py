"""A Sphinx extension: predictions that the reader makes, and that the page's own run decides.

``{predict}`` is a box with options, ``{answer}`` the fold where its answer stands, ``{letter}``
the letter of an option. The box names a claim or a fact of its page, whose value says which
option is right; letters are dealt by :mod:`booktools.parts.deal`. What does not fit together
fails the build, with file, line and remedy for each.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.extension import metadata
from booktools.parts.assets import bring, holds
from booktools.parts.memory import bring_memory
from booktools.parts.predictions import boxes, html
from booktools.parts.predictions.directives import Answer, Letter, Predict


def setup(app: Sphinx) -> dict[str, Any]:
    """Register directives and role, and connect to Sphinx."""
    app.add_directive("predict", Predict)
    app.add_directive("answer", Answer)
    app.add_role("letter", Letter())
    html.register(app)
    boxes.register(app)
    bring_memory(app, holds(html.PredictionBox))
    files = ("predictions.js", "visually-hidden.css", "predictions.css")
    bring(app, Path(__file__).parent, holds(html.PredictionBox), *files)
    return metadata()
