"""The cover of a book as a picture: its title and its author."""

from __future__ import annotations

import textwrap
from io import BytesIO

SIZE = (6.0, 9.0)  # inches, at 160 pixels each


def draw(title: str, author: str) -> bytes:
    """Return the cover as PNG: the same words give the same bytes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=160, facecolor="#12161c")
    name = textwrap.fill(title, 14)
    size = 40 if max(map(len, name.split("\n"))) <= 14 else 30
    words = [
        figure.text(0.1, 0.86, name, color="white", size=size, weight="bold", va="top"),
        figure.text(0.1, 0.1, textwrap.fill(author, 40), color="#a4aeba", size=14, va="bottom"),
    ]
    for text in words:
        text.set_parse_math(False)  # dollars are dollars
    line = figure.add_axes((0.1, 0.2, 0.3, 0.006))
    line.set_facecolor("#7cb8ea")
    line.set(xticks=[], yticks=[])
    for edge in line.spines.values():
        edge.set_visible(False)
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
