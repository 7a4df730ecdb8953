"""A Sphinx extension: claims with their range over seeds, and the table of them all.

What a claim gave with five seeds stands beside today's value (``page.py``); the directive
``{claims-table}`` lists every claim and fact, and what can break it (``table.py``). Both show
the evidence that ``booktools.evidence`` collected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.extension import metadata
from booktools.parts.assets import bring, in_html
from booktools.parts.claims import page, table


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting, the directive and what shows evidence."""
    app.setup_extension("booktools.execution")
    app.add_config_value("evidence", {}, "env", types=[dict])
    page.connect(app)
    table.connect(app)
    bring(app, Path(__file__).parent, in_html(r'<p class="claim '), "claims.css")
    return metadata()
