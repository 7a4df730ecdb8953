"""A Sphinx extension: questions that the reader missed come back, on a page of their own.

``{review}`` holds a copy of each question of every chapter's quiz, built from the chapters, with
its options and feedback. All are hidden; the script shows those that the reader missed, when two
more chapters were read (``memory.js``). The search leaves this page out, for it finds the
questions in their chapters.
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
from booktools.parts import quiz
from booktools.parts.assets import bring, holds
from booktools.parts.chapters import Chapter, address, of_book, shows_all
from booktools.parts.copies import lead_from_here
from booktools.parts.copies.elements import unnumbered
from booktools.parts.memory import bring_memory, told
from booktools.parts.words import words


class ReviewPlace(nodes.General, nodes.Element):
    """Where the questions will stand."""


class ReviewQuestion(nodes.container):
    """A question of a chapter, hidden until it comes back.

    ``page`` is the address of its chapter, ``left`` how many chapters come after that.
    """


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and copy the questions when all chapters are known."""
    app.setup_extension("booktools.parts.chapters")
    app.add_directive("review", Review)
    app.add_node(ReviewPlace)
    app.add_node(ReviewQuestion, html=(_open, _close))
    app.add_post_transform(PutQuestions)
    shows = holds(nodes.container, "review")
    bring_memory(app, shows)
    bring(app, Path(__file__).parent, shows, "review.js", "review.css")
    return metadata()


class Review(SphinxDirective):
    """``{review}``, without arguments: the questions that come back."""

    def run(self) -> list[nodes.Node]:
        """Return where they will stand."""
        shows_all(self.env, self.env.docname, "review")
        self.env.metadata[self.env.docname]["nosearch"] = "true"
        return [ReviewPlace()]


class PutQuestions(SphinxPostTransform):
    """Put the questions where they belong, before anything else is resolved."""

    default_priority = 1

    def run(self, **_: Any) -> None:
        """Replace every place of this page."""
        for place in list(self.document.findall(ReviewPlace)):
            if self.app.builder.format != "html":
                place.parent.remove(place)  # on paper nothing comes back
                continue
            chapters = of_book(self.env)
            said = words(self.config, "review")
            shown = words(self.config, "review", "none", "waiting", "due", "right", "wrong")
            status = (
                f'<p class="review-status" role="status" data-words="{escape(told(shown))}">'
                f"{escape(said['without-script'])}</p>"
            )
            review = nodes.container("", nodes.raw("", status, format="html"), classes=["review"])
            for chapter in chapters:
                left = len(chapters) - chapter.number
                review += self._questions(chapter, left, said["from"])
            place.replace_self(review)

    def _questions(self, chapter: Chapter, left: int, words_before: str) -> list[nodes.Node]:
        here, page = self.env.docname, chapter.page
        start = self.app.builder.get_relative_uri(here, page)
        made: list[nodes.Node] = []
        for question, section in quiz.of_page(self.env, page):
            copy = unnumbered(question)
            lead_from_here(self.app, copy, here, page)
            uri = f"{start}#{section}" if section else start
            link = nodes.reference("", chapter.title, refuri=uri, internal=True)
            origin = nodes.paragraph("", f"{words_before} ", link, classes=["review-from"])
            at = address(self.app, page)
            made.append(ReviewQuestion("", origin, copy, page=at, left=left))
        return made


def _open(writer: Any, node: nodes.Element) -> None:
    given = {"CLASS": "review-question", "data-page": node["page"], "data-left": str(node["left"])}
    writer.body.append(writer.starttag(node, "div", hidden="hidden", **given))


def _close(writer: Any, _node: nodes.Element) -> None:
    writer.body.append("</div>\n")
