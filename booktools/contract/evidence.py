"""Evidence: what a page claims was run with five seeds and sabotaged, and it was worth it."""

from __future__ import annotations

from collections.abc import Iterator

from booktools.contract.book import Book
from booktools.contract.boxes import predictions
from booktools.contract.claims import statements
from booktools.contract.finding import Finding
from booktools.contract.page import Page
from booktools.evidence import record
from booktools.evidence.collect import page_fingerprint
from booktools.evidence.settings import (
    EvidenceError,
    locked_versions,
    own_sabotages,
    read_settings,
)
from booktools.execution.chapter import LOCK_FILE
from booktools.execution.inputs import project_root
from booktools.parts.predictions.conditions import UndecidedError, right_option

CONFIG = "_config.yml"


def check(page: Page, book: Book) -> Iterator[Finding]:
    """Check that a page with claims or facts has evidence, that it belongs to it and is good."""
    lines = {text: line for text, line in reversed(list(statements(page))) if text}
    path = record.path_for(page.path)
    again = f"collect it: `make evidence PAGE={page.name}`."
    if not list(statements(page)):
        if path.exists():
            wrong = "evidence of a page that claims nothing"
            yield Finding(path, 1, wrong, "delete the file, or write the claim.")
        return
    first = next(iter(statements(page)))[1]
    if not path.exists():
        yield Finding(page.path, first, "there is no evidence for its claims", again)
        return
    root = project_root(book.source)
    try:
        settings = read_settings(root / CONFIG)
        code = "\n".join(cell.source for cell in page.executed)
        sabotages = (*settings.sabotages, *own_sabotages(page.matter, code, page.path))
    except EvidenceError as error:
        yield Finding(page.path, page.matter_line("sabotage"), *_split(error))
        return
    try:
        evidence = record.read(path)
    except EvidenceError as error:
        yield Finding(path, 1, *_split(error))
        return
    cells = [(cell.source, sorted(cell.tags)) for cell in page.executed]
    versions = locked_versions(root / LOCK_FILE, settings.packages)
    if evidence.cells != page_fingerprint(cells, sabotages):
        gone = [one.text for one in evidence.statements if one.text not in lines]
        wrong = "the evidence does not belong to the code as it stands now"
        if gone and _all_literal(page):
            wrong += f" (it names {gone[0]!r}, which is gone)"
        yield Finding(page.path, first, wrong, again)
    elif evidence.versions != versions:
        changed = sorted(set(evidence.versions.items()) ^ set(versions.items()))
        wrong = f"the evidence is from another lock ({changed[0][0]} changed)"
        yield Finding(page.path, first, wrong, again)
    else:
        for statement, wrong, remedy in evidence.problems():
            yield Finding(page.path, lines.get(statement.text, first), wrong, remedy)
        yield from _luck(page, evidence)


def _luck(page: Page, evidence: record.Evidence) -> Iterator[Finding]:
    """Find predictions whose right option depends on the seed."""
    values = {one.text: one.values for one in evidence.statements}
    for box in predictions(page):
        try:
            found = {
                right_option(box.conditions, value) for value in values.get(box.decided_by, ())
            }
        except UndecidedError as error:
            found, words = set(), str(error).partition(". Remedy: ")[0]
        else:
            words = "another option is right with another seed"
        if len(found) != 1 and box.decided_by in values:
            yield Finding(
                page.path,
                box.line,
                f"the prediction {box.name!r} is decided by luck: {words}",
                "move the borders between its options away from what the five seeds gave.",
            )


def _all_literal(page: Page) -> bool:
    return all(text for text, _ in statements(page))


def _split(error: EvidenceError) -> tuple[str, str]:
    wrong, _, remedy = str(error).partition(". Remedy: ")
    return wrong, remedy
