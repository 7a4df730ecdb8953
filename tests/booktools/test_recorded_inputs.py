"""What a run really read decides whether it is run again, however its code came to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from booktools.execution.inputs import CHANGED, Record, digests
from booktools.execution.kernel import RECORDER
from tests.booktools.books import Book, new_book

MakeBook = Callable[..., Book]

# how a cell comes to a file that a scan of its code does not see, and the file
WAYS = {
    "an import under a magic": ("%%time\nfrom helper import value\nprint(value)", "book/helper.py"),
    "an import under await": (
        "import asyncio\nawait asyncio.sleep(0)\nfrom helper import value\nprint(value)",
        "book/helper.py",
    ),
    "a path that is put together": (
        "import sys; sys.path.insert(0, '../' + 'src')\n"
        "from package.deep import value\nprint(value)",
        "src/package/deep.py",
    ),
    "a name that is put together": (
        "import importlib\nprint(importlib.import_module('hel' + 'per').value)",
        "book/helper.py",
    ),
    "data in a folder beside": ("print(open('../' + 'data/table.csv').read())", "data/table.csv"),
    "a script": ("!{__import__('sys').executable} make.py", "book/make.py"),
    "what a script imports": (
        "import subprocess, sys\n"
        "print(subprocess.run([sys.executable, '-c', 'import helper; print(helper.value)'],"
        " capture_output=True, text=True).stdout)",
        "book/helper.py",
    ),
}
CONTENT = {
    "book/helper.py": "value = {0}\n",
    "src/package/deep.py": "value = {0}\n",
    "data/table.csv": "{0}\n",
    "book/make.py": "print({0})\n",
}


def test_whatever_a_run_reads_makes_it_run_again(book: MakeBook) -> None:
    pages = {f"p{n}": cell for n, (cell, _) in enumerate(WAYS.values())}
    made = book(**pages)
    for name, text in CONTENT.items():
        made.write(name, text.format(1111))
    first = made.build()
    assert first.status == 0, first.output
    assert all("1111" in made.page(page) for page in pages)
    depends = {row["page"]: row["depends_on"] for row in first.report["chapters"]}
    for page, (_, file) in zip(pages, WAYS.values(), strict=True):
        assert file in depends[page], (page, depends[page])
    assert made.build().ran() == {}
    for name, text in CONTENT.items():
        made.write(name, text.format(2222))
    second = made.build()
    assert second.ran() == {
        page: f"{file} changed" for page, (_, file) in zip(pages, WAYS.values(), strict=True)
    }
    assert all("2222" in made.page(page) for page in pages)
    # going back finds the earlier results
    for name, text in CONTENT.items():
        made.write(name, text.format(1111))
    assert made.build().ran() == {}
    assert all("1111" in made.page(page) for page in pages)


def test_a_book_in_a_folder_of_its_own_belongs_to_the_project_around_it(tmp_path: Path) -> None:
    made = new_book(
        tmp_path / "project", a="import sys; sys.path.insert(0, '../../src')\nimport pk"
    )
    (tmp_path / "project" / "pyproject.toml").touch()
    made.write("../src/pk/__init__.py", "print('first')\n")
    assert made.build().status == 0
    made.write("../src/pk/__init__.py", "print('second')\n")
    assert made.build().ran() == {"a": "src/pk/__init__.py changed"}
    assert "second" in made.page("a")


def test_what_a_chapter_writes_does_not_make_it_run_again(book: MakeBook) -> None:
    made = book(
        a="import time\nwith open('out.txt', 'w') as file:\n    file.write(str(time.time()))\n"
        "print(open('out.txt').read())",
        b="%%writefile made.py\nvalue = 3",
    )
    made.chapter("b", "%%writefile made.py\nvalue = 3", "import made\nprint(made.value)")
    assert made.build().status == 0
    assert made.build().ran() == {}
    made.write("book/out.txt", "something else")
    assert made.build().ran() == {}


def test_a_module_that_appears_makes_the_chapter_run_again(book: MakeBook) -> None:
    made = book(
        a="try:\n    from late import value\nexcept ImportError:\n    value = 0\nprint(value)"
    )
    made.build()
    made.write("book/late.py", "value = 7777")
    assert made.build().ran() == {"a": "book/late.py changed"}
    assert "7777" in made.page("a")


def test_a_new_file_in_a_folder_that_was_listed_counts(book: MakeBook) -> None:
    made = book(
        a="import os\nprint(len(os.listdir('../data')))",
        b="import json, importlib.metadata as m\nprint(json.dumps(m.version('nbformat')))",
    )
    made.write("data/one.csv", "1")
    made.build()
    made.write("data/two.csv", "2")
    made.write("book/neighbor.py", "")  # importing looks through its folders, and that is no input
    assert made.build().ran() == {"a": "data changed"}


def test_a_package_of_another_version_runs_what_imported_it(book: MakeBook, tmp_path: Path) -> None:
    def install(version: str) -> None:
        folder = tmp_path / "site"
        info = folder / f"fruit-{version}.dist-info"
        for old in folder.glob("fruit-*"):
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
        info.mkdir(parents=True)
        (folder / "fruit.py").write_text("")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: fruit\nVersion: {version}\n")
        (info / "RECORD").write_text("fruit.py,,\n")
        (info / "top_level.txt").write_text("fruit\n")

    made = book(a="import fruit", b="1")
    path = os.pathsep.join([str(tmp_path / "site"), os.environ.get("PYTHONPATH", "")])
    install("1.0")
    assert made.build(fresh=True, PYTHONPATH=path).status == 0
    assert made.build(fresh=True, PYTHONPATH=path).ran() == {}
    install("2.0")
    assert made.build(fresh=True, PYTHONPATH=path).ran() == {"a": "fruit changed"}


def test_a_folder_named_like_a_package_does_no_harm(book: MakeBook) -> None:
    made = book(
        **{"json/one": "import json\nfrom tools.help import value\nprint(json.dumps(value))"}
    )
    made.write("book/json/tools/help.py", "value = 1")
    built = made.build()
    assert built.status == 0, built.output
    made.write("book/json/tools/help.py", "value = 2")
    assert made.build().ran() == {"json/one": "book/json/tools/help.py changed"}


def test_a_program_that_a_cell_starts_is_not_disturbed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    done = subprocess.run(
        [sys.executable, "-c", "import json; print(1)"],
        env={**os.environ, "PYTHONPATH": str(RECORDER), "BOOKTOOLS_RECORD": str(log)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert "m json" in log.read_text()


def test_the_user_s_own_start_of_python_still_happens(book: MakeBook, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "sitecustomize.py").write_text("import builtins; builtins.OWN = 4321\n")
    made = book(a="print(OWN)")
    path = os.pathsep.join([str(tmp_path / "own"), os.environ.get("PYTHONPATH", "")])
    assert made.build(fresh=True, PYTHONPATH=path).status == 0
    assert "4321" in made.page("a")


def test_a_file_that_changes_while_the_chapter_runs_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("1")
    began = time.time() - 100
    assert digests([path], tmp_path, began) == {"a.txt": CHANGED}
    os.utime(path, (began - 1, began - 1))
    assert digests([path], tmp_path, began) == digests([path], tmp_path) != {"a.txt": CHANGED}


@pytest.mark.parametrize("version", [sys.implementation.cache_tag])
def test_a_record_is_read_with_all_its_kinds(tmp_path: Path, version: str) -> None:
    root = tmp_path / "projekt \u00e4\n"
    for folder in ("__pycache__", "_build", ".venv/site-packages"):
        (root / folder).mkdir(parents=True)
    lines = [
        ("p", "3.11.7"),
        ("r", root / "a.txt"),
        ("r", root / "__pycache__" / f"mod.{version}.pyc"),
        ("r", root / "_build" / "x"),
        ("r", root / ".venv" / "site-packages" / "y"),
        ("r", tmp_path / "elsewhere"),
        ("r", root / "<unknown>"),
        ("r", root / "__editable__.finder.__path_hook__"),
        ("w", root / "out"),
        ("r", root / "out"),
        ("m", "numpy"),
        ("m", "no_such_package"),
    ]
    log = tmp_path / "log"
    log.write_bytes(
        b"".join(f"{kind} {text}".encode("unicode_escape") + b"\n" for kind, text in lines)
    )
    record = Record.from_file(log)
    assert record.python == "3.11.7"
    assert record.inputs(root) == {root / "a.txt", root / "mod.py"}
    assert record.outputs(root) == {root / "out"}
    assert list(record.packages()) == ["numpy"]
    assert Record.from_file(tmp_path / "none") == Record()
