"""What can be copied from a page, and how it is called.

Each kind of element has a finder, which yields the elements of a page as it was read, before links
and results were resolved, each with the words by which an author may call it, and with what makes
its copy.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial

from docutils import nodes

from booktools.parts.claims.page import CLAIM
from booktools.parts.predictions.html import PredictionAnswer, PredictionBox, PredictionOption
from booktools.parts.quiz import QuizQuestion


@dataclass(frozen=True)
class Found:
    """An element of a page.

    Attributes:
        called: By which words it may be named.
        copy: Makes a copy of it, without ids and without a life of its own.
    """

    called: tuple[str, ...]
    copy: Callable[[], nodes.Element]


class NotFoundError(LookupError):
    """Words that do not name exactly one element; the message ends with the remedy."""


def find(doctree: nodes.document, kind: str, words: str) -> nodes.Element:
    """Return a copy of the element of a page that words name.

    Args:
        doctree: The page as it was read.
        kind: One of ``KINDS``.
        words: Its name where it has one, as predictions and terms do. Otherwise the words with
            which it begins; of code and what it gave, those of any line of the cell.

    Raises:
        NotFoundError: There is none, or more than one.
    """
    elements = list(KINDS[kind](doctree))
    words, whole = _straight(words), kind in NAMED

    def fits(name: str) -> bool:
        return name == words if whole else name.startswith(words)

    found = [element for element in elements if any(map(fits, element.called))]
    if not found:
        names = [name for element in elements for name in element.called]
        how = "its name" if whole else "the words with which it begins"
        raise NotFoundError(
            f"has no {kind} {words!r}. Remedy: write {how}, letter by letter, such as "
            f"{_nearest(words, names)}."
            if names
            else f"has no {kind}. Remedy: name another page, or another kind."
        )
    if len(found) > 1:
        raise NotFoundError(
            f"has {len(found)} of the kind {kind} that fit {words!r}. Remedy: write more of its "
            "words, so that one alone fits."
        )
    return found[0].copy()


def plain(element: nodes.Element) -> nodes.Element:
    """Return a copy without ids and names, which have to be used once in a page."""
    copied: nodes.Element = element.deepcopy()
    for node in copied.findall(nodes.Element):
        node["ids"], node["names"] = [], []
    return copied


def predictions(doctree: nodes.document) -> Iterator[Found]:
    """Yield the boxes, by name; a copy is only read, and nobody's choice is kept."""
    for box in doctree.findall(PredictionBox):
        yield Found((box["name"],), partial(_as_box, box, "predict"))


def answers(doctree: nodes.document) -> Iterator[Found]:
    """Yield the answers to predictions, by the name of the prediction; a copy is no fold."""
    for fold in doctree.findall(PredictionAnswer):
        yield Found((fold["name"],), partial(_as_box, fold, "answered"))


def questions(doctree: nodes.document) -> Iterator[Found]:
    """Yield the questions of a quiz, by how they begin; a copy has no number."""
    for question in doctree.findall(QuizQuestion):
        text = _NUMBER.sub("", _words(question[0]))
        yield Found((text,), partial(_without_memory, question))


def figures(doctree: nodes.document) -> Iterator[Found]:
    """Yield figures, by caption or alternative text: what cells showed as HTML, Sphinx's own."""
    for output in _html(doctree):
        markup = output.astext()
        if "<figure" in markup:
            said = re.findall(r"<figcaption>(.*?)</figcaption>", markup, re.DOTALL)
            said += re.findall(r'<(?:svg|img)[^>]* (?:aria-label|alt)="([^"]*)"', markup)
            yield Found(tuple(map(_plain_words, said)), partial(plain, output))
    for figure in doctree.findall(nodes.figure):
        names = [_words(caption) for caption in figure.findall(nodes.caption)]
        names += [image["alt"] for image in figure.findall(nodes.image) if image.get("alt")]
        yield Found(tuple(names), partial(plain, figure))


def claims(doctree: nodes.document) -> Iterator[Found]:
    """Yield claims and facts, by their text, each with what it gave in this build."""
    for output in _html(doctree):
        for found in CLAIM.finditer(output.astext()):
            line = re.sub(r' id="[^"]*"', "", found[0], count=1)
            copy = nodes.raw("", line, format="html", classes=["output", "text_html"])
            yield Found((html.unescape(found["text"]),), copy.deepcopy)


def headings(doctree: nodes.document) -> Iterator[Found]:
    """Yield headings, by how they begin; a copy leads to its section."""
    for section in doctree.findall(nodes.section):
        link = nodes.reference(
            "", "", *section[0].deepcopy().children, refid=section["ids"][0], internal=True
        )
        yield Found((_words(section[0]),), partial(plain, nodes.paragraph("", "", link)))


