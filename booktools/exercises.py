"""A Sphinx extension: exercises by sphinx-exercise, each with an id of its own.

sphinx-exercise gives the content of every exercise and of every solution of a page the same
id, which is invalid HTML and confuses assistive technology. Nothing links to these ids.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_SHARED = ["exercise-content"], ["solution-content"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("sphinx_exercise")
    app.connect("doctree-read", number_shared_ids)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def number_shared_ids(_app: Sphinx, doctree: nodes.document) -> None:
    """Put a number behind the ids that several nodes share."""
    shared = [node for node in doctree.findall(nodes.section) if node["ids"] in _SHARED]
    for number, node in enumerate(shared, start=1):
        node["ids"] = [f"{node['ids'][0]}-{number}"]
