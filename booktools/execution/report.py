"""What a build did: a table for people, JSON for machines."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from booktools.execution.budget import Budget
from booktools.execution.errors import Failure

BUILDERS = ("jupyter-book", "myst-nb", "sphinx")


@dataclass
class Report:
    """Everything that is to be told about the execution of a book.

    Attributes:
        jobs: How many chapters may run side by side.
        data: The data mode.
        chapters: A row a chapter, as in the JSON file. Its ``slowness`` is that of the machine
            when the chapter ran, by which its budget is scaled.
        claims: All claims, in the order of the chapters.
        failures: All failures of all chapters.
        over_budget: Chapters that took too much where that only warns, each with the words.
        packages: The versions of what the chapters imported.
        pages: A checksum of the text of every page, by its name.
        wall_seconds: How long the execution took.
    """

    jobs: int
    data: str
    chapters: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    over_budget: list[tuple[str, str]] = field(default_factory=list)
    packages: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    wall_seconds: float = 0.0

    def add(self, facts: dict[str, Any], budget: Budget, *, status: str, why: str) -> None:
        """Add a chapter, from its budget and the facts that were kept with its results."""
        self.chapters.append(
            {
                "page": facts["page"],
                "status": status,
                "why": why,
                "seconds": facts["seconds"],
                "peak_mb": facts["peak_mb"],
                "cells": facts["cells"],
                "claims": len(facts["claims"]),
                "slowness": facts.get("slowness", 1.0),  # older results have none
                "budget": {"seconds": budget.seconds, "megabytes": budget.megabytes},
                "over_budget": facts["over_budget"],
                "depends_on": list(facts["inputs"]["files"]),
            }
        )
        self.claims += facts["claims"]
        self.packages |= facts["inputs"]["packages"]
        if status == "executed":
            self.over_budget += [(facts["page"], words) for words in facts["over_budget"]]

    def sorted_claims(self) -> list[dict[str, Any]]:
        """Return the claims by page, those of one page in their order."""
        return sorted(self.claims, key=lambda claim: str(claim["page"]))

    def write(self, path: Path) -> None:
        """Write the report as JSON, whole or not at all."""
        statuses = [chapter["status"] for chapter in self.chapters]
        report = {
            "jobs": self.jobs,
            "wall_seconds": round(self.wall_seconds, 2),
            "executed": statuses.count("executed"),
            "cached": statuses.count("cached"),
            "data": self.data,
            "chapters": sorted(self.chapters, key=lambda chapter: str(chapter["page"])),
            "claims": self.sorted_claims(),
            "pages": self.pages,
            "failures": [
                {key: value for key, value in asdict(failure).items() if key != "code"}
                for failure in self.failures
            ],
            "versions": {
                "python": platform.python_version(),
                **_versions(BUILDERS),
                **dict(sorted(self.packages.items())),
            },
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf8")
        unfinished.replace(path)

    def table(self) -> str:
        """Return the lines that a build ends with: how much ran, why, and what was slow."""
        ran = [chapter for chapter in self.chapters if chapter["status"] == "executed"]
        lines = [
            f"{counted(len(ran))} executed, {len(self.chapters) - len(ran)} reused, "
            f"{self.wall_seconds:.1f} s with {self.jobs} at a time"
        ]
        slowest = sorted(ran, key=lambda chapter: float(chapter["seconds"]), reverse=True)
        for chapter in slowest[:5]:
            lines.append(
                f"{chapter['seconds']:7.1f} s {chapter['peak_mb']:6} MB  {chapter['page']} "
                f"({chapter['why']})"
            )
        lines += [f"over budget: {page}: {words}" for page, words in self.over_budget]
        return "\n".join(lines)


def counted(chapters: int) -> str:
    """Return a number of chapters in words."""
    return f"{chapters} chapter{'' if chapters == 1 else 's'}"


def describe(failures: Iterable[Failure], paths: Mapping[str, Path]) -> str:
    """Return all failures with their place in the source, the message and the code.

    Args:
        failures: What failed.
        paths: The source file of each page.
    """
    parts = []
    for failure in failures:
        place = f"{paths[failure.page]}:{failure.line}"
        code = "".join(f"\n    | {line}" for line in failure.code.splitlines())
        parts.append(f"{place}: {failure.kind}\n  {_indent(failure.message)}{code}")
    return "\n\n".join(parts)


def _indent(text: str) -> str:
    return text.replace("\n", "\n  ")


def _versions(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
