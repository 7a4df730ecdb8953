"""What the pages for those with little time, and for teachers, promise."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from booktools.contract.page import Page, read
from booktools.parts.card import durations
from booktools.parts.notebook import for_readers

BOOK = Path(__file__).parents[2] / "book"
QUICK = "in-21-minutes"
EXAM = "teaching/exam-questions"
HEAD = re.compile(r"\*([A-Z][a-z ]+), (\d+) points, (\d+) minutes: \[[^]]+\]\(\.\./[\w/-]+\.md\)\*")
WITHOUT_THE_BOOK = (
    "import sys\n\nsys.modules['lessons_code'] = None  # as where it is not installed"
)


def page(name: str) -> Page:
    return read(name, BOOK / f"{name}.md")


def test_the_page_for_21_minutes_takes_21_minutes_with_its_run() -> None:
    quick = page(QUICK)
    lesson, _ = durations(quick)
    assert 20 < lesson + quick.matter["budget"]["seconds"] / 60 <= 21


@pytest.mark.builds
def test_the_notebook_for_21_minutes_runs_where_the_book_is_not_installed(tmp_path: Path) -> None:
    notebook = for_readers((BOOK / f"{QUICK}.md").read_text(encoding="utf8"), QUICK)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(WITHOUT_THE_BOOK))
    NotebookClient(notebook, resources={"metadata": {"path": tmp_path}}).execute()
    printed = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and "never given: " in output.text
    ]
    assert 0.9 < float(re.findall(r"never given: ([\d.]+)", "".join(printed))[0]) < 1


def exam() -> tuple[list[re.Match[str]], list[str]]:
    """Return the heads of the questions, and the parts that they stand in."""
    questions = page(EXAM).directives("exercise")
    heads = [HEAD.match(question.body.split("\n\n")[0].strip()) for question in questions]
    assert all(heads), [q.argument for q, head in zip(questions, heads, strict=True) if not head]
    return [head for head in heads if head], [question.section for question in questions]


def test_every_exam_question_names_kind_points_minutes_and_chapter() -> None:
    heads, parts = exam()
    assert len(heads) >= 20
    assert len({head[1] for head in heads}) >= 5
    assert len(set(parts)) >= 6


def test_the_table_of_the_exam_adds_up() -> None:
    heads, parts = exam()
    text = (BOOK / f"{EXAM}.md").read_text(encoding="utf8")
    rows = re.findall(
        r"^\| ([A-Z][\w ]+) \| (\d+) (?:to|and) (\d+) \| (\d+) \| (\d+) \|$", text, re.M
    )
    wanted = []
    for part in dict.fromkeys(parts):
        inside = [n for n, one in enumerate(parts) if one == part]
        points, minutes = (sum(int(heads[n][group]) for n in inside) for group in (2, 3))
        wanted.append((part, inside[0] + 1, inside[-1] + 1, points, minutes))
    assert [(row[0], *map(int, row[1:])) for row in rows] == wanted


def test_every_exam_solution_checks_itself() -> None:
    exam_page = page(EXAM)
    solutions = exam_page.directives("solution-start")
    assert len(solutions) == len(exam_page.directives("exercise"))
    lines = [solution.line for solution in solutions] + [10**6]
    for start, end in pairwise(lines):
        cells = [cell for cell in exam_page.cells if start < cell.line < end]
        assert any("assert " in cell.source for cell in cells if "solution" in cell.inside), start
