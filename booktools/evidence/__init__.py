"""Evidence: that what a book claims about its networks can fail, and how far it spreads.

``python -m booktools evidence`` runs chapters with five seeds and under every sabotage
(``collect.py``), and writes a file beside each (``record.py``), which is committed and which
``booktools.contract`` holds to its rules. As a Sphinx extension, ``booktools.evidence`` shows
it: the range over seeds beside every claim (``page.py``), and the directive ``{claims-table}``
(``table.py``).
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting, the directive and what shows evidence."""
    from booktools.evidence import page, table

    app.setup_extension("booktools.execution")
    app.add_config_value("evidence", {}, "env", types=[dict])
    page.connect(app)
    table.connect(app)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
