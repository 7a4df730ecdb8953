"""``python -m booktools explain``: what a page depends on, and why it would or would not run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from booktools.cli.places import BOOK, RESULTS, sphinx_config
from booktools.execution.chapter import read, why
from booktools.execution.settings import BookSettings
from booktools.execution.store import Store


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("page", help="such as first-networks/fizzbuzz")


def run(given: Namespace) -> int:
    """Print what a page depends on; return 2 if there is no such page."""
    page = str(Path(given.page).with_suffix(""))
    path = next((path for path in BOOK.glob(f"{page}.*") if path.suffix in (".md", ".ipynb")), None)
    if path is None:
        print(f"there is no page {BOOK / page}.md, and no such notebook (.ipynb)")
        return 2
    settings = BookSettings.from_config(sphinx_config())
    chapter = read(page, path.absolute(), BOOK.absolute(), settings)
    if chapter is None:
        print(f"{path} has no code cells: it never runs")
        return 0
    store = Store(RESULTS.absolute())
    last = store.last(page)
    inputs = chapter.inputs_like(last["inputs"]) if last else chapter.inputs()
    print(f"The results of {page} depend on")
    print(f"  {len(chapter.cells)} code cells")
    for name in inputs["files"]:
        print(f"  {name}")
    for name, number in inputs["packages"].items():
        print(f"  {name} {number}")
    for name in ("data mode", "environment", "python", "architecture"):
        print(f"  {name}: {inputs[name]}")
    if store.find(chapter):
        print("It would not run: the results for exactly this are kept.")
    else:
        print(f"It would run: {why(last and last['inputs'], inputs)}.")
    return 0
