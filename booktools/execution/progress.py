"""Tell how far a build is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from booktools.execution.chapter import Chapter
from booktools.execution.kernel import Result
from booktools.execution.report import counted

Say = Callable[[str], None]


def progress(
    queue: Sequence[Chapter], expected: Callable[[Chapter], float], folder: Path, say: Say
) -> Lines | Live:
    """Return what shows the progress of a queue: live on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if console.is_terminal and not sys.stdout.closed:
        return Live(queue, expected, folder, console)
    return Lines(queue, say)


class Lines:
    """Progress in plain lines: how many chapters there are, and one for each that is finished."""

    def __init__(self, queue: Sequence[Chapter], say: Say) -> None:
        self.total, self.done, self.say = len(queue), 0, say

    def __enter__(self) -> Lines:
        self.say(f"{counted(self.total)} to run")
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def finished(self, chapter: Chapter, result: Result) -> None:
        """Say how a chapter ended."""
        self.done += 1
        state = "failed" if result.failures else "executed"
        self.say(f"[{self.done}/{self.total}] {state} {chapter.page} in {result.seconds:.1f} s")

    def refresh(self) -> None:
        """Do nothing: lines tell only what is finished."""


class Live:
    """Progress on a terminal: a line for each running chapter, and a bar for the whole."""

    def __init__(
        self,
        queue: Sequence[Chapter],
        expected: Callable[[Chapter], float],
        folder: Path,
        console: Console,
    ) -> None:
        """Show a queue whose workers note in ``folder`` how far they are."""
        self.queue, self.expected, self.folder = list(queue), expected, folder
        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("to go"),
            console=console,
            transient=True,
            speed_estimate_period=3600,
        )
        self.whole = self.bars.add_task("all chapters", total=sum(map(expected, queue)) or 1)
        self.rows: dict[str, TaskID] = {}
        self.ended: set[str] = set()

    def __enter__(self) -> Live:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def finished(self, chapter: Chapter, result: Result) -> None:
        """Say how a chapter ended, and take its line away."""
        state = "[red]failed[/]" if result.failures else "executed"
        self.bars.console.print(f"{state} {chapter.page} in {result.seconds:.1f} s")
        self.bars.advance(self.whole, self.expected(chapter))
        self.ended.add(chapter.page)
        row = self.rows.pop(chapter.page, None)
        if row is not None:
            self.bars.remove_task(row)

    def refresh(self) -> None:
        """Read how far each running chapter is."""
        for number, chapter in enumerate(self.queue):
            note = self.folder / str(number)
            if not note.exists() or chapter.page in self.ended:
                continue
            done, cells = int(note.read_text() or 0), len(chapter.cells)
            if chapter.page not in self.rows:
                self.rows[chapter.page] = self.bars.add_task(chapter.page, total=cells)
            description = f"{chapter.page}: cell {done + 1} of {cells}"
            self.bars.update(self.rows[chapter.page], completed=done, description=description)
