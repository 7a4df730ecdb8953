"""The book as an EPUB: the pages of the site without scripts, as strict XHTML.

The same pages give the same bytes. epubcheck accepts it (``tests/booktools/test_downloads.py``).
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

from bs4 import BeautifulSoup, Tag

from booktools.downloads import still
from booktools.downloads.cover import draw
from booktools.downloads.edition import Edition, Leaf
from booktools.downloads.xhtml import NAMESPACES, as_text, document, make_strict
from booktools.zips import put

_MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
}
_SHEET = Path(__file__).with_name("epub.css")


@dataclass(frozen=True)
class Document:
    """A document in the EPUB.

    Attributes:
        name: Its place.
        text: What it holds.
        leaf: The page of the book; ``None`` for what stands around them.
        sections: The names and titles of its sections.
        properties: What the package has to say of it, such as ``mathml svg``.
    """

    name: str
    text: str
    leaf: Leaf | None = None
    sections: tuple[tuple[str, str], ...] = ()
    properties: str = ""


def write(edition: Edition, place: Path) -> None:
    """Write a book as an EPUB."""
    pictures: dict[str, bytes] = {}
    inside = frozenset(f"{leaf.name}.html" for leaf in edition.leaves)
    documents = [_page(edition, leaf, inside, pictures) for leaf in edition.leaves]
    title = Document("title.xhtml", _title(edition))
    contents = Document("nav.xhtml", _contents(edition, documents), properties="nav")
    held = {
        "style.css": _SHEET.read_bytes(),
        "cover.png": draw(edition.title, edition.author),
        **pictures,
    }
    package = _package(edition, [title, contents, *documents], held)
    with ZipFile(place, "w") as made:
        put(made, "mimetype", "application/epub+zip", store=True)
        put(made, "META-INF/container.xml", _CONTAINER)
        put(made, "EPUB/package.opf", package)
        put(made, "EPUB/toc.ncx", _old_contents(edition, documents))
        for one in (title, contents, *documents):
            put(made, f"EPUB/{one.name}", one.text)
        for name, content in held.items():
            put(made, f"EPUB/{name}", content, store=name.endswith((".png", ".jpg", ".webp")))


def _page(
    edition: Edition, leaf: Leaf, inside: frozenset[str], pictures: dict[str, bytes]
) -> Document:
    """Return a page, and put its pictures where they are collected."""
    article = still.read(edition.site, leaf.name)
    page = f"{leaf.name}.html"
    still.lead(article, page, partial(_resolve, edition, inside, page))
    for picture, path in list(still.pictures(article, page)):
        file = edition.site / path
        if file.suffix.lower() not in _MEDIA or not file.is_file():
            picture.decompose()
            continue
        pictures[path] = file.read_bytes()
        picture["src"] = quote(posixpath.relpath(path, posixpath.dirname(page) or "."))
    if leaf.label and article.h1:
        article.h1.insert_before(_paragraph(leaf.label, "place"))
    found = [name for name in NAMESPACES if article.find(name)]
    make_strict(article)
    sections = tuple(
        (str(section["id"]), section.h2.get_text(" ", strip=True))
        for section in article.select("section[id]")
        if section.h2 and section.h2.find_parent("section") is section
    )
    markup = as_text(article)
    sheet = f"{'../' * leaf.name.count('/')}style.css"
    text = document(leaf.title, edition.language, markup, sheet=sheet)
    names = {"math": "mathml", "svg": "svg"}
    properties = " ".join(names[name] for name in found)
    return Document(f"{leaf.name}.xhtml", text, leaf, sections, properties)


def _resolve(
    edition: Edition, inside: frozenset[str], page: str, path: str, fragment: str
) -> str | None:
    """Return where a link leads: into the book, to the site, or nowhere."""
    behind = f"#{quote(fragment)}" if fragment else ""
    if path == page and fragment:
        return behind
    if path in inside:
        name = posixpath.relpath(path, posixpath.dirname(page) or ".")
        return f"{quote(name.removesuffix('.html'))}.xhtml{behind}"
    return f"{edition.address}{quote(path)}{behind}" if edition.address else None


def _title(edition: Edition) -> str:
    rights = BeautifulSoup(edition.rights, "html.parser")
    make_strict(rights)
    words = [
        f'<h1 class="book-title">{escape(edition.title)}</h1>',
        f'<p class="book-author">{escape(edition.author)}</p>',
        f'<div class="book-rights">{as_text(rights)}<p>{edition.about}</p></div>',
    ]
    return document(edition.title, edition.language, "\n".join(words), kind="titlepage")


def _contents(edition: Edition, documents: list[Document]) -> str:
    items = []
    for part, inside in groupby(documents, key=lambda one: one.leaf.part if one.leaf else ""):
        lines = [_contents_item(one) for one in inside]
        if part:
            listed = "\n".join(lines)
            lines = [f"<li><span>{escape(part)}</span>\n<ol>\n{listed}\n</ol></li>"]
        items += lines
    listed = "\n".join(items)
    markup = (
        f'<nav epub:type="toc" id="toc" role="doc-toc">\n<h1>Contents</h1>\n<ol>\n{listed}\n</ol>\n'
        '</nav>\n<nav epub:type="landmarks" hidden="hidden">\n<h2>Landmarks</h2>\n<ol>\n'
        '<li><a epub:type="titlepage" href="title.xhtml">Title page</a></li>\n'
        '<li><a epub:type="toc" href="#toc">Contents</a></li>\n'
        f'<li><a epub:type="bodymatter" href="{quote(documents[0].name)}">Beginning</a></li>\n'
        "</ol>\n</nav>"
    )
    return document("Contents", edition.language, markup)


def _contents_item(one: Document) -> str:
    assert one.leaf is not None
    address = quote(one.name)
    sections = "\n".join(
        f'<li><a href="{address}#{quote(name)}">{escape(title)}</a></li>'
        for name, title in one.sections
    )
    below = f"\n<ol>\n{sections}\n</ol>" if sections else ""
    return f'<li><a href="{address}">{escape(one.leaf.named)}</a>{below}</li>'


def _old_contents(edition: Edition, documents: list[Document]) -> str:
    """Return the contents as devices read them that know only EPUB 2."""
    points = "\n".join(
        f'<navPoint id="point-{number}"><navLabel><text>{escape(one.leaf.named)}</text>'
        f'</navLabel><content src="{quote(one.name)}"/></navPoint>'
        for number, one in enumerate(documents, start=1)
        if one.leaf
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">\n'
        f'<head><meta name="dtb:uid" content="{_identifier(edition)}"/></head>\n'
        f"<docTitle><text>{escape(edition.title)}</text></docTitle>\n"
        f"<navMap>\n{points}\n</navMap>\n</ncx>\n"
    )


def _identifier(edition: Edition) -> str:
    """Return the name of the book among all books, the same for all its states."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, edition.address or edition.slug)}"


