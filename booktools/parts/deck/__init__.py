"""A Sphinx extension: the questions and the glossary as cards for Anki, to download.

``{anki-deck}`` with a text is a link to a file that Anki imports (*File, Import*): plain text, a
card a line, with Anki's own headers before them
(https://docs.ankiweb.net/importing/text-files.html). A card keeps its name, by which Anki knows
it again: importing a later edition of the book changes cards and repeats none. The name is made
of the title of the book, so that cards of two books do not mix.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts import quiz
from booktools.parts.chapters import of_book, shows_all
from booktools.parts.copies.elements import unnumbered
from booktools.parts.deal import key_of

FILE = "anki.txt"
_TAGS = {
    nodes.paragraph: "p",
    nodes.emphasis: "em",
    nodes.strong: "strong",
    nodes.literal: "code",
    nodes.bullet_list: "ul",
    nodes.enumerated_list: "ol",
    nodes.list_item: "li",
    nodes.literal_block: "pre",
}


@dataclass(frozen=True)
class Card:
    """A card: its name, both sides in HTML, and a tag."""

    name: str
    front: str
    back: str
    tag: str


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and write the file beside its page."""
    app.setup_extension("booktools.parts.chapters")
    app.add_directive("anki-deck", AnkiDeck)
    app.connect("doctree-resolved", leave_out)
    app.connect("html-page-context", write)
    return metadata()


class AnkiDeck(SphinxDirective):
    """``{anki-deck}`` with the text of the link as its argument."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the link."""
        shows_all(self.env, self.env.docname, "deck")
        link = (
            f'<p><a class="anki-deck" href="{FILE}" download="">{escape(self.arguments[0])}</a></p>'
        )
        return [nodes.raw("", link, format="html", classes=["anki-deck"])]


def leave_out(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Leave out the link where no file stands beside the page."""
    if app.builder.name == "epub":
        for link in list(_links(doctree)):
            link.parent.remove(link)


def _links(doctree: nodes.document) -> Iterator[nodes.raw]:
    return (node for node in doctree.findall(nodes.raw) if "anki-deck" in node["classes"])


def write(
    app: Sphinx,
    page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the deck beside the page that offers it."""
    if doctree is None or app.builder.name == "epub":
        return
    if any(_links(doctree)):
        path = Path(app.builder.get_outfilename(page)).with_name(FILE)  # type: ignore[attr-defined]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(deck(app), encoding="utf8", newline="\n")


def deck(app: Sphinx) -> str:
    """Return the cards of a book as Anki imports them."""
    assert app.env is not None
    name = " ".join(str(app.config.html_title or app.config.project).split())
    head = [
        "#separator:tab",
        "#html:true",
        "#notetype:Basic",
        f"#deck:{name}",
        "#columns:Name\tFront\tBack\tTags",
        "#guid column:1",
        "#tags column:4",
    ]
    cards = [*_questions(app.env, name), *_terms(app.env, name)]
    lines = ["\t".join((one.name, one.front, one.back, one.tag)) for one in cards]
    return "\n".join([*head, *lines, ""])


def _questions(env: Any, book: str) -> Iterator[Card]:
    for chapter in of_book(env):
        for question, _ in quiz.of_page(env, chapter.page):
            copied = unnumbered(question)
            options = list(copied.findall(quiz.QuizOption))
            text = [html(child) for child in copied if not isinstance(child, quiz.QuizOptions)]
            titles = "".join(f"<p>{_inside(option[0])}</p>" for option in options)
            right = next(option for option in options if option["right"])
            name = key_of(f"{book} {chapter.page} {copied[0].astext()}")
            yield Card(
                f"question-{name}",
                f"{''.join(text)}{titles}",
                _inside(right),
                chapter.page.replace("/", "::"),
            )


def _terms(env: Any, book: str) -> Iterator[Card]:
    objects = env.domains["std"].get_objects()
    for page in sorted({page for _, _, kind, page, _, _ in objects if kind == "term"}):
        for glossary in env.get_doctree(page).findall(addnodes.glossary):
            for item in glossary.findall(nodes.definition_list_item):
                names = [term.astext() for term in item.findall(nodes.term)]
                meaning = item.next_node(nodes.definition)
                assert meaning is not None
                back = "".join(html(child) for child in meaning)
                front = escape(", ".join(names), quote=False)
                name = key_of(f"{book} {names[0]}")
                yield Card(f"term-{name}", front, back, page.replace("/", "::"))


def html(node: nodes.Node) -> str:
    """Return a text as HTML on one line, without links, with formulas as Anki draws them."""
    if isinstance(node, nodes.Text):
        return escape(node.astext(), quote=False).replace("\n", " ").replace("\t", " ")
    if isinstance(node, nodes.literal_block):
        lines = escape(node.astext(), quote=False).replace("\t", "    ").split("\n")
        return f"<pre>{'<br>'.join(lines)}</pre>"
    if isinstance(node, nodes.math):
        return rf"\({_one_line(node)}\)"
    if isinstance(node, nodes.math_block):
        return rf"\[{_one_line(node)}\]"
    if isinstance(node, nodes.image):
        return escape(node.get("alt", ""), quote=False)
    if isinstance(node, nodes.raw):
        return ""
    tag = next((tag for kind, tag in _TAGS.items() if isinstance(node, kind)), "")
    inside = _inside(node)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _inside(node: Any) -> str:
    return "".join(html(child) for child in node.children)


def _one_line(node: nodes.Element) -> str:
    return " ".join(escape(node.astext(), quote=False).split())
