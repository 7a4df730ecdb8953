"""The site's extension: what becomes of outputs, folds, and a small book's pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from booktools.site import outputs, pages, preview
from booktools.site.policy import holes
from tests.booktools.books import Book

MakeBook = Callable[..., Book]
FORM = "  config: {site_issue_form: page.yml}\n"
PRE = "<pre style=\"white-space:pre;font-family:Menlo,'Courier New'\">"
BOLD = '<span style="font-weight: bold">'
SUMMARY = f"""{PRE}
┏━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃{BOLD} Layer (type) </span>┃{BOLD} Param # </span>┃
┡━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ a_long_name  │      <span style="color: #00af00; text-decoration-color: #00af00">80</span> │
│ (<span style="color: #0087ff">Conv2D</span>)     │         │
├──────────────┼─────────┤
│ dense (Dense)│  13,530 │
└──────────────┴─────────┘
</pre>"""


def test_a_model_summary_becomes_a_table() -> None:
    table = BeautifulSoup(outputs.mend(SUMMARY), "html.parser").table
    assert table is not None
    rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in table("tr")]
    assert rows == [
        ["Layer (type)", "Param #"],
        ["a_long_name (Conv2D)", "80"],
        ["dense (Dense)", "13,530"],
    ]
    assert [cell["scope"] for cell in table("th")] == ["col", "col"]


def rich(*lines: str) -> str:
    return outputs.mend(PRE + "\n".join(lines) + "\n</pre>")


def test_a_table_of_rich_keeps_its_rows() -> None:
    lines = ["┏━━━┳━━━┓", "┃ a ┃ b ┃", "┡━━━╇━━━┩", "│ 1 │ 2 │", "│ 3 │ 4 │", "└───┴───┘"]
    tree = BeautifulSoup(rich(*lines), "html.parser")
    assert tree.table is None
    assert tree.pre is not None
    assert tree.pre["class"] == ["rich"]
    assert tree.pre.get_text().splitlines() == lines


def test_a_drawing_whose_cells_hold_bars_stays_a_drawing() -> None:
    lines = ["┏━━━━━━┓", "┃ a    ┃", "┡━━━━━━┩", "│ 1 │ 2│", "├──────┤", "│ 3    │", "└──────┘"]
    assert rich(*lines).startswith('<pre class="rich">')


def test_a_model_of_one_layer_is_a_table() -> None:
    lines = [
        "┏━━━━━━━━━━━━━━┳━━━━┓",
        "┃ Layer (type) ┃ #  ┃",
        "┡━━━━━━━━━━━━━━╇━━━━┩",
        "│ a_long_name  │ 80 │",
        "│ (Conv2D)     │    │",
        "└──────────────┴────┘",
    ]
    tree = BeautifulSoup(rich(*lines), "html.parser")
    assert [cell.get_text() for cell in tree("td")] == ["a_long_name (Conv2D)", "80"]


def test_other_text_of_rich_keeps_what_is_bold() -> None:
    markup = outputs.mend(
        f'{PRE}{BOLD} Total: </span><span style="color: #00af00">80</span>\n</pre>'
    )
    assert markup == '<pre class="rich"><b> Total: </b>80\n</pre>'


def test_a_data_frame_loses_its_styles_and_names_its_heads() -> None:
    markup = outputs.mend(
        '<div><style scoped>.dataframe {}</style><table border="1" class="dataframe"><thead>'
        '<tr style="text-align: right;"><th></th><th>n</th></tr></thead>'
        "<tbody><tr><th>0</th><td>1</td></tr></tbody></table></div>"
    )
    assert holes(markup) == []
    heads = BeautifulSoup(markup, "html.parser")("th")
    assert [(head.get_text(), head["scope"]) for head in heads] == [("n", "col"), ("0", "row")]


def test_other_html_stays_as_it_is() -> None:
    markup = '<figure class="plot"><svg></svg></figure>'
    assert outputs.mend(markup) == markup


def test_code_keeps_its_text_with_fewer_tags() -> None:
    line = '<span class="n">a</span><span class="w"> </span><span class="mi">1</span>'
    assert pages.adapt(line) == 'a <span class="mi">1</span>'


@pytest.fixture
def small(book: MakeBook) -> Book:
    made = book(a="1 + 1", b="2 + 2")
    made.extend("booktools.site")
    return made


def page(book: Book, name: str) -> BeautifulSoup:
    return BeautifulSoup(book.page(name), "html.parser")


def test_another_book_gets_the_site_by_naming_the_extension(small: Book) -> None:
    text = (small.root / "book" / "a.md").read_text()
    fold = ":::{admonition} A fold\n:class: dropdown\nInside.\n:::\n"
    small.write("book/a.md", text.replace("Prose.", f"## A section\n\n{fold}"))
    assert small.build("-W").status == 0
    tree = page(small, "a")
    policy = tree.find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert "unsafe" not in policy["content"]
    assert not tree.select("script:not([src]), style, [style], [onclick]")
    assert tree.select_one("details.admonition > summary").get_text(strip=True) == "A fold"  # type: ignore[union-attr]
    assert tree.select_one(".contents-sections a")["href"] == "#a-section"  # type: ignore[index]
    assert tree.select_one(".turn-next")["href"] == "b.html"  # type: ignore[index]
    assert (small.root / "_build" / "html" / "a.ipynb").is_file()
    assert page(small, "404").h1


def test_a_new_title_reaches_the_contents_of_every_page(small: Book) -> None:
    assert small.build("-W").status == 0
    text = (small.root / "book" / "b.md").read_text()
    small.write("book/b.md", text.replace("# Page b", "# Another name"))
    assert small.build("-W").status == 0
    assert "Another name" in page(small, "a").select_one("#site-contents").get_text()  # type: ignore[union-attr]


def test_a_new_style_sheet_reaches_every_page(small: Book) -> None:
    small.write("book/_static/look.css", "p { color: navy }")
    assert small.build("-W").status == 0
    before = small.page("a")
    small.write("book/_static/look.css", "p { color: black }")
    assert small.build("-W").status == 0
    assert small.page("a") != before  # the address of the style sheet holds its checksum
    assert "black" in (small.root / "_build" / "html" / "_static" / "look.css").read_text()


def test_a_page_that_is_gone_leaves_nothing(small: Book) -> None:
    assert small.build("-W").status == 0
    site = small.root / "_build" / "html"
    assert (site / "b.ipynb").is_file()
    (small.root / "book" / "b.md").unlink()
    small.contents("a")
    assert small.build("-W").status == 0
    assert not list(site.glob("b.*"))
    assert (site / "a.html").is_file()
    assert (site / "_static" / "booktools" / "site.css").is_file()


def test_a_published_book_knows_its_address(small: Book) -> None:
    assert small.build("-W").status == 0
    assert not page(small, "a").select("meta[property='og:image'], link[rel=canonical], base")
    assert not page(small, "a").select(".mend, .contents-report, script[src*=mend]")
    small.write("_config.yml", f"{(small.root / '_config.yml').read_text()}{FORM}")
    known = {
        "BOOKTOOLS_URL": "https://example.org/book",
        "BOOKTOOLS_REPOSITORY": "https://github.com/owner/name.git",
    }
    assert small.build("-W", **known).status == 0
    tree = page(small, "a")
    card = tree.find("meta", {"property": "og:image"})["content"]  # type: ignore[index]
    assert card == "https://example.org/book/_static/cards/a.png"
    assert (small.root / "_build" / "html" / "_static" / "cards" / "a.png").is_file()
    assert tree.select_one("link[rel=canonical]")["href"] == "https://example.org/book/a.html"  # type: ignore[index]
    assert page(small, "404").base["href"] == "/book/"  # type: ignore[index]
    edit = tree.select(".mend a")[1]["href"]
    assert edit == "https://github.com/owner/name/edit/main/book/a.md"
    reports = tree.select(".mend a[data-section=section], .contents-report[data-section=section]")
    assert len({str(link["href"]) for link in reports}) == 1
    assert len(reports) == 2
    assert str(reports[0]["href"]).endswith(
        "/name/issues/new?title=Page%20a%3A%20&template=page.yml&page=book%2Fa.md"
    )
    assert tree.select("script[defer][src*='booktools/mend.js']")
    assert not page(small, "404").select(".mend")


def test_dollars_on_a_card_are_no_formula() -> None:
    assert preview.draw("From $5 to \\$x_{$", "", "") != preview.draw("From 5 to x", "", "")


def test_the_same_words_give_the_same_card() -> None:
    words = ("A title", "What is asked?", "A book")
    assert preview.draw(*words) == preview.draw(*words)


def test_an_output_that_the_policy_blocks_fails_a_strict_build(small: Book) -> None:
    widget = """
