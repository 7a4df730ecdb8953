"""The chapter contract: every check is silent on a good chapter, and red where it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from booktools.contract import check, spelling, summary
from booktools.contract.book import Book
from booktools.contract.finding import Finding
from booktools.contract.settings import Settings
from tests.booktools.books import Book as BuiltBook

PAGE = "part/good"
ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf8"))["sphinx"]["config"]
SETTINGS = Settings.from_config(CONFIG)
TEMPLATE = ROOT / CONFIG["chapter_template"]
GOOD = TEMPLATE.read_text(encoding="utf8").replace("$title", "A good chapter")
GOOD = GOOD.replace("$name", "good").replace("$needs", "[index]")
GLOSSARY = "# Glossary\n\n:::{glossary}\nbaseline\n    What takes no cleverness.\n:::\n"
WORDS = "# house style\nsimply|just -> leave it out.\n"


class Chapter:
    """A good chapter in a small book, to be spoiled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = GOOD
        for name, text in {
            "index": "# A book\n",
            "glossary": GLOSSARY,
            "later": "# Later\n",
        }.items():
            (folder / f"{name}.md").write_text(text, encoding="utf8")
        (folder / "words.txt").write_text(WORDS, encoding="utf8")
        (folder / "part").mkdir()

    def spoil(self, pattern: str, new: str, count: int = 1) -> None:
        """Replace what a pattern matches, which has to be there."""
        assert re.search(pattern, self.text, re.DOTALL | re.MULTILINE), pattern
        flags = re.DOTALL | re.MULTILINE
        self.text = re.sub(pattern, lambda _: new, self.text, count=count, flags=flags)

    def findings(self) -> list[Finding]:
        (self.folder / f"{PAGE}.md").write_text(self.text, encoding="utf8")
        book = Book(self.folder, ["index", PAGE, "later", "glossary"], SETTINGS)
        return check(book.pages[PAGE], book)


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path)


SPELLING = {"typo", "British"}


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read codespell's dictionaries, which takes longest, only where a test is about them."""
    case = getattr(request.node, "callspec", None)
    if case and not SPELLING & set(case.params.values()):
        monkeypatch.setattr(spelling, "_misspelled", lambda *_: [])


def test_nothing_is_found_in_a_good_chapter(chapter: Chapter) -> None:
    assert [str(finding) for finding in chapter.findings()] == []


def cell(code: str) -> str:
    return f"```{{code-cell}} ipython3\n{code}\n```\n"


MODEL = "import keras\nmodel = keras.Sequential([])\n"
FUNCTION = "def build():\n    net = keras.Sequential([])\n    return net\n"
# a place in the main part to put something; the other parts stay as they are
HERE = r"^Keep your answer\."

