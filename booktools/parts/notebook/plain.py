"""A page as a Jupyter notebook: its code cells, and a plain form of its text.

Solutions are left out, so that what the reader writes into the blanks stays; they can be read on
the page. So is the code that only puts numbers into the text; the numbers are there.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import nbformat
from myst_nb.core.read import read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode

from booktools.contract.boxes import Prediction, prediction, question
from booktools.contract.ipython import parse
from booktools.contract.page import Directive, directives
from booktools.parts.deal import deal, letter
from booktools.parts.notebook.numbers import Numbers, put_in
from booktools.parts.notebook.owed import Owed
from booktools.parts.predictions.conditions import UndecidedError, right_option

_WITHOUT_TITLE = {"grid", "tab-set"}
_NOTHING = {
    *("chapter-card", "chapter-list", "chapter-needs", "claims-table", "from", "literalinclude"),
    *("notebook", "notebooks", "solution"),
}
_PICTURES = {"figure", "image"}  # what stands beside the page is not in the download
# what MyST has and a notebook has not, and what stands for it there
_PLAIN = [
    (re.compile(r"^(?:%.*|\+\+\+.*)$", re.M), ""),
    (re.compile(r"\{term\}`([^`<]*?)(?: *<[^`]*)?`"), r"\1"),
    (re.compile(r"\{[\w:-]+\}(`[^`]*`)"), r"\1"),
    (re.compile(r"!\[([^]]*)\]\((?!https?:)[^)]*\)"), r"*Picture: \1*"),
    (re.compile(r"\[([^]]*)\]\((?!https?:)[^)]*\)"), r"\1"),
    (re.compile(r"\n{3,}"), "\n\n"),
]


def no_numbers(_role: str) -> None:
    """Stand in for the numbers of a page that was not run."""


def for_readers(
    text: str,
    name: str,
    claims: Sequence[Mapping[str, Any]] = (),
    numbers: Numbers = no_numbers,
) -> NotebookNode:
    """Return a page's source as a notebook: plain text, code cells, no solutions.

    The same arguments give the same notebook.

    Args:
        text: The page in MyST Markdown, with its front matter.
        name: Sphinx's name of the page, from which letters are dealt.
        claims: What the run of the page claimed, which decides its predictions.
        numbers: Gives what the run put into the text (:func:`numbers.from_run`).
    """
    page = read_myst_markdown_notebook(_without_solutions(text), MdParserConfig())
    plain = _Plain(text, name, claims, numbers)
    code = _code(text)
    book = nbformat.v4.new_notebook()
    book.metadata.kernelspec = _kernel(page.metadata.get("kernelspec") or {})
    for number, cell in enumerate(page.cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            made = nbformat.v4.new_markdown_cell(plain.text(cell.source))
        else:
            made = nbformat.v4.new_code_cell(next(code))
            if "raises-exception" in tags:  # Jupyter goes on after such a cell
                made.metadata.tags = ["raises-exception"]
        made.id = cell_id(number, made.source)
        if made.source:
            book.cells.append(made)
    nbformat.validate(book)
    return book  # type: ignore[no-any-return]


def cell_id(place: object, source: str) -> str:
    """Return an id for a cell; nbformat would draw one at random."""
    return hashlib.sha256(f"{place} {source}".encode()).hexdigest()[:12]


def _kernel(given: Mapping[str, Any]) -> dict[str, str]:
    """Return what a notebook says of its kernel, where the page says less."""
    name = str(given.get("name") or "python3")
    return {"name": name, "display_name": str(given.get("display_name") or name), **given}


def _without_solutions(text: str) -> str:
    """Return a page's source without what stands between the two ends of a solution."""
    lines = text.splitlines(keepends=True)
    start: int | None = None
    for first, behind, directive in directives(text):
        if directive.name == "solution-start":
            start = first
        elif directive.name == "solution-end" and start is not None:
            lines[start:behind] = [""] * (behind - start)
            start = None
    if start is not None:
        del lines[start:]
    return "".join(lines)


def _code(text: str) -> Iterator[str]:
    """Yield the code cells of a page that are in no solution, with what they need of solutions."""
    owed = Owed()
    in_solution = False
    for cell in read_myst_markdown_notebook(text, MdParserConfig()).cells:
        if cell.cell_type == "markdown":
            for _, _, directive in directives(cell.source):
                if directive.name in ("solution-start", "solution-end"):
                    in_solution = directive.name == "solution-start"
        elif in_solution:
            owed.after_solution(cell.source)
        elif "remove-cell" in cell.metadata.get("tags", []):
            yield owed.mark(_without_glue(cell.source))
        else:
            yield owed.mark(cell.source)


def _without_glue(code: str) -> str:
    """Return the code of a hidden cell without what only puts numbers into the text."""
    try:
        tree = parse(code)
    except SyntaxError:  # of another language, or wrong on purpose
        return code
    lines = code.splitlines()
    _leave_out(tree.body, lines)
    kept = [line for line in lines if line.strip()]
    return "\n".join(kept) if any(not line.lstrip().startswith("#") for line in kept) else ""


