"""What a book remembers of its reader, in a small book that is not ours, by day and in trouble."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.config import Config

from booktools.parts import words
from booktools.parts.deck import leave_out
from booktools.parts.words import WordsError
from tests.booktools.books import Book
from tests.site import checks
from tests.site.server import serving
from tests.site.visits import Visit, opener

CONFIG = """\
title: Ein anderes Buch
only_build_toc_files: true
execute: {execute_notebooks: cache}
html: {favicon: _static/dot.svg}
parse: {myst_enable_extensions: [colon_fence, dollarmath]}
sphinx:
  extra_extensions: [booktools.execution, booktools.parts, booktools.site]
  config:
    html_math_renderer: mathml
    reader_words: {reading-go-on: Hier weiter, map-answered: "{answered} von {count}"}
"""
NEEDS = {"eins": [], "zwei": ["eins"], "drei": ["eins", "zwei"], "vier": ["drei"], "fünf": ["zwei"]}
"""The chapters and what each needs; the second of a chapter's needs may follow from others."""
CHAPTER = """\
---
question: What is {name}?
needs: {needs}
---

# The {name}

Text.

## Long

{long}

(quiz-{name})=
## Quiz

::::{{question}} How many is $x^2$ of {name}, in {{term}}`losses <loss>`?
:::{{wrong}} None & nothing
Not so.
:::
:::{{right}} `{name}`
Right: see [above](#quiz-{name}).
:::
::::

::::{{question}} And then?
:::{{wrong}} No
Not so.
:::
:::{{right}} Yes
Right.
:::
::::

## The end

{long}
"""
PREDICTION = """\

:::{predict}
:name: eins-guess
:decided-by: It counts

How many?

- `< 5` Few
- `>= 5` Many
:::

```{code-cell} ipython3
from lessons_code import fact
fact("It counts", 3, equals=3)
```

:::{answer} eins-guess
So it is.
:::
"""
TOOLS = """\
# Tools

```{go-on}
```

```{chapter-map}
```

```{what-is-kept}
```

```{anki-deck} Take the cards & go
```
"""
GLOSSARY = """\
# Glossary

:::{glossary}
loss
    How *wrong* it is: $a < b$.
:::
"""
LONG = "\n\n".join(["Word after word."] * 60)
PAGES = [*(f"teil/{name}" for name in NEEDS), "tools", "deep/review", "glossary"]


def chapter(name: str, more: str = "") -> str:
    """Return a chapter."""
    needs = json.dumps([f"teil/{need}" for need in NEEDS[name]])
    text = CHAPTER.format(name=name, needs=needs, long=LONG).replace("## Long", f"{more}\n## Long")
    if more:
        text = text.replace("---\n", "---\nfile_format: mystnb\nkernelspec: {name: python3}\n", 1)
    return text


