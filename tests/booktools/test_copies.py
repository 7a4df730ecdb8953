"""Copies of elements of other pages, and slides and sheets made of them, in a small book."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag

from booktools.parts.copies.elements import KINDS
from tests.booktools.books import Book

MakeBook = Callable[..., Book]
CELLS = (
    "from lessons_code import claim\nclaim('It reads', 0.46, at_most=0.5)",
    "from IPython.display import HTML\n"
    'HTML(\'<figure class="plot"><svg role="img" aria-label="Two bars."></svg>\'\n'
    "     '<figcaption>A bar &amp; another</figcaption></figure>')",
    "x = 6  # half\nprint(x * 7)",
)
PROSE = """\
A [link](#another-part) to below, and one to [the other](b.md). "So it is," says {term}`loss`.

:::{predict}
:name: a-reads
:decided-by: It reads

How many?

- `>= 0.5` Many
- `< 0.5` *Few*
:::

:::{answer} a-reads
Because of this.
:::

::::{question} How many has it?
:::{right} `448`
Right: 16 kernels.
:::
:::{wrong} None
Not so.
:::
::::

| Step | By hand |
|---|---|
| fit | a loop |

- First of all
- Then

:::{glossary}
loss
    How wrong.

sum
total
    All together.
:::

(another-part)=
## Another part

Below.
"""
COPIES = """\
---
description: Copies.
---

# Copies

```{slides}
```

```{sheets}
```

```{from} a
prediction: a-reads
answer: a-reads
question: How many has
figure: A bar & another
claim: It reads
heading: Another
text: A link to below
list: First of
table: Step By hand
code: print(x
output: x = 6
term: loss
term: total
```

## Second slide

```{from} /a.md
figure: Two bars.
```
"""
EXTENSIONS = (
    "booktools.execution, booktools.parts.copies, booktools.parts.slides, booktools.parts.sheets"
)


@pytest.fixture
def made(book: MakeBook) -> Book:
    made = book(a="print(1)", b="print(2)", copies="print(3)")
    made.extend(EXTENSIONS, "parse:\n  myst_enable_extensions: [colon_fence]\n")
    made.chapter("a", *CELLS, prose=PROSE)
    made.write("book/copies.md", COPIES)
    return made


def copied(book: Book, kind: str, page: str = "copies") -> list[Tag]:
    """Return the copies of a kind that a page shows."""
    return BeautifulSoup(book.page(page), "html.parser").select(f".copied-{kind}")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def test_each_kind_of_element_is_copied_without_being_typed(made: Book) -> None:
    built = made.build("-W")
    assert built.status == 0, built.output
    shown = {kind: words(copied(made, kind)[0]) for kind in KINDS}
    assert re.search(r"How many\? [AB]\. \w+ [AB]\. \w+$", shown["prediction"])
    assert re.search(r"Right is [AB]\. Few Because of this\.$", shown["answer"])
    (box,) = copied(made, "prediction")
    assert not box.select("[data-prediction], [data-option]"), "nobody operates it"
    assert "predictions.js" not in made.page("copies")
    assert shown["question"].startswith("How many has it? ")
    assert "Right: 16 kernels." in shown["question"]
    assert shown["figure"] == "A bar & another"
    assert re.search(r"It reads.*0\.46", shown["claim"])
    assert shown["heading"] == "Another part"
    assert shown["text"].startswith("A link to below")
    assert shown["list"] == "First of all Then"
    assert shown["table"] == "Step By hand fit a loop"
    assert shown["code"] == "x = 6 # half print(x * 7)"
    assert shown["output"] == "42"
    (terms,) = copied(made, "term")
    assert [words(name) for name in terms.select("dl > dt")] == ["loss", "sum", "total"]
    assert [words(text) for text in terms.select("dl > dd")] == ["How wrong.", "All together."]
    assert [words(figure) for figure in copied(made, "figure")] == ["A bar & another"] * 2


def test_copies_bring_their_files_and_no_ids_and_links_lead_to_where_they_are_from(
    made: Book,
) -> None:
    made.replace("_toc.yml", "file: copies", "file: part/copies")
    (made.root / "book/copies.md").unlink()
    made.write("book/part/copies.md", COPIES)
    assert made.build("-W").status == 0
    blocks = BeautifulSoup(made.page("part/copies"), "html.parser").select(".copied")
    assert [tag["id"] for block in blocks for tag in block.find_all(id=True)] == []
    for file in ("slides.js", "slides.css", "sheets.css", "copies.css"):
        assert f"_static/{file}" in made.page("part/copies")
        assert f"_static/{file}" not in made.page("a")
    (text,) = copied(made, "text", "part/copies")
    links = [str(link["href"]) for link in text.select("a")]
    assert links == ["../a.html#another-part", "../b.html", "../a.html#term-loss"]
    (heading,) = copied(made, "heading", "part/copies")
    assert heading.select_one("a")["href"] == "../a.html#another-part"  # type: ignore[index]


WRONG = {
    "figure: A ban": r"the page a has no figure 'A ban'\. Remedy: write the words with which it "
    r"begins, letter by letter, such as 'A bar & another'",
    "prediction: a-read": r"the page a has no prediction 'a-read'\. Remedy: write its name",
    "term: los": r"the page a has no term 'los'\. Remedy: ",
    "code: f": r"the page a has 2 of the kind code that fit 'f'\. Remedy: write more",
    "lists: First of": r"`lists: First of` names nothing\. Remedy: write a kind",
    "table:": r"`table: ` names nothing\. Remedy: ",
    "What is this?": r"`What is this\?: ` names nothing\. Remedy: ",
}


def test_every_wrong_reference_is_named_in_every_build_until_it_is_mended(made: Book) -> None:
    wrong = "\n".join(["```{from} a", *WRONG, "```", "", "```{from} c", "text: No", "```"])
    made.write("book/copies.md", f"{COPIES}\n{wrong}\n")
    lines = (made.root / "book/copies.md").read_text(encoding="utf8").splitlines()
    messages = {**WRONG, "text: No": r"there is no page 'c' to copy from\. Remedy: "}
    for _ in range(2):
        built = made.build()
        assert built.status != 0
        for written, message in messages.items():
            place = rf"copies\.md:{lines.index(written) + 1}: "
            assert re.search(place + message, built.output), (written, built.output)
    made.write("book/copies.md", COPIES)
    assert made.build("-W").status == 0


def test_a_copy_follows_the_text_and_the_results_of_its_page(made: Book) -> None:
    made.write("book/six.py", "VALUE = 6")
    made.chapter("a", *CELLS[:2], "from six import VALUE\nx = VALUE\nprint(x * 7)", prose=PROSE)
    made.replace("book/copies.md", "output: x = 6", "output: x = VALUE")
    assert made.build("-W").status == 0
    assert words(copied(made, "output")[0]) == "42"
    made.write("book/six.py", "VALUE = 7")
    made.replace("book/a.md", "How wrong.", "How very wrong.")
    assert made.build("-W").status == 0
    assert words(copied(made, "output")[0]) == "49"
    assert "How very wrong." in words(copied(made, "term")[0])


def test_what_vanishes_from_a_page_is_missed_where_it_is_copied(made: Book) -> None:
    assert made.build("-W").status == 0
    made.replace("book/a.md", "A bar &amp; another", "A column")
    built = made.build()
    assert built.status != 0
    assert re.search(r"copies\.md:17: the page a has no figure 'A bar & another'", built.output)


@pytest.mark.parametrize("builder", ["text", "latex", "epub"])
def test_other_formats_show_copies_too(made: Book, builder: str) -> None:
    built = made.build_as(builder)
    assert built.status == 0, built.output
    assert "Traceback" not in built.output
    if builder == "text":
        text = next((made.root / "_build").rglob("copies.txt")).read_text(encoding="utf8")
        assert "How very" not in text
        assert "All together." in text
