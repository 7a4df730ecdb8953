"""The directive ``{find-as}``: what a section is looked for by, besides its heading.

Error messages, say, which readers paste::

    ## The shapes do not fit

    :::{find-as} Error message
    ValueError: Shapes (None, 10) and (None, 1) are incompatible
    :::

Each line becomes an entry of the palette that leads to the section. Without lines, the heading
itself is called so. The argument is the kind of thing, in any words; it may be left out for error
messages. Nothing is shown on the page.
"""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective
from sphinx_exercise.nodes import exercise_subtitle, is_exercise_node

from booktools.site.words import words


class FindError(SphinxError):
    """A mark that leads nowhere."""

    category = "Find"


class find_as(nodes.Invisible, nodes.Element):  # noqa: N801, nodes are written so
    """A mark: its kind, and its lines."""


# what a page is found by: kind, anchor, text
Entry = tuple[str, str, str]


def connect(app: Sphinx) -> None:
    """Register the directive, and note what pages hold while they are read."""
    app.add_node(find_as)
    app.add_directive("find-as", FindAs)
    app.connect("doctree-read", note, priority=600)  # the ids of exercises are final
    app.connect("env-purge-doc", lambda _app, env, page: noted(env).pop(page, None))
    app.connect("env-merge-info", merge)


class FindAs(SphinxDirective):
    """``{find-as} KIND`` around lines, each a name of the section."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the mark, which is taken out again when the page has been read."""
        kind = self.arguments[0] if self.arguments else words(self.config)["message"]
        lines = [" ".join(line.split()) for line in self.content if line.strip()]
        mark = find_as(kind=kind, lines=lines)
        self.set_source_info(mark)
        return [mark]


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the exercises and marks of the page that was read.

    Raises:
        FindError: A mark has no lines, and no heading above it.
    """
    assert app.env is not None
    page = app.env.docname
    found: list[Entry] = []
    for exercise in doctree.findall(is_exercise_node):
        title = exercise.next_node(exercise_subtitle)
        text = " ".join((exercise[1] if title is None else title).astext().split())
        found.append(("exercise", exercise["ids"][0], shorten(text, 80, placeholder=" …")))
    for mark in list(doctree.findall(find_as)):
        section = mark.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        if section is None and not mark["lines"]:
            raise FindError(
                f"{app.env.doc2path(page)}:{mark.line}: find-as without lines, and no heading "
                "above it. Remedy: set it below a heading, or write lines into it."
            )
        anchor = section["ids"][0] if section is not None else ""
        # "" for a text: the heading of the section
        found += [(f"={mark['kind']}", anchor, line) for line in mark["lines"] or [""]]
        mark.parent.remove(mark)
    if found:
        noted(app.env)[page] = found


def noted(env: Any) -> dict[str, list[Entry]]:
    """Return what pages hold beside headings, terms and claims."""
    if not hasattr(env, "booktools_findable"):
        env.booktools_findable = {}
    found: dict[str, list[Entry]] = env.booktools_findable
    return found


def merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    noted(env).update({page: found for page, found in noted(other).items() if page in pages})
