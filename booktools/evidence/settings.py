"""What evidence is collected with: the seeds, the sabotages, the packages that decide results.

It stands in the book's ``_config.yml``, because what breaks a lesson depends on its subject::

    sphinx:
      config:
        evidence:
          sabotages:
            untrained: {code: "import sabotage; sabotage.untrained()"}
            wrong helper: {code: ..., training: false}
          asserts: [AssertionError]
          packages: [keras, numpy]

A chapter adds sabotages of its own in its front matter, for what it trains by hand::

    sabotage:
      wrong sign: {replace: "- rate * slope", with: "+ rate * slope"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from booktools.execution.settings import BookSettings

SEEDS = range(5)


class EvidenceError(ValueError):
    """Evidence that cannot be collected or used. The message names the place and the remedy."""


@dataclass(frozen=True)
class Sabotage:
    """A way to break a lesson.

    Attributes:
        name: What it is called in reports.
        code: What runs before the first cell; empty if text is replaced instead.
        replace: What stands in the code of the chapter, and what is put in its place.
        training: Whether it breaks training; if not, facts may notice it too.
    """

    name: str
    code: str = ""
    replace: tuple[tuple[str, str], ...] = ()
    training: bool = True


@dataclass(frozen=True)
class Settings:
    """How a book collects evidence.

    Attributes:
        sabotages: What is done to every chapter.
        asserts: Errors by which a sabotaged cell may end, because they notice the sabotage.
        packages: Packages whose version in the lock decides results.
        book: What the book says of its runs.
    """

    sabotages: tuple[Sabotage, ...] = ()
    asserts: frozenset[str] = field(default_factory=lambda: frozenset({"AssertionError"}))
    packages: tuple[str, ...] = ()
    book: BookSettings = field(default_factory=BookSettings)


def from_config(given: Mapping[str, Any], place: object = "_config.yml") -> Settings:
    """Return the settings under ``evidence`` in a book's configuration.

    Raises:
        EvidenceError: They cannot be understood.
    """
    try:
        unknown = set(given) - {"sabotages", "asserts", "packages"}
        if unknown:
            raise TypeError(f"unknown: {', '.join(sorted(map(str, unknown)))}")
        sabotages = tuple(
            Sabotage(str(name), code=str(one["code"]), training=bool(one.get("training", True)))
            for name, one in (given.get("sabotages") or {}).items()
        )
        asserts = frozenset(map(str, given.get("asserts") or ["AssertionError"]))
        return Settings(sabotages, asserts, tuple(map(str, given.get("packages") or ())))
    except (TypeError, KeyError, AttributeError) as error:
        raise EvidenceError(
            f"{place}: evidence cannot be read ({error}). Remedy: sabotages hold code (and "
            "training), beside asserts and packages, which are lists."
        ) from error


def read_settings(config: Path) -> Settings:
    """Return the settings in a ``_config.yml``."""
    given = yaml.safe_load(config.read_text(encoding="utf8")) or {}
    sphinx = (given.get("sphinx") or {}).get("config") or {}
    settings = from_config(sphinx.get("evidence") or {}, config)
    return replace(settings, book=BookSettings.from_config(sphinx))


def own_sabotages(matter: Mapping[str, Any], code: str, place: object) -> tuple[Sabotage, ...]:
    """Return the sabotages in a chapter's front matter.

    Args:
        matter: The front matter.
        code: The code of all cells, in which the replaced text has to occur.
        place: What errors name.

    Raises:
        EvidenceError: They cannot be understood, or a text does not occur.
    """
    given = matter.get("sabotage") or {}
    found = []
    for name, one in given.items() if isinstance(given, Mapping) else [(given, None)]:
        texts = []
        for pair in one if isinstance(one, list) else [one]:
            if not isinstance(pair, Mapping) or set(pair) != {"replace", "with"}:
                raise EvidenceError(
                    f"{place}: front matter: sabotage {name!r} is no pair of replace and with. "
                    'Remedy: write `sabotage: {wrong sign: {replace: "- rate", with: "+ rate"}}`.'
                )
            texts.append((str(pair["replace"]), str(pair["with"])))
        for old, _ in texts:
            if not old or old not in code:
                raise EvidenceError(
                    f"{place}: front matter: the sabotage {name!r} replaces {old!r}, which occurs "
                    "in no cell. Remedy: copy the text from the code as it stands now."
                )
        found.append(Sabotage(str(name), replace=tuple(texts)))
    return tuple(found)


def locked_versions(lock: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of packages in a lock file; those that it does not name are left out.

    A lock for several versions of Python may name several, such as ``2.4.6 or 2.5.5``.
    """
    text = lock.read_text(encoding="utf8") if lock.is_file() else ""
    found: dict[str, list[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE):
        found.setdefault(package, []).append(version)
    return {
        package: " or ".join(sorted(found[package])) for package in packages if package in found
    }
