"""The nodes of predictions and their HTML; other formats see a box, a list and a box."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


class PredictionBox(nodes.admonition):
    """A box with options, of the class ``predict``; ``key`` changes with its words."""


class PredictionOption(nodes.list_item):
    """An option; ``key`` names it whatever its letter."""


class PredictionAnswer(nodes.admonition):
    """A fold that says which option of a prediction is right, ``right`` by its key."""


class PredictionSummary(nodes.title):
    """What is seen of the fold while it is shut."""


def register(app: Sphinx) -> None:
    """Teach Sphinx's HTML the nodes."""
    app.add_node(PredictionBox, html=(_open_box, _close("</div>\n")))
    app.add_node(PredictionOption, html=(_open_option, _close("</li>\n")))
    app.add_node(PredictionAnswer, html=(_open_answer, _close("</details>\n")))
    app.add_node(PredictionSummary, html=(_open_summary, _close("</summary>\n")))


def _open_box(writer: Any, node: nodes.Element) -> None:
    given = {
        "CLASS": "admonition predict",
        "data-prediction": node["name"],
        "data-key": node["key"],
    }
    writer.body.append(writer.starttag(node, "div", **given))


def _open_option(writer: Any, node: nodes.Element) -> None:
    given = {"data-option": node["key"], "data-letter": node["letter"]}
    writer.body.append(writer.starttag(node, "li", "", **given))


def _open_answer(writer: Any, node: nodes.Element) -> None:
    given = {"CLASS": "admonition answer", "data-prediction": node["name"]}
    if node["right"]:
        given["data-right"] = node["right"]
    writer.body.append(writer.starttag(node, "details", **given))


def _open_summary(writer: Any, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "summary", "", CLASS="admonition-title"))


def _close(tag: str) -> Any:
    def depart(writer: Any, _node: nodes.Element) -> None:
        writer.body.append(tag)

    return depart
