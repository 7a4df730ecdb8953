"""The promises of the execution, kept on a book that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.booktools.books import Book, new_book

MakeBook = Callable[..., Book]


@pytest.fixture(scope="module")
def built_pair(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Two chapters, one of which imports a module that imports another."""
    made = new_book(
        tmp_path_factory.mktemp("built"),
        a="import through\nprint('value', through.leaf.VALUE)",
        b="print('other')",
    )
    made.write("book/through.py", "import leaf\n")
    made.write("book/leaf.py", "VALUE = 1\n")
    made.write("book/unrelated.py", "")
    made.write("requirements.txt", "one==1\n")
    built = made.build()
    assert built.status == 0, built.output
    assert built.ran() == {"a": "new", "b": "new"}
    return made


@pytest.fixture
def pair(built_pair: Book, tmp_path: Path) -> Book:
    """A copy of the two chapters and their site, to change."""
    shutil.copytree(built_pair.root, tmp_path / "copy")
    return Book(tmp_path / "copy")


def test_nothing_changed_runs_nothing(pair: Book) -> None:
    built = pair.build()
    assert built.ran() == {}
    assert built.report["cached"] == 2
    assert {chapter["why"] for chapter in built.report["chapters"]} == {"unchanged"}


def test_a_leaf_module_runs_the_chapters_that_depend_on_it(pair: Book) -> None:
    pair.write("book/leaf.py", "VALUE = 2\n")
    assert pair.build().ran() == {"a": "book/leaf.py changed"}
    assert "value 2" in pair.page("a")


def test_going_back_finds_the_earlier_results(pair: Book) -> None:
    pair.write("book/leaf.py", "VALUE = 2\n")
    pair.build()
    pair.write("book/leaf.py", "VALUE = 1\n")
    assert pair.build().ran() == {}
    assert "value 1" in pair.page("a")


def test_an_unrelated_module_runs_nothing(pair: Book) -> None:
    pair.write("book/unrelated.py", "x = 1\n")
    assert pair.build().ran() == {}


def test_what_is_installed_counts_and_not_what_a_lock_says(pair: Book) -> None:
    pair.write("requirements.txt", "one==2\n")
    assert pair.build().ran() == {}


def test_the_data_mode_runs_everything_and_never_mixes(pair: Book) -> None:
    assert pair.build(BOOKTOOLS_DATA="full").ran() == dict.fromkeys("ab", "data mode changed")
    assert pair.build().ran() == {}


def test_prose_runs_nothing_and_appears(pair: Book) -> None:
    pair.chapter("b", "print('other')", prose="Better prose.")
    assert pair.build().ran() == {}
    assert "Better prose." in pair.page("b")


def test_a_tag_runs_nothing_and_works(pair: Book) -> None:
    pair.chapter("b", ":tags: [hide-input]\nprint('other')")
    assert pair.build().ran() == {}
    assert "<details" in pair.page("b")
    assert "other" in pair.page("b")


def test_changed_code_runs_its_chapter(pair: Book) -> None:
    pair.chapter("b", "print('another')")
    assert pair.build().ran() == {"b": "cells changed"}


def test_a_file_named_in_the_front_matter_counts(book: MakeBook) -> None:
    made = book(a="1")
    made.write("extra.py", "x = 1\n")
    made.chapter("a", "1", matter="depends_on: [book/extra.txt]\n")
    assert "depends_on names book/extra.txt" in made.build().output
    made.write("book/extra.txt", "1")
    made.build()
    made.write("book/extra.txt", "2")
    assert made.build().ran() == {"a": "book/extra.txt changed"}


def test_a_wrong_budget_is_named_with_its_file(book: MakeBook) -> None:
    made = book(a="1")
    made.chapter("a", "1", matter="budget: {seconds: fast}\n")
    built = made.build()
    assert built.status != 0
    assert "a.md: front matter: budget: seconds is a positive number, not 'fast'" in built.output


def test_a_wrong_number_of_jobs_is_said(pair: Book) -> None:
    built = pair.build(BOOKTOOLS_JOBS="many")
    assert built.status != 0
    assert "BOOKTOOLS_JOBS is a whole number from 1 up, not 'many'" in built.output