def _leave_out(body: Sequence[ast.stmt], lines: list[str]) -> bool:
    """Empty the lines of statements that only glue; tell whether that was the whole body."""
    gone = [_left_out(statement, lines) for statement in body]
    return all(gone)


def _left_out(statement: ast.stmt, lines: list[str]) -> bool:
    bodies = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    bodies += [handler.body for handler in getattr(statement, "handlers", [])]
    inner = [body for body in bodies if body]
    if inner:
        empty = [_leave_out(body, lines) for body in inner]
        if not all(empty) or isinstance(statement, ast.FunctionDef | ast.ClassDef):
            for body in (body for body, gone in zip(inner, empty, strict=True) if gone):
                lines[body[0].lineno - 1] = " " * body[0].col_offset + "pass"
            return False
    elif not _only_glues(statement):
        return False
    last = statement.end_lineno or statement.lineno
    lines[statement.lineno - 1 : last] = [""] * (last - statement.lineno + 1)
    return True


def _only_glues(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "myst_nb"
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func) == "glue"


class _Plain:
    """A page's MyST Markdown as the Markdown that notebooks understand."""

    def __init__(
        self, text: str, page: str, claims: Sequence[Mapping[str, Any]], numbers: Numbers
    ) -> None:
        found = [one for _, _, one in _deeply(text)]
        boxes = [prediction(one) for one in found if one.name == "predict"]
        hands = [(box.name, len(box.choices), _right(box, claims)) for box in boxes]
        dealt = zip(boxes, hands, deal(page, "predict", hands), strict=True)
        self._boxes = {box.name: (box, hand[2], order) for box, hand, order in dealt}
        asked = [question(one) for one in found if one.name == "question"]
        quiz = [
            (str(number), len(one.options), one.right) for number, one in enumerate(asked, start=1)
        ]
        self._quiz = list(zip(asked, deal(page, "quiz", quiz), strict=True))
        self._asked = 0
        self._numbers = numbers

    def text(self, markdown: str) -> str:
        """Return a text without MyST's own signs."""
        opened = put_in(self._opened(markdown), self._numbers)
        plain = re.sub(r"\{letter\}`([^`]*)`", self._letter, opened)
        for pattern, replacement in _PLAIN:
            plain = pattern.sub(replacement, plain)
        return plain.strip()

    def _opened(self, markdown: str) -> str:
        """Return a text with each directive as its title and its content."""
        lines = markdown.splitlines()
        done = []
        at = 0
        for first, behind, directive in directives(markdown):
            done += [*lines[at:first], *self._content(directive).splitlines()]
            at = behind
        return "\n".join([*done, *lines[at:]])

    def _content(self, directive: Directive) -> str:
        if directive.name in _NOTHING:
            return ""
        if directive.name == "predict":
            return self._prediction(directive)
        if directive.name == "answer":
            return self._answer(directive)
        if directive.name == "question":
            return self._question()
        content = f"{self._opened(directive.body)}\n"
        if directive.name in _WITHOUT_TITLE:
            return content
        if directive.name in _PICTURES:
            return f"*Picture: {directive.options.get('alt', '')}*\n\n{content}"
        return f"**{directive.argument or directive.name.capitalize()}**\n\n{content}"

    def _prediction(self, directive: Directive) -> str:
        box, _, order = self._boxes[directive.options.get("name", "")]
        options = [f"- {letter(at)}. {box.choices[n].text}" for at, n in enumerate(order)]
        return "\n".join(["**Predict before you run**", "", box.question, "", *options, ""])

    def _answer(self, directive: Directive) -> str:
        content = f"{self._opened(directive.body)}\n"
        box, right, order = self._boxes.get(directive.argument, (None, None, []))
        if box is None or right is None:
            return content
        return f"Right is {letter(order.index(right))}. {box.choices[right].text}\n\n{content}"

    def _question(self) -> str:
        asked, order = self._quiz[self._asked]
        self._asked += 1
        options = [f"- {letter(at)}. {asked.options[n].text}" for at, n in enumerate(order)]
        return "\n".join([f"**{self._asked}. {asked.text}**", "", *options, ""])

    def _letter(self, role: re.Match[str]) -> str:
        name, _, number = role[1].partition(".")
        box, right, order = self._boxes.get(name, (None, None, []))
        option = int(number) - 1 if number else right
        return letter(order.index(option)) if box and option in order else "\u2026"


def _deeply(text: str) -> Iterator[tuple[int, int, Directive]]:
    """Yield the directives of a text, and those within them."""
    for first, behind, directive in directives(text):
        yield first, behind, directive
        yield from _deeply(directive.body)


def _right(box: Prediction, claims: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the option that the run decided for; ``None`` where there was none."""
    claim = next((one for one in claims if one["text"] == box.decided_by), None)
    if claim is None:
        return None
    try:
        return right_option(box.conditions, claim["value"], holds=claim["holds"])
    except UndecidedError:  # the build says so
        return None
