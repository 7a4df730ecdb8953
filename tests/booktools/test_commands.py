"""The command line: explain, and clear words for wrong calls."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.booktools.books import Book, run_ready

MakeBook = Callable[..., Book]


def booktools(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_ready("booktools", words, folder)


def test_explain_says_what_counts_and_whether_it_would_run(book: MakeBook) -> None:
    made = book(a="import helper")
    made.write("book/helper.py", "x = 1\n")
    before = booktools(made.root, "explain", "a").stdout
    assert "book/helper.py" in before
    assert "It would run: new." in before
    made.build()
    assert "It would not run" in booktools(made.root, "explain", "a").stdout
    made.write("book/helper.py", "x = 2\n")
    after = booktools(made.root, "explain", "a").stdout
    assert "It would run: book/helper.py changed." in after


def test_explain_knows_notebooks_and_says_when_there_is_no_page(book: MakeBook) -> None:
    made = book(a="1")
    made.notebook("a", "import helper")
    made.write("book/helper.py", "x = 1\n")
    for name in ("a", "a.ipynb"):
        assert "book/helper.py" in booktools(made.root, "explain", name).stdout
    missing = booktools(made.root, "explain", "b")
    assert missing.returncode == 2
    assert "no page" in missing.stdout


def test_a_setting_that_cannot_be_used_is_said_without_a_traceback(book: MakeBook) -> None:
    made = book(a="1")
    made.write("_config.yml", "sphinx: {config: {execution_log_lines: ['(open']}}\n")
    for command in (("build",), ("explain", "a"), ("evidence", "a")):
        done = booktools(made.root, *command)
        said = done.stdout + done.stderr
        assert done.returncode == 2, said
        assert "'(open' is no regular expression" in " ".join(said.split())
        assert "Traceback" not in said


def test_prune_keeps_the_newest_results(book: MakeBook) -> None:
    made = book(a="1")
    for value in "123":
        made.chapter("a", f"print('state', {value})")
        made.build()
    done = booktools(made.root, "prune", "--keep", "2")
    assert "Removed 1 results" in done.stdout
    assert made.build().ran() == {}
    made.chapter("a", "print('state', 1)")
    assert made.build().ran() == {"a": "cells changed"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("explain", "nowhere"), "there is no page book/nowhere.md"),
        (("evidence", "nowhere"), "there is no page book/nowhere.md"),
        (("build", "--jobs", "0"), "0 is not a whole number from 1 up"),
    ],
)
def test_a_wrong_call_is_answered_clearly(
    book: MakeBook, words: tuple[str, ...], complaint: str
) -> None:
    done = booktools(book(a="1").root, *words)
    assert done.returncode == 2
    assert complaint in done.stdout + done.stderr


def test_outside_a_book_the_command_says_so(tmp_path: Path) -> None:
    done = booktools(tmp_path, "build")
    assert done.returncode == 2
    assert "run this in the folder of the book" in done.stderr


def test_a_broken_table_of_contents_is_named_with_the_remedy(book: MakeBook) -> None:
    made = book(a="1")
    made.contents("a", "a")
    done = booktools(made.root, "check")
    assert done.returncode == 2
    assert done.stderr.startswith("_toc.yml: document file used multiple times: 'a'")
    assert "Remedy: " in done.stderr


def test_a_build_that_fails_ends_with_one_clear_word(book: MakeBook) -> None:
    made = book(a="1 / 0")
    done = booktools(made.root, "build")
    assert done.returncode == 1
    assert "a.md:11: exception" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.rstrip().endswith("what was there before still is.")


def test_a_build_shows_its_own_words_only(book: MakeBook) -> None:
    made = book(a="print('one')")
    done = booktools(made.root, "build")
    assert (done.returncode, done.stderr) == (0, "")
    words = r"""1 chapter to run
\[1/1\] executed a in [\d.]+ s
1 chapter executed, 0 reused, [\d.]+ s with \d+ at a time
 +[\d.]+ s +\d+ MB  a \(new\)
The pages are written now\.
The site is ready\. Open it in a browser: file://.*/_build/html/index\.html
"""
    assert re.fullmatch(words, done.stdout)
    assert "Running Sphinx" in booktools(made.root, "build", "--verbose").stdout


def test_a_build_shows_warnings_with_file_and_line(book: MakeBook) -> None:
    made = book(a="1")
    made.write("book/index.md", "# Another book\n\nSee {doc}`nowhere`.\n")
    done = booktools(made.root, "build")
    assert done.returncode == 1
    assert "index.md:3: WARNING: unknown document: 'nowhere'" in done.stderr
    assert done.stderr.rstrip().endswith("what was there before still is.")
    assert "ready" not in done.stdout


def test_a_build_says_what_jupyter_book_cannot_use(book: MakeBook) -> None:
    made = book(a="1")
    made.contents("a", "a")
    done = booktools(made.root, "build")
    assert done.returncode == 1
    assert "document file used multiple times: 'a'" in done.stderr
