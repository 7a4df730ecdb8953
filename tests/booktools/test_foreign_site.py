"""The site around a book that was not written for it: one build, looked at from many sides."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from booktools.site import styles
from tests.booktools.books import Book, Built
from tests.site import checks

CONFIG = """\
title: A foreign book
only_build_toc_files: true
execute: {execute_notebooks: cache}
html: {use_repository_button: true, use_issues_button: true}
repository: {url: https://example.org/owner/repository, branch: trunk}
parse:
  myst_enable_extensions: [amsmath, dollarmath, colon_fence]
sphinx:
  extra_extensions: [booktools.site, booktools.parts.mathematics]
  config:
    html_math_renderer: mathml
    mathjax3_config: {tex: {macros: {norm: ['\\lVert #1 \\rVert', 1], R: '\\mathbb{R}'}}}
"""
TOC = """\
format: jb-book
root: index
parts:
  - chapters:
      - file: words
        title: Short
        sections:
          - file: deep/one
            sections:
              - file: deep/two
          - url: https://example.org/faq
            title: Answers
  - caption: Second
    numbered: true
    chapters:
      - url: https://example.org/forum
        title: Forum
      - file: code
"""
WORDS = """\
# A long title

## Contents

Text.

## Content

```{figure} dot.png
:width: 40%
:figwidth: 60%
:name: a-dot
A dot.
```

```{list-table}
:widths: 20 80
:header-rows: 1
* - a
  - b
* - 1
  - 2
```

```{image} dot.png
:class: only-dark
:alt: for dark pages
```

```{toggle}
Toggled.
```

````{tab-set}
```{tab-item} Keras
:sync: k
Keras text.
```
```{tab-item} Torch
:sync: t
Torch text.
```
````

<table><tr><td>raw</td></tr></table>
<script type="application/json">"<table style='x'></table>"</script>
"""
FORMULAS = """\
# One

$$
a &= b + c \\\\
  &= d
$$ (two-lines)

\\begin{align}
a &= b \\label{eq:inner} \\\\
c &= d
\\end{align}

See {eq}`two-lines`, {eq}`eq:inner`, $\\eqref{eq:inner}$ and $\\norm{x} \\in \\R$, and
$\\newcommand{\\Q}{\\mathbb{Q}} \\Q^n$, then $\\Q^m$ and $\\color{red}{x}$.
"""
CODE = """\
---
file_format: mystnb
---

# Code

```{code-cell} ipython3
:tags: [remove-cell]
%matplotlib inline
import math
from myst_nb import glue
from IPython.display import HTML, Image
import base64, json
glue("three", 3, display=False)
FRAME = ('<div><style scoped>.dataframe {}</style><table border="1" class="dataframe"><thead>'
         '<tr style="text-align: right;"><th></th><th>n</th></tr></thead>'
         '<tbody><tr><th>0</th><td>1</td></tr></tbody></table></div>')
glue("frame", HTML(FRAME), display=False)
```

```{code-cell} ipython3
---
mystnb:
  image: {width: 60%, alt: a dot}
---
Image(base64.b64decode("PICTURE"))
```

```{code-cell} ipython3
HTML(FRAME)
```

```{glue} frame
```
"""
ELSEWHERE = "# Two\n\n```{glue} frame\n:doc: code.md\n```\n"
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Book, Built]:
    made = Book(tmp_path_factory.mktemp("site") / "foreign")
    made.write("_config.yml", CONFIG)
    made.write("_toc.yml", TOC)
    made.write("book/index.md", "# A foreign book\n\nHello.\n")
    made.write("book/words.md", WORDS)
    made.write("book/deep/one.md", FORMULAS)
    made.write("book/deep/two.md", ELSEWHERE.replace("code.md", "../code.md"))
    made.write("book/code.md", CODE.replace("PICTURE", DOT))
    made.write("book/_static/theme.js", "console.log('mine');\n")
    (made.root / "book" / "dot.png").write_bytes(base64.b64decode(DOT))
    # a result of the last build that nobody may lose, and the mark of a host
    made.write("_build/html/CNAME", "book.example.org")
    return made, made.build("-W", "--keep-going", PATH=os.environ["PATH"])


@pytest.fixture(scope="module")
def site(built: tuple[Book, Built]) -> Path:
    made, how = built
    assert how.status == 0, how.output[-3000:]
    return made.root / "_build" / "html"


def soup(site: Path, name: str) -> BeautifulSoup:
    return checks.soup(site / f"{name}.html")


def sheet(site: Path, name: str, tag: Tag) -> str:
    """Return what the page's own style sheet says of the classes of a tag."""
    path = f"_static/booktools/pages/{styles.sheet_name(name)}"
    loaded = [str(link["href"]) for link in soup(site, name).select("link[rel=stylesheet]")]
    assert any(path in address for address in loaded)
    rules = (site / path).read_text()
    classes = [one for one in tag["class"] if one.startswith("s-")]
    return next(line for line in rules.splitlines() for one in classes if one in line)


def test_pages_keep_the_policy_and_no_id_stands_twice(site: Path) -> None:
    for page in checks.pages(site):
        assert checks.holes(page) == []
        assert checks.repeated_ids(page) == []
    assert list(checks.broken_links(site)) == []


def test_contents_hold_sections_titles_and_addresses(site: Path) -> None:
    nav = soup(site, "index").select_one("#site-contents")
    assert nav is not None
    links = [(link.get_text(strip=True), link["href"]) for link in nav.select("li a")]
    assert links == [
        ("Short", "words.html"),
        ("One", "deep/one.html"),
        ("Two", "deep/two.html"),
        ("Answers", "https://example.org/faq"),
        ("Forum", "https://example.org/forum"),
        ("1Code", "code.html"),
    ]
    assert len(nav.select("ul ul ul")) == 1
    assert [part.get_text() for part in nav.select(".contents-part")] == ["Second"]


def test_next_and_previous_go_through_every_page(site: Path) -> None:
    def turns(name: str) -> list[str | None]:
        tree = soup(site, name)
        found = [tree.select_one(f".turn-{way}") for way in ("previous", "next")]
        return [str(link["href"]) if link else None for link in found]

    assert turns("words") == [None, "deep/one.html"]
    assert turns("deep/one") == ["../words.html", "two.html"]
    assert turns("deep/two") == ["one.html", "../code.html"]
    assert turns("code") == ["deep/two.html", None]


def test_widths_keep_their_meaning(site: Path) -> None:
    words = soup(site, "words")
    assert "width: 40%" in sheet(site, "words", words.select("article img")[0])
    assert "width: 60%" in sheet(site, "words", words.select("figure")[0])
    columns = [sheet(site, "words", column) for column in words.select("col")]
    assert ["20.0%" in columns[0], "80.0%" in columns[1]] == [True, True]
    assert "width: 60%" in sheet(site, "code", soup(site, "code").select("article img")[0])


def test_pages_without_styles_load_no_sheet_of_their_own(site: Path) -> None:
    assert "booktools/pages/" not in (site / "index.html").read_text()
    assert "booktools/pages/" not in (site / "deep" / "two.html").read_text()


def test_tables_scroll_and_scripts_stay(site: Path) -> None:
    words = soup(site, "words")
    assert len(words.select("article .scroll > table")) == len(words.select("article table")) == 2
    data = words.select_one('script[type="application/json"]')
    assert data is not None
    assert json.loads(data.get_text()) == "<table style='x'></table>"


@pytest.mark.parametrize(("page", "count"), [("code", 2), ("deep/two", 1)])
def test_a_glued_table_is_like_one_of_a_cell(site: Path, page: str, count: int) -> None:
    frames = soup(site, page).select(".scroll > table.dataframe")
    assert len(frames) == count
    assert len({str(frame) for frame in frames}) == 1
    assert [head["scope"] for head in frames[0].select("th")] == ["col", "row"]


def test_formulas_are_aligned_numbered_and_referenced(site: Path) -> None:
    tree = soup(site, "deep/one")
    blocks = tree.select("div.math")
    assert [block.select_one(".eqno").get_text() for block in blocks] == ["(1)", "(2)"]  # type: ignore[union-attr]
    assert [len(block.select("mtr")) for block in blocks] == [2, 2]
    assert [block["id"] for block in blocks] == ["equation-two-lines", "equation-eq-inner"]
    links = [(link["href"], link.get_text()) for link in tree.select("article p a")]
    assert links == [
        ("#equation-two-lines", "(1)"),
        ("#equation-eq-inner", "(2)"),
        ("#equation-eq-inner", "(2)"),
    ]
    assert "text-align: right" in sheet(site, "deep/one", blocks[0].select("mtd")[0])
    previews = (site / "_static/booktools/previews/deep/one.js").read_text()
    assert previews.count('"equation-two-lines":"<div class') == 1
    inline = [math.get_text() for math in tree.select("article p math")]
    assert inline[1:] == ["‖x‖∈\u211d", "\u211an", "\u211am", "x"]


def test_a_book_keeps_files_that_are_called_like_ours(site: Path) -> None:
    assert "mine" in (site / "_static" / "theme.js").read_text()
    assert "localStorage" in (site / "_static" / "booktools" / "theme.js").read_text()
    assert (site / "CNAME").read_text() == "book.example.org"


def test_the_repository_that_the_book_names_is_where_mistakes_are_told(site: Path) -> None:
    (link,) = soup(site, "deep/one").select(".mend a")  # the button to edit was not asked for
    address = str(link["href"])
    assert address.startswith("https://example.org/owner/repository/issues/new?title=One")
    assert "Page%3A%20book%2Fdeep%2Fone.md%0A" in address
    assert link["data-section"] == "body"


def test_what_the_theme_ignores_is_said_once(built: tuple[Book, Built]) -> None:
    said = [line for line in built[1].output.splitlines() if "has no use for" in line]
    assert len(said) == 1
    assert "use_repository_button" in said[0]
    assert "theme.js" in said[0]
    assert "search_bar_text" not in said[0]
    assert "repository_url" not in said[0]
    assert "use_issues_button" not in said[0]


def test_furniture_works_without_a_script(site: Path) -> None:
    tree = soup(site, "words")
    fold = tree.select_one("details.toggle")
    assert fold is not None
    assert "Toggled." in fold.get_text()
    assert tree.select("img.only-dark")
    names = [str(tag["src"]).partition("?")[0] for tag in tree.select("script[src]")]
    assert "_static/design-tabs.js" in names
    assert "design-tabs" not in (site / "index.html").read_text()


def test_a_notebook_comes_of_a_page_with_magics_and_no_kernel(site: Path) -> None:
    notebook = json.loads((site / "code.ipynb").read_text())
    assert notebook["metadata"]["kernelspec"] == {"display_name": "python3", "name": "python3"}
    hidden = "".join(notebook["cells"][1]["source"])
    assert hidden.startswith("%matplotlib inline\nimport math\n")
    assert "glue" not in hidden


def test_a_failed_build_leaves_the_site(built: tuple[Book, Built], site: Path) -> None:
    made = built[0]
    before = (site / "words.html").read_bytes()
    made.write("book/words.md", WORDS + "\n[nowhere](nowhere.md)\n")
    assert made.build("-W", "--keep-going").status != 0
    assert (site / "words.html").read_bytes() == before
