"""A page as the checks see it: a row of blocks in the order of the file, each with its line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from booktools.contract.ipython import parse as parse_cell

EXTENSIONS = {"colon_fence", "deflist", "dollarmath", "substitution"}  # those of the book
# directives whose content is not Markdown
LITERAL = {
    *("code", "code-block", "csv-table", "eval-rst", "find-as", "math", "mermaid", "raw", "toctree")
}
TITLED = {"question", "right", "wrong"}  # directives whose argument is Markdown for readers
CELL = "code-cell"
CARD = "chapter-card"
HIDDEN = {"remove-cell", "hide-cell", "remove-input"}  # tags of code that readers do not meet
WORD = re.compile(r"\w[\w'\u2019-]*")


@dataclass
class Block:
    """A part of a page.

    Attributes:
        line: Its first line in the file, counted from 1.
        section: The second-level heading that it stands under; empty before the first.
        inside: The directives around it, outermost first.
    """

    line: int
    section: str
    inside: tuple[str, ...]


@dataclass
class Text(Block):
    """A paragraph, a heading or a cell of a table: one run of inline Markdown."""

    level: int  # 1 to 6 for headings, else 0
    tokens: list[Token]

    @property
    def plain(self) -> str:
        """The words that are read, with a ``*`` for each formula, number from the run and code."""
        return "".join(_plain(token) for token in self.tokens)

    @property
    def words(self) -> int:
        """How many words are read; a formula, a number from the run, a piece of code is one."""
        return len(WORD.findall(self.plain.replace("*", " x ")))

    def find(self, *kinds: str) -> Iterator[tuple[Token, int]]:
        """Yield the inline tokens of some kinds, each with its line."""
        line = self.line
        for token in self.tokens:
            if token.type in ("softbreak", "hardbreak"):
                line += 1
            if token.type in kinds:
                yield token, line

    def lines(self) -> Iterator[tuple[str, int]]:
        """Yield the plain text by lines, as far as the file breaks it."""
        for number, line in enumerate(self.plain.split("\n")):
            yield line, self.line + number


@dataclass
class Item(Block):
    """An item of a list, before what it holds."""


@dataclass
class Comment(Block):
    """Lines that begin with ``%``, without it."""

    lines: list[str]


@dataclass
class Target(Block):
    """A place that links can name: ``(name)=``."""

    name: str


@dataclass
class Directive(Block):
    """A directive, before what it holds."""

    name: str
    argument: str
    options: dict[str, str]
    body: str
    first: int  # the line in the file of the first line of its body


@dataclass
class Cell(Block):
    """A code cell.

    Attributes:
        first: The line in the file of the first line of its code.
        tags: Its tags.
        source: The code.
    """

    first: int
    tags: set[str]
    source: str

    @property
    def visible(self) -> bool:
        """Whether readers meet the code, folded or not."""
        return not self.tags & HIDDEN

    @cached_property
    def tree(self) -> ast.Module:
        """The code, parsed, with IPython's own syntax as calls.

        It is empty if it is no Python: in another language, or wrong. Then running it fails.
        """
        try:
            return parse_cell(self.source)
        except SyntaxError:
            return ast.Module([], [])

    def calls(self) -> Iterator[tuple[ast.Call, str, int]]:
        """Yield the calls in their order: the node, the dotted name, the line in the file."""
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
            yield node, dotted(node.func), self.at(node)

    def at(self, node: ast.expr | ast.stmt) -> int:
        """Return the line in the file where a node stands."""
        return self.first + node.lineno - 1


@dataclass
class Page:
    """A page of the book.

    Attributes:
        name: Sphinx's name of the document, such as ``part/chapter``.
        path: The source file.
        matter: The front matter.
        matter_error: Why the front matter cannot be read; empty if it can.
        blocks: Everything else.
    """

    name: str
    path: Path
    matter: dict[str, Any]
    matter_error: str
    blocks: list[Block] = field(repr=False)

    def all(self, kind: type[Any]) -> list[Any]:
        """Return the blocks of a kind."""
        return [block for block in self.blocks if isinstance(block, kind)]

    @cached_property
    def texts(self) -> list[Text]:
        """The runs of text."""
        return self.all(Text)

    @cached_property
    def cells(self) -> list[Cell]:
        """The code cells."""
        return self.all(Cell)

    @cached_property
    def executed(self) -> list[Cell]:
        """The code cells that are run: those in no directive, save a pair around a solution."""
        return [cell for cell in self.cells if not set(cell.inside) - {"solution"}]

    @cached_property
    def headings(self) -> list[Text]:
        """The headings of the page itself, not of what stands in directives."""
        return [text for text in self.texts if text.level and not text.inside]

    def directives(self, *names: str) -> list[Directive]:
        """Return the directives of some names, or all."""
        found: list[Directive] = self.all(Directive)
        return [one for one in found if not names or one.name in names]

    @property
    def is_chapter(self) -> bool:
        """Whether the page carries a chapter card, and with it the contract."""
        return any(not card.inside for card in self.directives(CARD))

    @property
    def title_line(self) -> int:
        """The line of the title."""
        return self.headings[0].line if self.headings else 1

    def matter_line(self, key: str) -> int:
        """Return the line of a key of the front matter; its first if there is none."""
        lines = self.path.read_text(encoding="utf8").splitlines()
        found = (n for n, line in enumerate(lines, 1) if line.startswith(f"{key}:"))
        return next(found, 1)


def read(name: str, path: Path) -> Page:
    """Read a page."""
    tokens = parse(path.read_text(encoding="utf8"))
    matter: Any = {}
    error = ""
    if tokens and tokens[0].type == "front_matter":
        try:
            matter = yaml.safe_load(tokens[0].content) or {}
        except yaml.YAMLError as problem:
            error = " ".join(str(problem).split())
    if not isinstance(matter, dict):
        matter, error = {}, "it is not a list of keys and values"
    return Page(name, path, matter, error, list(_blocks(tokens, 0, ())))


def dotted(node: ast.expr) -> str:
    """Return the dotted name of an expression, with ``()`` for calls: ``a.b``, ``A().fit``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return "?"


