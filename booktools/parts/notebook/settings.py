"""What a book says of its notebooks.

It stands in the book's ``_config.yml``, because what notebooks import depends on its subject::

    sphinx:
      config:
        notebooks:
          package: lessons # what they import; the site carries a wheel of it
          project: . # the folder of its pyproject.toml
          files: [tools/check.py] # what stands beside them in their zip
          start: set-up # the page whose text opens the zip

Files and folders are named from the folder of the repository. ``github: OWNER/REPOSITORY/BRANCH``,
or ``BOOKTOOLS_NOTEBOOKS`` in the environment, says where Colab finds the notebooks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sphinx.errors import SphinxError

VARIABLE = "BOOKTOOLS_NOTEBOOKS"
_FORM = re.compile(r"[\w.-]+/[\w.-]+/[\w./-]+")


class NotebooksError(SphinxError):
    """The notebooks of a book cannot be made as its configuration says."""

    category = "Notebooks"


@dataclass(frozen=True)
class Settings:
    """The settings under ``notebooks``.

    Attributes:
        package: What notebooks import of the project; empty if they install nothing.
        project: The folder of the project.
        files: Files that stand beside the notebooks in their zip.
        start: The page whose text opens the zip; empty if there is none.
        github: Where the notebooks stand on GitHub, as ``OWNER/REPOSITORY/BRANCH``.
    """

    package: str = ""
    project: str = "."
    files: tuple[str, ...] = ()
    start: str = ""
    github: str = ""

    @classmethod
    def from_config(cls, given: Mapping[str, Any]) -> Settings:
        """Return the settings in a book's configuration and in the environment.

        Raises:
            NotebooksError: They cannot be understood.
        """
        try:
            unknown = set(given) - set(cls.__dataclass_fields__)
            if unknown:
                raise TypeError(f"unknown: {', '.join(sorted(map(str, unknown)))}")
            words = {name: str(value) for name, value in given.items() if name != "files"}
            if isinstance(given.get("files"), str):
                raise TypeError("files is no list")
            settings = cls(**words, files=tuple(map(str, given.get("files") or ())))
        except (TypeError, AttributeError) as error:
            raise NotebooksError(
                f"_config.yml: notebooks cannot be read ({error}). Remedy: package, project, start "
                "and github are words, files is a list of paths."
            ) from error
        github = os.environ.get(VARIABLE) or settings.github
        if github and not _FORM.fullmatch(github):
            raise NotebooksError(
                f"{VARIABLE}, or notebooks: github in _config.yml, is {github!r}. Remedy: write "
                "OWNER/REPOSITORY/BRANCH, the branch on which the notebooks stand."
            )
        return cls(settings.package, settings.project, settings.files, settings.start, github)
