"""A Sphinx extension: animations that readers start, stop and step through.

An output ``<figure class="plot animation">`` holds all frames in one drawing; the script puts a
button and a slider below it. Without the script, one frame stands still.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.extension import metadata
from booktools.parts.assets import bring, in_html


def setup(app: Sphinx) -> dict[str, Any]:
    """Let pages with an animation load the script and the style."""
    shows = in_html(r'<figure class="plot animation"')
    bring(app, Path(__file__).parent, shows, "animation.js", "visually-hidden.css", "animation.css")
    return metadata()
