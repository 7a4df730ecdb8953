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
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.ext.glue.utils import PendingGlueReference
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util import logging

from booktools.execution.budget import Budget
from booktools.execution.chapter import (
    Chapter,
    checksum,
    read,
    why,
)
from booktools.execution.errors import ChaptersFailed, ExecutionFailed
from booktools.execution.kernel import Result
from booktools.execution.report import Report, describe
from booktools.execution.resources import usable_cores, usable_megabytes
from booktools.execution.settings import OURS, VALUES, BookSettings
from booktools.execution.speed import slowness
from booktools.execution.store import Store
from booktools.extension import metadata

logger = logging.getLogger(__name__)

JOBS_VARIABLE = "BOOKTOOLS_JOBS"
BUDGET_VARIABLE = "BOOKTOOLS_BUDGET"
SCHEDULER_VARIABLE = "BOOKTOOLS_SCHEDULER"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("myst_nb")
    app.setup_extension("booktools.execution.publish")
    for name, default in VALUES.items():
        app.add_config_value(name, default, "env", types=[type(default)])
    app.connect("env-get-outdated", execute)
    app.connect("source-read", point_to_results, priority=0)
    app.connect("doctree-read", note_glue)
    app.connect("env-purge-doc", forget_glue)
    app.connect("env-updated", pages_that_cite)
    app.connect("env-check-consistency", nothing_slipped_past)
    return metadata()


