"""A Sphinx extension: elements of other pages, copied by reference.

``{from}`` names a page, and in its lines elements of it, each by kind and by its own words::

    ```{from} part/chapter
    prediction: chapter-guess
    figure: Accuracy by epoch
    ```

They are copied when the page is written, so they say what the other page says in this build. A
page is written again whenever a page that it copies from was read again. A line that names nothing,
or more than one thing, fails the build, with file, line and remedy for each. (Single numbers are
copied by MyST-NB: ``{glue:text}`` followed by the page, two colons and the key.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from booktools.extension import metadata
from booktools.parts.assets import bring, holds
from booktools.parts.copies.elements import KINDS, NotFoundError, find


class CopyError(SphinxError):
    """References to elements that do not exist."""

    category = "Copies"


@dataclass(frozen=True)
class Reference:
    """A line of ``{from}``: which element of which page it names, and where it stands."""

    line: int
    page: str
    kind: str
    words: str


@dataclass
class Copies:
    """What a page copies, and the faults of its references when they were last looked up."""

    references: list[Reference] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Place(nodes.General, nodes.Element):
    """Where copies will stand."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and connect to Sphinx."""
    for part in ("claims", "predictions", "quiz"):  # whose elements can be copied
        app.setup_extension(f"booktools.parts.{part}")
    app.add_directive("from", From)
    app.add_node(Place)
    app.add_post_transform(PutCopies)
    app.connect("builder-inited", forget_what_was_read)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", look_up)
    bring(app, Path(__file__).parent, holds(nodes.container, "copied"), "copies.css")
    return metadata()


class From(SphinxDirective):
    """``{from}`` with a page as its argument, and a line ``kind: words`` for each element."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return where the copies will stand."""
        place = Place(references=[])
        self.set_source_info(place)
        known = of_page(self.env, self.env.docname)
        page = self.arguments[0].strip("/").removesuffix(".md")
        for number, text in enumerate(self.content):
            kind, _, words = text.partition(":")
            if not text.strip():
                continue
            line = self.lineno + number + 1
            reference = Reference(line, page, kind.strip(), " ".join(words.split()))
            known.references.append(reference)
            place["references"].append(reference)
        return [place]


class PutCopies(SphinxPostTransform):
    """Put the copies where they belong, before anything else is resolved."""

    default_priority = 1

    def run(self, **_: Any) -> None:
        """Replace every place of this page."""
        here, trees = self.env.docname, {}
        for place in list(self.document.findall(Place)):
            made: list[nodes.Element] = []
            for reference in place["references"]:
                if reference.page not in trees:
                    trees[reference.page] = self.env.get_doctree(reference.page)
                copy = find(trees[reference.page], reference.kind, reference.words)
                lead_from_here(self.app, copy, here, reference.page)
                if reference.kind == "term" and made and "copied-term" in made[-1]["classes"]:
                    made[-1][0].extend(copy.children)  # one list
                    continue
                classes = ["copied", f"copied-{reference.kind}"]
                made.append(nodes.container("", copy, classes=classes))
            place.replace_self(made)


def lead_from_here(app: Sphinx, copy: nodes.Element, here: str, page: str) -> None:
    """Let links of a copy start on this page, and those within the other page lead there."""
    for link in copy.findall(addnodes.pending_xref):
        link["refdoc"] = here
    for link in copy.findall(nodes.reference):
        if "refid" in link:
            address = app.builder.get_relative_uri(here, page)
            link["refuri"] = f"{address}#{link.attributes.pop('refid')}"


def of_page(env: Any, page: str) -> Copies:
    """Return what a page copies, to be read and added to."""
    return _all(env).setdefault(page, Copies())


def forget_what_was_read(app: Sphinx) -> None:
    """Begin a build, in which no page was read yet."""
    app.booktools_read = set()  # type: ignore[attr-defined]


def forget(app: Sphinx, env: Any, page: str) -> None:
    """Forget the references of a page that is read again, or is gone."""
    app.booktools_read.add(page)  # type: ignore[attr-defined]
    _all(env).pop(page, None)


def merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    _all(env).update({page: found for page, found in _all(other).items() if page in pages})


def look_up(app: Sphinx, env: Any) -> list[str]:
    """Look up what may have changed, and return the pages to write again.

    Raises:
        CopyError: Some page names what does not exist, also if it was not read again.
    """
    read: set[str] = app.booktools_read  # type: ignore[attr-defined]
    outdated = [
        page
        for page, copies in sorted(_all(env).items())
        if read & {page, *(reference.page for reference in copies.references)}
    ]
    trees: dict[str, nodes.document] = {}
    for page in outdated:
        copies = _all(env)[page]
        copies.faults = [
            f"{env.doc2path(page)}:{reference.line}: {fault}"
            for reference in copies.references
            if (fault := _fault(env, trees, reference))
        ]
    faults = [fault for _, copies in sorted(_all(env).items()) for fault in copies.faults]
    if faults:
        raise CopyError("\n".join(faults))
    return outdated


def _fault(env: Any, trees: dict[str, nodes.document], reference: Reference) -> str:
    """Return what is wrong with a reference; empty if nothing is."""
    page, kind, words = reference.page, reference.kind, reference.words
    if page not in env.found_docs:
        return (
            f"there is no page {page!r} to copy from. Remedy: name one as in the contents, such "
            "as part/chapter."
        )
    if kind not in KINDS or not words:
        return (
            f"`{kind}: {words}` names nothing. Remedy: write a kind, a colon and words; the kinds "
            f"are {', '.join(KINDS)}."
        )
    if page not in trees:
        trees[page] = env.get_doctree(page)
    try:
        find(trees[page], kind, words)
    except NotFoundError as error:
        return f"the page {page} {error}"
    return ""


def _all(env: Any) -> dict[str, Copies]:
    if not hasattr(env, "booktools_copies"):
        env.booktools_copies = {}
    known: dict[str, Copies] = env.booktools_copies
    return known
