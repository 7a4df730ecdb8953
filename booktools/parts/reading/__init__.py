"""A Sphinx extension: where the reader stopped, and which chapters were read to the end.

The script notes both in chapters and shows them in the contents of the theme; ``{go-on}`` is
another place for the link to where the reader stopped. Without the script there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, every_page
from booktools.parts.chapters import address, of_book, page_with
from booktools.parts.memory import bring_memory, told
from booktools.parts.words import words


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.setup_extension("booktools.parts.chapters")
    app.add_directive("go-on", GoOn)
    bring_memory(app, every_page)
    bring(app, Path(__file__).parent, every_page, "reading.js", data=_of_page)
    return metadata()


class GoOn(SphinxDirective):
    """``{go-on}``, without arguments: a line that the script fills, and otherwise nothing."""

    def run(self) -> list[nodes.Node]:
        """Return the line."""
        return [nodes.raw("", '<p class="go-on" hidden="hidden"></p>', format="html")]


def _of_page(app: Sphinx, page: str) -> Mapping[str, str]:
    """Return what the script is told of a page; of a chapter, also how many come after it."""
    env: Any = app.env
    chapters = of_book(env)
    data = {"page": address(app, page), "words": told(words(app.config, "reading"))}
    review = page_with(env, "review")
    if review:
        data["review"] = address(app, review)
    for chapter in chapters:
        if chapter.page == page:
            data |= {"title": chapter.title, "chapter": str(len(chapters) - chapter.number)}
    return data
