"""What a process imports that is kept ready for builds, and how a copy of it runs one.

A build of a tiny book takes most of its time to import jupyter-book, Sphinx and MyST-NB. So a
server imports them once (``forkserver`` of multiprocessing), and each build runs in a fork of it:
with the same command line and a process of its own, as if it had been called from a shell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import jupyter_book.cli.main
from jupyter_book.config import get_default_sphinx_config
from sphinx.application import builtin_extensions

import booktools.__main__

for name in (*builtin_extensions, *get_default_sphinx_config()["extensions"]):
    import_module(name)
import_module("booktools.site")


def run(
    program: str,
    arguments: list[str],
    folder: Path,
    environment: Mapping[str, str],
    out: Path,
    err: Path,
) -> None:
    """Run ``jupyter-book`` or ``booktools`` with a folder, an environment and logs of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, log in ((1, out), (2, err)):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT), number)
    sys.stdout = os.fdopen(1, "w", encoding="utf8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf8", closefd=False, buffering=1)
    sys.argv = [program, *arguments]
    if program == "booktools":
        sys.exit(booktools.__main__.main(arguments))
    jupyter_book.cli.main.main(arguments)
