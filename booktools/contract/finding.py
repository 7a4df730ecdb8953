"""What a check found: where, what is wrong, and what to do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a chapter owes its reader.

    Attributes:
        path: The source file.
        line: Where in it, counted from 1.
        wrong: What is wrong, without full stop.
        remedy: What to do about it, a sentence.
    """

    path: Path
    line: int
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """Return the line that is printed."""
        near = os.path.relpath(self.path)
        shown = self.path if near.startswith("..") else near
        return f"{shown}:{self.line}: {self.wrong}. Remedy: {self.remedy}"
