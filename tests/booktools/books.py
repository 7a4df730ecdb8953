"""A book that is not ours: quick chapters, local modules, nothing but the extension."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

CONFIG = """\
title: Another book
author: Nobody
only_build_toc_files: true
execute:
  execute_notebooks: cache
sphinx:
  extra_extensions: [booktools.execution]
"""
NOTHING: Mapping[str, str] = {}


@dataclass
class Built:
    """How a build ended."""

    status: int
    output: str
    report: dict[str, Any]

    def ran(self) -> dict[str, str]:
        """Return why each executed page was run."""
        return {
            chapter["page"]: chapter["why"]
            for chapter in self.report["chapters"]
            if chapter["status"] == "executed"
        }

    def kinds(self) -> dict[str, str]:
        """Return the kind of the failure of each page that failed."""
        return {failure["page"]: failure["kind"] for failure in self.report["failures"]}


@dataclass
class Book:
    """A jupyter-book in a folder of its own."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")

    def chapter(self, page: str, *cells: str, prose: str = "Prose.", matter: str = "") -> None:
        head = f"---\nfile_format: mystnb\nkernelspec: {{name: python3}}\n{matter}---\n"
        code = "".join(f"\n```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells)
        self.write(f"book/{page}.md", f"{head}\n# Page {page}\n\n{prose}\n{code}")

    def notebook(self, page: str, *cells: str, kernel: str = "python3") -> None:
        """Write a page as a Jupyter notebook, in place of the one in MyST Markdown."""
        (self.root / f"book/{page}.md").unlink(missing_ok=True)
        book = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": kernel, "display_name": kernel}}
        )
        book.cells = [nbformat.v4.new_markdown_cell(f"# Page {page}")]
        book.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
        self.write(f"book/{page}.ipynb", nbformat.writes(book))

    def contents(self, *pages: str) -> None:
        chapters = "".join(f"\n  - file: {page}" for page in pages)
        self.write("_toc.yml", f"format: jb-book\nroot: index\nchapters:{chapters}\n")

    def command(self, *options: str) -> list[str]:
        return [
            str(Path(sys.executable).with_name("jupyter-book")),
            *("build", "book", "--config", "_config.yml"),
            *("--toc", str(self.root / "_toc.yml"), "--path-output", ".", *options),
        ]

    def build(self, *options: str, fresh: bool = False, **environment: str) -> Built:
        """Build as anybody would.

        Args:
            options: More words for ``jupyter-book build``.
            fresh: Whether by a Python of its own, with its own start and its own hashes. Otherwise
                by a process that has imported jupyter-book already, which saves most of the time.
            environment: Variables; FILE_LIMIT stands for a disk with no room for more bytes.
        """
        limit = environment.pop("FILE_LIMIT", None)
        command = self.command(*options)
        if limit:
            command = ["sh", "-c", f'ulimit -f {int(limit) // 512}; exec "$@"', "sh", *command]
        if fresh or limit:
            done = subprocess.run(
                command,
                cwd=self.root,
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                check=False,
            )
        else:
            done = run_ready("jupyter-book", command[1:], self.root, environment)
        path = self.root / "_build" / "report.json"
        report = json.loads(path.read_text(encoding="utf8")) if path.exists() else {}
        return Built(done.returncode, done.stdout + done.stderr, report)

    def build_as(self, builder: str) -> Built:
        """Build in another format, such as ``epub``."""
        return self.build("--builder", "custom", "--custom-builder", builder)

    def page(self, name: str) -> str:
        return (self.root / "_build" / "html" / f"{name}.html").read_text(encoding="utf8")

    def extend(self, extensions: str, more: str = "") -> None:
        """Name other extensions in ``_config.yml``, and add lines to its end."""
        self.replace("_config.yml", "[booktools.execution]", f"[{extensions}]")
        self.write("_config.yml", (self.root / "_config.yml").read_text(encoding="utf8") + more)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file, where it has to stand."""
        text = (self.root / name).read_text(encoding="utf8")
        assert old in text, f"{name} does not hold {old!r}"
        self.write(name, text.replace(old, new))


def run_ready(
    program: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str] = NOTHING
) -> subprocess.CompletedProcess[str]:
    """Run a program in a process that has imported it already.

    Args:
        program: ``jupyter-book`` or ``booktools``.
        arguments: What follows its name.
        folder: Where it runs.
        environment: Variables beside those of this process.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.booktools.ready"])
    with TemporaryDirectory() as logs:
        out, err = Path(logs, "out"), Path(logs, "err")
        process = context.Process(
            target=_run,
            args=(program, list(arguments), folder, {**os.environ, **environment}, out, err),
        )
        process.start()
        process.join()
        return subprocess.CompletedProcess(
            [program, *arguments],
            process.exitcode or 0,
            out.read_text(encoding="utf8"),
            err.read_text(encoding="utf8"),
        )


def _run(*arguments: Any) -> None:
    from tests.booktools import ready  # not loaded by the process that tests

    ready.run(*arguments)


def new_book(folder: Path, **pages: str) -> Book:
    """Make a book from pages and their one cell."""
    made = Book(folder / "another-book")
    made.write("_config.yml", CONFIG)
    made.write("book/index.md", "# Another book\n\nHello.\n")
    made.contents(*pages)
    for page, cell in pages.items():
        made.chapter(page, cell)
    return made
