"""The evidence of one page: what its claims and facts gave over seeds, and what breaks them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from booktools.evidence.settings import EvidenceError

SPARE = 0.1  # the share of the spread that has to lie between the worst value and the bound
DIGITS = 4


@dataclass(frozen=True)
class Statement:
    """A claim or a fact, and how it fared.

    Attributes:
        kind: ``claim`` or ``fact``.
        text: What it says.
        bound: The bound in words.
        values: The value of each seed; ``None`` where there was no number.
        margin: The room between the worst value and the bound, as a share of the spread over
            seeds; ``None`` where there is no spread. Negative where a seed breaks the bound.
        broken_by: The sabotages under which it did not hold.
        of: On how many examples the value is a share, if it is one.
    """

    kind: str
    text: str
    bound: str
    values: tuple[float | None, ...]
    margin: float | None = None
    broken_by: tuple[str, ...] = ()
    of: int | None = None

    def problem(self, training: Sequence[str]) -> tuple[str, str] | None:
        """Return what is wrong with the statement, and the remedy; ``None`` if nothing is.

        Args:
            training: The sabotages of training, which a fact does not notice.
        """
        told = f'the {self.kind} "{self.text}"'
        values = ", ".join(_short(value) for value in self.values)
        if self.margin is not None and self.margin < 0:
            return (
                f"{told} does not hold with every seed: {values}, where {self.bound} is asked for",
                "mend the lesson, say less, or move the bound to what the text can promise.",
            )
        if self.margin is not None and self.margin < SPARE:
            return (
                f"{told} holds by a hair: {values}, where {self.bound} is asked for",
                "leave at least a tenth of the spread between the worst value and the bound.",
            )
        if self.kind == "claim" and not self.broken_by:
            return (
                f"no sabotage breaks {told}, so it does not show that anything was learned",
                "say more (a bound that an untrained network misses), or call it a fact.",
            )
        broken = [name for name in self.broken_by if name in training]
        if self.kind == "fact" and broken:
            return (
                f"{told} depends on training: {', '.join(broken)} breaks it",
                "call it a claim.",
            )
        return None


@dataclass(frozen=True)
class Evidence:
    """What is kept beside a page, in ``PAGE.evidence.json``.

    Attributes:
        cells: The fingerprint of the page's code and sabotages.
        data: The data mode.
        versions: The packages that decide results, as the lock named them.
        training: The sabotages of training, by name.
        others: The other sabotages.
        statements: The claims and facts, in the order of the page.
    """

    cells: str
    data: str
    versions: dict[str, str]
    training: tuple[str, ...]
    others: tuple[str, ...]
    statements: tuple[Statement, ...] = field(default_factory=tuple)

    def problems(self) -> Iterator[tuple[Statement, str, str]]:
        """Yield what is wrong with the statements, and the remedies."""
        for statement in self.statements:
            found = statement.problem(self.training)
            if found:
                yield statement, *found

    def write(self, path: Path) -> None:
        """Write the evidence, whole or not at all; the same evidence gives the same bytes."""
        text = json.dumps(asdict(self, dict_factory=_given), indent=1, ensure_ascii=False)
        # a list of numbers or names is one line
        text = re.sub(r"\[[^][{}]*\]", lambda found: re.sub(r"\n\s*", " ", found[0]), text)
        unfinished = path.with_suffix(".new")
        unfinished.write_text(f"{text}\n", encoding="utf8")
        unfinished.replace(path)


def _given(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if value is not None}


def path_for(page: Path) -> Path:
    """Return where the evidence of a page lies: beside it."""
    return page.with_suffix(".evidence.json")


def read(path: Path) -> Evidence:
    """Return the evidence in a file.

    Raises:
        EvidenceError: It is damaged.
    """
    try:
        given = json.loads(path.read_text(encoding="utf8"))
        statements = tuple(
            Statement(
                **{**one, "values": tuple(one["values"]), "broken_by": tuple(one["broken_by"])}
            )
            for one in given.pop("statements")
        )
        for name in ("training", "others"):
            given[name] = tuple(given[name])
        return Evidence(**given, statements=statements)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvidenceError(
            f"{path} is damaged ({' '.join(str(error).split())[:100]}). Remedy: collect it again, "
            "with `make evidence`."
        ) from error


def judge(
    seeds: Sequence[Sequence[Mapping[str, Any]]],
    sabotages: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Iterator[Statement]:
    """Yield the statements of a page.

    Args:
        seeds: For each seed, the claims and facts that the page made, as a report lists them.
            Their bounds are those of the first seed.
        sabotages: The same for each sabotage, by name. What a sabotaged run did not reach is
            not judged.
    """
    others = [dict(_numbered(rows)) for rows in seeds[1:]]
    broken = {name: dict(_numbered(rows)) for name, rows in sabotages.items()}
    for key, row in _numbered(seeds[0]):
        values = [row["value"], *(rows[key]["value"] for rows in others)]
        yield Statement(
            kind=row["kind"],
            text=row["text"],
            bound=row["bound"],
            values=tuple(_rounded(value) for value in values),
            margin=_margin(row, values),
            broken_by=tuple(
                name
                for name, rows in broken.items()
                if key in rows and not holds(row, rows[key]["value"])
            ),
            of=row.get("of"),
        )


def holds(row: Mapping[str, Any], value: float | None) -> bool:
    """Tell whether a value keeps the bound of a claim or fact."""
    low, high = interval(row)
    return value is not None and low <= value <= high


def interval(row: Mapping[str, Any]) -> tuple[float, float]:
    """Return the smallest and the largest value that keep a bound."""
    if "equals" in row:
        return row["equals"] - row["tolerance"], row["equals"] + row["tolerance"]
    low, high = row.get("between", (row.get("at_least", -math.inf), row.get("at_most", math.inf)))
    return low, high


def _numbered(
    rows: Sequence[Mapping[str, Any]],
) -> Iterator[tuple[tuple[str, int], Mapping[str, Any]]]:
    """Yield rows, each with its text and how often that came before: what tells it apart."""
    seen: dict[str, int] = {}
    for row in rows:
        number = seen[row["text"]] = seen.get(row["text"], -1) + 1
        yield (row["text"], number), row


def _margin(row: Mapping[str, Any], values: Sequence[float | None]) -> float | None:
    numbers = [value for value in values if value is not None]
    if len(numbers) < len(values):
        return -1.0
    low, high = interval(row)
    if row.get("of") and high >= 1:
        high = math.inf  # no share is larger, so nothing can come near
    room = min(min(numbers) - low, high - max(numbers))
    spread = max(numbers) - min(numbers)
    if spread == 0:
        return None if room >= 0 else -1.0
    return round(min(max(room / spread, -1.0), 99.0), 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


def show_range(statement: Statement) -> str:
    """Return what the seeds gave, for readers: ``0.012 to 0.031``, or ``always 1``.

    Shares of a number of examples are shown with the digits that mean something.
    """
    numbers = [value for value in statement.values if value is not None]
    if len(numbers) < len(statement.values):
        return "no number"
    low, high = min(numbers), max(numbers)
    if all(float(end).is_integer() and abs(end) < 1e15 for end in (low, high)):
        first, last = f"{int(low):,}", f"{int(high):,}"
    elif statement.of:
        alike = low != high and f"{low:.2f}" == f"{high:.2f}"
        digits = 3 if alike or statement.of >= 10_000 else 2
        first, last = (_as_share(end, digits) for end in (low, high))
    else:
        first, last = (
            f"{end:.3g}" if math.fabs(end) < 999.5 else f"{end:,.0f}" for end in (low, high)
        )
    return f"always {first}" if first == last else f"{first} to {last}"


def _as_share(share: float, digits: int) -> str:
    text = f"{share:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text
