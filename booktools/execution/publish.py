"""A Sphinx extension: a site is published whole or not at all, by one build at a time.

Sphinx writes into a folder beside the site. Only when the whole build succeeded does a copy
of it take the place of the site; until then the last good one stands untouched. A site lists
the files that a build wrote; all others in its folder are somebody else's, and stay.
"""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util import logging

from booktools.execution.errors import BuildRunning, ChaptersFailed
from booktools.extension import metadata

logger = logging.getLogger(__name__)

MANIFEST = ".booktools-files"  # in the site, for each builder: what it wrote, a file a line
LOCK = ".booktools.lock"  # beside the site: results and report there are of all builders
_LAST = 10_000  # after every other extension has written its files
_OF_SPHINX = {".buildinfo", ".doctrees"}


class OutputHoldsSourcesError(SphinxError):
    """The folder for the site is one that holds what it is made from."""

    category = "Output"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("config-inited", keep_others_out)
    app.connect("builder-inited", redirect, priority=0)
    app.connect("build-finished", publish, priority=_LAST)
    return metadata()


def keep_others_out(app: Sphinx, config: Config) -> None:
    """Let no other build work in the same place, and undo what a killed one left.

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
    source = Path(app.srcdir)
    if site.is_relative_to(source):  # what stands in our folders is no page of the book
        beside = site.with_name(f".{site.name}.*").relative_to(source)
        config.exclude_patterns = [*config.exclude_patterns, beside.as_posix()]


def redirect(app: Sphinx) -> None:
    """Send what Sphinx writes to a folder beside the site, one for each builder.

    Different builders may write into one site: jupyter-book has linkcheck put its report beside
    the pages.
    """
    site: Path = app.booktools_site  # type: ignore[attr-defined]
    builder = app.builder.name
    name = site.name if site.name == builder else f"{site.name}.{builder}"
    staging = site.with_name(f".{name}.staging")
    staging.mkdir(exist_ok=True)
    app.outdir = app.builder.outdir = type(app.outdir)(staging)


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
        old.rename(site)
        logger.info("an earlier build was killed while publishing; its predecessor is back")
    for leftover in (old, new):
        shutil.rmtree(leftover, ignore_errors=True)


def publish(app: Sphinx, error: Exception | None) -> None:
    """Put the new site in its place if everything went well."""
    site: Path = app.booktools_site  # type: ignore[attr-defined]
    staging = Path(app.outdir)
    app.outdir = type(app.outdir)(site)
    try:
        strict = app.warningiserror or app.keep_going  # keep-going only defers -W to the end
        report = not app.builder.format  # such as that of linkcheck, whose finds are warnings
        if error is not None or (strict and app._warncount and not report):
            if not isinstance(error, ChaptersFailed):
                # the next build has to read every page again, or it would miss these warnings
                (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
            if site.exists() and not _has_pages(site):
                site.rmdir()
            return
        replace(site, staging, app.builder.name)
    finally:
        app.booktools_lock.release()  # type: ignore[attr-defined]


def replace(site: Path, staging: Path, builder: str) -> None:
    """Let a copy of the staging folder take the place of the site, with what is not this builder's.

    At every moment the site is whole: until the last step, nothing of the old one is changed.
    """
    built = _files(staging)
    if _holds(site, built, builder):
        return
    old, new = _beside(site)
    shutil.copytree(staging, new, ignore=shutil.ignore_patterns(".buildinfo"))
    listed = "".join(f"{name}\n" for name in built)
    (new / _manifest(builder)).write_text(listed, encoding="utf8")
    if site.exists():
        for path in foreign(site, builder):
            _keep(path, new / path.relative_to(site))
        site.rename(old)
    new.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def _files(folder: Path) -> dict[str, Path]:
    """Return the files in a folder of a builder that belong to the site, by their names there."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".buildinfo")
    return dict(sorted((path.relative_to(folder).as_posix(), path) for path in found))


def _holds(site: Path, built: Mapping[str, Path], builder: str) -> bool:
    """Tell whether a site is what was built; a file of the same size and date is the same."""
    if _listed(site, builder) != list(built):
        return False
    with suppress(FileNotFoundError):
        return all(filecmp.cmp(site / name, path) for name, path in built.items())
    return False


def _listed(site: Path, builder: str) -> list[str]:
    """Return the names of the files that the last build with a builder wrote."""
    try:
        return (site / _manifest(builder)).read_text(encoding="utf8").splitlines()
    except FileNotFoundError:
        return []


def foreign(site: Path, builder: str) -> Iterator[Path]:
    """Yield the files and links of a site that no build with this builder wrote."""
    ours = {*_listed(site, builder), _manifest(builder), *_OF_SPHINX}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.is_dir() and not path.is_symlink():
            continue
        if name.as_posix() not in ours and name.parts[0] not in _OF_SPHINX:
            yield path


def _keep(path: Path, place: Path) -> None:
    """Let a file stand in another folder too, unless something new has its place."""
    if place.exists() or any(above.is_file() for above in place.parents):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        place.symlink_to(path.readlink())
        return
    try:
        place.hardlink_to(path)
    except OSError:  # this disk has no such links
        shutil.copy2(path, place)


def _manifest(builder: str) -> str:
    return f"{MANIFEST}.{builder}"


def _beside(site: Path) -> tuple[Path, Path]:
    """Return where the old and the new site stand while they change places."""
    return site.with_name(f".{site.name}.old"), site.with_name(f".{site.name}.new")


def _has_pages(site: Path) -> bool:
    return site.exists() and any(site.iterdir())
