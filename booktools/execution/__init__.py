"""A Sphinx extension: execution that is never stale, runs side by side, and is honest.

Name ``booktools.execution`` under ``sphinx: extra_extensions`` in a jupyter-book's
``_config.yml``. Before Sphinx reads a page, every chapter whose inputs changed is run in a
worker, and its results are put where myst-nb looks for them: into a jupyter-cache of its
own for each key (see ``chapter.py`` for what a key is made of). myst-nb then finds every
page executed. A chapter that fails stops the build, after all chapters have run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from booktools.execution.chapter import (
    DATA_VARIABLE,
    Chapter,
    checksum,
    read,
    results_environment,
    why,
)
from booktools.execution.errors import ExecutionFailed
from booktools.execution.report import Report, describe
from booktools.execution.store import Store
from booktools.execution.worker import Result

logger = logging.getLogger(__name__)

JOBS_VARIABLE = "BOOKTOOLS_JOBS"
BUDGET_VARIABLE = "BOOKTOOLS_BUDGET"
SCHEDULER_VARIABLE = "BOOKTOOLS_SCHEDULER"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("myst_nb")
    app.setup_extension("booktools.execution.publish")
    app.connect("env-get-outdated", execute)
    app.connect("source-read", point_to_results, priority=0)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def execute(
    app: Sphinx, env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Run what needs running, and return the pages whose results changed."""
    if env.mystnb_config.execution_mode != "cache":
        return []
    started = time.monotonic()
    jobs = _jobs()
    report = Report(jobs, os.environ.get(DATA_VARIABLE, "sample"))
    store = Store(Path(env.mystnb_config.execution_cache_path))
    store.clean()

    try:
        chapters = find_chapters(app, env)
        outdated = []
        folders: dict[str, str] = {}
        for chapter in chapters:
            facts = store.find(chapter)
            if facts is None:
                outdated.append(chapter)
            else:
                folders[chapter.page] = facts["folder"]
                report.add(facts, status="cached", why="unchanged")
        for chapter, result in _run(outdated, jobs, store):
            report.failures += result.failures
            if not result.failures:
                last = store.last(chapter.page)
                before = last and last["inputs"]
                reason = why(before, chapter.inputs_like(before)) if before else "new"
                facts = store.keep(chapter, result)
                folders[chapter.page] = facts["folder"]
                # the same inputs as last time, but the results were lost
                report.add(facts, status="executed", why=reason.replace("unchanged", "forced"))
    except OSError as error:
        raise ExecutionFailed(
            f"the results could not be kept: {error}. Remedy: make room or mend the rights in "
            f"{store.path}, and build again; what was finished before is kept."
        ) from error
    finally:
        for repaired in store.repaired:
            logger.info("%s; it is run again", repaired)
        report.wall_seconds = time.monotonic() - started
        report.write(Path(app.outdir).parent / "report.json")

    if report.failures:
        count = len({failure.page for failure in report.failures})
        details = describe(report.failures, Path(app.srcdir))
        raise ExecutionFailed(f"{count} of {len(chapters)} chapters failed.\n\n{details}")
    logger.info(report.table())
    env.booktools_claims = report.sorted_claims()
    return _pages_to_read(env, folders, chapters)


def find_chapters(app: Sphinx, env: Any) -> list[Chapter]:
    """Return the book's pages with code cells."""
    config, source, environment = env.mystnb_config, Path(app.srcdir), results_environment()
    paths = {page: Path(env.doc2path(page)) for page in sorted(env.found_docs)}
    chapters = [
        read(page, path, source, environment, env.myst_config, config)
        for page, path in paths.items()
        if not any(path.match(pattern) for pattern in config.execution_excludepatterns)
    ]
    return [chapter for chapter in chapters if chapter is not None]


def point_to_results(app: Sphinx, page: str, source: list[str]) -> None:
    """Let myst-nb look for a page's results in the folder of its present key."""
    env: Any = app.env
    if page not in getattr(env, "booktools_pages", {}):
        return
    folder, expected = env.booktools_pages[page]
    if checksum(source[0]) != expected:
        # myst-nb would run it by itself, past all our checks
        raise ExecutionFailed(f"{env.doc2path(page)} was changed meanwhile: build again.")
    env.mystnb_config = env.mystnb_config.copy(execution_cache_path=folder)


def _jobs() -> int:
    given = os.environ.get(JOBS_VARIABLE, "")
    if given and (not given.isdecimal() or int(given) < 1):
        raise ExecutionFailed(f"{JOBS_VARIABLE} is a whole number from 1 up, not {given!r}")
    return int(given or os.cpu_count() or 1)


def _run(outdated: list[Chapter], jobs: int, store: Store) -> Iterator[tuple[Chapter, Result]]:
    """Run chapters, and yield each with its result as soon as it is finished."""
    if not outdated:
        return
    from booktools.execution import cluster, pool  # not loaded where nothing changed

    scheduler = os.environ.get(SCHEDULER_VARIABLE)
    yield from pool.run_all(
        outdated,
        executor=partial(cluster.dask_cluster, scheduler)
        if scheduler
        else partial(pool.process_pool, min(jobs, len(outdated))),
        expected=partial(_expected, store),
        budgets=os.environ.get(BUDGET_VARIABLE) != "off",
        say=logger.info,
    )


def _expected(store: Store, chapter: Chapter) -> float:
    last = store.last(chapter.page)
    return float(last["seconds"] if last else chapter.budget.seconds or 10)


def _pages_to_read(env: Any, folders: dict[str, str], chapters: list[Chapter]) -> list[str]:
    """Remember text and results of each page, and return the pages that were read with others."""
    before: dict[str, tuple[str, str]] = getattr(env, "booktools_pages", {})
    env.booktools_pages = {
        chapter.page: (folders[chapter.page], chapter.checksum) for chapter in chapters
    }
    return [page for page, read_as in env.booktools_pages.items() if before.get(page) != read_as]
