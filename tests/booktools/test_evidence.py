"""Evidence: a claim that nothing can break is refused, and nobody has to take a bound on trust."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from booktools.contract import check
from booktools.contract.book import Book as Contract
from booktools.contract.book import read_order
from booktools.evidence import record
from booktools.evidence.collect import plan
from booktools.evidence.fingerprint import fingerprint
from booktools.evidence.settings import EvidenceError, locked_versions, read_settings
from tests.booktools.books import Book, run_ready

CONFIG = """\
title: Another book
only_build_toc_files: true
execute:
  execute_notebooks: cache
sphinx:
  extra_extensions: [booktools.execution, booktools.parts.claims]
  config:
    evidence:
      sabotages:
        untrained: {code: "import builtins; builtins.RATE = 0"}
        wrong helper: {code: "import builtins; builtins.DATA = -1", training: false}
      packages: [numpy]
"""
LOCK = "numpy==2.0.1 \\\n    --hash=sha256:0\nother==1.0\n"
SETUP = """\
import builtins, os
from lessons_code import claim, fact
shift = int(os.environ.get("BOOKTOOLS_SEED_SHIFT", 0))
rate, data = getattr(builtins, "RATE", 1), getattr(builtins, "DATA", 1)
learned = 10 * data + rate * (2 + shift / 10)"""
GOOD = """\
claim("It grew", learned - 10, between=(1.9, 2.5))
fact("Ten times the data", 10 * data, equals=10)"""
MATTER = 'sabotage: {wrong sign: {replace: "+ rate", with: "- rate"}}\n'
MakeBook = Callable[..., Book]


@pytest.fixture
def lesson(book: MakeBook) -> Callable[..., Book]:
    def make(statements: str = GOOD, matter: str = MATTER) -> Book:
        made = book(a="1")
        made.write("_config.yml", CONFIG)
        made.write("requirements.txt", LOCK)
        made.chapter("a", SETUP, statements, matter=matter)
        return made

    return make


def collect(made: Book, *words: str) -> subprocess.CompletedProcess[str]:
    return run_ready("booktools", ["evidence", *words], made.root, {"COLUMNS": "160"})


def findings(made: Book, page: str = "a") -> list[str]:
    contract = Contract((made.root / "book").absolute(), read_order(made.root / "_toc.yml"))
    found = check(contract.pages[page], contract, evidence_too=True)
    return [one.wrong for one in found]


def ran(done: subprocess.CompletedProcess[str]) -> int:
    return len(re.findall(r"^\[\d+/\d+\] executed", done.stdout, re.MULTILINE))


def edit(made: Book, old: str, new: str) -> None:
    path = made.root / "book/a.md"
    text = path.read_text(encoding="utf8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf8")


# from the command to the page


def test_evidence_is_collected_kept_shown_and_asked_for(lesson: Callable[..., Book]) -> None:
    made = lesson()
    assert findings(made) == ["there is no evidence for its claims"]
    done = collect(made, "a")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ran(done) == 8
    assert json.loads((made.root / "book/a.evidence.json").read_text(encoding="utf8")) == {
        "cells": record.read(made.root / "book/a.evidence.json").cells,
        "data": "sample",
        "versions": {"numpy": "2.0.1"},
        "training": ["untrained", "wrong sign"],
        "others": ["wrong helper"],
        "statements": [
            {
                "kind": "claim",
                "text": "It grew",
                "bound": "between 1.9 and 2.5",
                "values": [2.0, 2.1, 2.2, 2.3, 2.4],
                "margin": 0.25,
                "broken_by": ["untrained", "wrong helper", "wrong sign"],
            },
            {
                "kind": "fact",
                "text": "Ten times the data",
                "bound": "exactly 10",
                "values": [10.0] * 5,
                "broken_by": ["wrong helper"],
            },
        ],
    }
    assert findings(made) == []

    made.write("book/claims.md", "# Claims\n\n```{claims-table}\n```\n")
    made.contents("a", "claims")
    built = made.build()
    assert built.status == 0, built.output
    assert [claim["kind"] for claim in built.report["claims"]] == ["claim", "fact"]
    claims = BeautifulSoup(made.page("a"), "html.parser").select("p.claim")
    assert [one["id"] for one in claims] == ["claim-1", "claim-2"]
    assert [one.select_one(".claim-seeds").text for one in claims] == [  # type: ignore[union-attr]
        "five seeds: 2 to 2.4",
        "five seeds: always 10",
    ]
    table = BeautifulSoup(made.page("claims"), "html.parser").select_one(".claims-table")
    assert table is not None
    assert "1 claim and 1 fact in this build." in table.text
    cells = [[cell.text.strip() for cell in row.select("td")] for row in table.select("tbody tr")]
    assert cells == [
        ["It grew", "2", "between 1.9 and 2.5", "2 to 2.4", "untrained, wrong helper, wrong sign"],
        ["Ten times the data (fact)", "10", "exactly 10", "always 10", "wrong helper"],
    ]
    assert table.select_one('a[href="a.html#claim-2"]')

    # what the full data give has another spread, which nobody measured
    assert made.build(BOOKTOOLS_DATA="full").status == 0
    assert "claim-seeds" not in made.page("a")
    assert "not measured" in made.page("claims")


def test_what_changes_no_value_is_not_run_again(lesson: Callable[..., Book]) -> None:
    made = lesson()
    assert ran(collect(made)) == 8
    assert ran(collect(made)) == 0
    edit(made, "(1.9, 2.5)", "(1.8, 2.6)")
    assert "does not belong to the code" in findings(made)[0]
    assert ran(collect(made)) == 1  # the run that tells the bounds
    assert findings(made) == []
    edit(made, '"It grew"', '"It has grown"')
    assert "(it names 'It grew', which is gone)" in findings(made)[0]
    again = collect(made)
    assert (again.returncode, ran(again)) == (0, 1), again.stdout
    assert findings(made) == []
    edit(made, "(2 + shift / 10)", "(2 + shift / 20)")
    assert ran(collect(made)) == 8
    assert findings(made) == []


def test_the_page_follows_its_evidence(lesson: Callable[..., Book]) -> None:
    made = lesson()
    built = made.build()
    assert built.status == 0, built.output
    assert "has no evidence for the code as it stands now" in built.output
    assert "claim-seeds" not in made.page("a")
    collect(made)
    made.build()
    assert "five seeds: 2 to 2.4" in made.page("a")
    edit(made, "(1.9, 2.5)", "(1.8, 2.6)")
    made.build()
    assert "claim-seeds" not in made.page("a")


# what the contract refuses


REFUSED = {
    'claim("A seed breaks it", learned, between=(11.9, 12.35))': (
        'the claim "A seed breaks it" does not hold with every seed: 12, 12.1, 12.2, 12.3, 12.4'
    ),
    'claim("By a hair", learned, at_least=11.99)': 'the claim "By a hair" holds by a hair: 12',
    'claim("Decoration", learned - learned, equals=0)': 'no sabotage breaks the claim "Decoration"',
    'fact("No fact", learned, at_least=11.9)': (
        'the fact "No fact" depends on training: untrained, wrong sign breaks it'
    ),
}


def test_evidence_against_a_statement_is_refused(lesson: Callable[..., Book]) -> None:
    made = lesson("\n".join([GOOD, *REFUSED]))
    done = collect(made)
    assert done.returncode == 1
    found = findings(made)
    assert len(found) == len(REFUSED)
    for wrong in REFUSED.values():
        assert wrong in done.stdout
        assert [one for one in found if wrong in one]


PREDICT = """\
```{{predict}}
:name: a-grew
:decided-by: It grew

How far?

- `> {border}` Far
- `<= {border}` Not far
```
"""


def test_a_prediction_that_luck_decides_is_refused(lesson: Callable[..., Book]) -> None:
    made = lesson()
    collect(made)
    for border, wrong in (("2.5", []), ("2.25", ["is decided by luck: another option is right"])):
        made.chapter("a", SETUP, GOOD, matter=MATTER, prose=PREDICT.format(border=border))
        found = findings(made)
        assert len(found) == len(wrong)
        assert all(words in one for words, one in zip(wrong, found, strict=True))


def test_a_claim_of_data_may_be_broken_by_the_helper_alone(lesson: Callable[..., Book]) -> None:
    made = lesson('claim("A", 10 * data, equals=10)')
    assert collect(made).returncode == 0
    assert findings(made) == []


def test_evidence_from_another_lock_is_refused(lesson: Callable[..., Book]) -> None:
    made = lesson()
    collect(made)
    made.write("requirements.txt", LOCK.replace("other==1.0", "other==2.0"))
    assert findings(made) == []  # that package decides no result
    made.write("requirements.txt", LOCK.replace("2.0.1", "2.1.0"))
    assert findings(made) == ["the evidence is from another lock (numpy changed)"]


@pytest.mark.parametrize("damage", ["{", "[]", '{"statements": [{}]}', "\x00"])
def test_damaged_evidence_is_refused(lesson: Callable[..., Book], damage: str) -> None:
    made = lesson()
    made.write("book/a.evidence.json", damage)
    (wrong,) = findings(made)
    assert "a.evidence.json is damaged" in wrong


def test_evidence_of_a_page_that_claims_nothing_is_refused(lesson: Callable[..., Book]) -> None:
    made = lesson()
    made.chapter("a", "1")
    made.write("book/a.evidence.json", "{}")
    assert findings(made) == ["evidence of a page that claims nothing"]
    done = collect(made, "a")
    assert done.returncode == 2
    assert "makes no claim and states no fact" in done.stdout


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ('sabotage: {s: {replace: "* rate", with: ""}}\n', "which occurs in no cell"),
        ('sabotage: {s: {replace: "rate"}}\n', "is no pair of replace and with"),
        ("sabotage: s\n", "is no pair of replace and with"),
    ],
)
def test_a_sabotage_that_does_not_fit_is_refused(
    lesson: Callable[..., Book], matter: str, words: str
) -> None:
    made = lesson(matter=matter)
    made.write("book/a.evidence.json", "{}")
    done = collect(made)
    assert done.returncode == 2
    assert words in " ".join(done.stdout.split())
    assert "a.md: front matter: " in done.stdout
    assert [one for one in findings(made) if words in one]


# runs that go wrong


def test_a_cell_that_raises_is_told_and_nothing_is_written(lesson: Callable[..., Book]) -> None:
    made = lesson("assert shift < 3\n" + GOOD)
    done = collect(made)
    assert done.returncode == 1
    assert re.search(r"a\.md:\d+: with seed 3: AssertionError", done.stdout)
    assert "no evidence was written" in done.stdout
    assert not (made.root / "book/a.evidence.json").exists()


def test_a_sabotaged_cell_may_assert_but_not_stumble(lesson: Callable[..., Book]) -> None:
    made = lesson(GOOD + "\nassert learned > 11")
    assert collect(made).returncode == 0
    made = lesson(GOOD + "\n[learned][learned < 11]")
    done = collect(made)
    assert done.returncode == 1
    assert re.search(r"a\.md:\d+: with untrained: IndexError", done.stdout)
    assert "also where nothing was learned" in done.stdout


def test_a_cell_that_is_meant_to_raise_may(lesson: Callable[..., Book]) -> None:
    made = lesson()
    with (made.root / "book/a.md").open("a", encoding="utf8") as file:
        file.write("\n```{code-cell} ipython3\n:tags: [raises-exception]\n1 / 0\n```\n")
    assert collect(made).returncode == 0


def test_no_run_is_cut_short_by_a_busy_machine(lesson: Callable[..., Book]) -> None:
    book = lesson().root / "book"
    runs = plan("a", book / "a.md", book, read_settings(book.parent / "_config.yml"))
    assert {run.chapter.settings.timeout for run in runs} == {None}


def test_interrupted_runs_end_at_once_and_finished_ones_are_kept(
    lesson: Callable[..., Book],
) -> None:
    made = lesson("import time; time.sleep(0.5 if shift < 2 else 60)\n" + GOOD)
    kept = made.root / "_build" / ".evidence" / "a"
    command = [sys.executable, "-m", "booktools", "evidence", "a", "--jobs", "1"]
    process = subprocess.Popen(
        command, cwd=made.root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    while len(list(kept.glob("*.json"))) < 2:
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(1)  # the third is under way
    started = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert time.monotonic() - started < 10
    assert process.returncode == 130
    assert "What had finished is kept" in output
    assert len(list(kept.glob("*.json"))) == 2
    assert not (made.root / "book/a.evidence.json").exists()


# what belongs to a page's code


CELL = """\
from myst_nb import glue  # a comment
score = model(x,
              1)
