"""A Sphinx extension: the card at the head of a chapter, and the list of all chapters.

The directive ``{chapter-card}`` shows the chapter's question, what its reader will be able
to do, what is needed first, and the times: reading time from the words on the page,
computing time from the budget, so that nothing on the card changes from run to run.
``{chapter-list}`` names the chapters of every part, each with its question. Both are drawn
from front matter and from ``_toc.yml``.
"""

from __future__ import annotations

import math
import re
from html import escape
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

WORDS_PER_MINUTE = 160  # slower than a novel: there are figures, code and predictions to make
FIELDS = ("description", "question", "objectives", "needs", "budget")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and describe each page to search engines."""
    app.add_directive("chapter-card", ChapterCard)
    app.add_directive("chapter-list", ChapterList)
    app.connect("html-page-context", describe_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class ChapterCard(SphinxDirective):
    """``{chapter-card}``, without arguments: everything stands in the front matter."""

    def run(self) -> list[nodes.Node]:
        """Return the card."""
        path = Path(self.env.doc2path(self.env.docname))
        text = path.read_text(encoding="utf8")
        matter = front_matter(text)
        missing = [field for field in FIELDS if field not in matter]
        if missing:
            raise self.error(
                f"{path}: the front matter lacks {', '.join(missing)}; "
                "the card at the head of the chapter is made from it"
            )
        card = nodes.container(classes=["chapter-card"])
        lines = StringList(self._lines(matter, text), source=str(path))
        self.state.nested_parse(lines, self.content_offset, card)
        return [card]

    def _lines(self, matter: dict[str, Any], text: str) -> list[str]:
        needs = listed([f"[](/{page}.md)" for page in matter["needs"]])
        times = f"{reading_minutes(text)} minutes to read"
        seconds = matter["budget"].get("seconds")
        if seconds:
            times += f", at most {seconds} seconds to compute"
        return [
            f"**{matter['question']}**",
            "",
            "After this chapter you can",
            "",
            *(f"- {objective}" for objective in matter["objectives"]),
            "",
            f"Before it, read: {needs or 'nothing, this is the beginning'}.",
            "",
            f"Time: {times}.",
        ]


class ChapterList(SphinxDirective):
    """``{chapter-list}``, without arguments: part by part, every page that asks a question."""

    def run(self) -> list[nodes.Node]:
        """Return the list."""
        table = nodes.container(classes=["chapter-list"])
        lines = StringList(self._lines(), source=self.env.doc2path(self.env.docname))
        self.state.nested_parse(lines, self.content_offset, table)
        return [table]

    def _lines(self) -> list[str]:
        lines: list[str] = []
        number = 0
        for part in self.config.external_site_map.root.subtrees:
            chapters = []
            for page in part.files():
                path = self.env.doc2path(page)
                self.env.note_dependency(path)
                matter = front_matter(Path(path).read_text(encoding="utf8"))
                if "question" in matter:
                    number += 1
                    chapters.append(f"{number}. [](/{page}.md): {matter['question']}")
            if chapters:
                lines += [f"**{part.caption}**", "", *chapters, ""]
        return lines


def front_matter(text: str) -> dict[str, Any]:
    """Return the YAML front matter of a page; empty if it has none."""
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    return (yaml.safe_load(match[1]) or {}) if match else {}


def listed(items: list[str]) -> str:
    """Return items as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def reading_minutes(text: str) -> int:
    """Return the minutes that reading a page takes, without its code."""
    prose = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    prose = re.sub(r"^```\{code-cell\}.*?^```$", "", prose, flags=re.DOTALL | re.MULTILINE)
    # comments, options and the fences of directives are not read; their titles are
    prose = re.sub(r"^(%|:[\w-]+:).*$|^(:{3,}|`{3,})(\{[\w-]+\})?", "", prose, flags=re.MULTILINE)
    return max(1, math.ceil(len(re.findall(r"\b\w[\w'\u2019-]*", prose)) / WORDS_PER_MINUTE))


def describe_page(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Give the page its own description, from its front matter."""
    assert app.env is not None
    description = app.env.metadata.get(page, {}).get("description")
    if description:
        tag = f'<meta name="description" content="{escape(str(description))}" />'
        context["metatags"] = context.get("metatags", "") + tag
