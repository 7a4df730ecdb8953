"""Why a book cannot be built, in words that name the place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from sphinx.errors import SphinxError


class ExecutionFailed(SphinxError):  # noqa: N818 - Sphinx prints the category, not the name
    """Chapters that cannot be published."""

    category = "The book was not built"


class ChaptersFailed(ExecutionFailed):
    """Chapters that were run and cannot be published; no page was read yet."""


class FrontMatterError(ExecutionFailed):
    """Something in a chapter's front matter that cannot be used."""


class SchedulerError(ExecutionFailed):
    """A Dask cluster that cannot be used."""


class BuildRunning(ExecutionFailed):
    """Another build works in the same folder."""


@dataclass
class Failure:
    """Why a chapter cannot be published.

    Attributes:
        page: Sphinx's name of the document.
        line: The line of the source file.
        kind: ``exception``, ``claim``, ``stderr``, ``budget``, ``died``, ``output``, ``kernel``
            or ``files``.
        message: What happened, and the remedy.
        code: The cell's code.
    """

    page: str
    line: int
    kind: str
    message: str
    code: str = ""