def test_all_failures_are_told_every_time_and_the_site_stays(pair: Book) -> None:
    before = pair.page("a")
    pair.chapter("a", "x = 1", "1 / 0")
    pair.chapter("b", "import warnings; warnings.warn('careful')")
    for _ in range(2):
        built = pair.build()
        assert built.status != 0
        assert built.kinds() == {"a": "exception", "b": "stderr"}
        assert "a.md:15: exception" in built.output
        assert "1 / 0" in built.output
        assert "careful" in built.output
        assert pair.page("a") == before


def test_finished_chapters_are_not_run_again_after_a_failure(pair: Book) -> None:
    pair.chapter("a", "1 / 0")
    pair.chapter("b", "print('fresh')")
    pair.build()
    pair.chapter("a", "print('mended')")
    assert pair.build().ran() == {"a": "cells changed"}


def test_a_broken_link_fails_every_time_with_warnings_as_errors(pair: Book) -> None:
    before = pair.page("b")
    pair.chapter("b", "print('other')", prose="[gone](nowhere.md)")
    for _ in range(2):
        built = pair.build("-W", "--keep-going")
        assert built.status != 0
        assert "nowhere.md" in built.output
        assert pair.page("b") == before


def test_a_first_build_that_fails_publishes_nothing(book: MakeBook) -> None:
    made = book(a="1 / 0")
    assert made.build().status != 0
    assert not (made.root / "_build" / "html").exists()


def test_damaged_results_are_named_and_run_again(pair: Book) -> None:
    (cache,) = pair.root.glob("_build/.jupyter_cache/a/*/global.db")
    cache.write_bytes(b"not a database")
    built = pair.build()
    assert built.status == 0
    assert "the kept results of a were damaged" in built.output
    assert list(built.ran()) == ["a"]


