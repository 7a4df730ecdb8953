"""What an executed chapter shows: its claims, what must not reach a page, what is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from booktools.execution.errors import Failure
from booktools.execution.settings import RunSettings, shows_stderr

CLAIM_MIME = "application/vnd.booktools.claim+json"
OUTPUT_LIMIT = 1_000_000
ANSI = re.compile(r"\x1b\[[\d;]*m")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def claims(notebook: NotebookNode, page: str) -> list[dict[str, Any]]:
    """Return the claims that a chapter made, as the report lists them."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    found = [output.get("data", {}).get(CLAIM_MIME) for output in outputs]
    return [
        {
            "page": page,
            "kind": claim["kind"],
            "text": claim["text"],
            "value": claim["value"],
            **claim["limits"],
            "holds": claim["holds"],
            **({"of": claim["of"]} if claim.get("of") else {}),
            "shown": claim["shown"],
            "bound": claim["bound"],
        }
        for claim in found
        if claim
    ]


def failures(
    notebook: NotebookNode, page: str, lines: list[int], settings: RunSettings
) -> Iterator[Failure]:
    """Yield what must not reach a page: warnings on stderr, and outputs that are too large.

    Args:
        notebook: The executed page.
        page: Its name.
        lines: For each cell, the line in the source of its first line of code.
        settings: How it was run.
    """
    for cell, line in zip(notebook.cells, lines, strict=True):
        if cell.cell_type != "code":
            continue
        for output in cell.outputs:
            text = _warnings(output, settings)
            if text and shows_stderr(cell, settings.stderr):
                message = (
                    f"The cell warns:\n{text[:2000]}\n"
                    "Mend what it warns of; if readers should see it, tag it allow-stderr."
                )
                yield Failure(page, line, "stderr", message, cell.source)
            size = sum(len(str(data)) for data in output.get("data", {}).values())
            size += len(str(output.get("text", "")))
            if size > OUTPUT_LIMIT:
                message = (
                    f"The cell's output has {size:,} characters; at most {OUTPUT_LIMIT:,} can "
                    "be published. Show less of it, or draw it with fewer points."
                )
                yield Failure(page, line, "output", message, cell.source)


def strip(notebook: NotebookNode, settings: RunSettings) -> None:
    """Take out what differs from run to run or is not for readers."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    for cell in code_cells(notebook):
        for output in list(cell.outputs):
            if output.output_type == "stream" and output.name == "stderr":
                output.text = settings.without_log(output.text)
                if not output.text.strip():
                    cell.outputs.remove(output)
            if output.output_type == "error":
                output.traceback = _own_frames(output.traceback)
            output.get("data", {}).pop(CLAIM_MIME, None)


def _warnings(output: NotebookNode, settings: RunSettings) -> str:
    """Return what a stream holds that should not be there."""
    if output.output_type != "stream":
        return ""
    text: str = output.text
    return (settings.without_log if output.name == "stderr" else settings.warned)(text).strip()


def _own_frames(traceback: list[str]) -> list[str]:
    """Keep of a traceback what the reader wrote: frames inside packages name this machine."""
    if not traceback:  # the protocol of kernels allows that
        return []
    *head, error = traceback
    frames = [part for part in head if ANSI.sub("", part).startswith(("Cell In[", "---"))]
    return [*frames, error]
