"""The command line: ``python -m booktools``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from booktools.execution import BUDGET_VARIABLE, JOBS_VARIABLE, SCHEDULER_VARIABLE
from booktools.execution.chapter import DATA_VARIABLE
from booktools.execution.explain import explain

BOOK, CONFIG, TOC = Path("book"), Path("_config.yml"), Path("_toc.yml")


def main(arguments: list[str] | None = None) -> int:
    """Run a command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m booktools", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="build the site into _build/html")
    build.add_argument("--jobs", type=_positive, help="chapters to run at a time (default: cores)")
    build.add_argument("--data", choices=["sample", "full"], help="which data the chapters load")
    build.add_argument("--scheduler", metavar="ADDRESS", help="run chapters on a Dask cluster")
    budget = build.add_mutually_exclusive_group()
    budget.add_argument("--no-budget", action="store_true", help="let chapters take their time")
    budget.add_argument("--strict", action="store_true", help="fail where one is over its budget")

    why = commands.add_parser("explain", help="what a page depends on, and whether it would run")
    why.add_argument("page", help="such as first-networks/fizzbuzz")

    evidence = commands.add_parser("evidence", help="run chapters with five seeds and sabotaged")
    evidence.add_argument("pages", nargs="*", help="such as first-networks/fizzbuzz (default: all)")
    evidence.add_argument("--jobs", type=_positive, help="runs at a time (default: cores)")

    prune = commands.add_parser("prune", help="remove results of earlier states of the chapters")
    prune.add_argument("--keep", type=_positive, default=3, help="states a chapter (default: 3)")

    contract = commands.add_parser("check", help="check chapters against the chapter contract")
    contract.add_argument("pages", nargs="*", help="such as first-networks/fizzbuzz (default: all)")

    new = commands.add_parser("chapter", help="write a new chapter from the template")
    new.add_argument("--part", required=True, help="its folder, such as first-networks")
    new.add_argument("--name", required=True, help="its file without .md, such as fizzbuzz")
    new.add_argument("--title", required=True, help='what readers see, such as "FizzBuzz"')

    live = commands.add_parser("serve", help="live preview: build after each save")
    live.add_argument("--port", type=_positive, default=8000, help="where to serve (8000)")

    given = parser.parse_args(arguments)
    for path in (BOOK, CONFIG, TOC):
        if not path.exists():
            parser.error(f"there is no {path} here; run this in the folder of the book")
    if given.command == "build":
        return build_site(
            {
                JOBS_VARIABLE: given.jobs and str(given.jobs),
                DATA_VARIABLE: given.data,
                SCHEDULER_VARIABLE: given.scheduler,
                BUDGET_VARIABLE: "off" if given.no_budget else "strict" if given.strict else None,
            }
        )
    if given.command == "serve":
        from booktools.serve import serve

        return serve(given.port)
    if given.command == "check":
        return check_pages(given.pages)
    if given.command == "chapter":
        return write_chapter(given.part, given.name, given.title)
    if given.command == "prune":
        return remove_old_results(given.keep)
    if given.command == "explain":
        return explain(BOOK, given.page)
    return collect(given.pages, given.jobs or os.cpu_count() or 1)


def build_site(settings: dict[str, str | None]) -> int:
    """Build the site with jupyter-book; warnings count as errors.

    Args:
        settings: Environment variables for the extension; ``None`` leaves one as it is.
    """
    from jupyter_book.cli.main import main as jupyter_book

    os.environ.update({name: value for name, value in settings.items() if value})
    paths = [str(BOOK), "--config", str(CONFIG), "--toc", str(TOC.absolute()), "--path-output", "."]
    try:
        jupyter_book(["build", *paths, "-W", "--keep-going"], standalone_mode=False)
    except RuntimeError:  # jupyter-book's word for a failure that Sphinx has described already
        print("The site was not published; what was there before still is.", file=sys.stderr)
        return 1
    return 0


def check_pages(names: list[str]) -> int:
    """Print what is wrong with pages, or with all, and return 1 if anything is."""
    from booktools.contract import check, summary
    from booktools.contract.book import Book, read_order

    try:
        book = Book(BOOK, read_order(TOC))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    unknown = [name for name in names or book.order if name not in book.pages]
    if unknown:
        print(f"There is no page {BOOK}/{unknown[0]}.md in {TOC}.", file=sys.stderr)
        return 2
    found = [
        finding
        for name in names or book.order
        for finding in check(book.pages[name], book, evidence_too=True)
    ]
    if found:
        print(summary(found))
    return 1 if found else 0


def remove_old_results(keep: int) -> int:
    """Remove all but the newest results of each chapter."""
    from booktools.execution.explain import CACHE
    from booktools.execution.store import Store

    removed, megabytes = Store(CACHE).prune(keep)
    print(f"Removed {removed} results, {megabytes} MB; the newest {keep} of each chapter stay.")
    return 0


def collect(pages: list[str], jobs: int) -> int:
    """Collect the evidence of pages, or of all that claim something."""
    from booktools.contract.book import read_order
    from booktools.evidence.command import collect_evidence

    try:
        order = read_order(TOC)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return collect_evidence(BOOK, CONFIG, order, pages, jobs=jobs)


def write_chapter(part: str, name: str, title: str) -> int:
    """Write a new chapter, and say what comes next."""
    from booktools.new import new_chapter

    try:
        path = new_chapter(BOOK, TOC, part=part, name=name, title=title)
    except ValueError as error:
        print(f"The chapter was not made: {error}", file=sys.stderr)
        return 2
    print(f"Wrote {path}, a small chapter that already builds, and entered it in {TOC}.")
    print("Now rewrite it, from top to bottom, beside `make serve`; check it with `make check`.")
    return 0


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1 up")
    return number


if __name__ == "__main__":
    sys.exit(main())