plots.show(fig, alt="One.", caption="Two.")
demos.show("a", {}, text="Three.")
claim("Four", score, at_least=0.5)
"""


@pytest.mark.parametrize(
    "same",
    [
        CELL.replace("  # a comment", ""),
        CELL.replace("x,\n              1", "x, 1"),
        CELL.replace("One", "Eins").replace("Two", "Zwei").replace("Three", "Drei"),
        CELL + 'glue("score", score, display=False)\n',
    ],
)
def test_layout_and_words_do_not_change_what_evidence_belongs_to(same: str) -> None:
    assert fingerprint([(same, [])]) == fingerprint([(CELL, ["hide-input"]), ("# nothing", [])])


@pytest.mark.parametrize(
    "other",
    [
        CELL.replace("1)", "2)", 1),
        CELL.replace("fig", "other"),
        CELL.replace("{}", "{1: 2}"),
        CELL.replace("Four", "Five"),
        CELL.replace("0.5", "0.6"),
        CELL.replace("claim(", "fact("),
        CELL + "1\n",
        "%%time\n" + CELL,
    ],
)
def test_code_claims_and_bounds_do(other: str) -> None:
    assert fingerprint([(other, [])]) != fingerprint([(CELL, [])])
    assert fingerprint([(CELL, ["raises-exception"])]) != fingerprint([(CELL, [])])
    assert fingerprint([(CELL, [])], ["sabotage"]) != fingerprint([(CELL, [])])


def test_values_depend_on_no_bound_and_no_word() -> None:
    def values(cell: str) -> str:
        return fingerprint([(cell, [])], statements=False)

    fact = CELL.replace("claim(", "fact(").replace("Four", "Five").replace("0.5", "0.6")
    assert values(fact) == values(CELL)
    assert values(CELL.replace("score, at", "1 - score, at")) != values(CELL)


def test_the_fingerprint_is_the_same_in_every_version_of_python() -> None:
    assert fingerprint([("x = f'{y:.2f}' + \"a\"\n\n\ndef g(a, *, b=1):\n    return [a]", [])]) == (
        "b6dcf3736fbb194d"
    )


# the file


def rows(*values: float | None, **bound: Any) -> list[list[dict[str, Any]]]:
    return [
        [{"kind": "claim", "text": "A", "bound": "b", "value": value, **bound}] for value in values
    ]


@pytest.mark.parametrize(
    ("values", "bound", "margin"),
    [
        ((1, 2, 3), {"at_least": 0}, 0.5),
        ((1, 2, 3), {"at_most": 3.1}, 0.05),
        ((1, 2, 3), {"between": [0, 7]}, 0.5),
        ((1, 2, 3), {"equals": 2, "tolerance": 2.0}, 0.5),
        ((1, 2, 3), {"at_least": 1.5}, -0.25),
        ((0.9, 1, 1), {"between": [0.8, 1], "of": 10}, 1.0),
        ((0.9, 1, 1), {"between": [0.8, 1]}, 0.0),
        ((2, 2, 2), {"equals": 2, "tolerance": 0.0}, None),
        ((2, 2, 2), {"at_least": 3}, -1.0),
        ((1, None, 3), {"at_least": 0}, -1.0),
    ],
)
def test_the_margin_is_the_room_as_a_share_of_the_spread(
    values: tuple[float | None, ...], bound: dict[str, Any], margin: float | None
) -> None:
    (statement,) = record.judge(rows(*values, **bound), {})
    assert statement.margin == margin


def test_what_a_sabotaged_run_did_not_reach_is_not_judged() -> None:
    seeds = rows(1, 1, at_least=0.5)
    (statement,) = record.judge(seeds, {"one": rows(0, at_least=0.5)[0], "two": []})
    assert statement.broken_by == ("one",)


def test_a_value_that_is_no_number_is_broken() -> None:
    (statement,) = record.judge(rows(1, 1, at_least=0), {"s": rows(None, at_least=0)[0]})
    assert statement.broken_by == ("s",)


def test_evidence_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    statement = record.Statement("claim", "A [b, c]", "at least 1", (1.0, None), None, ("s",), 7)
    evidence = record.Evidence("abc", "sample", {"numpy": "1"}, ("s",), (), (statement,))
    evidence.write(tmp_path / "a.json")
    first = (tmp_path / "a.json").read_bytes()
    assert record.read(tmp_path / "a.json") == evidence
    evidence.write(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_bytes() == first


def test_only_packages_of_the_lock_that_decide_results_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(LOCK)
    assert locked_versions(tmp_path / "lock", ("numpy", "absent")) == {"numpy": "2.0.1"}
    assert locked_versions(tmp_path / "none", ("numpy",)) == {}


def test_settings_that_cannot_be_read_say_where(tmp_path: Path) -> None:
    from booktools.evidence.settings import read_settings

    config = tmp_path / "_config.yml"
    config.write_text("sphinx: {config: {evidence: {sabotages: {untrained: x}}}}\n")
    with pytest.raises(EvidenceError, match=r"_config\.yml: evidence cannot be read.*Remedy"):
        read_settings(config)


@pytest.mark.parametrize(
    ("values", "of", "shown"),
    [
        ((1.0, 1.0), 100, "always 1"),
        ((0.53, 0.53), 100, "always 0.53"),
        ((0.9975, 1.0), 400, "0.998 to 1.000"),
        ((0.99, 1.0), 100, "0.99 to 1.00"),
        ((-0.0025, 0.01), 400, "0.00 to 0.01"),
        ((2.0, 2.4), None, "2 to 2.4"),
        ((1000.0, 12000.0), None, "1,000 to 12,000"),
    ],
)
def test_both_ends_of_a_range_have_the_same_digits(
    values: tuple[float, ...], of: int | None, shown: str
) -> None:
    statement = record.Statement("claim", "a", "at least 0", values, of=of)
    assert record.show_range(statement) == shown
