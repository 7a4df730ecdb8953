"""A Sphinx extension: links to glossary terms carry the term's definition.

The definition becomes the link's ``title``, which browsers show on hover; the script of
``booktools.site.previews`` shows it on focus and tap too, and lets the reader close it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from booktools.extension import metadata


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("env-updated", collect_definitions)
    app.connect("doctree-resolved", describe_terms)
    app.setup_extension("booktools.site.previews")
    return metadata()


def collect_definitions(_app: Sphinx, env: Any) -> list[str]:
    """Keep the definition of each term, and return the pages that show old ones: all."""
    found = dict(definitions(env))
    changed = found != getattr(env, "booktools_terms", {})
    env.booktools_terms = found
    return sorted(env.found_docs) if changed else []


def definitions(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Yield the anchor and the definition of each term of the book's glossaries."""
    objects = env.domains["std"].get_objects()
    for page in sorted({page for _, _, kind, page, _, _ in objects if kind == "term"}):
        for glossary in env.get_doctree(page).findall(addnodes.glossary):
            for item in glossary.findall(nodes.definition_list_item):
                text = " ".join(item.next_node(nodes.definition).astext().split())
                for term in item.findall(nodes.term):
                    yield from ((anchor, text) for anchor in term["ids"])


def describe_terms(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Put the definitions into the links of a page."""
    assert app.env is not None
    terms: dict[str, str] = getattr(app.env, "booktools_terms", {})
    for link in doctree.findall(nodes.reference):
        anchor = link.get("refid") or link.get("refuri", "").partition("#")[2]
        text = link.next_node(nodes.inline)
        if text is not None and "std-term" in text["classes"] and anchor in terms:
            link["reftitle"] = terms[anchor]
            link["classes"].append("term")
