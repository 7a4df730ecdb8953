"""A Sphinx extension: a map of the chapters, which shows what builds on what.

``{chapter-map}`` draws it when the book is built, from the ``needs`` in the front matter, and
says the same in a list below. The script adds how far the reader is; without it, the map is a
map.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds
from booktools.parts.chapters import Chapter, address, of_book, shows_all
from booktools.parts.map.layout import COLUMNS, drawn_needs, lines, places
from booktools.parts.memory import bring_memory, told
from booktools.parts.words import words


class MapPlace(nodes.General, nodes.Element):
    """Where the map will stand."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and draw the maps when all chapters are known."""
    app.setup_extension("booktools.parts.chapters")
    app.add_directive("chapter-map", ChapterMap)
    app.add_node(MapPlace)
    app.add_post_transform(DrawMaps)
    shows = holds(nodes.container, "chapter-map")
    bring_memory(app, shows)
    bring(app, Path(__file__).parent, shows, "map.js", "map.css")
    return metadata()


class ChapterMap(SphinxDirective):
    """``{chapter-map}``, without arguments: everything stands in the front matter."""

    def run(self) -> list[nodes.Node]:
        """Return where the map will stand."""
        shows_all(self.env, self.env.docname, "map")
        return [MapPlace()]


class DrawMaps(SphinxPostTransform):
    """Put the map where it belongs, before links are resolved."""

    default_priority = 1

    def run(self, **_: Any) -> None:
        """Replace every place of this page."""
        for place in list(self.document.findall(MapPlace)):
            chapters = of_book(self.env)
            said = words(self.config, "map")
            drawing = nodes.raw("", self._drawing(chapters, said), format="html")
            title = nodes.paragraph("", said["list"])
            drawn = nodes.container("", drawing, title, self._list(chapters, said))
            drawn["classes"] = ["chapter-map"]
            place.replace_self(drawn)

    def _drawing(self, chapters: list[Chapter], said: dict[str, str]) -> str:
        needs = {one.page: one.needs for one in chapters}
        at = places(needs)
        rows = max((row for row, _ in at.values()), default=-1) + 1
        standing = {at[one.page]: one for one in chapters}
        cells = [
            self._cell(standing[row, column], said)
            if (row, column) in standing
            else '<span class="map-gap"></span>'
            for row in range(rows)
            for column in range(COLUMNS)
        ]
        shown = words(self.config, "map", "questions", "answered", "read", "here", "summary")
        paths = "".join(f'<path d="{line.path}"/>' for line in lines(drawn_needs(needs), at))
        return (
            f'<p class="map-summary" role="status" data-words="{escape(told(shown))}"'
            f' hidden="hidden"></p>'
            f'\n<nav class="map-drawing" aria-label="{escape(said["label"])}">'
            f'<svg viewBox="0 0 {COLUMNS} {rows}" preserveAspectRatio="none" aria-hidden="true">'
            f"{paths}</svg>\n{chr(10).join(cells)}</nav>\n"
        )

    def _cell(self, chapter: Chapter, said: dict[str, str]) -> str:
        relative = self.app.builder.get_relative_uri(self.env.docname, chapter.page)
        predictions = dict(chapter.predictions)
        count = len(predictions) + len(chapter.questions)
        state = said["questions"].replace("{count}", str(count))
        return (
            f'<a class="map-chapter" href="{escape(relative)}"'
            f' data-page="{escape(address(self.app, chapter.page))}"'
            f' data-questions="{" ".join(chapter.questions)}"'
            f' data-predictions="{escape(told(predictions))}">'
            f'<span class="map-title"><span class="map-number">{chapter.number}</span> '
            f'{escape(chapter.title)}</span> <span class="map-state">{escape(state)}</span></a>'
        )

    def _list(self, chapters: list[Chapter], said: dict[str, str]) -> nodes.enumerated_list:
        by_page = {one.page: one for one in chapters}
        listed = nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".")
        listed["classes"] = ["map-list"]
        for chapter in chapters:
            paragraph = nodes.paragraph("", "", self._link(chapter))
            paragraph += nodes.Text(f": {said['needs' if chapter.needs else 'needs-nothing']}")
            for place, need in enumerate(chapter.needs):
                paragraph += nodes.Text(", " if place else " ")
                paragraph += self._link(by_page[need])
            at = escape(address(self.app, chapter.page))
            mark = f' <span class="map-state" data-of="{at}"></span>'
            paragraph += nodes.raw("", mark, format="html")
            listed += nodes.list_item("", paragraph)
        return listed

    def _link(self, chapter: Chapter) -> nodes.reference:
        relative = self.app.builder.get_relative_uri(self.env.docname, chapter.page)
        return nodes.reference("", chapter.title, refuri=relative, internal=True)
