"""A Sphinx extension: a site is published whole or not at all, by one build at a time.

Sphinx writes into a folder beside the site. Only when the whole build succeeded does a copy
of it take the place of the site; until then the last good one stands untouched. A site lists
the files that the build wrote; all others in its folder are somebody else's, and stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util import logging

from booktools.execution.errors import BuildRunning

logger = logging.getLogger(__name__)

MANIFEST = ".booktools-files"  # in the site: what a build wrote, a file a line
LOCK = ".booktools.lock"  # beside the site: results and report there are of all builders
_LAST = 10_000  # after every other extension has written its files
_OURS = {".buildinfo", ".doctrees", MANIFEST}  # of Sphinx and of this module, wherever they came from


class OutputHoldsSourcesError(SphinxError):
    """The folder for the site is one that holds what it is made from."""

    category = "Output"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", lock_and_redirect)
    app.connect("build-finished", publish, priority=_LAST)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}


def lock_and_redirect(app: Sphinx, _config: Config) -> None:
    """Keep other builds out, and send what Sphinx writes to a folder beside the site.

    Raises:
        BuildRunning: Another build works in the folder where this site stands.
        OutputHoldsSourcesError: The site would be written over what it is made from.
    """
    site = Path(app.outdir)
    refuse_sources(site, Path(app.srcdir), Path(app.confdir))
    lock = FileLock(site.with_name(LOCK))
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


def refuse_sources(site: Path, *sources: Path) -> None:
    """Raise an error if a site would stand in a folder of sources, or around one.

    Raises:
        OutputHoldsSourcesError: It would.
    """
    for folder in sources:
        if folder.resolve().is_relative_to(site.resolve()):
            raise OutputHoldsSourcesError(
                f"the site would be written into {site}, where its sources are: {folder}. "
                f"Remedy: give a folder of its own, such as {site / '_build' / 'html'}."
            )


def repair(site: Path) -> None:
    """Put the last good site back if a build was killed while it changed places."""
    old, new = _beside(site)
    if old.exists() and not _has_pages(site):
        if site.exists():
            site.rmdir()
        if new.exists():
            _move_foreign(new, old)  # some may have moved already
        old.rename(site)
        logger.info("an earlier build was killed while publishing; its predecessor is back")
    elif old.exists():
        _move_foreign(old, site)
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
            if site.exists() and not _has_pages(site):
                site.rmdir()
            return
        replace(site, workshop)
    finally:
        app.booktools_lock.release()  # type: ignore[attr-defined]


def replace(site: Path, workshop: Path) -> None:
    """Let a copy of the workshop take the place of the site, with what others put there."""
    old, new = _beside(site)
    shutil.copytree(workshop, new, ignore=shutil.ignore_patterns(".buildinfo"))
    files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
    (new / MANIFEST).write_text("".join(f"{name}\n" for name in files), encoding="utf8")
    if site.exists():
        site.rename(old)
        _move_foreign(old, new)
    new.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def foreign(site: Path) -> Iterator[Path]:
    """Yield the files and folders of a site that no build wrote; a folder stands for all in it."""
    try:
        listed = (site / MANIFEST).read_text(encoding="utf8").splitlines()
    except FileNotFoundError:
        listed = []
    files = set(listed)
    folders = {str(folder) for name in listed for folder in PurePosixPath(name).parents}

    def walk(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            name = path.relative_to(site).as_posix()
            if path.is_dir() and not path.is_symlink():
                if name in folders:
                    yield from walk(path)
                elif name not in _OURS:
                    yield path
            elif name not in files | _OURS:
                yield path

    yield from walk(site)


def _move_foreign(source: Path, target: Path) -> None:
    """Move what others put into one state of a site to another; what is there already wins."""
    for path in list(foreign(source)):
        place = target / path.relative_to(source)
        if place.is_dir() and path.is_dir() and not path.is_symlink():
            for part in list(path.rglob("*")):
                there = target / part.relative_to(source)
                if part.is_file() and not there.exists():
                    there.parent.mkdir(parents=True, exist_ok=True)
                    part.rename(there)
        elif not place.exists() and not any(above.is_file() for above in place.parents):
            place.parent.mkdir(parents=True, exist_ok=True)
            path.rename(place)


def _beside(site: Path) -> tuple[Path, Path]:
    """Return where the old and the new site stand while they change places."""
    return site.with_name(f".{site.name}.old"), site.with_name(f".{site.name}.new")


def _has_pages(site: Path) -> bool:
    return site.exists() and any(site.iterdir())
