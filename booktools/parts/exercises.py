"""A Sphinx extension: exercises by sphinx-exercise, with valid ids, numbered by page.

sphinx-exercise gives the content of every exercise and of every solution of a page the same
id, which is invalid HTML and confuses assistive technology. Nothing links to these ids. It
numbers exercises through the whole book; a new chapter would renumber all that follow.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from booktools.extension import metadata

_SHARED = ["exercise-content"], ["solution-content"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("sphinx_exercise")
    app.connect("doctree-read", number_shared_ids)
    app.connect("doctree-resolved", number_by_page)
    return metadata()


def number_shared_ids(_app: Sphinx, doctree: nodes.document) -> None:
    """Put a number behind the ids that several nodes share."""
    shared = [node for node in doctree.findall(nodes.section) if node["ids"] in _SHARED]
    for number, node in enumerate(shared, start=1):
        node["ids"] = [f"{node['ids'][0]}-{number}"]


def number_by_page(app: Sphinx, _doctree: nodes.document, page: str) -> None:
    """Let the first exercise of a page have the number 1."""
    assert app.env is not None
    numbers = app.env.toc_fignumbers.get(page, {})
    if "exercise" in numbers:
        # the environment is saved already: the next build counts through the book again
        numbers["exercise"] = {
            name: (number,) for number, name in enumerate(numbers["exercise"], start=1)
        }