def _package(edition: Edition, documents: list[Document], held: Mapping[str, bytes]) -> str:
    rights = BeautifulSoup(edition.rights, "html.parser").get_text(" ", strip=True)
    features = ["tableOfContents", "structuralNavigation"]
    features += ["MathML"] if any("mathml" in one.properties for one in documents) else []
    metadata = [
        f'<dc:identifier id="name">{_identifier(edition)}</dc:identifier>',
        f"<dc:title>{escape(edition.title)}</dc:title>",
        f"<dc:creator>{escape(edition.author)}</dc:creator>",
        f"<dc:language>{edition.language}</dc:language>",
        f"<dc:rights>{escape(rights)}</dc:rights>",
        f'<meta property="dcterms:modified">{edition.made}</meta>',
        *(f'<meta property="schema:accessMode">{mode}</meta>' for mode in ("textual", "visual")),
        *(f'<meta property="schema:accessibilityFeature">{one}</meta>' for one in features),
        '<meta name="cover" content="cover"/>',
    ]
    names = {"style.css": "style", "cover.png": "cover"}
    manifest = ['<item id="old-contents" href="toc.ncx" media-type="application/x-dtbncx+xml"/>']
    for number, name in enumerate(held):
        kind = _MEDIA.get(posixpath.splitext(name)[1].lower(), "text/css")
        marked = ' properties="cover-image"' if name == "cover.png" else ""
        identity = names.get(name, f"file-{number}")
        manifest.append(f'<item id="{identity}" href="{quote(name)}" media-type="{kind}"{marked}/>')
    spine = []
    for number, one in enumerate(documents):
        marked = f' properties="{one.properties}"' if one.properties else ""
        manifest.append(
            f'<item id="page-{number}" href="{quote(one.name)}" '
            f'media-type="application/xhtml+xml"{marked}/>'
        )
        spine.append(f'<itemref idref="page-{number}"/>')
    lines = "\n".join
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="name" '
        f'xml:lang="{edition.language}">\n'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{lines(metadata)}\n</metadata>\n'
        f"<manifest>\n{lines(manifest)}\n</manifest>\n"
        f'<spine toc="old-contents">\n{lines(spine)}\n</spine>\n</package>\n'
    )


_CONTAINER = """\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""


def _paragraph(words: str, of_class: str) -> Tag:
    tag = BeautifulSoup("", "html.parser").new_tag("p")
    tag.append(words)
    tag["class"] = of_class
    return tag