class Widget:
    def __repr__(self): return "a widget, in words"
    def _repr_html_(self): return "<p onclick='x()'>Draw</p><script>x()</script>"
Widget()"""
    small.chapter(
        "a",
        'from IPython.display import HTML\nHTML(\'<p style="color: red" onclick="x()">x</p>\')',
        widget,
    )
    assert small.build("-W", "--keep-going").status != 0
    built = small.build()
    assert built.status == 0
    assert built.output.count("the policy of the site forbids") == 2
    assert "a.md:12: WARNING: this HTML holds a style of <p>: color: red and 1 more" in built.output
    assert "a.md:17: WARNING: this output needs a script in the page" in built.output
    shown = page(small, "a")
    assert "a widget, in words" in shown.get_text()
    assert "x()" not in shown.select(".cell")[1].select_one(".cell_output").decode()  # type: ignore[union-attr]


def test_other_builders_work_and_leave_the_pages(small: Book) -> None:
    config = (small.root / "_config.yml").read_text()
    small.write("_config.yml", f"{config}  config: {{version: '1', language: en}}\n")
    assert small.build("-W").status == 0
    pages = set((small.root / "_build" / "html").rglob("*"))
    assert small.build("-W", "--builder", "linkcheck").status == 0
    assert pages < set((small.root / "_build" / "html").rglob("*"))
    assert small.build_as("epub").status == 0
    assert list((small.root / "_build" / "epub").glob("*.epub"))
    assert small.build("--builder", "dirhtml").status == 0
    folder = small.root / "_build" / "dirhtml" / "a"
    link = BeautifulSoup((folder / "index.html").read_text(), "html.parser").select_one(
        ".notebook-link"
    )
    assert link is not None
    assert (folder / str(link["href"])).is_file()
