"""The notebooks of a book, taken along: they install its wheel where nothing of it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient.exceptions import CellExecutionError

from tests.booktools.books import new_book
from tests.booktools.test_wheel import PROJECT
from tests.outside import Outside, printed

CHAPTER = """\
---
file_format: mystnb
kernelspec: {name: python3}
question: How many?
---

# A chapter

```{code-cell} ipython3
import small_tools
```

```{exercise} Count
:label: count
Write `x`.
```

```{code-cell} ipython3
x = ...
print("Not yet" if x is ... else "Done")
```

```{solution-start} count
```

```{code-cell} ipython3
x = 2
```

```{solution-end}
```

```{code-cell} ipython3
print(x + small_tools.ANSWER)
```
"""
CONFIG = """
  config:
    notebooks:
      package: small_tools
      files: [check.py]
      start: begin
"""


class Served:
    """A book whose site is served at the address that it was built for."""

    def __init__(self, folder: Path) -> None:
        self.book = book = new_book(folder)
        site = str(book.root / "_build" / "html")
        handler = partial(SimpleHTTPRequestHandler, directory=site)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/"
        book.write("pyproject.toml", PROJECT.replace('"numpy>=2.1", "babel", ', ""))
        book.write("small_tools/__init__.py", "ANSWER = 40\n")
        book.write("check.py", "print('checked')\n")
        book.write("book/begin.md", "# Begin\n\n```{notebooks} All of them\n```\n\nUnpack it.\n")
        book.write("book/part/a.md", CHAPTER)
        book.contents("begin", "part/a")
        book.extend("booktools.execution, booktools.parts, booktools.site", CONFIG)
        book.replace("_config.yml", "execute_notebooks: cache", "execute_notebooks: 'off'")
        self.build()

    def build(self) -> None:
        settings = {"BOOKTOOLS_URL": self.address, "BOOKTOOLS_NOTEBOOKS": "me/book/for/colab"}
        built = self.book.build(**settings)
        assert built.status == 0, built.output


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def unpacked(built: Served, tmp_path: Path) -> Path:
    """Unpack the zip as a reader does, and return its folder."""
    with ZipFile(built.book.root / "_build/html/downloads/notebooks.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / "another-book"


def test_the_zip_holds_notebooks_wheel_and_a_start_page(unpacked: Path) -> None:
    assert sorted(path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*.*")) == [
        *("check.py", "part/a.ipynb", "small_tools-1.2-py3-none-any.whl"),
        *("start-here.html", "start-here.ipynb"),
    ]
    page = BeautifulSoup((unpacked / "start-here.html").read_text(), "html.parser")
    assert [one.get_text() for one in page.find_all(["h1", "h2"])] == ["Begin", "All notebooks"]
    assert "Chapter 1: A chapter (part/a.ipynb) How many?" in page.get_text()
    assert page.select('a[href$=".ipynb"]') == []  # a browser would show its source
    book = nbformat.read(unpacked / "start-here.ipynb", as_version=4)
    assert "- Chapter 1: [A chapter](part/a.ipynb) *How many?*" in book.cells[0].source


def test_pages_offer_the_zip_and_colab(built: Served) -> None:
    link = BeautifulSoup(built.book.page("begin"), "html.parser").select_one("a.notebook")
    assert link is not None
    assert link["href"] == "downloads/notebooks.zip"
    colab = BeautifulSoup(built.book.page("part/a"), "html.parser").select_one(".colab-link")
    assert colab is not None
    assert colab["href"] == (
        "https://colab.research.google.com/github/me/book/blob/for/colab/part/a.ipynb"
    )


def test_a_notebook_installs_the_wheel_of_its_folder_and_runs(
    unpacked: Path, tmp_path: Path
) -> None:
    outside = Outside(tmp_path / "outside")
    notebook = nbformat.read(unpacked / "part/a.ipynb", as_version=4)
    outside.execute(notebook, unpacked / "part")
    said = [printed(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert said[0] == f"small_tools was installed from the folder {unpacked}.\nReady.\n"
    assert said[2] == "Not yet\n"
    assert said[3].startswith("Not yet: this cell needs x,")
    assert (outside.installed / "small_tools").is_dir()

    blank = next(cell for cell in notebook.cells if cell.source.startswith("x = ..."))
    blank.source = blank.source.replace("...", "2", 1)
    outside.execute(notebook, unpacked / "part")
    said = [printed(cell) for cell in notebook.cells if cell.cell_type == "code"]
    assert said == ["Ready.\n", "", "Done\n", "42\n"]


def test_a_notebook_alone_installs_the_wheel_of_the_address(
    built: Served, unpacked: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    notebook = nbformat.read(unpacked / "part/a.ipynb", as_version=4)
    outside = Outside(tmp_path / "outside")
    outside.execute(notebook, alone)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert printed(first).startswith(f"small_tools was installed from {built.address}downloads/.")


def test_where_it_cannot_be_made_ready_a_notebook_stops_in_plain_words(
    unpacked: Path, tmp_path: Path
) -> None:
    (wheel,) = unpacked.glob("*.whl")
    wheel.write_bytes(wheel.read_bytes()[:-9])
    notebook = nbformat.read(unpacked / "part/a.ipynb", as_version=4)
    notebook.cells[0].source = notebook.cells[0].source.replace("http://127", "http://no.127")
    with pytest.raises(CellExecutionError):
        Outside(tmp_path / "outside").execute(notebook, unpacked / "part")
    said = printed(notebook.cells[0])
    assert "cannot be reached" in said
    assert "What to do: " in said
    assert "Traceback" not in said


def test_notebooks_and_wheel_are_never_stale(built: Served) -> None:
    site = built.book.root / "_build/html"
    before = json.loads((site / "part/a.ipynb").read_text())
    packed = (site / "downloads/notebooks.zip").read_bytes()
    built.book.write("small_tools/__init__.py", "ANSWER = 41\n")
    built.build()
    after = json.loads((site / "part/a.ipynb").read_text())
    assert after["cells"][0] != before["cells"][0]
    assert after["cells"][1:] == before["cells"][1:]
    with ZipFile(site / "downloads/notebooks.zip") as archive:
        assert archive.read("another-book/part/a.ipynb") == (site / "part/a.ipynb").read_bytes()
    built.book.write("small_tools/__init__.py", "ANSWER = 40\n")
    built.build()
    assert (site / "downloads/notebooks.zip").read_bytes() == packed


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("files: [check.py]", "files: [nowhere.py]", "files names nowhere.py, which is not in"),
        ("start: begin", "start: nowhere", "start is 'nowhere', which is no page of this book"),
        ("package: small_tools", "package: other", "has no folder other or src/other"),
        ("start: begin", "colour: red", "notebooks cannot be read (unknown: colour)"),
        ("start: begin", "github: me", "is 'me'. Remedy: write OWNER/REPOSITORY/BRANCH"),
    ],
)
def test_a_configuration_that_does_not_fit_is_told(
    built: Served, old: str, new: str, words: str
) -> None:
    text = (built.book.root / "_config.yml").read_text()
    built.book.replace("_config.yml", old, new)
    failed = built.book.build()
    built.book.write("_config.yml", text)
    assert failed.status != 0
    assert words in " ".join(failed.output.split())
