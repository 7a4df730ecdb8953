"""What a process imports that is kept ready for builds, and how a copy of it runs one.

A build of a tiny book takes most of its time to import jupyter-book, Sphinx and MyST-NB. So a
server imports them once (``forkserver`` of multiprocessing), and each build runs in a fork of it:
with the same command line and a process of its own, as if it had been called from a shell.
"""

from __future__ import annotations

import os
import pkgutil
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import jupyter_book.cli.main
from jupyter_book.config import get_default_sphinx_config
from sphinx.application import builtin_extensions

import booktools.__main__
from booktools.execution import inputs, speed

EXTENSIONS = (*builtin_extensions, *get_default_sphinx_config()["extensions"])
PACKAGES = {"booktools", "myst_nb", "myst_parser", "sphinx_design", "sphinx_exercise"}
OTHERS = ("jupyter_book.sphinx", "sqlalchemy.dialects.sqlite", "docutils.languages.en", "ipykernel")

for name in (*EXTENSIONS, *OTHERS):
    import_module(name)
for name in PACKAGES:  # their extensions import the rest of them when they are set up
    for module in pkgutil.walk_packages(import_module(name).__path__, f"{name}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
# the same for every build of a process, and each takes a good part of a second
inputs.packages_of_modules()
speed.slowness()


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