def test_a_killed_build_leaves_the_site_and_loses_no_finished_work(pair: Book) -> None:
    before = pair.page("a")
    pair.chapter("a", "print('quick')")
    pair.chapter("b", "import time; time.sleep(60)")
    process = subprocess.Popen(
        pair.command(), cwd=pair.root, env={**os.environ, "BOOKTOOLS_JOBS": "2"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    results = pair.root / "_build" / ".jupyter_cache" / "a"
    wait_for(lambda: len(list(results.glob("*/facts.json"))) == 2)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    psutil.wait_procs(workers, timeout=30)
    assert [worker for worker in workers if worker.is_running()] == []
    assert pair.page("a") == before
    pair.chapter("b", "print('other')")
    built = pair.build()
    assert built.status == 0
    assert built.ran() == {}
    assert "quick" in pair.page("a")


def test_two_builds_in_one_folder_refuse_each_other(pair: Book) -> None:
    wait = "while not pathlib.Path('go').exists():\n    time.sleep(0.05)\nprint('late')"
    pair.chapter("b", f"import pathlib, time\n{wait}")
    first = subprocess.Popen(
        pair.command(), cwd=pair.root, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert first.stdout is not None
    for line in first.stdout:
        if b"building [html]" in line:
            break
    second = pair.build()
    pair.write("book/go", "")
    first.communicate()
    assert second.status != 0
    assert "another build is working in" in second.output
    assert first.returncode == 0
    assert "late" in pair.page("b")


def test_alternative_text_and_captions_run_nothing(book: MakeBook) -> None:
    cell = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    made = book(a=f"---\nmystnb: {{image: {{alt: A line}}}}\n---\n{cell}")
    assert made.build().status == 0
    made.chapter("a", f"---\nmystnb: {{image: {{alt: A rising line}}}}\n---\n{cell}")
    built = made.build()
    assert built.status == 0, built.output
    assert built.ran() == {}
    assert 'alt="A rising line"' in made.page("a"), built.output


def test_sphinx_reads_exactly_the_pages_whose_results_changed(pair: Book) -> None:
    pair.build()  # the copy lies in another folder than the original
    pair.write("book/leaf.py", "VALUE = 2\n")
    assert "0 added, 1 changed, 0 removed" in pair.build().output


def test_a_page_whose_date_did_not_move_is_read_all_the_same(pair: Book) -> None:
    pair.build()
    path = pair.root / "book" / "b.md"
    date = path.stat().st_mtime
    pair.chapter("b", "print('other')", prose="Dated back.")
    os.utime(path, (date, date))
    assert pair.build().status == 0
    assert "Dated back." in pair.page("b")


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a Unix thing")
def test_a_full_disk_is_said_and_loses_nothing(pair: Book) -> None:
    before = pair.page("b")
    pair.chapter("b", "print('x' * 200_000)")
    limited = pair.build(FILE_LIMIT="100000")
    assert limited.status != 0
    assert "could not be kept" in limited.output
    assert pair.page("b") == before
    built = pair.build()
    assert built.status == 0
    assert built.ran() == {"b": "cells changed"}


def test_unfinished_results_of_a_killed_build_are_removed(pair: Book) -> None:
    leftover = pair.root / "_build" / ".jupyter_cache" / "a" / ".unfinished-1"
    leftover.mkdir()
    built = pair.build()
    assert built.status == 0
    assert "an unfinished result of a was removed" in built.output
    assert not leftover.exists()


def test_unreadable_results_are_named_and_run_again(pair: Book) -> None:
    (facts,) = pair.root.glob("_build/.jupyter_cache/b/*/facts.json")
    facts.unlink()
    facts.mkdir()  # unreadable even for an administrator
    built = pair.build()
    assert built.status == 0
    assert "the kept results of b were damaged" in built.output


def test_a_chapter_changed_during_the_build_stops_it(pair: Book) -> None:
    pair.chapter("b", "import pathlib; p = pathlib.Path('a.md'); p.write_text(p.read_text() + '1')")
    built = pair.build()
    assert built.status != 0
    assert "a.md was changed meanwhile: build again." in built.output


def test_a_build_killed_while_publishing_is_repaired(pair: Book) -> None:
    html = pair.root / "_build" / "html"
    html.rename(html.with_name(".html.old"))
    pair.chapter("a", "1 / 0")
    assert pair.build().status != 0
    assert "value 1" in pair.page("a")


def test_the_site_is_the_same_to_the_byte_anywhere_with_any_number_of_workers(
    book: MakeBook, tmp_path: Path
) -> None:
    cells = {
        "a": "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
        "b": "from lessons_code import claim\nclaim('One', 1, equals=1)",
        "c": "print({'x', 'y', 'z'})",
    }
    one = book(**cells)
    assert one.build(fresh=True, BOOKTOOLS_JOBS="1").status == 0
    two = Book(tmp_path / "elsewhere" / "the-same")
    two.root.parent.mkdir()
    one.root.rename(two.root)
    first = dict(files(two.root / "_build" / "html"))
    shutil.rmtree(two.root / "_build")
    assert two.build(fresh=True, BOOKTOOLS_JOBS="3").status == 0
    second = dict(files(two.root / "_build" / "html"))
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_a_budget_warns_fails_or_does_not_count(book: MakeBook) -> None:
    made = book(a="1")
    made.chapter("a", "print(1)", matter="budget: {megabytes: 30}\n")
    told = made.build(CI="")
    assert told.status == 0
    (chapter,) = told.report["chapters"]
    assert "over its budget of 30 MB" in chapter["over_budget"][0]
    assert "over budget: a: " in told.output
    assert chapter["slowness"] >= 1
    made.chapter("a", "print(2)", matter="budget: {megabytes: 30}\n")
    assert made.build(BOOKTOOLS_BUDGET="strict").kinds() == {"a": "budget"}
    assert made.build(CI="true").kinds() == {"a": "budget"}
    free = made.build(CI="true", BOOKTOOLS_BUDGET="off")
    assert free.status == 0
    assert free.report["chapters"][0]["over_budget"] == []


def test_the_number_of_workers_and_the_facts_of_each_chapter_are_reported(pair: Book) -> None:
    report = pair.build(BOOKTOOLS_JOBS="1").report
    assert report["jobs"] == 1
    assert report["data"] == "sample"
    a = report["chapters"][0]
    assert a["depends_on"] == ["book/leaf.py", "book/through.py"]
    assert a["cells"] == 1
    assert {"python", "sphinx"} <= report["versions"].keys()


def files(folder: Path) -> list[tuple[str, bytes]]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(found)]


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come true in 30 seconds")
