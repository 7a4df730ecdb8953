"""Run chapters with several seeds and under every sabotage, and keep what each run gave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from myst_nb.core.config import NbParserConfig
from nbformat import NotebookNode

from booktools.evidence.fingerprint import fingerprint
from booktools.evidence.record import Evidence, judge
from booktools.evidence.settings import (
    SEEDS,
    EvidenceError,
    Sabotage,
    Settings,
    locked_versions,
    own_sabotages,
)
from booktools.execution import scheduler
from booktools.execution.budget import Budget
from booktools.execution.chapter import (
    Chapter,
    read,
)
from booktools.execution.kernel import Result
from booktools.execution.outputs import code_cells
from booktools.execution.settings import BookSettings

RECORD_VARIABLE = "BOOKTOOLS_CLAIMS"  # tells claims to be noted rather than raise
UNFINISHED = {"died", "budget"}  # what ended a run early, and is not kept
SECONDS = 60.0  # what a run is taken to last, as long as none of the chapter is known


@dataclass(frozen=True)
class Run:
    """One run of a chapter.

    Attributes:
        page: The page.
        name: ``seed 3``, or the name of the sabotage.
        chapter: What runs.
        sabotage: What is broken, if anything.
        key: A hash of all that could change what the run gives; for all runs but that with the
            first seed, without the texts and bounds of claims, which do not change values.
    """

    page: str
    name: str
    chapter: Chapter
    sabotage: Sabotage | None
    key: str


@dataclass(frozen=True)
class Gathered:
    """What the runs of a page gave: its evidence, or why there is none."""

    page: str
    evidence: Evidence | None
    faults: tuple[str, ...]
    seconds: float


def plan(page: str, path: Path, book: Path, settings: Settings) -> list[Run]:
    """Return the runs of a page.

    Raises:
        EvidenceError: The page has nothing to run, or a sabotage does not fit its code.
    """
    unhurried = NbParserConfig(execution_timeout=-1)  # a run may share its machine with many
    chapter = read(page, path, book, settings.book, nb_config=unhurried)
    if chapter is None or not makes_statements(cell.source for cell in chapter.cells):
        raise EvidenceError(
            f"{path} makes no claim and states no fact, so there is nothing to collect. Remedy: "
            "let a cell call `claim(text, value, at_least=...)` or `fact(...)`."
        )
    runs = [
        _run(chapter, f"seed {seed}", _environment(settings.book, seed), None) for seed in SEEDS
    ]
    code = "\n".join(cell.source for cell in chapter.cells)
    for sabotage in (
        *settings.sabotages,
        *own_sabotages(chapter.notebook.metadata, code, path),
    ):
        broken = replace(chapter, notebook=_sabotaged(chapter.notebook, sabotage))
        runs.append(_run(broken, sabotage.name, _environment(settings.book, 0), sabotage))
    return runs


def makes_statements(sources: Iterable[str]) -> bool:
    """Tell whether code calls ``claim`` or ``fact``."""
    return any("claim(" in source or "fact(" in source for source in sources)


def collect(
    runs: Mapping[str, Sequence[Run]],
    kept: Path,
    settings: Settings,
    lock: Path,
    *,
    jobs: int,
    say: Any = print,
) -> Iterator[Gathered]:
    """Run what is not kept yet, and yield each page as soon as its last run has ended.

    Args:
        runs: The runs of each page.
        kept: The folder where the results of finished runs stay, also when others are stopped.
        settings: The book's settings.
        lock: The lock file.
        jobs: How many runs at a time.
        say: Takes a line of progress where there is no terminal.
    """
    known = {id(run): _kept(kept, run) for page in runs.values() for run in page}
    waiting = {
        page: sum(known[id(run)] is None for run in of_page) for page, of_page in runs.items()
    }
    for page, missing in waiting.items():
        if not missing:
            yield _gather(page, runs[page], known, settings, lock)
    outdated = {
        id(run.chapter): run for page in runs.values() for run in page if known[id(run)] is None
    }
    seconds = {page: _seconds(kept, page) for page in runs}
    results = scheduler.run_all(
        [run.chapter for run in outdated.values()],
        executor=partial(scheduler.thread_pool, min(jobs, len(outdated) or 1)),
        expected=lambda chapter: seconds[outdated[id(chapter)].page],
        limits=lambda _: Budget(),
        say=say,
    )
    with closing(results):
        for chapter, result in results:
            run = outdated[id(chapter)]
            known[id(run)] = _keep(kept, run, result)
            waiting[run.page] -= 1
            if not waiting[run.page]:
                yield _gather(run.page, runs[run.page], known, settings, lock)


def page_fingerprint(
    cells: Sequence[tuple[str, Sequence[str]]], sabotages: Sequence[Sabotage]
) -> str:
    """Return what tells whether evidence belongs to the code of a page and to its sabotages."""
    return fingerprint(cells, [[one.name, one.code, one.replace] for one in sabotages])


def cells_of(notebook: NotebookNode) -> list[tuple[str, list[str]]]:
    """Return the code cells of a notebook, each with its tags."""
    return [(cell.source, list(cell.metadata.get("tags", []))) for cell in code_cells(notebook)]


def _environment(book: BookSettings, seed: int) -> dict[str, str]:
    return {
        **book.environment,
        book.data_variable: book.data,
        book.seed_variable: str(seed),
        RECORD_VARIABLE: "record",
    }


def _run(
    chapter: Chapter, name: str, environment: Mapping[str, str], sabotage: Sabotage | None
) -> Run:
    first = name == f"seed {SEEDS[0]}"
    cells = fingerprint(cells_of(chapter.notebook), statements=first)
    own = replace(
        chapter,
        page=f"{chapter.page}, {name}",
        notebook=_going_on(chapter),
        environment=environment,
    )
    inputs = {name: value for name, value in own.inputs().items() if name != "cells"}
    text = json.dumps([cells, inputs], sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()[:24]
    return Run(chapter.page, name, own, sabotage, key)


def _sabotaged(notebook: NotebookNode, sabotage: Sabotage) -> NotebookNode:
    """Return a copy of a notebook with a sabotage in it."""
    copy: NotebookNode = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in code_cells(copy):
        for old, new in sabotage.replace:
            cell.source = cell.source.replace(old, new)
    if sabotage.code:
        copy.cells.insert(0, nbformat.v4.new_code_cell(sabotage.code))
        copy.metadata["source_map"] = [0, *copy.metadata.get("source_map", [])]
    return copy


def _going_on(chapter: Chapter) -> NotebookNode:
    """Return a copy of a chapter's notebook that goes on behind a cell that raises."""
    copy: NotebookNode = nbformat.from_dict(json.loads(json.dumps(chapter.notebook)))
    for cell in code_cells(copy):
        tags = cell.metadata.get("tags", [])
        cell.metadata["tags"] = [*tags, "raises-exception", "allow-stderr"]
        cell.metadata["meant_to_raise"] = "raises-exception" in tags
    return copy


