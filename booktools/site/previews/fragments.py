"""What a preview shows of each place of a page: a title and its first lines, as HTML.

No ids and no links stand in it, for it is shown inside another page, and nothing that a reader
has to open first, such as a solution. What is long is cut: it says where a link leads, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from textwrap import shorten
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx_exercise.nodes import is_exercise_node

from booktools.parts.predictions.html import PredictionAnswer
from booktools.site.markup import Attributes, rewrite
from booktools.site.words import words

ENOUGH = 160  # characters of text, after which no other paragraph follows
LONGEST = 420  # characters of a paragraph
_BLOCKS = (
    nodes.paragraph,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.literal_block,
    nodes.math_block,
)
# what only holds text together
_HOLDERS = (nodes.section, nodes.block_quote, nodes.compound)
_FOLDED = {"dropdown", "sd-dropdown", "toggle", "solution"}
_ANCHOR = "<!--preview {}-->"
_NEXT = re.compile(r"<!--preview (\d+)-->")
_LOST = ("id", "name", "for", "tabindex", "style")
_ATTRIBUTE = r"""[\s/]+(?:{}|aria-[\w-]*by)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+)"""
_DROP = re.compile(_ATTRIBUTE.format("|".join(_LOST)), re.IGNORECASE)


def are_written_by(builder: Builder) -> bool:
    """Tell whether a builder makes a page for each document, to which links can lead."""
    return builder.format == "html" and builder.name not in {"epub", "singlehtml"}


def file_name(address: str) -> str:
    """Return what the fragments of a page are called, whose address starts at the root."""
    return unquote(address).removesuffix(".html").strip("/") or "index"


def of_page(app: Sphinx, page: str, doctree: nodes.document) -> dict[str, str]:
    """Return HTML for each anchor of a page; the page itself has an empty one."""
    places: list[list[str]] = []
    shown = nodes.container()
    ready: dict[str, str] = {}
    for anchors, content in _places(app, page, doctree):
        if isinstance(content, str):
            ready |= dict.fromkeys(anchors, content)
            continue
        shown += nodes.raw("", _ANCHOR.format(len(places)), format="html")
        shown += content
        places.append(anchors)
    html = app.builder.render_partial(shown)["fragment"]  # type: ignore[attr-defined]
    _, *pieces = _NEXT.split(html)
    for number, piece in zip(pieces[::2], pieces[1::2], strict=True):
        markup = bare(piece.removesuffix("</div>\n") if piece is pieces[-1] else piece)
        if markup:
            ready |= dict.fromkeys(places[int(number)], markup)
    return ready


def bare(markup: str) -> str:
    """Return HTML without ids and links, which keep what they say."""

    def start(tag: str, _attributes: Attributes, written: str) -> str:
        written = _DROP.sub("", written)
        return "<span>" if tag == "a" else written

    return rewrite(markup, start, lambda tag: "</span>" if tag == "a" else "").strip()


def _places(
    app: Sphinx, page: str, doctree: nodes.document
) -> Iterator[tuple[list[str], list[nodes.Node] | str]]:
    """Yield the anchors of each place, and what is seen of it: nodes, or HTML that is ready."""
    assert app.env is not None
    top = True
    for node in doctree.findall(nodes.Element):
        anchors = [str(one) for one in node.get("ids", ())]
        if isinstance(node, nodes.raw):
            yield from _of_html(node)
        elif isinstance(node, nodes.section) and isinstance(node.next_node(), nodes.title):
            question = str(app.env.metadata.get(page, {}).get("question", "")) if top else ""
            yield anchors + [""] * top, _section(node, question)
            top = False
        elif anchors and not isinstance(node, (nodes.section, nodes.document, nodes.Invisible)):
            yield anchors, _other(app, page, node)


def _section(node: nodes.Element, question: str) -> list[nodes.Node]:
    asked = [_line(question, "preview-question")] if question else []
    return [_title(node[0]), *asked, *_first_lines(node)]


def _other(app: Sphinx, page: str, node: nodes.Element) -> list[nodes.Node]:
    """Return what is seen of a place that is no section."""
    if _folded(node):
        return [_title(node[0])] if node.children else []
    if is_exercise_node(node):
        return [_exercise_title(app, page, node), *_first_lines(node)]
    if isinstance(node, addnodes.desc_signature):  # of a function, a class
        called = nodes.literal("", shorten(node.astext(), LONGEST, placeholder=" …"))
        name = nodes.paragraph("", "", called, classes=["preview-title"])
        return [name, *_first_lines(node.parent[-1])]
    if isinstance(node, nodes.term):
        meant = node.parent.next_node(nodes.definition)
        return [_title(node), *(_first_lines(meant) if meant else ())]
    if isinstance(node, nodes.figure):
        caption = node.next_node(nodes.caption)
        pictures = [image.deepcopy() for image in node.findall(nodes.image)][:1]
        return [*pictures, *([_line(caption.astext())] if caption else ())]
    if type(node) in _BLOCKS:
        return [_cut(node)]
    if isinstance(node, nodes.image):
        return [node.deepcopy()]
    if isinstance(node, nodes.table):
        first = node.next_node(nodes.title) or node.next_node(nodes.row)
        return [_line(" · ".join(_texts(first)))] if first else []
    if isinstance(node, (nodes.Body, nodes.container)):
        title = node[0] if node.children and isinstance(node[0], nodes.title) else None
        return [*([_title(title)] if title else ()), *_first_lines(node)]
    around = node.parent if isinstance(node, nodes.Inline) else node
    return [_line(around.astext())]


def _exercise_title(app: Sphinx, page: str, node: nodes.Element) -> nodes.Node:
    """Return the title of an exercise with its number, which is written in HTML only."""
    assert app.env is not None
    name = words(app.config)["exercise"]
    numbers = app.env.toc_fignumbers.get(page, {}).get("exercise", {})
    number = ".".join(map(str, numbers.get(node["ids"][0], ())))
    title = node[0].astext().strip().removeprefix("(").removesuffix(")")
    called = f"{name} {number}".strip()
    text = f"{called}: {title}" if title and title != node["title"] else called
    return nodes.paragraph("", text, classes=["preview-title"])


def _texts(node: nodes.Element) -> list[str]:
    """Return the text of each cell of a row, or of anything else as a whole."""
    return [cell.astext() for cell in node] if isinstance(node, nodes.row) else [node.astext()]


def _title(node: nodes.Node) -> nodes.Node:
    """Return a heading as a line, which is no heading in the page where it is shown."""
    title = nodes.paragraph("", "", classes=["preview-title"])
    title += [child.deepcopy() for child in getattr(node, "children", ())]
    return title


def _line(text: str, name: str = "preview-line") -> nodes.Node:
    return nodes.paragraph("", shorten(text, LONGEST, placeholder=" …"), classes=[name])


def _cut(block: nodes.Element) -> nodes.Node:
    """Return a block, or the beginning of its text where it is long."""
    copy: nodes.Element = block.deepcopy()
    text = block.astext()
    if isinstance(block, nodes.math_block) or len(text) <= LONGEST:
        return copy  # with its ids, which the writer of formulas needs
    if isinstance(block, nodes.literal_block):
        lines = text[:LONGEST].rpartition("\n")[0] or text[:LONGEST]
        return nodes.literal_block("", f"{lines}\n…")
    if isinstance(block, (nodes.bullet_list, nodes.enumerated_list)):
        size = 0
        for item in list(copy):
            size += len(item.astext())
            if size > LONGEST and item is not copy[0]:
                copy.remove(item)
        return copy if len(copy[0].astext()) <= LONGEST else _line(copy[0].astext())
    return _line(text)


def _first_lines(node: nodes.Element) -> list[nodes.Node]:
    """Return the first blocks of text below a node, or those of its first box if it has none."""
    found: list[nodes.Node] = []
    said = 0
    blocks = list(_blocks(node, boxes=False)) or list(_blocks(node, boxes=True))
    for block in blocks:
        size = len(block.astext().strip())
        if found and said + size > LONGEST:
            break
        found.append(_cut(block))
        said += size
        if said >= ENOUGH:
            break
    return found


def _blocks(node: nodes.Element, *, boxes: bool) -> Iterator[nodes.Element]:
    """Yield the blocks of text of a section, without those of the sections within."""
    for child in node.children:
        if isinstance(child, nodes.section) and isinstance(child.next_node(), nodes.title):
            return  # what follows stands there
        if type(child) in _BLOCKS:
            if child.astext().strip():
                yield child
        elif isinstance(child, _HOLDERS) or (boxes and _box(child)):
            yield from _blocks(child, boxes=boxes)


def _box(node: nodes.Node) -> bool:
    """Tell whether a node is a box with text to read, neither code nor folded."""
    return isinstance(node, (nodes.container, nodes.Admonition)) and not (
        "nb_element" in node or _folded(node)
    )


def _folded(node: nodes.Element) -> bool:
    """Tell whether a reader has to open a box to read it."""
    return isinstance(node, PredictionAnswer) or bool(_FOLDED & set(node.get("classes", ())))


def _of_html(node: nodes.raw) -> Iterator[tuple[list[str], str]]:
    """Yield the places in HTML that a cell or an author wrote, unless it is a drawing."""
    markup = node.astext()
    if "html" not in node.get("format", "") or " id=" not in markup or "<svg" in markup:
        return
    for tag in BeautifulSoup(markup, "html.parser").find_all(id=True):
        if isinstance(tag, Tag):
            inside = tag.decode_contents()
            text = " ".join(tag.get_text(" ").split())
            if len(text) > LONGEST or tag.find(["script", "form", "input", "button", "table"]):
                inside = escape(shorten(text, LONGEST, placeholder=" …"))
            yield [str(tag["id"])], f'<p class="preview-line">{bare(inside)}</p>'
