"""What the doctor hands back: findings, in plain sentences, and what was looked at."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from lessons_code.doctor.codes import CODES, ENTRIES

Kind = Literal["alarm", "note"]

PAGE = "what-went-wrong.html"


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor found.

    Attributes:
        code: Its name.
        number: What was measured.
        sentence: What was seen, with the number.
        remedy: What to do.
        kind: ``alarm``, which very probably explains trouble, or ``note``, which is worth
            knowing and happens in sound trainings too.
        sure: How surely it explains trouble, 0 to 100.
        page: The page that explains it.
    """

    code: str
    number: float
    sentence: str
    remedy: str
    kind: Kind = "alarm"
    sure: int = 0
    page: str = PAGE

    @property
    def link(self) -> str:
        """The entry of the page that explains the finding; the page, if it has none."""
        return f"{self.page}#{ENTRIES[self.code]}" if self.code in ENTRIES else self.page


def found(
    code: str, number: float, sentence: str, *, note: bool = False, remedy: str | None = None
) -> Finding:
    """Return a finding whose remedy and rank are those of its code."""
    known = CODES[code]
    return Finding(
        code,
        float(number),
        sentence,
        remedy or known.remedy,
        "note" if note else "alarm",
        known.sure,
    )


@dataclass(frozen=True)
class Report:
    """All findings, the surest first; what was looked at, and what could not be.

    It iterates over its :class:`Finding` objects, and displays as text or, in a notebook, as
    HTML.

    Attributes:
        findings: Alarms, then notes, each by how surely they explain trouble.
        looked: What was looked at.
        unseen: What could not be looked at, by the reason.
    """

    findings: tuple[Finding, ...]
    looked: tuple[str, ...]
    unseen: tuple[tuple[str, str], ...] = ()

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings that very probably explain trouble."""
        return tuple(finding for finding in self.findings if finding.kind == "alarm")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The findings that are worth knowing."""
        return tuple(finding for finding in self.findings if finding.kind == "note")

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all findings, in their order."""
        return tuple(finding.code for finding in self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        """Tell whether there is an alarm."""
        return bool(self.alarms)

    def __str__(self) -> str:
        lines = [self._headline()]
        for number, finding in enumerate(self.findings, 1):
            mark = "Note: " if finding.kind == "note" else ""
            lines += [
                f"{number}. {mark}{finding.sentence}",
                f"   What to do: {finding.remedy}",
                f"   More: {finding.link}",
            ]
        return "\n".join([*lines, *self._scope()])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        items = "".join(
            f'<li class="doctor-{finding.kind}">'
            f"{'<em>Note.</em> ' if finding.kind == 'note' else ''}"
            f"{html.escape(finding.sentence)} <strong>What to do:</strong> "
            f"{html.escape(finding.remedy)} "
            f'<a href="{html.escape(finding.link)}">More about {finding.code}</a></li>'
            for finding in self.findings
        )
        scope = "".join(f"<p>{html.escape(line)}</p>" for line in self._scope())
        listed = f"<ol>{items}</ol>" if items else ""
        return {
            "text/plain": str(self),
            "text/html": f'<div class="doctor"><p><strong>{self._headline()}</strong></p>'
            f"{listed}{scope}</div>",
        }

    def _headline(self) -> str:
        alarms, notes = len(self.alarms), len(self.notes)
        words = [_count(alarms, "alarm")] * bool(alarms) + [_count(notes, "note")] * bool(notes)
        if not self.findings:
            return "Nothing found."
        if not alarms:
            return f"{words[0].capitalize()}, no alarm."
        return f"{' and '.join(words).capitalize()}, the surest first."

    def _scope(self) -> list[str]:
        lines = [f"Looked at: {'; '.join(self.looked)}."] if self.looked else []
        reasons: dict[str, list[str]] = {}
        for what, why in self.unseen:
            reasons.setdefault(why, []).append(what)
        return lines + [
            f"Could not look at {'; '.join(what)}: {why}." for why, what in reasons.items()
        ]


def assemble(
    findings: Iterable[Finding],
    looked: Iterable[str],
    unseen: Iterable[tuple[str, str]],
    page: str = PAGE,
) -> Report:
    """Return a report: one finding a code, symptoms behind their causes, the surest first."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.code)
        if known is None or (known.kind == "note" and finding.kind == "alarm"):
            best[finding.code] = replace(finding, page=page)
    causes = [one for one in best.values() if one.kind == "alarm" and not CODES[one.code].symptom]
    if causes:
        for code, finding in best.items():
            if CODES[code].symptom:
                best[code] = replace(finding, kind="note")
    ordered = sorted(best.values(), key=lambda one: (one.kind == "note", -one.sure))
    return Report(tuple(ordered), tuple(dict.fromkeys(looked)), tuple(dict.fromkeys(unseen)))


def _count(n: int, what: str) -> str:
    names = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    return f"{names.get(n, n)} {what}{'s' * (n != 1)}"
