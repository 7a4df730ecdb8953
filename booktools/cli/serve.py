"""``python -m booktools serve``: a save builds what it touched, and the browser reloads."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from livereload import Server

from booktools.cli.places import SITE, positive

WATCHED = ("_config.yml", "_toc.yml", "requirements.txt", "book/**/*")


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--port", type=positive, default=8000, help="where to serve (8000)")


def run(given: Namespace) -> int:
    """Build, serve the site at ``http://127.0.0.1:PORT``, and build again after each save.

    A build that fails says why and leaves the last good site in the browser.
    """
    build()
    if not SITE.exists():
        print("There is no site to show yet: mend what the build complains about.")
        return 1
    server = Server()
    packages = (f"{found.parent}/**/*" for found in Path().glob("*/__init__.py"))
    for pattern in (*WATCHED, *packages):
        server.watch(pattern, build)
    server.serve(root=str(SITE), host="127.0.0.1", port=given.port, restart_delay=0)
    return 0


def build() -> None:
    """Build the site in a process of its own, as ``make book`` does."""
    subprocess.run([sys.executable, "-m", "booktools", "build"], check=False)
