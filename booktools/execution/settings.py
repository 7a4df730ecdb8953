"""What MyST-NB and jupyter-cache are told about running a page, as they would understand it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myst_nb.core.config import NbParserConfig
from nbformat import NotebookNode

from booktools.execution.errors import FrontMatterError

OURS = "cache"  # the mode in which we run a page; in others MyST-NB does, or nobody


@dataclass(frozen=True)
class RunSettings:
    """How the cells of a page are run.

    Attributes:
        timeout: The seconds that a cell may take; ``None`` is no limit.
        allow_errors: Whether a cell that raises is shown instead of failing the build.
        in_temp: Whether the page runs in an empty folder.
        stderr: What becomes of standard error: it fails the build only if it were shown.
    """

    timeout: float | None = None
    allow_errors: bool = False
    in_temp: bool = False
    stderr: str = "show"


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


def run_settings(notebook: NotebookNode, config: NbParserConfig, place: object) -> RunSettings:
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