def _keep(kept: Path, run: Run, result: Result) -> dict[str, Any]:
    """Keep what a run gave, and return it: claims, errors, seconds."""
    died = [failure for failure in result.failures if failure.kind in UNFINISHED]
    errors = [{"name": "", "line": one.line, "message": one.message} for one in died]
    if result.notebook:
        notebook = nbformat.reads(result.notebook, as_version=nbformat.NO_CONVERT)
        errors += [
            {"name": output.ename, "line": run.chapter.line(index), "message": output.evalue}
            for index, cell in enumerate(notebook.cells)
            if cell.cell_type == "code" and not cell.metadata.get("meant_to_raise")
            for output in cell.outputs
            if output.output_type == "error"
        ]
    given = {"claims": result.claims, "errors": errors, "seconds": result.seconds}
    if not died:
        folder = _folder(kept, run.page)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{run.key}.new"
        unfinished.write_text(json.dumps(given), encoding="utf8")
        unfinished.replace(folder / f"{run.key}.json")
        (folder / "seconds").write_text(str(result.seconds))
    return given


def _kept(kept: Path, run: Run) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        path = _folder(kept, run.page) / f"{run.key}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf8"))
        return found if {"claims", "errors", "seconds"} <= set(found) else None
    return None


def _seconds(kept: Path, page: str) -> float:
    with suppress(OSError, ValueError):
        return float((_folder(kept, page) / "seconds").read_text())
    return SECONDS


def _folder(kept: Path, page: str) -> Path:
    return kept / page.replace("/", "--")


def _gather(
    page: str,
    runs: Sequence[Run],
    known: Mapping[int, Any],
    settings: Settings,
    lock: Path,
) -> Gathered:
    """Return the evidence of a page from its runs, or what was wrong with them."""
    given = [(run, known[id(run)]) for run in runs]
    seconds = sum(result["seconds"] for _, result in given)
    faults = [fault for run, result in given for fault in _faults(run, result, settings.asserts)]
    first = given[0][1]["claims"]
    seeds = [_named(result["claims"], first) for run, result in given if run.sabotage is None]
    if not faults and any(len(rows) != len(first) for rows in seeds):
        faults = [f"{page}: not every seed gave the same claims. Remedy: make them in every run."]
    if faults:
        return Gathered(page, None, tuple(faults), seconds)
    broken = {run.name: _named(result["claims"], first) for run, result in given if run.sabotage}
    sabotages = [run.sabotage for run in runs if run.sabotage is not None]
    evidence = Evidence(
        cells=page_fingerprint(cells_of(_unchanged(runs[0])), sabotages),
        data=settings.book.data,
        versions=locked_versions(lock, settings.packages),
        training=tuple(one.name for one in sabotages if one.training),
        others=tuple(one.name for one in sabotages if not one.training),
        statements=tuple(judge(seeds, broken)),
    )
    return Gathered(page, evidence, (), seconds)


def _named(rows: list[dict[str, Any]], first: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return claims with the texts that they have today: a kept run may have had others."""
    if len(rows) != len(first):  # it was cut short, and its own texts are all that there is
        return rows
    return [{**row, "text": today["text"]} for row, today in zip(rows, first, strict=True)]


def _unchanged(run: Run) -> NotebookNode:
    """Return the notebook of a run with the tags that its page gave it."""
    copy: NotebookNode = nbformat.from_dict(json.loads(json.dumps(run.chapter.notebook)))
    for cell in code_cells(copy):
        if not cell.metadata["meant_to_raise"]:
            cell.metadata["tags"] = [t for t in cell.metadata["tags"] if t != "raises-exception"]
    return copy


def _faults(run: Run, result: Mapping[str, Any], asserts: frozenset[str]) -> Iterator[str]:
    """Yield errors that have no place in a run, in words that say where."""
    for error in result["errors"]:
        if run.sabotage is not None and error["name"] in asserts:
            continue
        remedy = "Mend the cell."
        if run.sabotage is not None:
            remedy = "Let the cell run through also where nothing was learned."
        yield (
            f"{run.chapter.path}:{error['line']}: with {run.name}: "
            f"{error['name']}: {error['message']} Remedy: {remedy}"
        )
