"""``python -m booktools serve``: a save builds what it touched, and the browser reloads."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from argparse import ArgumentParser, Namespace
from pathlib import Path

from livereload import Server

from booktools.cli.places import SITE, positive
from booktools.extension import PACKAGE, checksum

WATCHED = ("_config.yml", "_toc.yml", "requirements.txt", "book/**/*")


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--port", type=positive, default=8000, help="where to serve (8000)")


def run(given: Namespace) -> int:
    """Build, serve the site at ``http://127.0.0.1:PORT``, and build again after each save.

    A build that fails says why and leaves the last good site in the browser.
    """
    standby = Standby()
    try:
        standby.build()
        if not SITE.exists():
            print("There is no site to show yet: mend what the build complains about.")
            return 1
        server = Server()
        packages = (f"{found.parent}/**/*" for found in Path().glob("*/__init__.py"))
        for pattern in (*WATCHED, *packages):
            server.watch(pattern, standby.build)
        server.serve(root=str(SITE), host="127.0.0.1", port=given.port, restart_delay=0)
    finally:
        standby.close()
    return 0


class Standby:
    """The next build, in a process of its own that has loaded already what takes long."""

    def __init__(self) -> None:
        """Let a build stand by."""
        self._start()

    def build(self) -> None:
        """Build the site, as ``make book`` does, and let another build stand by."""
        if self._loaded != _installed() or self._process.poll() is not None:
            self.close()
            self._start()
        self._process.communicate(b"now\n")
        self._start()

    def close(self) -> None:
        """End the build that was not needed."""
        self._process.communicate()

    def _start(self) -> None:
        self._loaded = _installed()
        command = [sys.executable, "-m", "booktools.cli.standby"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)


def _installed() -> tuple[str, int]:
    """Return what changes with this package, or when any is installed."""
    packages = Path(sysconfig.get_path("purelib"))
    return checksum([PACKAGE]), packages.stat().st_mtime_ns