def paragraphs(doctree: nodes.document) -> Iterator[Found]:
    """Yield paragraphs, by how they begin."""
    for paragraph in doctree.findall(nodes.paragraph):
        yield Found((_words(paragraph),), partial(plain, paragraph))


def lists(doctree: nodes.document) -> Iterator[Found]:
    """Yield lists, by how their first item begins."""
    for kind in (nodes.bullet_list, nodes.enumerated_list):
        for found in doctree.findall(kind):
            yield Found((_words(found[0]),), partial(plain, found))


def tables(doctree: nodes.document) -> Iterator[Found]:
    """Yield tables, by their caption or by the words of their first row."""
    for table in doctree.findall(nodes.table):
        row = next(iter(table.findall(nodes.row)))
        names = (*map(_words, table.findall(nodes.title)), _words(row))
        yield Found(names, partial(plain, table))


def code(doctree: nodes.document) -> Iterator[Found]:
    """Yield the code of cells, by how a line of it begins."""
    for lines, cell in _cells(doctree):
        block = next(iter(_part(cell, "cell_code_source").findall(nodes.literal_block)))
        yield Found(lines, partial(plain, block))


def outputs(doctree: nodes.document) -> Iterator[Found]:
    """Yield all that cells gave, by how a line of their code begins."""
    for lines, cell in _cells(doctree):
        given = _part(cell, "cell_code_output")
        yield Found(lines, partial(plain, given))


def terms(doctree: nodes.document) -> Iterator[Found]:
    """Yield the entries of a glossary, by their terms."""
    for item in doctree.findall(nodes.definition_list_item):
        if "glossary" in item.parent["classes"]:
            names = tuple(map(_words, item.findall(nodes.term)))
            yield Found(names, partial(_entry, item))


KINDS: dict[str, Callable[[nodes.document], Iterator[Found]]] = {
    "prediction": predictions,
    "answer": answers,
    "question": questions,
    "figure": figures,
    "claim": claims,
    "heading": headings,
    "text": paragraphs,
    "list": lists,
    "table": tables,
    "code": code,
    "output": outputs,
    "term": terms,
}
NAMED = {"prediction", "answer", "term"}
_NUMBER = re.compile(r"^\d+\. ")  # of a question
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def _nearest(words: str, names: list[str]) -> str:
    """Return the names that resemble words most, as far as these reach."""

    def unlike(name: str) -> float:
        return -SequenceMatcher(None, words, name[: len(words)]).ratio()

    return " or ".join(repr(name[:60]) for name in sorted(dict.fromkeys(names), key=unlike)[:3])


def _as_box(box: nodes.Element, look: str) -> nodes.Element:
    copied = nodes.admonition("", *plain(box).children, classes=[look])
    title = next(iter(copied.findall(nodes.title)))
    title.replace_self(nodes.title("", "", *title.children))
    for option in list(copied.findall(PredictionOption)):
        option.replace_self(nodes.list_item("", *option.children))
    return copied


def _without_memory(question: nodes.Element) -> nodes.Element:
    copied = unnumbered(question)
    copied["key"] = ""  # nobody's answer is kept
    return copied


def unnumbered(question: nodes.Element) -> nodes.Element:
    """Return a copy of a question of a quiz without its number."""
    copied = plain(question)
    number = next(iter(copied[0].findall(nodes.Text)))
    number.parent.replace(number, nodes.Text(_NUMBER.sub("", number)))
    return copied


def _entry(item: nodes.Element) -> nodes.Element:
    return nodes.definition_list("", plain(item), classes=["glossary"])


def _html(doctree: nodes.document) -> Iterator[nodes.raw]:
    return (node for node in doctree.findall(nodes.raw) if node.get("format") == "html")


def _cells(doctree: nodes.document) -> Iterator[tuple[tuple[str, ...], nodes.Element]]:
    """Yield cells with code, and the lines of each."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            lines = _part(cell, "cell_code_source").astext().split("\n")
            yield tuple(filter(None, map(_straight, lines))), cell


def _part(cell: nodes.Element, name: str) -> nodes.Element:
    found = (one for one in cell.findall(nodes.container) if one.get("nb_element") == name)
    return next(found, nodes.container())


def _plain_words(markup: str) -> str:
    return _straight(html.unescape(re.sub(r"<.*?>", "", markup)))


def _words(node: nodes.Node) -> str:
    return _straight(node.astext())


def _straight(text: str) -> str:
    """Return text on one line, with the quotation marks that people type."""
    return " ".join(text.translate(_QUOTES).split())
