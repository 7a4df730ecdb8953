"""How long a build takes: stock jupyter-book beside booktools.execution.

``python benchmarks/build.py`` makes a book of eight chapters, each of which trains a small
network, and builds it in four situations with three settings; whole processes are timed,
and the table shows medians. ``python benchmarks/build.py --growth 30 100`` makes books of
that many tiny chapters and shows what a chapter costs beside its own seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHAPTERS = 8
CONFIG = "title: Benchmark\nonly_build_toc_files: true\nexecute: {execute_notebooks: cache}\n"
EXTENSION = """\
sphinx:
  extra_extensions: [booktools.execution]
  config:
    execution_log_lines: ['WARNING: All log messages before absl.*', '[IW]\\d{4} .*']
"""
TRAINING = """\
import keras
import numpy as np
import helper_NUMBER

keras.utils.set_random_seed(NUMBER)
x = np.random.default_rng(NUMBER).normal(size=(4000, 64)).astype("float32")
y = (x @ np.ones(64) > 0).astype("int32")
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(2)]
)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("adam", loss)
history = model.fit(x, y, epochs=12, verbose=0)
print(helper_NUMBER.VALUE, round(history.history["loss"][-1], 2))
"""
SETTINGS = {"stock": None, "ours, 1 worker": 1, "ours, 2 workers": 2}


def make_book(folder: Path, chapters: int, code: str, *, ours: bool) -> None:
    """Write a book whose chapters hold ``code``, with a module for each."""
    (folder / "book").mkdir(parents=True)
    (folder / "_config.yml").write_text(CONFIG + (EXTENSION if ours else ""))
    files = "".join(f"\n  - file: chapter{number}" for number in range(chapters))
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: index\nchapters:{files}\n")
    (folder / "book" / "index.md").write_text("# Benchmark\n")
    for number in range(chapters):
        write_chapter(folder, number, code)
        (folder / "book" / f"helper_{number}.py").write_text("VALUE = 1\n")


def write_chapter(folder: Path, number: int, code: str) -> None:
    """Write a chapter with one cell."""
    cell = code.replace("NUMBER", str(number))
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
    page = f"{head}\n# Chapter {number}\n\n```{{code-cell}} ipython3\n{cell}```\n"
    (folder / "book" / f"chapter{number}.md").write_text(page)


def build(folder: Path, jobs: int | None, scheduler: str | None = None) -> float:
    """Build a book, perhaps on a Dask cluster, and return the seconds of the whole process."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", "book", "--config"]
    command += ["_config.yml", "--toc", str(folder / "_toc.yml"), "--path-output", "."]
    environment = {**os.environ, "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    environment |= {"BOOKTOOLS_JOBS": str(jobs)} if jobs else {}
    environment |= {"BOOKTOOLS_SCHEDULER": scheduler} if scheduler else {}
    started = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.decode()[-3000:])
    return time.monotonic() - started


def compare(repeats: int) -> None:
    """Print the table of situations and settings, and what the workers could reach at best."""
    times: dict[tuple[str, str], list[float]] = {}
    bounds = []
    for repeat in range(repeats):
        for name, jobs in SETTINGS.items():
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place) / "benchmark"
                make_book(folder, CHAPTERS, TRAINING, ours=jobs is not None)

                def note(situation: str, folder: Path = folder, name: str = name) -> None:
                    times.setdefault((situation, name), []).append(build(folder, SETTINGS[name]))

                note("cold")
                if jobs == 2:
                    report = json.loads((folder / "_build" / "report.json").read_text())
                    seconds = [chapter["seconds"] for chapter in report["chapters"]]
                    best = max(max(seconds), sum(seconds) / 2)
                    bounds.append((report["wall_seconds"], best, statistics.mean(seconds)))
                note("nothing changed")
                write_chapter(folder, 0, TRAINING + f"print({repeat})\n")
                note("one chapter's code changed")
                (folder / "book" / "helper_1.py").write_text("VALUE = 2\n")
                note("one chapter's module changed")
                page = (folder / "_build" / "html" / "chapter1.html").read_text()
                if ">2 " not in page:
                    times["one chapter's module changed", name] = []
    print("| seconds, median of", repeats, "|", " | ".join(SETTINGS), "|")
    print("|---|" + "---|" * len(SETTINGS))
    for situation in dict.fromkeys(situation for situation, _ in times):
        cells = [_median(times[situation, name]) for name in SETTINGS]
        print(f"| {situation} |", " | ".join(cells), "|")
    wall, best, mean = (statistics.median(column) for column in zip(*bounds, strict=True))
    print(
        f"\nExecution with 2 workers took {wall:.1f} s, {wall / best:.2f} times the larger of the"
    )
    print(f"longest chapter and half of all kernel seconds ({mean:.1f} s a chapter).")


def _median(values: list[float]) -> str:
    return f"{statistics.median(values):.1f}" if values else "stale"


def growth(sizes: list[int]) -> None:
    """Print what a tiny chapter costs as a book grows, cold and with nothing changed."""
    print(
        "| chapters | cold, s | per chapter beside its kernel, s | nothing changed, s | each, ms |"
    )
    print("|---|---|---|---|---|")
    for size in sizes:
        folder = Path(tempfile.mkdtemp()) / "growth"
        make_book(folder, size, "import helper_NUMBER\nprint(helper_NUMBER.VALUE)\n", ours=True)
        cold = build(folder, 2)
        report = json.loads((folder / "_build" / "report.json").read_text())
        kernels = sum(chapter["seconds"] for chapter in report["chapters"]) / 2
        warm = build(folder, 2)
        shutil.rmtree(folder.parent)
        print(
            f"| {size} | {cold:.1f} | {(cold - kernels) / size:.3f} | {warm:.1f} "
            f"| {1000 * warm / size:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--growth", type=int, nargs="+", metavar="CHAPTERS")
    given = parser.parse_args()
    if given.growth:
        growth(given.growth)
    else:
        compare(given.repeats)
