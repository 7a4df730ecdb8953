"""A page as a notebook: the reader's blanks stay, solutions and MyST's own signs do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from booktools.parts.deal import deal, letter
from booktools.parts.notebook import for_readers as made_for_readers
from booktools.parts.notebook.numbers import from_run
from tests.booktools.books import Book

MakeBook = Callable[..., Book]
for_readers = partial(made_for_readers, name="part/page")
HEAD = "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n# A\n\n"
TEXT = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---

# A page

```{notebook} Take it with you
```

A {term}`word`, {term}`words <word>`, {glue:text}`key:.2f` and [a page](b.md).

:::{admonition} Predict
:class: predict
- A. One
:::

```{exercise} First
:label: first
Write `x`.
```

```{code-cell} ipython3
:tags: [remove-cell]
y = 1
```

```{code-cell} ipython3
x = ...
```

```{solution-start} first
:class: dropdown
```
It is two.

```{code-cell} ipython3
x = 2
```
```{solution-end}
```

```{code-cell} ipython3
:tags: [remove-cell]
from myst_nb import glue
z = 3
glue(
    "key", x,
    display=False)
```

% bound: none
More text, [outside](https://example.org).

```{code-cell} ipython3
print(x)
```
"""


def test_a_notebook_has_the_blanks_and_not_the_solutions() -> None:
    made = for_readers(TEXT)
    code = [cell.source for cell in made.cells if cell.cell_type == "code"]
    assert code == ["y = 1", "x = ...", "z = 3", "# needs: x\nprint(x)"]
    nbformat.validate(made)


def test_the_text_of_a_notebook_is_plain_markdown() -> None:
    text = "\n".join(c.source for c in for_readers(TEXT).cells if c.cell_type == "markdown")
    for wanted in (
        "# A page",
        "A word, words, … and a page.",
        "**Predict**\n\n- A. One",
        "**First**\n\nWrite `x`.",
        "More text, [outside](https://example.org).",
    ):
        assert wanted in text
    for unwanted in ("```", ":::", ":label:", ":class:", "{", "%", "two"):
        assert unwanted not in text


def test_the_same_page_gives_the_same_bytes() -> None:
    assert nbformat.writes(for_readers(TEXT)) == nbformat.writes(for_readers(TEXT))


def test_a_page_that_offers_its_notebook_links_to_the_file_beside_it(book: MakeBook) -> None:
    made = book(**{"a": "x = ..."})
    made.extend("booktools.execution, booktools.parts.notebook")
    text = (made.root / "book/a.md").read_text()
    made.write("book/a.md", text.replace("Prose.", "```{notebook} Take it with you\n```"))
    assert made.build("-W").status == 0
    link = BeautifulSoup(made.page("a"), "html.parser").select_one("a.notebook")
    assert link is not None
    assert (link["href"], link.get_text()) == ("a.ipynb", "Take it with you")
    kept = nbformat.read(made.root / "_build/html/a.ipynb", as_version=4)
    assert [cell.source for cell in kept.cells if cell.cell_type == "code"] == ["x = ..."]
    assert not (made.root / "_build/html/index.ipynb").exists()


def test_cards_open_and_cells_that_fail_may_fail() -> None:
    made = for_readers(
        HEAD + "::::{grid} 1 2\n:gutter: 3\n\n:::{grid-item-card} A card\nOn it.\n:::\n::::\n\n"
        "```{code-cell}\n:tags: [raises-exception]\n1 / 0\n```\n"
    )
    text, code = made.cells
    assert text.source.split() == ["#", "A", "**A", "card**", "On", "it."]
    assert code.metadata.tags == ["raises-exception"]
    assert len({cell.id for cell in made.cells}) == 2


def text_of(markdown: str, claims: tuple[dict[str, object], ...] = ()) -> str:
    made = made_for_readers(HEAD + markdown, "part/page", claims)
    return "\n".join(cell.source for cell in made.cells)


@pytest.mark.parametrize(
    "solution",
    [
        "```{solution} one\nSecret.\n```",
        ":::{solution} one\nSecret.\n:::",
        "```{solution-start} one\n```\nSecret.\n```{solution-end}\n```",
        ":::{solution-start} one\n:class: dropdown\n:::\nSecret.\n:::{solution-end}\n:::",
        "````{solution-start} one\n````\nSecret.\n\n```{code-cell}\nSecret\n```\n"
        "````{solution-end}\n````",
        "```{solution-start} one\n```\n\nSecret, and no end",
        "````{exercise} One\n:::{solution} one\nSecret.\n:::\n````",
    ],
)
def test_no_solution_reaches_a_notebook_however_it_is_fenced(solution: str) -> None:
    text = text_of(f"Before.\n\n{solution}\n\n")
    assert "Before." in text
    assert "Secret" not in text
    assert "olution" not in text


