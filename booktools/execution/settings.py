"""How pages are run: what MyST-NB and jupyter-cache are told, and what a book says of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from myst_nb.core.config import NbParserConfig
from nbformat import NotebookNode

from booktools.execution.errors import ExecutionFailed, FrontMatterError

OURS = "cache"  # the mode in which we run a page; in others MyST-NB does, or nobody

# what a book may say in _config.yml, under ``sphinx: config:``, with what holds if it does not
VALUES: dict[str, Any] = {
    "execution_environment": {},
    "execution_data_variable": "BOOKTOOLS_DATA",
    "execution_seed_variable": "BOOKTOOLS_SEED_SHIFT",
    "execution_log_lines": [],
    "execution_warnings": [],
}
DATA = "sample"  # the data mode where none is chosen


@dataclass(frozen=True)
class BookSettings:
    """What a book says of its runs.

    Attributes:
        environment: What it adds to the environment of kernels; empty takes a variable away.
        data_variable: The environment variable that chooses the data which chapters load.
        seed_variable: The one that shifts the seeds of chapters.
        log_lines: Regular expressions of lines on standard error that nobody has to see.
        warnings: Those of lines on standard output that are warnings.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    data_variable: str = VALUES["execution_data_variable"]
    seed_variable: str = VALUES["execution_seed_variable"]
    log_lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> BookSettings:
        """Return the settings of a book from its configuration for Sphinx.

        ``null`` in ``execution_environment`` takes a variable away that is set otherwise, such as
        ``CUDA_VISIBLE_DEVICES``, which hides graphics cards.

        Raises:
            ExecutionFailed: A pattern of lines is no regular expression.
        """
        given = {name: config.get(name, default) for name, default in VALUES.items()}
        environment = given["execution_environment"].items()
        return cls(
            {str(name): "" if value is None else str(value) for name, value in environment},
            str(given["execution_data_variable"]),
            str(given["execution_seed_variable"]),
            _patterns("execution_log_lines", given["execution_log_lines"]),
            _patterns("execution_warnings", given["execution_warnings"]),
        )

    @property
    def data(self) -> str:
        """The data mode of this build."""
        return os.environ.get(self.data_variable, DATA)

    def results_environment(self) -> dict[str, str]:
        """Return the environment variables on which results depend."""
        seed = os.environ.get(self.seed_variable)
        shift = {} if seed is None else {self.seed_variable: seed}
        return {self.data_variable: self.data, **shift, **self.environment}


def _patterns(name: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list | tuple):
        raise ExecutionFailed(
            f"_config.yml: {name} is a list of regular expressions, not {given!r}. "
            "Remedy: write a list, with a dash before each."
        )
    for pattern in map(str, given):
        try:
            re.compile(pattern)
        except re.error as error:
            raise ExecutionFailed(
                f"_config.yml: {name}: {pattern!r} is no regular expression: {error}. "
                "Remedy: mend it; a character with a meaning of its own, such as ( or +, stands "
                "for itself after a backslash."
            ) from error
    return tuple(map(str, given))


@dataclass(frozen=True)
class RunSettings:
    """How the cells of a page are run.

    Attributes:
        timeout: The seconds that a cell may take; ``None`` is no limit.
        allow_errors: Whether a cell that raises is shown instead of failing the build.
        in_temp: Whether the page runs in an empty folder.
        stderr: What becomes of standard error: it fails the build only if it were shown.
        log_lines: Regular expressions of lines on standard error that nobody has to see.
        warnings: Those of lines on standard output that are warnings.
    """

    timeout: float | None = None
    allow_errors: bool = False
    in_temp: bool = False
    stderr: str = "show"
    log_lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def without_log(self, text: str) -> str:
        """Return what stands on standard error beside lines that nobody has to see."""
        return self._lines(self.log_lines).sub("", text) if self.log_lines else text

    def warned(self, text: str) -> str:
        """Return the lines of standard output that are warnings."""
        found = self._lines(self.warnings).finditer(text) if self.warnings else ()
        return "".join(match[0] for match in found)

    @staticmethod
    def _lines(patterns: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile(rf"^(?:{'|'.join(patterns)})(?:\n|\Z)", re.MULTILINE)


def apply(notebook: NotebookNode, config: NbParserConfig, place: object) -> NbParserConfig:
    """Return the settings for notebooks as a page changes them, and give it its kernel's alias.

    Args:
        notebook: The page; its kernel's name is replaced if the book has an alias for it.
        config: The book's settings.
        place: What errors name.

    Raises:
        FrontMatterError: The page asks for something that cannot be had.
    """
    kernel = notebook.metadata.get("kernelspec") or {}
    for pattern, alias in config.kernel_rgx_aliases.items():
        if re.fullmatch(pattern, kernel.get("name", "")):
            kernel["name"] = alias
            break
    overrides = dict(notebook.metadata.get(config.metadata_key) or {})
    overrides.pop("output_folder", None)
    if "execution_cache_path" in overrides:
        raise FrontMatterError(
            f"{place}: front matter: {config.metadata_key}: execution_cache_path cannot be set for "
            "a page, because every state of a page has a folder of its own. Remedy: leave it out."
        )
    try:
        return config.copy(**overrides)
    except (TypeError, ValueError) as error:
        raise FrontMatterError(
            f"{place}: front matter: {config.metadata_key} cannot be used: {error}. Remedy: give "
            "settings of MyST-NB."
        ) from error


def run_settings(
    notebook: NotebookNode, config: NbParserConfig, book: BookSettings, place: object
) -> RunSettings:
    """Return how a page is run, from its own settings and those in its ``execution`` metadata."""
    own = notebook.metadata.get("execution") or {}
    if not isinstance(own, Mapping):
        raise FrontMatterError(
            f"{place}: front matter: execution holds timeout and allow_errors, not {own!r}. "
            "Remedy: write `execution: {timeout: 60}`."
        )
    timeout = own.get("timeout", config.execution_timeout)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float | None):
        raise FrontMatterError(
            f"{place}: front matter: execution: timeout is a number of seconds, not {timeout!r}. "
            "Remedy: write `execution: {timeout: 60}`."
        )
    return RunSettings(
        timeout=None if timeout is None or timeout < 0 else timeout,
        allow_errors=bool(own.get("allow_errors", config.execution_allow_errors)),
        in_temp=config.execution_in_temp,
        stderr=config.output_stderr,
        log_lines=book.log_lines,
        warnings=book.warnings,
    )


def shows_stderr(cell: NotebookNode, setting: str) -> bool:
    """Tell whether readers would see what a cell writes to standard error, by mistake."""
    tags = set(cell.metadata.get("tags", []))
    own: Any = cell.metadata.get("mystnb") or {}
    return own.get("output_stderr", setting) == "show" and not tags & {
        "allow-stderr",
        "remove-stderr",
        "remove-output",
        "remove-cell",
    }
