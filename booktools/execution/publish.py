"""A Sphinx extension: a site is published whole or not at all, by one build at a time.

Sphinx writes into a folder beside the site. Only when the whole build succeeded does a copy
of it take the place of the site; until then the last good one stands untouched.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.util import logging

from booktools.execution.errors import BuildRunning

logger = logging.getLogger(__name__)

_LAST = 10_000  # after every other extension has written its files


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", lock_and_redirect)
    app.connect("build-finished", publish, priority=_LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def lock_and_redirect(app: Sphinx, _config: Config) -> None:
    """Keep other builds out, and send what Sphinx writes to a folder beside the site."""
    site = Path(app.outdir)
    lock = FileLock(site.with_name(f".{site.name}.lock"))
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise BuildRunning(
            f"another build is working in {site.parent}. "
            "Remedy: wait until it has ended, or build into another folder."
        ) from error
    app.booktools_lock = lock  # type: ignore[attr-defined]
    app.booktools_site = site  # type: ignore[attr-defined]
    repair(site)
    workshop = site.with_name(f".{site.name}.workshop")
    workshop.mkdir(exist_ok=True)
    app.outdir = type(app.outdir)(workshop)


def repair(site: Path) -> None:
    """Put the last good site back if a build was killed while it changed places."""
    old, new = _beside(site)
    if old.exists() and not _has_pages(site):
        shutil.rmtree(site, ignore_errors=True)
        old.rename(site)
        logger.info("an earlier build was killed while publishing; its predecessor is back")
    for leftover in (old, new):
        shutil.rmtree(leftover, ignore_errors=True)


def publish(app: Sphinx, error: Exception | None) -> None:
    """Put the new site in its place if everything went well."""
    site: Path = app.booktools_site  # type: ignore[attr-defined]
    workshop = Path(app.outdir)
    app.outdir = type(app.outdir)(site)
    try:
        strict = app.warningiserror or app.keep_going  # keep-going only defers -W to the end
        if error is not None or (strict and app._warncount):
            # the next build has to read every page again, or it would miss these warnings
            (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            if not _has_pages(site):
                shutil.rmtree(site, ignore_errors=True)
            return
        old, new = _beside(site)
        shutil.copytree(workshop, new, ignore=shutil.ignore_patterns(".buildinfo"))
        if site.exists():
            site.rename(old)
        new.rename(site)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        app.booktools_lock.release()  # type: ignore[attr-defined]


def _beside(site: Path) -> tuple[Path, Path]:
    """Return where the old and the new site stand while they change places."""
    return site.with_name(f".{site.name}.old"), site.with_name(f".{site.name}.new")


def _has_pages(site: Path) -> bool:
    return site.exists() and any(site.iterdir())
