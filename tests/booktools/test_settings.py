"""What a book and its pages ask of MyST-NB is done here too, or refused aloud."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest
from myst_nb.core.config import NbParserConfig

from booktools.execution.errors import ExecutionFailed, FrontMatterError
from booktools.execution.resources import usable_cores, usable_megabytes
from booktools.execution.scheduler import admitted
from booktools.execution.settings import BookSettings, RunSettings, apply, run_settings
from tests.booktools.books import Book

MakeBook = Callable[..., Book]


def test_settings_of_pages_and_of_the_book_are_kept(book: MakeBook) -> None:
    made = book(idle="1", errors="1", quiet="1", temp="1", words="1", bom="1")
    made.chapter("words")
    made.replace("_config.yml", "cache\n", "cache\n  run_in_temp: true\n")
    made.chapter("idle", "raise RuntimeError", matter="mystnb: {execution_mode: 'off'}\n")
    made.chapter(
        "errors", "1 / 0", "print('goes', 'on')", matter="execution: {allow_errors: true}\n"
    )
    made.chapter("quiet", "import sys\nprint('noi' + 'se', file=sys.stderr)")
    path = made.root / "book/quiet.md"
    cell = path.read_text().replace("ipython3\n", "ipython3\n:tags: [remove-stderr]\n")
    path.write_text(cell)
    made.chapter("temp", "from pathlib import Path\nPath('made').mkdir()\nprint('made')")
    made.chapter("bom", "print(40 + 2)")
    path = made.root / "book/bom.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    built = made.build()
    assert built.status == 0, built.output
    assert set(built.ran()) == {"errors", "quiet", "temp", "bom"}
    assert "Cached executed notebook" not in built.output  # nor a kernel for a page without code
    assert "ZeroDivisionError" in made.page("errors")
    assert "goes on" in made.page("errors")
    assert "noise" not in made.page("quiet")
    assert not (made.root / "book/made").exists()
    assert "42" in made.page("bom")
    assert made.build().ran() == {}


@pytest.mark.parametrize("name", ["execution_log_lines", "execution_warnings"])
@pytest.mark.parametrize("given", [["fine", "(open"], "a line, not a list"])
def test_a_pattern_that_cannot_be_used_is_named(name: str, given: object) -> None:
    with pytest.raises(ExecutionFailed, match=rf"_config.yml: {name}.*Remedy"):
        BookSettings.from_config({name: given})


def test_what_cannot_be_run_is_said_with_its_remedy(book: MakeBook) -> None:
    made = book(slow="1", kernel="1", good="print(1)")
    made.chapter("slow", "import time; time.sleep(600)", matter="execution: {timeout: 2}\n")
    made.notebook("kernel", "1", kernel="no-such-kernel")
    started = time.monotonic()
    built = made.build()
    assert time.monotonic() - started < 300
    assert built.status == 1
    assert built.kinds() == {"slow": "budget", "kernel": "kernel"}
    assert "The cell took more than 2 s" in built.output
    assert "kernel.ipynb:1: kernel\n  There is no kernel 'no-such-kernel' here." in built.output
    assert "ipykernel install --user --name no-such-kernel" in built.output


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.md", "---\nfile_format: mystnb\n---\n# \u00e4\n".encode("latin-1"), "is no UTF-8"),
        ("a.ipynb", b"", "cannot be read as a notebook"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    book: MakeBook, name: str, content: bytes, words: str
) -> None:
    made = book(a="1")
    (made.root / "book/a.md").unlink()
    (made.root / "book" / name).write_bytes(content)
    built = made.build()
    assert built.status == 1
    assert f"book/{name}: " in built.output
    assert words in built.output
    assert "Remedy" in built.output


def test_another_mode_is_said_and_leaves_no_old_report(book: MakeBook) -> None:
    made = book(a="print(1)")
    made.build()
    made.replace("_config.yml", "notebooks: cache", "notebooks: force")
    built = made.build()
    assert "MyST-NB runs the pages by itself, unchecked" in built.output
    assert built.report == {}


def test_a_page_that_cites_a_result_follows_it(book: MakeBook) -> None:
    made = book(a="1", b="1")
    made.write("book/helper.py", "value = 1111")
    made.chapter("a", "from helper import value\nfrom myst_nb import glue\nglue('it', value)")
    made.write("book/b.md", "# B\n\n```{glue} it\n:doc: a.md\n```\n")
    made.contents("a", "b")
    first = made.build()
    assert first.status == 0, first.output
    assert "1111" in made.page("b")
    made.write("book/helper.py", "value = 2222")
    made.build()
    assert "2222" in made.page("b")


def test_an_interrupt_ends_a_build_at_once_and_keeps_what_was_finished(book: MakeBook) -> None:
    pages = {f"p{n}": "import time; time.sleep(600)" for n in range(6)}
    made = book(quick="print(1)", **pages)
    process = subprocess.Popen(
        made.command(),
        cwd=made.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env={**os.environ, "BOOKTOOLS_JOBS": "2"},
    )
    while not list(made.root.glob("_build/.jupyter_cache/quick/*/facts.json")):
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(1.5)  # others are under way
    kernels = psutil.Process(process.pid).children(recursive=True)
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert time.monotonic() - started < 5
    assert process.returncode != 0
    assert not psutil.wait_procs(kernels, timeout=5)[1]
    made.contents("quick")
    assert made.build().ran() == {}


# settings by themselves


def notebook(**metadata: object) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(metadata=metadata)


def test_pages_change_the_settings_of_the_book() -> None:
    config = NbParserConfig(execution_timeout=30, kernel_rgx_aliases={"py.*": "python3"})
    page = notebook(
        kernelspec={"name": "pyodide", "display_name": "P"},
        mystnb={"execution_allow_errors": True, "output_folder": "x"},
    )
    own = apply(page, config, "page")
    assert page.metadata.kernelspec.name == "python3"
    assert run_settings(page, own, BookSettings(), "page") == RunSettings(30, True, False, "show")
    page.metadata.execution = {"timeout": -1, "allow_errors": False}
    unlimited = RunSettings(None, False, False, "show")
    assert run_settings(page, own, BookSettings(), "page") == unlimited


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"mystnb": {"execution_cache_path": "x"}}, "execution_cache_path cannot be set"),
        ({"mystnb": {"execution_mode": "sometimes"}}, "mystnb cannot be used"),
        ({"mystnb": {"no_such": 1}}, "mystnb cannot be used"),
        ({"execution": {"timeout": "long"}}, "timeout is a number of seconds"),
        ({"execution": ["timeout"]}, "execution holds timeout and allow_errors"),
    ],
)
def test_settings_that_cannot_be_had_are_refused(metadata: dict[str, object], words: str) -> None:
    page = notebook(**metadata)
    with pytest.raises(FrontMatterError, match=words) as caught:
        run_settings(page, apply(page, NbParserConfig(), "page.md"), BookSettings(), "page.md")
    assert "page.md: front matter: " in str(caught.value)
    assert "Remedy" in str(caught.value)


def test_a_variable_of_the_kernels_can_be_changed_and_taken_away() -> None:
    given = {"CUDA_VISIBLE_DEVICES": None, "OMP_NUM_THREADS": 4}
    book = BookSettings.from_config({"execution_environment": given})
    assert book.environment == {"CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "4"}


# resources


@pytest.mark.parametrize(
    ("quota", "cores"), [("150000 100000", 2), ("10000 100000", 1), ("max 100000", None)]
)
def test_a_container_limits_the_cores(tmp_path: Path, quota: str, cores: int | None) -> None:
    (tmp_path / "cpu.max").write_text(f"{quota}\n")
    everything = usable_cores(tmp_path / "none")
    assert everything == len(os.sched_getaffinity(0))
    assert usable_cores(tmp_path) == min(cores or everything, everything)


def test_a_container_limits_the_memory(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text(f"{300 * 2**20}\n")
    (tmp_path / "memory.current").write_text(f"{100 * 2**20}\n")
    assert usable_megabytes(tmp_path) == 200
    (tmp_path / "memory.max").write_text("max\n")
    assert usable_megabytes(tmp_path) > 200


class Needs:
    """A chapter of which only the megabytes count; ``alone`` is one that runs alone."""

    def __init__(self, megabytes: float | str | None) -> None:
        from booktools.execution.budget import Budget

        self.alone = megabytes == "alone"
        self.budget = Budget(megabytes=None if isinstance(megabytes, str) else megabytes)


@pytest.mark.parametrize(
    ("queue", "running", "room", "begin"),
    [
        ([1500, 1500, 400], [], 2000, [0, 2]),
        ([1500, 400], [1500], 2000, [1]),
        ([3000, 100], [], 2000, [0]),
        ([100], [3000], 2000, []),
        ([None, None], [3000], 2000, []),
        ([1500, 1500], [1500], None, [0, 1]),
        (["alone", 100], [], 2000, [1]),
        (["alone", "alone"], [], 2000, [0]),
        (["alone"], [100], None, []),
        ([100], ["alone"], None, []),
    ],
)
def test_chapters_begin_as_far_as_memory_goes_and_some_alone(
    queue: list[float | str | None],
    running: list[float | str],
    room: float | None,
    begin: list[int],
) -> None:
    waiting = [Needs(one) for one in queue]
    found = admitted(waiting, [Needs(one) for one in running], room)  # type: ignore[arg-type,misc]
    assert found == [waiting[n] for n in begin]
