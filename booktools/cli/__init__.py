"""The command line: ``python -m booktools``. Each command is a module."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from booktools.cli import (
    build,
    chapter,
    check,
    colab,
    compare,
    downloads,
    evidence,
    explain,
    links,
    prune,
    release,
    serve,
)
from booktools.cli.places import BOOK, CONFIG, TOC
from booktools.execution.errors import ExecutionFailed

COMMANDS: dict[str, tuple[Any, str]] = {
    "build": (build, "build the site into _build/html"),
    "downloads": (downloads, "build the site with an EPUB and a PDF to download"),
    "check": (check, "check chapters against the chapter contract"),
    "explain": (explain, "what a page depends on, and whether it would run"),
    "evidence": (evidence, "run chapters with five seeds and sabotaged"),
    "serve": (serve, "live preview: build after each save"),
    "chapter": (chapter, "write a new chapter from the template"),
    "colab": (colab, "put the notebooks on a branch, where Colab finds them"),
    "prune": (prune, "remove results of earlier states of the chapters"),
    "compare": (compare, "what changed since an earlier build, in Markdown"),
    "links": (links, "follow the links that lead out of the book"),
    "release": (release, "the files of a release, with a version and checksums"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m booktools", description=__doc__)
    commands = parser.add_subparsers(metavar="command", required=True)
    for name, (module, words) in COMMANDS.items():
        command = commands.add_parser(name, help=words)
        module.add_options(command)
        command.set_defaults(run=module.run)
    given = parser.parse_args(arguments)
    for path in (BOOK, CONFIG, TOC):
        if not path.exists():
            parser.error(f"there is no {path} here; run this in the folder of the book")
    try:
        status: int = given.run(given)
    except ExecutionFailed as error:  # in a page or in _config.yml; the message names the place
        print(error, file=sys.stderr)
        return 2
    return status
