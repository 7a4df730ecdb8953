"""A Sphinx extension: the card at the head of a chapter, and the list of all chapters.

The directive ``{chapter-card}`` shows the chapter's question, what its reader will be able
to do, what is needed first, and the times: the reader's from what stands on the page, the
computer's from the budget, so that nothing on the card changes from run to run.
``{chapter-list}`` names the chapters of every part, each with its question. ``{chapter-needs}``
is a table for teachers: what each chapter needs, what needs it, and how long it takes. All are
drawn from front matter and from ``_toc.yml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from booktools.contract.length import FOLDED
from booktools.contract.page import Cell, Page, Text, read
from booktools.contract.parts import EXERCISES
from booktools.extension import metadata
from booktools.parts.assets import bring, holds

WORDS_PER_MINUTE = 160  # slower than a novel: there are figures and formulas between them
LINES_PER_MINUTE = 10  # of code that stands open
PREDICTION, QUESTION, DEMO, EXERCISE = 1, 1, 5, 15  # minutes each
STEP = 5  # minutes; nobody can promise more exactly
FIELDS = ("description", "question", "objectives", "needs", "budget")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, and describe each page to search engines."""
    app.add_directive("chapter-card", ChapterCard)
    app.add_directive("chapter-list", ChapterList)
    app.add_directive("chapter-needs", ChapterNeeds)
    app.connect("html-page-context", describe_page)
    for kind in ("chapter-card", "chapter-list"):
        bring(app, Path(__file__).parent, holds(nodes.container, kind), "card.css")
    return metadata()


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
        lines = StringList(self._lines(matter, read(self.env.docname, path)), source=str(path))
        self.state.nested_parse(lines, self.content_offset, card)
        return [card]

    def _lines(self, matter: dict[str, Any], page: Page) -> list[str]:
        needs = listed([_link(page) for page in matter["needs"]])
        lesson, exercises = minutes(page)
        times = f"about {lesson} minutes"
        if exercises:
            times += f", with the exercises {lesson + exercises}"
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


class OfAllChapters(SphinxDirective):
    """A directive without arguments that is drawn from every page that asks a question."""

    def run(self) -> list[nodes.Node]:
        """Return what is drawn."""
        drawn = nodes.container(classes=[self.name])
        lines = StringList(self._lines(), source=self.env.doc2path(self.env.docname))
        self.state.nested_parse(lines, self.content_offset, drawn)
        return [drawn]

    def _lines(self) -> list[str]:
        raise NotImplementedError

    def _chapters(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield the caption of its part, the name and the front matter of each chapter."""
        for part in self.config.external_site_map.root.subtrees:
            for page in part.files():
                path = self.env.doc2path(page)
                self.env.note_dependency(path)
                matter = front_matter(Path(path).read_text(encoding="utf8"))
                if "question" in matter:
                    yield part.caption, page, matter


class ChapterList(OfAllChapters):
    """``{chapter-list}``: part by part, each chapter with its question."""

    def _lines(self) -> list[str]:
        lines: list[str] = []
        numbered = enumerate(self._chapters(), start=1)
        for caption, chapters in groupby(numbered, key=lambda one: one[1][0]):
            lines += [f"**{caption}**", ""]
            for number, (_, page, matter) in chapters:
                lines.append(f"{number}. {_link(page)}: {matter['question']}")
            lines.append("")
        return lines


class ChapterNeeds(OfAllChapters):
    """``{chapter-needs}``: all chapters in a table, with needs and times."""

    def _lines(self) -> list[str]:
        needs = {page: matter.get("needs") or [] for _, page, matter in self._chapters()}
        lines = [
            "| Chapter | needs | is needed by | minutes | for its exercises |",
            "|---|---|---|---|---|",
        ]
        for page, needed in needs.items():
            lesson, exercises = minutes(read(page, Path(self.env.doc2path(page))))
            needed_by = [other for other in needs if page in needs[other]]
            lines.append(
                f"| {_link(page)} | {', '.join(map(_link, needed)) or 'nothing'} "
                f"| {', '.join(map(_link, needed_by)) or 'none'} | {lesson} | {exercises} |"
            )
        return lines


def _link(page: str) -> str:
    return f"[](/{page}.md)"


def front_matter(text: str) -> dict[str, Any]:
    """Return the YAML front matter of a page; empty if it has none."""
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    return (yaml.safe_load(match[1]) or {}) if match else {}


def listed(items: list[str]) -> str:
    """Return items as a list in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def minutes(page: Page) -> tuple[int, int]:
    """Return the durations of a page in steps of a few minutes, as the card shows them."""
    lesson, practice = durations(page)
    exercises = page.directives("exercise", "exercise-start")
    return _rounded(lesson), _rounded(practice) if exercises else 0


def durations(page: Page) -> tuple[float, float]:
    """Return how many minutes the lesson of a page takes its reader, and how many the exercises.

    Words and open code are read, predictions, questions and demos take their time, and an
    exercise is thought about before its solution is read. The rates are such that the first four
    chapters take as long as careful readers said they would take a first-year student: 40 to 60
    minutes each, and 50 to 100 for the exercises. Code that is folded or hidden does not count.
    """
    exercises = page.directives("exercise", "exercise-start")
    demos = [name for cell in page.cells for _, name, _ in cell.calls() if name == "demos.show"]
    lesson: float = PREDICTION * len(page.directives("predict")) + DEMO * len(demos)
    lesson += QUESTION * len(page.directives("question"))
    practice: float = EXERCISE * len(exercises)
    for block in page.blocks:
        takes = 0.0
        if isinstance(block, Text):
            takes = block.words / WORDS_PER_MINUTE
        elif isinstance(block, Cell) and block.visible and FOLDED not in block.tags:
            takes = sum(map(bool, block.source.split("\n"))) / LINES_PER_MINUTE
        if block.section == EXERCISES:
            practice += takes
        else:
            lesson += takes
    return lesson, practice


def _rounded(duration: float) -> int:
    return max(1, round(duration / STEP)) * STEP


def describe_page(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Give the page its own description, from its front matter."""
    assert app.env is not None
    description = app.env.metadata.get(page, {}).get("description")
    if description:
        tag = f'<meta name="description" content="{escape(str(description))}" />'
        context["metatags"] = context.get("metatags", "") + tag
