"""A new chapter: in its place in the contents, right from the start, and never over another."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from booktools.cli import main
from booktools.cli.chapter import ChapterError, new_chapter
from booktools.contract import check, evidence
from booktools.contract.book import Book, read_order
from tests.booktools.books import Book as BuiltBook

TOC = """\
# our book
format: jb-book
root: index
parts:
  - caption: First steps
    chapters:
      - file: first/one # the first
      # a word on the next
      - file: first/two
        title: Another

  - caption: To look things up
    chapters:
      - file: glossary
"""
ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))["sphinx"]["config"]
TEMPLATE = ROOT / CONFIG["chapter_template"]
GLOSSARY = "# Glossary\n\n:::{glossary}\nbaseline\n    What takes no cleverness.\n:::\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "book" / "first").mkdir(parents=True)
    for page in ("first/one", "first/two"):
        (tmp_path / f"book/{page}.md").write_text("# One\n\n```{chapter-card}\n```\n", "utf8")
    (tmp_path / "book" / "index.md").write_text("# Hello\n", "utf8")
    (tmp_path / "book" / "glossary.md").write_text(GLOSSARY, "utf8")
    (tmp_path / "_toc.yml").write_text(TOC, "utf8")
    return tmp_path


def make(folder: Path, part: str = "first", name: str = "three", title: str = "Three") -> Path:
    words = {"part": part, "name": name, "title": title}
    return new_chapter(folder / "book", folder / "_toc.yml", TEMPLATE, **words)


def test_it_keeps_the_contract_from_the_start(folder: Path) -> None:
    make(folder, title="Which number? It's the third: $3")
    book = Book(folder / "book", read_order(folder / "_toc.yml"))
    page = book.pages["first/three"]
    assert [str(finding) for finding in check(page, book)] == []
    assert page.headings[0].plain == "Which number? It's the third: $3"
    assert page.matter["needs"] == ["first/two"]


def test_it_is_entered_at_the_end_of_its_part(folder: Path) -> None:
    make(folder)
    before, after = TOC.split("        title: Another\n")
    expected = f"{before}        title: Another\n      - file: first/three\n{after}"
    assert (folder / "_toc.yml").read_text("utf8") == expected


def test_a_new_part_comes_behind_the_last_one_with_chapters(folder: Path) -> None:
    make(folder, part="how-it-learns")
    assert read_order(folder / "_toc.yml")[-3:] == ["first/two", "how-it-learns/three", "glossary"]
    assert "  - caption: How it learns\n    chapters:\n" in (folder / "_toc.yml").read_text("utf8")
    make(folder, part="how-it-learns", name="four")
    assert read_order(folder / "_toc.yml")[-2:] == ["how-it-learns/four", "glossary"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"name": "two"}, "has first/two already"),
        ({"name": "Two words"}, "name is 'Two words'"),
        ({"name": ""}, "name is ''"),
        ({"part": "../first"}, "part is '../first'"),
        ({"part": "first/second"}, "part is 'first/second'"),
        ({"title": " "}, "there is no title"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(
    folder: Path, given: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ChapterError, match="Remedy: ") as refused:
        make(folder, **given)
    assert complaint in str(refused.value)
    assert (folder / "_toc.yml").read_text("utf8") == TOC
    assert (folder / "book/first/two.md").read_text("utf8").startswith("# One")


def test_a_page_that_is_only_in_the_contents_is_not_entered_twice(folder: Path) -> None:
    (folder / "book/first/two.md").unlink()
    with pytest.raises(ChapterError, match="has first/two already"):
        make(folder, name="two")


def test_contents_without_parts_are_refused(folder: Path) -> None:
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf8")
    with pytest.raises(ChapterError, match="group the chapters"):
        make(folder)


def test_the_command_says_what_comes_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    settings = {"sphinx": {"config": {"chapter_template": str(TEMPLATE)}}}
    (folder / "_config.yml").write_text(json.dumps(settings), "utf8")
    words = ["chapter", "--part", "first", "--name", "three", "--title", "Three"]
    assert main(words) == 0
    assert "book/first/three.md" in capsys.readouterr().out
    assert main(words) == 2
    assert "Remedy: choose another name" in capsys.readouterr().err
    (folder / "_config.yml").write_text("title: A book\n", "utf8")
    assert main([*words[:-3], "four", "--title", "Four"]) == 2
    assert "chapter_template" in capsys.readouterr().err


def test_it_builds_as_it_is(book: Callable[..., BuiltBook]) -> None:
    made = book()
    made.extend("booktools.contract, booktools.parts")
    made.write("_toc.yml", TOC.split("  - caption: First")[0] + "  - caption: Last\n    chapters:\n"
               "      - file: glossary\n")  # fmt: skip
    made.write("book/glossary.md", GLOSSARY)
    new_chapter(made.root / "book", made.root / "_toc.yml", TEMPLATE, part="a", name="b", title="C")
    built = made.build("-W")
    assert built.status == 0, built.output
    assert [claim["holds"] for claim in built.report["claims"]] == [True] * 7
    assert "Not at all: the errors" in made.page("a/b")
    assert "Right is " in made.page("a/b")


def test_its_evidence_belongs_to_it(tmp_path: Path) -> None:
    """The template's evidence is kept beside it; whoever changes one has to renew the other."""
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text(TOC, "utf8")
    path = new_chapter(
        tmp_path / "book", tmp_path / "_toc.yml", TEMPLATE, part="a", name="b", title="C"
    )
    contract = Book(tmp_path / "book", read_order(tmp_path / "_toc.yml"))
    found = list(evidence.check(contract.pages["a/b"], contract))
    assert path.with_suffix(".evidence.json").is_file()
    assert [str(finding) for finding in found] == []