def keywords(call: ast.Call) -> Mapping[str | None, ast.expr]:
    """Return the keyword arguments of a call; ``None`` stands for ``**``."""
    return {keyword.arg: keyword.value for keyword in call.keywords}


def parse(text: str) -> list[Token]:
    """Return the tokens of a text in MyST Markdown."""
    return _markdown().parse(text)


def directives(text: str) -> Iterator[tuple[int, int, Directive]]:
    """Yield the directives of a text that stand in no other, nor in a list or a quotation.

    Each comes with the number of its first line, counted from 0, and of the line behind it.
    """
    for token in parse(text):
        if token.level == 0 and token.map and _is_directive(token):
            start, end = token.map
            yield start, end, _directive(token, start + 1, "", ())


@cache
def _markdown() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def _blocks(tokens: Iterable[Token], offset: int, inside: tuple[str, ...]) -> Iterator[Block]:
    section, level = "", 0
    gate: tuple[str, ...] = ()
    for token in tokens:
        line = offset + token.map[0] + 1 if token.map else 0
        around = inside + gate
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "inline":
            text = Text(line, section, around, level, token.children or [])
            if level == 2 and not inside:
                text.section = section = text.plain
            yield text
        elif token.type == "list_item_open":
            yield Item(line, section, around)
        elif token.type == "myst_line_comment":
            yield Comment(
                line, section, around, [row.strip() for row in token.content.splitlines()]
            )
        elif token.type == "myst_target":
            yield Target(line, section, around, token.content)
        elif _is_directive(token):
            made = _directive(token, line, section, around)
            if made.name == CELL:
                tags = set(WORD.findall(made.options.get("tags", "")))
                yield Cell(line, section, around, made.first, tags, made.body)
                continue
            yield made
            # a solution may hold executed cells, so it is a pair of directives, not one
            gate = {"solution-start": ("solution",), "solution-end": ()}.get(made.name, gate)
            within = (*around, made.name)
            if made.name in TITLED:
                title = _markdown().parseInline(made.argument)[0].children
                yield Text(line, section, within, 0, title or [])
            if made.name not in LITERAL:
                for block in _blocks(parse(made.body), made.first - 1, within):
                    block.section = section
                    yield block


def _is_directive(token: Token) -> bool:
    return token.type in ("fence", "colon_fence") and token.info.startswith("{")


def _directive(token: Token, line: int, section: str, inside: tuple[str, ...]) -> Directive:
    name, argument = re.match(r"\{([^}]*)\}\s*(.*)", token.info, re.DOTALL).groups()  # type: ignore[union-attr]
    options, body, skipped = _options(token.content)
    first = line + 1 + skipped
    return Directive(line, section, inside, name, argument.strip(), options, body, first)


def _options(content: str) -> tuple[dict[str, str], str, int]:
    """Split what a directive holds into options, body and the number of lines before the body."""
    lines = content.splitlines()
    options: dict[str, str] = {}
    n = 0
    if lines and lines[0].strip() == "---" and "---" in lines[1:]:
        n = lines.index("---", 1) + 1
        given = yaml.safe_load("\n".join(lines[1 : n - 1])) or {}
        options = {str(key): str(value) for key, value in given.items()}
    else:
        while n < len(lines) and (match := re.match(r":([\w-]+):\s*(.*)$", lines[n])):
            options[match[1]] = match[2]
            n += 1
    while n < len(lines) and not lines[n].strip():
        n += 1
    return options, "\n".join(lines[n:]), n


def _plain(token: Token) -> str:
    if token.type == "text":
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "myst_role" and token.meta["name"] == "term":
        return re.sub(r"\s*<[^<>]*>$", "", token.content)
    if token.type in ("myst_role", "code_inline", "math_inline", "substitution_inline"):
        return "*"
    if token.type == "image":
        return "".join(_plain(child) for child in token.children or [])
    return ""
