"""A book on a Dask cluster, beside the same book with the processes of one machine.

``python -m benchmarks.cluster`` starts a scheduler and workers that listen on this machine's
loopback only, builds a book of chapters which train a small network both ways, and says whether
the two sites are the same to the byte and what a chapter costs beside its own seconds.
``python -m benchmarks.cluster --here`` builds the book in this folder on such a cluster.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import LocalCluster

from benchmarks.build import TRAINING, build, make_book


@contextmanager
def local_cluster(workers: int) -> Iterator[str]:
    """Give the address of a scheduler with workers, each a process that runs one chapter."""
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
    ) as cluster:
        yield cluster.scheduler_address


def compare(chapters: int, workers: int, code: str = TRAINING) -> list[str]:
    """Build a book both ways, print what each took, and return the files that differ."""
    print("| built by | s | beside its kernel, s a chapter |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as place, local_cluster(workers) as address:
        sites = []
        for name, scheduler in (("this machine", None), ("the cluster", address)):
            folder = Path(place) / name / "book"
            make_book(folder, chapters, code, ours=True)
            seconds = build(folder, workers, scheduler)
            report = json.loads((folder / "_build" / "report.json").read_text())
            kernels = sum(chapter["seconds"] for chapter in report["chapters"]) / workers
            beside = (report["wall_seconds"] - kernels) * workers / chapters
            print(f"| {name}, {workers} at a time | {seconds:.1f} | {beside:.2f} |")
            sites.append(folder / "_build" / "html")
        return differences(*sites)


def differences(one: Path, other: Path) -> list[str]:
    """Return the files of two folders that are not in both, or not the same to the byte."""
    names = {
        str(path.relative_to(folder))
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_file()
    }
    _, unequal, missing = filecmp.cmpfiles(one, other, sorted(names), shallow=False)
    return unequal + missing


def main() -> int:
    """Compare, or build the book in this folder, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapters", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--here", action="store_true", help="build the book in this folder")
    given = parser.parse_args()
    if given.here:
        with local_cluster(given.workers) as address:
            started = time.monotonic()
            command = [sys.executable, "-m", "booktools", "build", "--scheduler", address]
            status = subprocess.run(command, check=False).returncode
            print(f"{time.monotonic() - started:.0f} s with {given.workers} workers")
            return status
    different = compare(given.chapters, given.workers)
    print("\nThe two sites", f"differ in {different}" if different else "are the same to the byte.")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