def test_pictures_of_the_site_become_words() -> None:
    text = text_of("![A curve](curve.svg)\n\n:::{figure} a.svg\n:alt: A line\nA caption.\n:::\n")
    assert text.split("\n\n")[1:] == ["*Picture: A curve*", "*Picture: A line*", "A caption."]


def test_a_file_that_the_page_cites_leaves_nothing() -> None:
    text = text_of("Before.\n\n```{literalinclude} index.md\n:language: python\n```\n\nAfter.\n")
    assert text.split("\n\n")[1:] == ["Before.", "After."]


ASKED = """\
:::{predict}
:name: it
:decided-by: It reads

How *many*?

- `>= 0.5` Most, with `relu`
- `< 0.5` Few, $x$
:::

:::{answer} it
Because, says {letter}`it`, not {letter}`it.1`.
:::

::::{question} How many has `Conv2D`?
:::{wrong} 160
Not quite.
:::
:::{right} 448
Right: so many.
:::
:::{wrong} 32
Not quite.
:::
::::
"""


def test_predictions_and_questions_become_lists_with_the_letters_of_the_page() -> None:
    text = text_of(ASKED, ({"text": "It reads", "value": 0.3, "holds": True},))
    orders = deal("part/page", "predict", [("it", 2, 1)]), deal("part/page", "quiz", [("1", 3, 1)])
    written = ("Most, with `relu`", "Few, $x$")
    options = [f"- {letter(at)}. {written[n]}" for at, n in enumerate(orders[0][0])]
    right = letter(orders[0][0].index(1))
    other = letter(orders[0][0].index(0))
    quiz = [f"- {letter(at)}. {(160, 448, 32)[n]}" for at, n in enumerate(orders[1][0])]
    assert text.split("\n\n")[1:] == [
        "**Predict before you run**",
        "How *many*?",
        "\n".join(options),
        f"Right is {right}. Few, $x$",
        f"Because, says {right}, not {other}.",
        "**1. How many has `Conv2D`?**",
        "\n".join(quiz),
    ]


def test_without_a_run_a_notebook_names_no_option_right() -> None:
    text = text_of(ASKED)
    assert "Right is" not in text
    assert "Because, says \u2026, not " in text


def test_the_notebook_of_a_book_has_the_letters_of_its_page(book: MakeBook) -> None:
    made = book(a="from lessons_code import fact\nfact('It reads', 0.3, at_most=0.5)")
    made.extend(
        "booktools.execution, booktools.parts",
        "parse:\n  myst_enable_extensions: [colon_fence, dollarmath]\n",
    )
    text = (made.root / "book/a.md").read_text()
    box, rest = ASKED.split("\n\n:::{answer}")
    made.write("book/a.md", text.replace("Prose.", box) + "\n:::{answer}" + rest)
    built = made.build("-W")
    assert built.status == 0, built.output
    page = BeautifulSoup(made.page("a"), "html.parser")
    kept = nbformat.read(made.root / "_build/html/a.ipynb", as_version=4)
    plain = "\n".join(cell.source for cell in kept.cells)
    right = page.select_one(".answer-right .letter")
    assert right is not None
    assert f"Right is {right.get_text()} Few" in plain
    quiz = [one.get_text() for one in page.select("details.quiz-option summary")]
    assert all(f"- {one}" in plain for one in quiz)


GLUED = """\
from myst_nb import glue
kept = 1
for name in "ab":
    glue(name, 1, display=False)
for name in "ab":
    more = name
    glue(name, more)
if kept:
    glue("c", 1)
else:
    kept = 2
def note(value):
    glue("d", value)
note(3)
"""


def test_what_only_puts_numbers_into_the_text_is_left_out_however_deep_it_stands() -> None:
    made = for_readers(f"{HEAD}```{{code-cell}}\n:tags: [remove-cell]\n{GLUED}```\n")
    (code,) = [cell.source for cell in made.cells if cell.cell_type == "code"]
    lines = [
        *("kept = 1", 'for name in "ab":', "    more = name", "if kept:", "    pass", "else:"),
        *("    kept = 2", "def note(value):", "    pass", "note(3)"),
    ]
    assert code.splitlines() == lines


def test_the_text_has_the_numbers_of_the_run(tmp_path: Path) -> None:
    glued = {"part": {"size": "12345", "word": "'many'"}, "other": {"share": "0.1234"}}
    for name, values in glued.items():
        plain = {key: {"data": {"text/plain": value}} for key, value in values.items()}
        (tmp_path / f"{name}.glue.json").write_text(json.dumps(plain))
    text = (
        "{glue:text}`size:,` {glue:text}`word` {glue:text}`other.md::share:.2f` "
        "{glue:text}`none:.2f` {glue:text}`word:.2f`"
    )
    made = made_for_readers(HEAD + text, "part", (), from_run(tmp_path, "part"))
    assert made.cells[0].source == "# A\n\n12,345 many 0.12 … …"