def write(book: Book) -> None:
    """Write the book."""
    book.write("_config.yml", CONFIG)
    book.contents(*PAGES)
    book.write("book/_static/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    book.write("book/index.md", "# Ein anderes Buch\n\n```{go-on}\n```\n")
    for name in NEEDS:
        book.write(f"book/teil/{name}.md", chapter(name, PREDICTION if name == "eins" else ""))
    book.write("book/tools.md", TOOLS)
    book.write("book/deep/review.md", "# Review\n\n```{review}\n```\n")
    book.write("book/glossary.md", GLOSSARY)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Build the book."""
    book = Book(tmp_path_factory.mktemp("remember") / "book")
    write(book)
    how = book.build("-W", "--keep-going")
    assert how.status == 0, how.output[-3000:]
    return book


FORBIDDEN = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("forbidden", "SecurityError"); } });"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
REVIEW = "deep/review.html"
WAIT = 5100  # milliseconds, after which a reader has stopped somewhere


@dataclass
class Reader:
    """Somebody who reads the book in a browser, whose clock is ours."""

    opened: Visit

    def go(self, page: str) -> None:
        """Go to another page of the book."""
        self.opened.page.goto(self.opened.page.evaluate("bookMemory.root.href") + page)

    def stop(self, place: str) -> None:
        """Scroll to a place, and stay there."""
        self.opened.page.locator(place).evaluate("one => one.scrollIntoView()")
        self.opened.page.wait_for_timeout(100)  # so that the page has noticed
        self.opened.page.clock.run_for(WAIT)

    def read(self, name: str) -> None:
        """Read a chapter to its end."""
        self.go(f"teil/{name}.html")
        self.stop(".turn")

    def answer(self, number: int, answer: str) -> None:
        """Open an option, ``right`` or ``wrong``, of a question that is seen, by its number."""
        question = self.opened.page.locator(".quiz-question:visible").nth(number)
        question.locator(f"[data-option={answer}] summary").click()

    def sees(self, place: str) -> list[str]:
        """Return the words at each place that a selector names and that is seen."""
        found = self.opened.page.locator(place).locator("visible=true").all_inner_texts()
        return [" ".join(words.split()) for words in found]

    def kept(self) -> dict[str, str]:
        """Return what the browser keeps of books."""
        return dict(
            self.opened.page.evaluate(
                "Object.entries(localStorage).filter(([key]) => key.startsWith('book'))"
            )
        )


Meet = Callable[..., Reader]


@pytest.fixture(scope="module")
def meet(built: Book, browser: Any) -> Iterator[Meet]:
    """Return a function that opens the book for a new reader, from a server or its folder."""
    site = built.root / "_build/html"
    with serving(site) as address, opener(browser, site, address) as opened:

        def begin(page: str = "index.html", **options: Any) -> Reader:
            reader = Reader(opened(page, **options))
            reader.opened.page.clock.install(time="2026-01-05T12:00:00Z")
            reader.opened.page.reload()
            return reader

        yield begin


# what the build makes


def test_pages_keep_the_policy_and_links_lead_somewhere(built: Book) -> None:
    site = built.root / "_build/html"
    for page in checks.pages(site):
        assert checks.holes(page) == []
        assert checks.repeated_ids(page) == []
    assert list(checks.broken_links(site)) == []


def test_the_list_says_what_the_front_matter_says(built: Book) -> None:
    page = checks.soup(built.root / "_build/html/tools.html")
    said = [" ".join(item.get_text().split()) for item in page.select(".map-list > li")]
    assert said == [
        "The eins: needs nothing",
        "The zwei: needs The eins",
        "The drei: needs The eins, The zwei",
        "The vier: needs The drei",
        "The fünf: needs The zwei",
    ]
    assert len(page.select(".map-drawing path")) == 4, "drei needs eins by way of zwei"


def test_the_review_page_holds_each_question_and_the_search_leaves_it_out(built: Book) -> None:
    page = checks.soup(built.root / "_build/html/deep/review.html")
    items = page.select(".review-question[hidden]")
    assert len(items) == 2 * len(NEEDS)
    assert len({str(item.select_one("[data-question]")["data-question"]) for item in items}) == 10  # type: ignore[index]
    origin = items[0].select_one(".review-from a")
    assert origin is not None
    assert (origin.get_text(), origin["href"]) == ("The eins", "../teil/eins.html#quiz")
    (above,) = items[0].select(".feedback a")
    assert above["href"] == "../teil/eins.html#quiz-eins"
    assert items[0].select_one(".quiz-title math")
    text = (built.root / "_build/html/searchindex.js").read_text(encoding="utf8")
    index = json.loads(re.sub(r"^Search.setIndex\(|\)$", "", text))
    here = index["docnames"].index("deep/review")
    found = [pages if isinstance(pages, list) else [pages] for pages in index["terms"].values()]
    assert any(len(pages) >= len(NEEDS) for pages in found)
    assert not any(here in pages for pages in found)


def test_the_deck_has_a_card_for_each_question_and_term(built: Book) -> None:
    text = (built.root / "_build/html/anki.txt").read_text(encoding="utf8")
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert head == lines[: len(head)]
    assert {"#separator:tab", "#html:true", "#guid column:1", "#tags column:4"} <= set(head)
    cards = [line.split("\t") for line in lines[len(head) :]]
    assert len(cards) == 2 * len(NEEDS) + 1
    assert {len(card) for card in cards} == {4}
    assert len({name for name, *_ in cards}) == len(cards)
    _, front, back, tag = cards[0]
    assert front.startswith(r"<p><strong>How many is \(x^2\) of eins, in losses?</strong></p>")
    assert "None &amp; nothing" in front
    assert re.fullmatch(r"<p>[AB]\. <code>eins</code></p><p>Right: see above\.</p>", back)
    assert tag == "teil::eins"
    assert cards[-1][1:] == ["loss", r"<p>How <em>wrong</em> it is: \(a &lt; b\).</p>", "glossary"]


def test_two_builds_are_alike_and_a_changed_question_has_another_key(
    built: Book, tmp_path: Path
) -> None:
    other = Book(tmp_path / "other")
    write(other)
    other.replace("book/teil/vier.md", "{right} Yes", "{right} Certainly")
    other.replace("book/teil/zwei.md", "No\nNot so.", "No\nMarked.")  # feedback changes no key
    assert other.build("-W", "--keep-going").status == 0
    pages = ("tools.html", "deep/review.html", "anki.txt", "teil/zwei.html")

    def read(book: Book) -> dict[str, str]:
        return {name: (book.root / "_build/html" / name).read_text("utf8") for name in pages}

    one, two = read(built), read(other)
    assert "Marked." in two["deep/review.html"]
    found = [re.findall(r'data-question="(\w+)"', each["deep/review.html"]) for each in (one, two)]
    changed = [pair for pair in zip(*found, strict=True) if len(set(pair)) > 1]
    assert changed == [(found[0][7], found[1][7])]
    other.replace("book/teil/zwei.md", "Marked.", "Not so.")
    assert other.build("-W", "--keep-going").ran() == {}
    ((before, after),) = changed
    for name, text in read(other).items():  # also what shows something of a page that was read
        assert text.replace(after, before).replace("Certainly", "Yes") == one[name]


@pytest.mark.parametrize(("builder", "links"), [("epub", 0), ("html", 1)])
def test_the_link_to_the_deck_stands_only_where_the_deck_does(builder: str, links: int) -> None:
    app: Any = SimpleNamespace(builder=SimpleNamespace(name=builder))
    page = new_document("page")
    page += nodes.raw("", "<a>", format="html", classes=["anki-deck"])
    leave_out(app, page, "page")
    assert len(page) == links


def test_words_for_what_nobody_says_are_refused() -> None:
    app: Any = None
    config = Config(overrides={"reader_words": {"map-reed": "gelesen"}})
    config.add("reader_words", {}, "env", (dict,))
    with pytest.raises(WordsError, match=r"'map-reed'.* such as 'map-read'"):
        words.check(app, config)


# what the reader meets


def test_who_stopped_is_led_back_and_who_only_looked_something_up_is_not(meet: Meet) -> None:
    reader = meet()
    assert reader.sees(".go-on") == []
    reader.go("teil/zwei.html")
    reader.stop("#quiz")
    reader.go("teil/vier.html")
    reader.opened.page.clock.run_for(WAIT - 1000)
    for page in ("index.html", REVIEW):
        reader.go(page)
        assert "Hier weiter: The zwei, Quiz" in reader.sees(".contents-home")
    reader.go("index.html")
    assert reader.sees(".go-on") == ["Hier weiter: The zwei, Quiz"]
    reader.opened.page.locator(".go-on a").click()
    reader.opened.page.wait_for_url("**/teil/zwei.html#quiz")
    assert reader.sees(".contents-home") == ["Front page"], "the reader is there"
    assert reader.opened.problems == []


@pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])
def test_progress_is_told_in_words_on_the_map_in_the_list_and_in_the_contents(
    meet: Meet, folder: bool
) -> None:
    reader = meet("teil/eins.html", folder=folder)
    reader.opened.page.locator("#predict-eins-guess label").first.click()
    reader.answer(0, "wrong")
    reader.answer(0, "right")
    reader.opened.page.reload()
    assert reader.sees(".quiz-score") == ["1 of 2 answered, 0 right at the first try."]
    assert reader.opened.page.locator(".quiz-option[data-answer]").count() == 2
    reader.go("teil/zwei.html")
    reader.answer(0, "right")
    reader.answer(1, "right")  # so it is read
    reader.read("drei")
    reader.go("tools.html")
    page = reader.opened.page
    in_order = page.locator(".map-chapter").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.querySelector('.map-number').innerText,"
        " one.querySelector('.map-state').innerText]))"
    )
    assert in_order == {
        "1": "2 von 3",
        "2": "\u2713 read",
        "3": "\u2713 read, you stopped here",
        "4": "questions: 2",
        "5": "questions: 2",
    }
    assert reader.sees(".map-list .map-state") == [
        "(2 von 3)",
        "(\u2713 read)",
        "(\u2713 read, you stopped here)",
    ]
    assert reader.sees(".map-summary") == [
        "You have read 2 of 5 chapters to the end and answered 4 of 11 questions."
    ]
    assert page.get_by_role("link", name="3 The drei read").count() == 1
    assert "predictions, 1; answers, 3; chapters read to the end, 2." in reader.sees(
        ".what-is-kept [role=status]"
    )[0]  # fmt: skip
    assert reader.opened.problems == []


def test_an_answer_to_what_has_changed_or_to_another_book_is_none(meet: Meet) -> None:
    reader = meet("teil/eins.html")
    reader.opened.page.locator("#predict-eins-guess label").first.click()
    reader.answer(0, "wrong")
    ((key, value),) = reader.kept().items()
    assert key == "book-1:/"
    changed = re.sub(
        r'"of":"\w+"', '"of":"another"', re.sub(r'"\w+":{"opened"', '"x":{"opened"', value)
    )
    assert changed.count("another") == 1
    assert changed.count('"x":') == 1
    page = reader.opened.page
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, changed])
    page.evaluate("value => localStorage.setItem('book-1:/other/', value)", value)
    page.evaluate("value => localStorage.setItem('book-0:/', value)", value)
    page.reload()
    assert reader.sees(".quiz-score") == ["0 of 2 answered."]
    assert page.locator("#predict-eins-guess input:checked").count() == 0
    reader.go("tools.html")
    assert "answered 0 of 11" in reader.sees(".map-summary")[0]
    reader.go(REVIEW)
    assert reader.sees(".review-status") == [
        "You have missed no question so far, so nothing comes back."
    ]
    assert reader.opened.problems == []


def test_a_question_that_was_missed_comes_back_two_chapters_later_until_it_is_right(
    meet: Meet,
) -> None:
    reader = meet("teil/zwei.html")
    reader.answer(0, "wrong")
    reader.answer(1, "right")
    waiting = "Nothing to answer now. Questions that you missed and that come back later: 1."
    for name in ("zwei", "drei", "drei"):  # its own does not count, and no other counts twice
        reader.read(name)
        reader.go(REVIEW)
        assert reader.sees(".review-status") == [waiting]
        assert reader.sees(".review-question") == []
    reader.read("vier")
    assert "Review (1)" in reader.sees(".contents li > a")
    reader.go(REVIEW)
    assert reader.sees(".review-status") == ["Questions that have come back: 1. Later: 0."]
    (shown,) = reader.sees(".review-question")
    assert shown.startswith("From The zwei How many is")
    reader.answer(0, "wrong")
    assert reader.sees(".review-said") == ["Not yet. It comes back two chapters later."]
    assert reader.sees(".feedback") == ["Not so."]
    assert reader.sees(".review-status") == [waiting]
    reader.read("eins")
    reader.read("fünf")
    reader.go(REVIEW)
    reader.answer(0, "right")
    assert reader.sees(".review-said") == ["Right. It does not come back again."]
    reader.opened.page.reload()
    assert reader.sees(".review-question") == []
    assert reader.opened.problems == []


def test_at_the_end_of_the_book_a_question_comes_back_the_next_day(meet: Meet) -> None:
    reader = meet("teil/vier.html")  # one more comes after it
    reader.answer(0, "wrong")
    reader.opened.page.clock.set_system_time("2026-01-06T12:00:00Z")
    reader.go(REVIEW)
    assert reader.sees(".review-question") == []
    reader.read("fünf")
    reader.go(REVIEW)
    assert len(reader.sees(".review-question")) == 1


def test_one_button_forgets_everything_of_this_book_and_nothing_else(meet: Meet) -> None:
    reader = meet("teil/zwei.html")
    page = reader.opened.page
    reader.answer(0, "wrong")
    reader.read("drei")
    page.get_by_role("button", name="Dark theme").click()
    page.evaluate("localStorage.setItem('book-1:/other/', '{}')")
    reader.go("tools.html")
    assert set(reader.kept()) == {"book-1:/", "book-theme:/", "book-1:/other/"}
    button = page.get_by_role("button", name="Forget everything")
    page.once("dialog", lambda dialog: dialog.dismiss())
    button.click()
    assert len(reader.kept()) == 3
    page.once("dialog", lambda dialog: dialog.accept())
    button.click()
    assert set(reader.kept()) == {"book-1:/other/"}
    assert reader.sees(".what-is-kept [role=status]") == [
        "Forgotten. This book keeps nothing of what you did now."
    ]
    assert "read 0 of 5" in reader.sees(".map-summary")[0]
    assert reader.sees(".go-on, .reading-mark") == []
    page.reload()
    assert "keeps nothing" in reader.sees(".what-is-kept [role=status]")[0]


TROUBLES = {"forbidden": (FORBIDDEN, "lets this book keep nothing"), "full": (FULL, "has no room")}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_nothing_can_be_kept_the_book_says_so_and_works(meet: Meet, trouble: str) -> None:
    script, said = TROUBLES[trouble]
    reader = meet("teil/eins.html", before=script)
    reader.opened.page.locator("#predict-eins-guess label").first.click()
    assert said in reader.sees(".predict-status")[0]
    reader.answer(0, "wrong")
    reader.answer(1, "right")
    assert reader.sees(".quiz-score span:not(.visually-hidden)")[0].startswith(
        "2 of 2 answered, 1 right at the first try. Your browser"
    )
    assert said in reader.sees(".quiz-score")[0]
    if trouble == "forbidden":  # a full one is noticed when something is to be kept
        for page, place in (
            ("tools.html", ".map-summary"),
            ("tools.html", ".what-is-kept p"),
            (REVIEW, ".review-status"),
        ):
            reader.go(page)
            assert said in reader.sees(place)[0]
    assert reader.opened.problems == []


def test_a_full_browser_loses_nothing_that_was_kept(meet: Meet) -> None:
    reader = meet("teil/zwei.html")
    reader.answer(0, "wrong")
    before = reader.kept()
    reader.opened.page.evaluate(f"() => {{ {FULL} }}")
    reader.answer(1, "right")
    assert "2 of 2 answered" in reader.sees(".quiz-score")[0]
    assert reader.kept() == before
    reader.opened.page.reload()  # the browser is as it was
    assert reader.sees(".quiz-score") == ["1 of 2 answered, 0 right at the first try."]


@pytest.mark.parametrize("damaged", ["{", "[1]", '{"quiz": 5, "place": [], "read": {"x": "y"}}'])
def test_what_is_damaged_is_written_anew(meet: Meet, damaged: str) -> None:
    reader = meet("teil/zwei.html")
    reader.opened.page.evaluate("value => localStorage.setItem('book-1:/', value)", damaged)
    reader.opened.page.reload()
    reader.answer(0, "wrong")
    reader.opened.page.reload()
    assert reader.sees(".quiz-score") == ["1 of 2 answered, 0 right at the first try."]
    reader.go("tools.html")
    assert "answered 1 of 11" in reader.sees(".map-summary")[0]
    assert reader.opened.problems == []


def test_without_javascript_the_map_is_a_map_and_the_rest_says_what_it_needs(
    built: Book, browser: Any
) -> None:
    site = built.root / "_build/html"
    with opener(browser, site, "") as opened:
        page = opened("tools.html", folder=True, javascript=False, width=390).page
        assert (
            page.locator(".map-summary, .go-on, .what-is-kept button")
            .locator("visible=true")
            .count()
            == 0
        )
        assert "JavaScript" in page.locator(".what-is-kept").inner_text()
        assert page.locator(".map-drawing svg path").count() == 4
        page.locator(".map-chapter", has_text="The vier").click()
        page.wait_for_url("**/teil/vier.html")
        page = opened(REVIEW, folder=True, javascript=False).page
        assert "needs JavaScript" in page.locator(".review").inner_text()
        assert not page.locator(".review-question").first.is_visible()


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_all_can_use_it_and_nothing_is_wider_than_a_phone(
    meet: Meet, width: int, theme: str
) -> None:
    reader = meet("teil/zwei.html", width=width, theme=theme, motion=False)
    reader.answer(0, "wrong")
    for name in ("zwei", "drei", "vier"):
        reader.read(name)
    for place in ("tools.html", REVIEW):
        reader.go(place)
        if place == REVIEW:
            reader.answer(0, "wrong")
        assert checks.complaints(reader.opened.page) == []
        page = reader.opened.page
        page.set_viewport_size({"width": 360, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        outside = page.locator(".map-chapter").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
        )
        assert outside == []
        page.set_viewport_size({"width": width, "height": 900})
