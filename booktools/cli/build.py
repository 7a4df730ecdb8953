"""``python -m booktools build``: build the site with jupyter-book; warnings count as errors."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext

from booktools.cli.places import BOOK, CONFIG, SITE, TOC, positive, sphinx_config
from booktools.cli.quiet import quiet
from booktools.execution import BUDGET_VARIABLE, JOBS_VARIABLE, SCHEDULER_VARIABLE
from booktools.execution.settings import BookSettings


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("--jobs", type=positive, help="chapters to run at a time (default: cores)")
    parser.add_argument("--data", help="which data the chapters load, such as sample or full")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="run chapters on a Dask cluster")
    parser.add_argument("--verbose", action="store_true", help="show all that Sphinx says")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--no-budget", action="store_true", help="let chapters take their time")
    budget.add_argument("--strict", action="store_true", help="fail where one is over its budget")


def run(given: Namespace) -> int:
    """Build the site; the extension takes its settings from the environment."""
    from jupyter_book.cli.main import main as jupyter_book

    settings = {
        JOBS_VARIABLE: given.jobs and str(given.jobs),
        BookSettings.from_config(sphinx_config()).data_variable: given.data,
        SCHEDULER_VARIABLE: given.scheduler,
        BUDGET_VARIABLE: "off" if given.no_budget else "strict" if given.strict else None,
    }
    os.environ.update({name: value for name, value in settings.items() if value})
    paths = [str(BOOK), "--config", str(CONFIG), "--toc", str(TOC.absolute()), "--path-output", "."]
    try:
        with nullcontext() if given.verbose else quiet():
            jupyter_book(["build", *paths, "-W", "--keep-going"], standalone_mode=False)
    except (RuntimeError, SystemExit) as error:
        if isinstance(error, RuntimeError) and error.__cause__ is None:
            print(error, file=sys.stderr)  # jupyter-book's own; others Sphinx has described already
        print("The site was not published; what was there before still is.", file=sys.stderr)
        return 1
    print(f"The site is ready. Open it in a browser: {(SITE / 'index.html').absolute().as_uri()}")
    return 0