def execute(
    app: Sphinx, env: Any, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Run what needs running, and return the pages whose results changed."""
    if env.mystnb_config.execution_mode != OURS:
        _say_mode(app, env.mystnb_config.execution_mode)
        return []
    started = time.monotonic()
    jobs = _jobs()
    report = Report(jobs, book_settings(app).data)
    store = Store(Path(env.mystnb_config.execution_cache_path))
    store.clean()

    try:
        report.pages = _texts(env)
        chapters = find_chapters(app, env)
        outdated = []
        folders: dict[str, str] = {}
        for chapter in chapters:
            facts = store.find(chapter)
            if facts is None:
                outdated.append(chapter)
            else:
                folders[chapter.page] = facts["folder"]
                report.add(facts, chapter.budget, status="cached", why="unchanged")
        for chapter, result in _run(outdated, jobs, store):
            report.failures += result.failures
            if not result.failures:
                last = store.last(chapter.page)
                before = last and last["inputs"]
                reason = why(before, chapter.inputs_like(before)) if before else "new"
                facts = store.keep(chapter, result)
                folders[chapter.page] = facts["folder"]
                # the same inputs as last time, but the results were lost
                reason = reason.replace("unchanged", "forced")
                report.add(facts, chapter.budget, status="executed", why=reason)
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
        details = describe(report.failures, {chapter.page: chapter.path for chapter in chapters})
        raise ChaptersFailed(f"{count} of {len(chapters)} chapters failed.\n\n{details}")
    logger.info("%s\nThe pages are written now.", report.table())
    env.booktools_claims = report.sorted_claims()
    app.booktools_ended = time.time()  # type: ignore[attr-defined]
    app.booktools_config = env.mystnb_config  # type: ignore[attr-defined]
    return _pages_to_read(env, folders, chapters)


def _texts(env: Any) -> dict[str, str]:
    """Return a checksum of the text of every page; what is no UTF-8 is refused elsewhere."""
    texts = ((page, Path(env.doc2path(page))) for page in sorted(env.found_docs))
    return {
        page: checksum(path.read_text(encoding="utf8", errors="replace"))[:12]
        for page, path in texts
    }


def _say_mode(app: Sphinx, mode: str) -> None:
    """Say that chapters are not run here, and take away the report of builds in which they were."""
    (Path(app.outdir).parent / "report.json").unlink(missing_ok=True)
    if mode != "off":
        logger.warning(
            "execute_notebooks is %s, so MyST-NB runs the pages by itself, unchecked. Remedy: "
            "execute_notebooks: cache, or leave out booktools.execution.",
            mode,
        )


def find_chapters(app: Sphinx, env: Any) -> list[Chapter]:
    """Return the book's pages with code cells that are run here.

    A page may choose another mode for itself (``mystnb: {execution_mode: off}``). Then it is not
    run, or MyST-NB runs it as it would without this extension.
    """
    config, source = env.mystnb_config, Path(app.srcdir)
    book = book_settings(app)
    paths = {page: Path(env.doc2path(page)) for page in sorted(env.found_docs)}
    chapters = [
        read(page, path, source, book, env.myst_config, config)
        for page, path in paths.items()
        if not any(path.match(pattern) for pattern in config.execution_excludepatterns)
    ]
    found = [chapter for chapter in chapters if chapter is not None]
    others = [chapter for chapter in found if chapter.mode not in (OURS, "off")]
    for chapter in others:
        logger.info(
            "%s is run by MyST-NB itself, unchecked: its execution_mode is %s.",
            chapter.path,
            chapter.mode,
        )
    app.booktools_others = {chapter.page for chapter in others}  # type: ignore[attr-defined]
    return [chapter for chapter in found if chapter.mode == OURS]


def point_to_results(app: Sphinx, page: str, source: list[str]) -> None:
    """Let myst-nb look for a page's results in the folder of its present key.

    Pages without code have none, and myst-nb starts no kernel for them.
    """
    env: Any = app.env
    config = getattr(app, "booktools_config", None)
    if config is None:  # we run nothing in this build
        return
    if page in env.booktools_pages:
        folder, expected = env.booktools_pages[page]
        if checksum(source[0]) != expected:
            # myst-nb would run it by itself, past all our checks
            raise ExecutionFailed(f"{env.doc2path(page)} was changed meanwhile: build again.")
        config = config.copy(execution_cache_path=folder)
    elif page not in app.booktools_others:  # type: ignore[attr-defined]
        config = config.copy(execution_mode="off")
    env.mystnb_config = config


def note_glue(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the pages from which a page cites results: ``{glue}`` with ``:doc:``."""
    assert app.env is not None
    cited = {node.refdoc for node in doctree.findall(PendingGlueReference)} - {app.env.docname}
    if cited:
        _cited(app.env)[app.env.docname] = cited


def forget_glue(_app: Sphinx, env: Any, page: str) -> None:
    """Forget what a page cites that is read again, or is gone."""
    _cited(env).pop(page, None)


def pages_that_cite(_app: Sphinx, env: Any) -> list[str]:
    """Return the pages to write again because results that they cite changed."""
    before = getattr(env, "booktools_written_with", {})
    now = {page: env.booktools_pages.get(page) for page in getattr(env, "booktools_pages", {})}
    env.booktools_written_with = now
    return [
        page
        for page, cited in _cited(env).items()
        if any(before.get(one) != now.get(one) for one in cited)
    ]


def _cited(env: Any) -> dict[str, set[str]]:
    if not hasattr(env, "booktools_cited"):
        env.booktools_cited = {}
    cited: dict[str, set[str]] = env.booktools_cited
    return cited


def nothing_slipped_past(app: Sphinx, env: Any) -> None:
    """Raise an error if MyST-NB ran a page of ours by itself, past all our checks."""
    ended = getattr(app, "booktools_ended", None)
    for page in getattr(env, "booktools_pages", {}) if ended else ():
        ran = NbMetadataCollector.get_exec_data(env, page)
        if ran and ran["mtime"] > ended:
            raise ExecutionFailed(
                f"{env.doc2path(page)} was run by MyST-NB, because it did not find the results. "
                "Remedy: build again; if it stays, please tell us."
            )


def book_settings(app: Sphinx) -> BookSettings:
    """Return what the book says of its runs."""
    return BookSettings.from_config({name: app.config[name] for name in VALUES})


def _jobs() -> int:
    given = os.environ.get(JOBS_VARIABLE, "")
    if given and (not given.isdecimal() or int(given) < 1):
        raise ExecutionFailed(f"{JOBS_VARIABLE} is a whole number from 1 up, not {given!r}")
    return int(given) if given else usable_cores()


def _run(outdated: list[Chapter], jobs: int, store: Store) -> Iterator[tuple[Chapter, Result]]:
    """Run chapters, and yield each with its result as soon as it is finished."""
    if not outdated:
        return
    from booktools.execution import cluster, scheduler  # not loaded where nothing changed

    address = os.environ.get(SCHEDULER_VARIABLE)
    yield from scheduler.run_all(
        outdated,
        executor=partial(cluster.dask_cluster, address)
        if address
        else partial(scheduler.thread_pool, min(jobs, len(outdated))),
        expected=partial(_expected, store),
        limits=_limits(),
        say=logger.info,
        room=None if address else usable_megabytes(),
    )


def _limits() -> Callable[[Budget], Budget]:
    """Return what turns a budget into what holds here and now.

    Seconds are those of a reference machine. Too many fail a build in CI, or where
    ``BOOKTOOLS_BUDGET`` is ``strict``; elsewhere they are told.
    """
    mode = os.environ.get(BUDGET_VARIABLE, "")
    if mode == "off":
        return lambda _: Budget()
    strict = mode == "strict" or bool(os.environ.get("CI"))
    slow = slowness()
    return lambda budget: replace(budget, slowness=slow, strict=strict)


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
