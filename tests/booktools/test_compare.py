"""The summary of a change: pages, claims before and after, seconds and budgets, failures."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from booktools.review import markdown
from booktools.review.reports import Reported, ReportError, changes, load, moves
from booktools.review.summary import summary
from tests.booktools.books import Book, run_ready

Given = dict[str, Any]
CLAIM = "It reads | *new* digits"


@pytest.fixture
def given() -> Given:
    """Return a report as a build writes it: two chapters, and a page without code."""

    def chapter(page: str, seconds: float) -> Given:
        return {
            "page": page,
            "status": "cached",
            "why": "unchanged",
            "seconds": seconds,
            "slowness": 2.0,
            "peak_mb": 700,
            "budget": {"seconds": 20, "megabytes": 1500},
            "over_budget": [],
        }

    def claim(page: str, text: str, value: float, shown: str) -> Given:
        held = {"holds": True, "bound": "at least 0.9", "at_least": 0.9}
        return {"page": page, "kind": "claim", "text": text, "value": value, "shown": shown} | held

    return {
        "data": "sample",
        "chapters": [chapter("seeing/one", 30.0), chapter("seeing/two", 8.0)],
        "claims": [
            claim("seeing/one", CLAIM, 0.93, "0.93 (930 of 1,000)"),
            claim("seeing/one", CLAIM, 0.95, "0.95 (950 of 1,000)"),
            claim("seeing/two", "It is small", 5.96e-08, "5.96e-08"),
        ],
        "pages": {"index": "a", "seeing/one": "b", "seeing/two": "c"},
        "failures": [],
        "versions": {"python": "3.11.7", "keras": "3.15.1"},
    }


def read(given: Given, folder: Path) -> Reported:
    path = folder / "report.json"
    path.write_text(json.dumps(given), encoding="utf8")
    return load(path)


@pytest.fixture
def compared(given: Given, tmp_path: Path) -> Callable[[Given], tuple[Reported, Reported]]:
    return lambda new: (read(given, tmp_path), read(new, tmp_path))


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables in a summary."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]


def test_where_nothing_changed_that_is_said_first(given: Given, compared: Any) -> None:
    old, new = compared(given)
    assert changes(old, new) == {}
    assert list(moves(old, new)) == []
    text = summary(old, new)
    assert text.splitlines()[2] == (
        "**Nothing changed.** All 3 claims and facts are what they were."
    )
    assert "### Pages" not in text
    assert "### Claims" not in text
    # seconds of the reference machine, which is twice as fast as the one that built
    assert ["`seeing/one`", "15.0", "15.0", "20", "700", "1500", "not run again"] in rows(text)


def test_pages_are_new_gone_run_again_or_have_another_text(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    new["pages"] = {"index": "other", "seeing/one": "other", "new": "d", "words/new": "e"}
    new["chapters"][0] |= {"status": "executed", "why": "lessons_code/plots.py changed"}
    new["chapters"][1] |= {"page": "words/new", "status": "executed", "why": "new"}
    new["claims"] = new["claims"][:2]
    old, then = compared(new)
    assert changes(old, then) == {
        "index": "text",
        "new": "new",
        "seeing/one": "ran again: lessons_code/plots.py changed",
        "seeing/two": "gone",
        "words/new": "new",
    }
    text = summary(old, then)
    assert (
        "**Pages: 2 changed, 2 new, 1 gone. Of 2 claims and facts: 0 moved, 0 new, 1 gone.**"
        in (text)
    )
    assert ["`words/new`", "", "4.0", "20", "700", "1500", "ran"] in rows(text)


def test_a_claim_that_moved_shows_both_values_and_a_bound_that_is_another(
    given: Given, compared: Any
) -> None:
    new = deepcopy(given)
    new["claims"][1] |= {"value": 0.91, "shown": "0.91 (910 of 1,000)"}
    new["claims"][2] |= {"bound": "at least 0.5"}
    (second, third) = moves(*compared(new))
    assert (second.kind, second.before, second.after) == (
        "moved",
        "0.95 (950 of 1,000)",
        "0.91 (910 of 1,000)",
    )
    assert (third.kind, third.before, third.after, third.was) == (
        "moved",
        "5.96e-08",
        "5.96e-08",
        "at least 0.9",
    )
    text = summary(*compared(new))
    assert "2 moved, 0 new, 0 gone" in text
    assert "at least 0.5; was at least 0.9" in text
    assert r"It reads \| \*new\* digits" in text


def test_a_value_that_moved_behind_the_digits_that_are_shown_gets_more(
    given: Given, compared: Any
) -> None:
    new = deepcopy(given)
    new["claims"][0]["value"] = 0.9312
    (only,) = moves(*compared(new))
    assert (only.before, only.after) == ("0.93", "0.9312")


def test_claims_are_new_or_gone(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    new["claims"][2]["text"] = "It is very small"
    found = [(move.kind, move.text) for move in moves(*compared(new))]
    assert sorted(found) == [("gone", "It is small"), ("new", "It is very small")]
    assert "0 moved, 1 new, 1 gone" in summary(*compared(new))


def test_of_a_page_that_failed_nothing_is_called_gone(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    message = "The claim\nbroke | its bound. " + 90 * "Look. "
    new["failures"] = [{"page": "seeing/one", "line": 88, "kind": "claim", "message": message}]
    new["chapters"], new["claims"] = new["chapters"][1:], new["claims"][2:]
    old, then = compared(new)
    assert changes(old, then) == {"seeing/one": "**failed**"}
    assert list(moves(old, then)) == []
    text = summary(old, then)
    assert "### Failures: 1" in text
    assert r"| `seeing/one` | 88 | claim | The claim broke \| its bound. Look." in text
    (cut,) = [row[-1] for row in rows(text) if row[2:3] == ["claim"]]
    assert cut.endswith("…")
    assert len(cut) < 210


def test_budgets_are_marked_where_a_chapter_is_over_or_near(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    new["chapters"][0] |= {"status": "executed", "seconds": 44.0, "over_budget": ["It took long."]}
    new["chapters"][1] |= {"status": "executed", "seconds": 37.0}
    text = summary(*compared(new))
    assert "1 over budget, 1 near it." in text
    marks = {row[0]: row[-1] for row in rows(text) if len(row) == 7}
    assert marks["`seeing/one`"] == "**over budget**"
    assert marks["`seeing/two`"] == "near its budget"


def test_other_packages_and_data_are_named(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    new |= {"data": "full", "versions": {"python": "3.13.1", "keras": "3.15.1"}}
    assert "differ beside the book: data sample → full, python 3.11.7 → 3.13.1." in (
        summary(*compared(new))
    )


def test_a_report_of_an_earlier_version_is_compared_as_far_as_it_goes(
    given: Given, tmp_path: Path
) -> None:
    early = deepcopy(given)
    del early["pages"]
    for chapter in early["chapters"]:
        del chapter["budget"], chapter["slowness"], chapter["over_budget"]
    for claim in early["claims"]:
        del claim["shown"], claim["bound"]
    old, new = read(early, tmp_path), read(given, tmp_path)
    assert changes(old, new) == {}
    assert "changed texts are not listed" in summary(old, new)
    assert "`seeing/one`" in summary(new, old)


def test_without_an_earlier_report_nothing_is_called_new(given: Given, tmp_path: Path) -> None:
    new = deepcopy(given)
    new["chapters"][0] |= {"status": "executed", "why": "new"}
    text = summary(None, read(new, tmp_path))
    assert "no earlier report" in text
    assert "### Pages" not in text
    assert "2 chapters take 19 s, on the reference machine" in text


def test_a_huge_change_is_cut_with_a_word(given: Given, compared: Any) -> None:
    new = deepcopy(given)
    row = new["claims"][2]
    new["claims"] += [row | {"text": f"{n}: {'word ' * 400}"} for n in range(5000)]
    new["pages"] |= {f"page-{n}": "x" for n in range(5000)}
    text = summary(*compared(new))
    assert "… and 4,960 more claims and facts, cut here." in text
    assert "… and 4,960 more pages, cut here." in text
    assert "5000 new" in text
    assert len(text.encode()) < 65_536  # what GitHub takes as a comment; a summary may have 1 MiB


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "JSONDecodeError"),
        (lambda _: "[]", "TypeError"),
        (lambda _: "", "JSONDecodeError"),
        (lambda text: text.replace('"claims": [{', '"claims": [{"page": "x"}, {'), "KeyError"),
        (lambda text: text.replace('"chapters"', '"pages of code"'), "KeyError"),
        (lambda text: text.replace('"failures": []', '"failures": [1]'), "TypeError"),
    ],
)
def test_a_damaged_report_is_named_with_the_remedy(
    given: Given, tmp_path: Path, damage: Callable[[str], str], words: str
) -> None:
    path = tmp_path / "report.json"
    path.write_text(damage(json.dumps(given)), encoding="utf8")
    with pytest.raises(ReportError, match=rf"report.json is damaged.*{words}.*Remedy: build again"):
        load(path)


def test_words_of_others_are_only_words() -> None:
    assert markdown.plain("a|b <b>`c` [d](e)\n\n# @somebody") == (
        r"a\|b \<b\>\`c\` \[d\](e) \# " + "@\u200bsomebody"
    )
    assert markdown.code("a|`b`") == r"`a\|b`"


def test_a_build_and_the_command_work_together(book: Callable[..., Book]) -> None:
    made = book(a="1", b="2")

    def compare(*words: str) -> tuple[int, str, str]:
        done = run_ready("booktools", ("compare", *words), made.root)
        return done.returncode, done.stdout, done.stderr

    status, _, error = compare()
    assert status == 2
    assert "there is no _build/report.json. Remedy: build the book" in error
    assert made.build().status == 0
    assert compare("--remember")[0] == 0
    made.chapter("a", "1 + 1", prose="Other words.", matter="budget: {seconds: 30}\n")
    made.replace("book/index.md", "Hello.", "Hello, you.")
    assert made.build().status == 0
    status, text, _ = compare()
    assert status == 0
    assert "**Pages: 2 changed, 0 new, 0 gone. Of 0 claims and facts" in text
    assert ["`a`", "ran again: cells changed"] in rows(text)
    assert ["`index`", "text"] in rows(text)
    assert [row[3] for row in rows(text) if row[0] == "`a`" and len(row) == 7] == ["30"]
    (made.root / "summary.md").write_text("Before.\n")
    assert compare("--to", "summary.md")[0] == 0
    assert (made.root / "summary.md").read_text() == f"Before.\n{text}"
