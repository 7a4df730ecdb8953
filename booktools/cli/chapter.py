"""``python -m booktools chapter``: a new chapter from the template, entered in the contents."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from string import Template

import yaml

from booktools.cli.places import BOOK, TOC, sphinx_config
from booktools.contract.book import read_order
from booktools.contract.page import read
from booktools.evidence.record import path_for

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class ChapterError(ValueError):
    """A chapter that cannot be made."""


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--part", required=True, help="its folder, such as first-networks")
    parser.add_argument("--name", required=True, help="its file without .md, such as fizzbuzz")
    parser.add_argument("--title", required=True, help='what readers see, such as "FizzBuzz"')


def run(given: Namespace) -> int:
    """Write a new chapter, and say what comes next."""
    try:
        template = _template(sphinx_config().get("chapter_template"))
        words = {"part": given.part, "name": given.name, "title": given.title}
        path = new_chapter(BOOK, TOC, template, **words)
    except ValueError as error:
        print(f"The chapter was not made: {error}", file=sys.stderr)
        return 2
    print(f"Wrote {path}, a small chapter that already builds, and entered it in {TOC}.")
    print("Now rewrite it, from top to bottom, beside `make serve`; check it with `make check`.")
    return 0


def _template(given: object) -> Path:
    if not given or not Path(str(given)).is_file():
        raise ChapterError(
            f"there is no template {given or ''}. Remedy: name a file in _config.yml, under "
            "`sphinx: config: chapter_template`."
        )
    return Path(str(given))


def new_chapter(book: Path, toc: Path, template: Path, *, part: str, name: str, title: str) -> Path:
    """Write a chapter from the template, with its evidence, and enter it at the end of its part.

    Args:
        book: The folder of the pages.
        toc: The ``_toc.yml``; its comments and its order stay as they are.
        template: The chapter to begin with, in which ``$title``, ``$name`` and ``$needs`` stand
            for the new one's; evidence that stands beside it comes along.
        part: The folder of the part, such as ``first-networks``; it may be new.
        name: The name of the file without its end, such as ``fizzbuzz``.
        title: The title, as readers see it.

    Returns:
        The file.

    Raises:
        ChapterError: A name that does not fit, no title, or a chapter that exists.
    """
    for what, given in {"part": part, "name": name}.items():
        if not NAME.fullmatch(given):
            raise ChapterError(
                f"{what} is {given!r}. Remedy: lower-case letters, digits and single hyphens, "
                f"beginning with a letter, such as {what}=first-networks."
            )
    if not title.strip():
        raise ChapterError('there is no title. Remedy: title="What readers see".')
    page, path = f"{part}/{name}", book / part / f"{name}.md"
    order = read_order(toc)
    if path.exists() or page in order:
        place = path if path.exists() else toc
        raise ChapterError(f"{place} has {page} already. Remedy: choose another name.")
    contents = _entered(toc.read_text(encoding="utf8"), book, part, page)
    path.parent.mkdir(exist_ok=True)
    toc.write_text(contents, encoding="utf8")
    before = read_order(toc)[: read_order(toc).index(page)]
    needs = [one for one in before if _is_chapter(book, one)][-1:]
    text = Template(template.read_text(encoding="utf8")).substitute(
        title=title.strip(), name=name, needs=f"[{', '.join(needs)}]"
    )
    path.write_text(text, encoding="utf8")
    kept = path_for(template)
    if kept.is_file():
        evidence = Template(kept.read_text(encoding="utf8")).safe_substitute(name=name)
        path_for(path).write_text(evidence, encoding="utf8")
    return path


def _entered(toc: str, book: Path, part: str, page: str) -> str:
    """Return the contents with the page behind the last one of its folder.

    A folder that no part has yet becomes a part of its own, behind the last one with chapters.
    """
    parts = _items(yaml.compose(toc), "parts")
    if not parts:
        raise ChapterError("_toc.yml has no parts. Remedy: group the chapters by `parts:`.")
    own = [one for one in parts if any(file.startswith(f"{part}/") for file in _files(one))]
    if own:
        return _insert_behind(toc, _items(own[-1], "chapters")[-1], [f"- file: {page}"])
    full = [one for one in parts if any(_is_chapter(book, file) for file in _files(one))]
    caption = part.replace("-", " ").capitalize()
    lines = [f"- caption: {caption}", "  chapters:", f"    - file: {page}"]
    return _insert_behind(toc, (full or parts)[-1], lines)


def _insert_behind(text: str, entry: yaml.Node, new: list[str]) -> str:
    """Insert lines behind an item of a list, at its indentation."""
    rows = text.splitlines()
    last = entry.end_mark.line
    while last > entry.start_mark.line and not _holds(rows, last, entry):
        last -= 1
    indent = " " * rows[entry.start_mark.line].index("-")
    rows[last + 1 : last + 1] = [indent + line for line in new]
    return "\n".join(rows) + "\n"


def _holds(rows: list[str], number: int, entry: yaml.Node) -> bool:
    """Tell whether a line belongs to an item: it is no blank, no comment and not the next item."""
    if number >= len(rows) or not rows[number].strip() or rows[number].lstrip()[0] == "#":
        return False
    return len(rows[number]) - len(rows[number].lstrip()) >= entry.start_mark.column


def _files(part: yaml.Node) -> list[str]:
    return [str(_value(entry, "file").value) for entry in _items(part, "chapters")]


def _items(node: yaml.Node | None, key: str) -> list[yaml.Node]:
    """Return the items of a list in a YAML document, which know where they stand in it."""
    return list(_value(node, key).value)


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    nothing = yaml.SequenceNode("", [])
    return next((value for name, value in pairs if name.value == key), nothing)


def _is_chapter(book: Path, page: str) -> bool:
    path = book / f"{page}.md"
    return path.is_file() and read(page, path).is_chapter
