"""Names in code lead to their documentation: by a table or to the book's pages, once a page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from docutils import nodes
from sphinx_codeautolink.parse import parse_names

from booktools.site.code_links import address, full_name
from tests.booktools.books import Book

LINKS = {
    "numpy.random": None,
    "numpy.abs": "https://numpy.org/absolute",
    "numpy.*": "https://numpy.org/{name}.html",
    "keras.Sequential": "https://keras.io/sequential",
    "keras.Sequential.fit": "https://keras.io/fit",
}
CODE = """\
import numpy as np
from tools.drawing import draw

%precision 3
draw(np.abs(np.mean([1])))
np.mean([2])
"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("numpy.mean", "https://numpy.org/numpy.mean.html"),
        ("numpy.abs", "https://numpy.org/absolute"),
        ("numpy.random", None),
        ("numpy.random.default_rng", None),  # a star is one part
        ("numpyx.mean", None),
        ("numpy", None),
        ("", None),
    ],
)
def test_a_name_leads_where_the_table_says(name: str, place: str | None) -> None:
    assert address(name, LINKS) == place


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy as np\nnp.mean(a)", {"numpy", "numpy.mean"}),
        (
            "from keras import Sequential\nmodel = Sequential([])\nmodel.fit(x)\nmodel.compile()",
            {"keras", "keras.Sequential", "keras.Sequential.fit"},
        ),
        ("mine = 1\nmine.fit()", set()),
    ],
)
def test_what_a_call_returns_is_not_guessed(code: str, names: set[str]) -> None:
    found = {full_name(name, LINKS) for name in parse_names(code, nodes.literal_block())}
    assert found - {""} == names


def test_names_lead_to_the_book_and_elsewhere_once_a_page(book: Callable[..., Book]) -> None:
    made = book(page=CODE, other="import numpy as np\nnp.mean([3])")
    made.write("book/tools/__init__.py", "")
    made.write("book/tools/drawing.py", 'def draw(x):\n    """Draw."""\n')
    made.write(
        "book/api.md", "# Tools\n\n```{eval-rst}\n.. py:function:: tools.drawing.draw(x)\n```\n"
    )
    made.contents("page", "other", "api")
    table = "  config:\n    code_links: {'numpy.*': 'https://numpy.org/{name}.html'}\n"
    made.extend("booktools.execution, booktools.site", table)
    built = made.build()
    assert built.status == 0, built.output
    links = re.findall(r'<a class="sphinx-codeautolink-a" href="([^"]+)"', made.page("page"))
    assert links == [
        "api.html#tools.drawing.draw",
        "https://numpy.org/numpy.abs.html",
        "https://numpy.org/numpy.mean.html",
    ]
    assert "numpy.mean.html" in made.page("other")

    made.replace("book/api.md", "tools.drawing.draw", "tools.drawing.paint")
    assert made.build().status == 0
    assert "api.html#" not in made.page("page")  # it was written anew, though it did not change

    made.replace("_config.yml", "https://numpy.org", "numpy.org")
    refused = made.build()
    assert refused.status != 0
    assert "code_links: numpy.* leads to 'numpy.org/{name}.html', which is no address" in (
        refused.output
    )
