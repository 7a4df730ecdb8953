"""A page as a notebook: the reader's blanks stay, solutions and MyST's own signs do not."""

from __future__ import annotations

from collections.abc import Callable

import nbformat
from bs4 import BeautifulSoup

from booktools.notebook import for_readers
from tests.booktools.books import Book

MakeBook = Callable[..., Book]
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
    assert code == ["y = 1", "x = ...", "z = 3", "print(x)"]
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
    config = (made.root / "_config.yml").read_text()
    made.write("_config.yml", config.replace("execution]", "execution, booktools.notebook]"))
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
        "---\nfile_format: mystnb\nkernelspec: {name: python3}\n---\n\n# A\n\n"
        "::::{grid} 1 2\n:gutter: 3\n\n:::{grid-item-card} A card\nOn it.\n:::\n::::\n\n"
        "```{code-cell}\n:tags: [raises-exception]\n1 / 0\n```\n"
    )
    text, code = made.cells
    assert text.source.split() == ["#", "A", "**A", "card**", "On", "it."]
    assert code.metadata.tags == ["raises-exception"]
    assert len({cell.id for cell in made.cells}) == 2