SPOILED = {
    # front matter
    "unreadable": (r"^description: ", "description: [", "the front matter cannot be read"),
    "kernel": (r"^file_format: mystnb\n", "", "file_format is not mystnb"),
    "description": (r"^description: .*?\n", "description: Short.\n", "the description has 6"),
    "no description": (r"^description: .*?\n", "", "the description has no characters"),
    "question": (r"for many\?$", "for many.", "does not end with a question mark"),
    "two objectives": (r"^  - find the kind.*?\n", "", "there are 2 objectives"),
    "objective": (r"^  - find the kind", "  - the kind", "does not start with a verb"),
    "vague": (r"^  - find the kind", "  - understand the kind", "does not start with a verb"),
    "Objective": (r"^  - find the kind", "  - Find the kind", "does not start with a verb"),
    "no needs": (r"^needs: .*?\n", "", "needs is no list"),
    "unknown need": (r"\[index\]", "[nowhere]", "needs names nowhere"),
    "later need": (r"\[index\]", "[later]", "does not come before this chapter"),
    "budget": (r"seconds: 40", "seconds: 0", "positive seconds and megabytes"),
    "no budget": (r"^budget:\n.*?(?=---)", "", "positive seconds and megabytes"),
    # parts
    "two titles": (HERE, "# Another title\n\nKeep.", "2 titles"),
    "card": (r"^```{chapter-card}", "Text.\n\n```{chapter-card}", "right after the title"),
    "long hook": (r"^Nobody made a mistake", "word " * 100 + "Nobody", "the hook has"),
    "no quiz part": (r"^## Check yourself\n", "", "`## Check yourself` is missing"),
    "no predict part": (r"^## Predict\n", "", "`## Predict` is missing"),
    "order": (
        r"^## What you now know(.*?)(?=## What you do)",
        "",
        "`## What you now know` is missing",
    ),
    "swapped": (
        r"^## Check yourself\n(.*?)^## Exercises",
        "## Exercises\n\n## Check yourself",
        "is out of order",
    ),
    "not first": (r"^## Predict\n", "## Baths\n\n## Predict\n", "`## Predict` is out of order"),
    "foreign part": (
        r"^## What you now know",
        "## Extra\n\n## What you now know",
        "`## Extra` is out of order",
    ),
    "late bias": (r"^## Exercises", "## Bias check\n\n## Exercises", "is out of order"),
    "claims part": (r"^## Exercises", "## Claims\n\n## Exercises", "`## Claims` is out of order"),
    "reading": (r"^- John Tukey.*?\n", "", "2 items of further reading"),
    # length
    "short": (r"^Think of each error.*?\n", "", "words (without code"),
    "long": (HERE, "word " * 1200, "words (without code"),
    "cells": (HERE, cell("1") * 8, "code cells (without folded"),
    "lines": (HERE, cell("x = 1\n" * 16), "a cell of 16 lines"),
    "columns": (HERE, cell("x = " + "1" * 76), "a line of code of 80 columns"),
    "folded": (r"^ax.minorticks_off\(\)\n", "x = 1\n" * 41, "a cell of"),
    # predictions
    "training": (
        r"^:::{predict}",
        cell("net.fit(x)") + ":::{predict}",
        "before the first training",
    ),
    "no name": (r"^:name: good-hundred\n", "", "a prediction with the name ''"),
    "bad name": (r"^:name: good-hundred$", ":name: ?", "a prediction with the name '?'"),
    "same name": (r"^:name: good-broken$", ":name: good-hundred", "has the name of another, part/"),
    "nothing decides": (
        r"^:decided-by: With one.*?$",
        "",
        "no claim or fact of this page reads",
    ),
    "another text": (r"^:decided-by: With", ":decided-by: with", "is decided by 'with one"),
    "one choice": (r"^- `5 to 8`.*?(?=:::)", "", "a prediction with 1 options"),
    "many choices": (r"^- `< 1`", "- `= 2` Two\n- `= 3` Three\n- `< 1`", "with 5 options"),
    "no condition": (r"^- `> 50` About", "- About", "an option begins with no condition"),
    "condition": (r"^- `> 50` About", "- `many` About", "an option begins with `many`"),
    "empty range": (r"^- `5 to 8`", "- `8 to 5`", "an option begins with `8 to 5`"),
    "holds and more": (r"^- `5 to 8`", "- `holds`", "`holds` stands beside other conditions"),
    "no answer": (r"^:::{answer} good-broken.*?^:::$", "", "'good-broken' has 0 answers"),
    "early answer": (
        r"^ten = baths",
        "```\n:::{answer} good-broken\nSo.\n:::\n\n```{code-cell}\nten = baths",
        "has 2 answers, and one stands before the run",
    ),
    "empty answer": (
        r"^In a mean there is no vote.*?$",
        "",
        "the answer to 'good-broken' is",
    ),
    "foreign answer": (HERE, ":::{answer} bad\nSo.\n:::", "`{answer}` names 'bad'"),
    "foreign letter": (HERE, "It is {letter}`bad`.", "`{letter}` names 'bad'"),
    "letter before": (HERE, "It is {letter}`good-broken`.", "`{letter}` names 'good-broken'"),
    "letter of none": (HERE, "Not {letter}`good-hundred.5`.", "has no option '5'"),
    # letters
    "typed": (HERE, "The answer is C.", "'answer is C' names an option by its letter"),
    "typed A": (HERE, "The answer is A: nothing.", "'answer is A' names an option"),
    "typed in a quiz": (
        r"^Not quite: twice",
        "Unlike option B, twice",
        "'option B' names an option",
    ),
    "typed in two": (HERE, "Answers A and B are wrong.", "names an option by its letter"),
    "typed first": (HERE, "B and C are wrong.", "'B and C are wrong' names an option"),
    "typed option": (r"^- `> 50` A ", "- `> 50` D. A ", "'D.' names an option"),
    # quiz
    "questions": (r"^::::{question} You took.*?^::::$", "", "a quiz of 3 questions"),
    "options": (r"^:::{wrong} 625.*?^:::$", "", "a quiz question with 2 options"),
    "feedback": (r"^Not quite: twice the.*?\n", "", "without text or feedback"),
    "option text": (r"^:::{wrong} 50$", ":::{wrong}", "without text or feedback"),
    "none right": (r"^:::{right} 100", ":::{wrong} 100", "a quiz question with 0 right"),
    "two right": (r"^:::{wrong} 50", ":::{right} 50", "a quiz question with 2 right"),
    "house word in an option": (r"^:::{wrong} 50", ":::{wrong} Just 50", "is not house style"),
    # exercises
    "exercises": (r"^```{exercise} Find the bug.*?{solution-end}\n```\n", "", "2 exercises"),
    "solution": (
        r"^```{solution-start} good-bug",
        "```{solution-start} good-beetle",
        "has no solution",
    ),
    "assert": (r"^assert error\(trimmed\) < 0.3\n", "", "checks nothing"),
    "executed": (r"^```{code-cell} ipython3\ntrimmed = .*?^```\n", "", "2 solutions are executed"),
    # numbers
    "percent": (HERE, "It is right in 97.3% of cases.", "97.3% looks like a result"),
    "in words": (HERE, "It is right in 97 percent of cases.", "97 percent looks like"),
    "decimals": (HERE, "It reaches 0.93.", "0.93 looks like a result"),
    "no reason": (HERE, "% typed:\nIt reaches 0.93.", "0.93 looks like a result"),
    "glue": (r'^glue\("good-one".*?\n', "", "no cell of this page glues 'good-one'"),
    # pictures
    "no alt": (HERE, cell("plots.show(fig, caption='A caption')"), "plots.show has no alt="),
    "short alt": (HERE, cell("plots.show(fig, alt='A figure')"), "plots.show has no alt="),
    "animation": (HERE, cell("plots.animation(figures)"), "plots.animation has no alt="),
    "demo": (HERE, cell("demos.show('draw', {})"), "demos.show has no text="),
    "image": (HERE, "![](../words.txt)", "an image without alternative text"),
    "figure": (HERE, "```{figure} ../words.txt\nCaption.\n```\n", "an image without alternative"),
    # code
    "nested": (
        HERE,
        ":::{note}\n```{code-cell} ipython3\n1\n```\n:::\n",
        "where it is not executed",
    ),
    "no seed": (
        r"^rng = np.random.default_rng\(shifted\(7\)\)",
        "rng = 1",
        "no seed was set in sight",
    ),
    "hidden seed": (r"^import numpy", ":tags: [remove-cell]\nimport numpy", "no seed was set"),
    "predictions": (
        HERE,
        cell("y_test = model.predict(x, verbose=0)"),
        "predictions are stored in y_test",
    ),
    "beside a magic": (
        HERE,
        cell("%matplotlib inline\ny_test = model.predict(x)"),
        "predictions are stored in y_test",
    ),
    "under a magic": (
        HERE,
        cell("%%time\n!ls\ny_test = model.predict(x)"),
        "predictions are stored in y_test",
    ),
    "by name": (HERE, cell("y_test = y_pred > 0"), "predictions are stored in y_test"),
    "overwritten": (HERE, cell("y_test = a\nx, y_test = b, c"), "y_test is overwritten"),
    "changed": (HERE, cell("y_test = a\ny_test[0] = 1"), "y_test is overwritten"),
    "validation": (
        HERE,
        cell("model.fit(x, y, validation_data=(x_test, y_test), verbose=0)"),
        "test data serve as validation",
    ),
    "verbose": (HERE, cell("model.fit(x, y, verbose=1)"), "model.fit draws a progress bar"),
    "default": (HERE, cell(MODEL + "model.evaluate(x, y)"), "model.evaluate draws"),
    "function": (HERE, cell(FUNCTION + "small = build()\nsmall.predict(x)"), "small.predict draws"),
    # links
    "term": (
        HERE,
        "The {term}`perplexity` is low.",
        "the term 'perplexity' is not in the glossary",
    ),
    "named term": (HERE, "The {term}`baselines <basis>`.", "the term 'basis'"),
    "file": (HERE, "See [there](nowhere.md).", "leads to no file"),
    "anchor": (HERE, "See [there](../later.md#nowhere).", "leads to no heading"),
    "own anchor": (HERE, "See [there](#nowhere).", "leads to no heading"),
    "not in contents": (HERE, "See [there](unlisted.md).", "not in the contents"),
    "ref": (HERE, "See {ref}`nowhere`.", "{ref} names nowhere"),
    "doc": (HERE, "See {doc}`nowhere`.", "{doc} names nowhere"),
    "picture": (HERE, "![A picture](nowhere.svg)", "there is no file nowhere.svg"),
    # spelling and style
    "typo": (HERE, "You recieve a number.", "the spelling of 'recieve'"),
    "British": (HERE, "Its colour is grey.", "the spelling of 'colour'"),
    "house word": (HERE, "Just add them.", '"Just" is not house style'),
    "exclamation": (HERE, "It works!", "an exclamation mark"),
    "emoji": (HERE, "It works \U0001f600.", "an emoji"),
    "dashes": (HERE, "It works \u2014 mostly \u2014 well.", "a chain of dashes"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_every_check_goes_red(chapter: Chapter, case: str) -> None:
    pattern, new, message = SPOILED[case]
    (chapter.folder / "part" / "unlisted.md").write_text("# Unlisted\n", encoding="utf8")
    chapter.spoil(pattern, new)
    found = [str(finding) for finding in chapter.findings()]
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("pattern", "new", "message"),
    [
        (r"(claim|fact)\(", "print(", "the chapter claims nothing"),
        (r"^:::{predict}$", ":::{note}", "nothing is predicted"),
        (r"^:::{right} ", ":::{right} " + "at length " * 9, "is the longest in 4 of 4 questions"),
    ],
)
def test_what_is_missing_everywhere_is_found(
    chapter: Chapter, pattern: str, new: str, message: str
) -> None:
    chapter.spoil(pattern, new, count=0)
    assert any(message in str(finding) for finding in chapter.findings())


INNOCENT = {
    "typed with a reason": "% typed: a setting\nWe take 0.25.",
    "exact percentages": "All of them, 100%, or 0 % of them.",
    "versions": "Python 3.11.2 is not a result, and neither is `0.93` in code or $0.93$.",
    "an imported mistake": "% on purpose: what goes wrong is shown below\n"
    "```{code-cell} ipython3\ny_test = model.predict(x)\n```\n",
    "in a function": cell("def score(x, y_test):\n    y_test = y_test > 0\n    return y_test"),
    "other fits": cell("line = LinearRegression().fit(x, y)\nline.predict(x)"),
    "said elsewhere": cell("plots.show(fig, alt=alt)\nmodel.fit(x, y, **options)"),
    "links": "(here)=\n[a](../later.md#later), [b](#here), {ref}`here`, {doc}`../later`, "
    "[c](https://example.org/x#y), [d](#by-hand), {term}`Baselines <baseline>`.",
    "a word in code": "Say `just` or $simply$.",
    "one dash": "It works \u2014 mostly.",
    "negation": cell("print(not_seen != 1)"),
    "a bias check": "## A middle part",
    "letters": "Class A and B are near, option `A` as well. {letter}`good-hundred` is right, "
    "{letter}`good-hundred.2` is not. The answer is A good one.",
}


@pytest.mark.parametrize("case", INNOCENT)
def test_no_false_alarm(chapter: Chapter, case: str) -> None:
    chapter.spoil(r"^Keep your answer\. ", f"{INNOCENT[case]}\n\nKeep your answer. ")
    assert [str(finding) for finding in chapter.findings()] == []


def test_a_bias_check_stands_before_the_quiz(chapter: Chapter) -> None:
    chapter.spoil(r"^## Check", "## Bias check\n\nWho is missing?\n\n## Check")
    assert chapter.findings() == []


def test_a_finding_names_file_line_and_remedy(chapter: Chapter) -> None:
    line = chapter.text.splitlines().index("## The baseline") + 1
    chapter.spoil(r"^## The baseline\n", "## The baseline\n\nA {term}`perplexity`\nof 0.93.\n")
    term, number = chapter.findings()
    path = chapter.folder / f"{PAGE}.md"
    assert str(term).startswith(f"{path}:{line + 2}: the term 'perplexity' is not in the glossary.")
    assert str(number).startswith(f"{path}:{line + 3}: 0.93 looks like a result")
    assert ". Remedy: " in str(number)


def test_code_is_found_in_its_line(chapter: Chapter) -> None:
    chapter.spoil(
        HERE, "```{code-cell} ipython3\n:tags: [hide-input]\n\nx = 1\n" + "y" * 80 + "\n```\n"
    )
    (finding,) = chapter.findings()
    assert chapter.text.splitlines()[finding.line - 1] == "y" * 80


def test_pages_without_a_card_are_asked_for_links_and_spelling_only(chapter: Chapter) -> None:
    chapter.spoil(r"```{chapter-card}\n```\n", "Simply recieve 0.93! [x](nowhere.md)\n")
    assert [finding.wrong.split()[1] for finding in chapter.findings()] == ["link", "spelling"]


@pytest.mark.parametrize(
    ("there", "wrong"), [(True, "leads out of the book"), (False, "leads to no file")]
)
def test_a_link_out_of_the_book_is_told(chapter: Chapter, there: bool, wrong: str) -> None:
    outside = chapter.folder.parent / "CONTRIBUTING.md"
    if there:
        outside.write_text("# How\n", encoding="utf8")
    chapter.spoil(HERE, "See [how](../../CONTRIBUTING.md#how) and [it](../later.md). Keep it.")
    (finding,) = chapter.findings()
    assert wrong in finding.wrong
    outside.unlink(missing_ok=True)


def test_a_card_that_is_only_shown_makes_no_chapter(chapter: Chapter) -> None:
    chapter.text = "# A page\n\n::::{div}\n:::{chapter-card}\n:::\n::::\n"
    assert chapter.findings() == []


def test_this_books_chapters_keep_the_contract() -> None:
    from booktools.contract.book import read_order

    book = Book(ROOT / "book", read_order(ROOT / "_toc.yml"), SETTINGS)
    found = [finding for page in book.pages.values() for finding in check(page, book)]
    assert [str(finding) for finding in found] == []


def test_a_build_stops_before_anything_is_run(book: Callable[..., BuiltBook]) -> None:
    made = book(a="open('ran', 'w')")
    config = (made.root / "_config.yml").read_text(encoding="utf8")
    made.write("_config.yml", config.replace("[", "[booktools.parts.card, booktools.contract, "))
    assert made.build("-W").status == 0, "pages without a card are left alone"
    made.write(
        "book/a.md",
        (made.root / "book/a.md").read_text().replace("Prose.", "```{chapter-card}\n```"),
    )
    (made.root / "book/ran").unlink()
    built = made.build("-W")
    assert built.status != 0
    assert re.search(r"a\.md:\d+: the chapter claims nothing\. Remedy: ", built.output)
    assert "front matter: needs is no list" in built.output
    assert not (made.root / "book/ran").exists()


def test_a_line_of_house_style_that_cannot_be_used_is_told_once(chapter: Chapter) -> None:
    lines = ["# house style", "", "simply: leave it out", "(just -> close it", "plain -> "]
    (chapter.folder / "words.txt").write_text("\n".join(lines), encoding="utf8")
    found = [one for one in chapter.findings() if one.path.name == "words.txt"]
    assert [one.line for one in found] == [3, 4, 5]
    assert summary([*found, *found]).endswith("3 findings in 1 of the files.")
