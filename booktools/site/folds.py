"""Boxes of the class ``dropdown``, and ``{toggle}``, become native folds without a script."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_design.dropdown import dropdown_main, dropdown_title

from booktools.extension import metadata


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.setup_extension("sphinx_design")
    app.add_post_transform(FoldBoxes)
    return metadata()


class FoldBoxes(SphinxPostTransform):
    """Turn boxes with a title, and toggles, into ``<details>`` with a ``<summary>``."""

    default_priority = 400  # after sphinx-exercise has written its titles
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Replace every box of this page."""
        for box in list(self.document.findall(nodes.Admonition)):
            if "dropdown" not in box["classes"] or not isinstance(box[0], nodes.title):
                continue
            title, *content = box.children
            summary = dropdown_title("", "", *title.children, classes=["admonition-title"])
            fold = dropdown_main("", summary, *content, ids=box["ids"])
            fold["classes"] = ["admonition", *box["classes"]]
            box.replace_self(fold)
        for box in list(self.document.findall(nodes.container)):
            if "toggle" not in box["classes"]:
                continue
            words = nodes.Text(str(getattr(self.config, "togglebutton_hint", "Click to show")))
            summary = dropdown_title("", "", words, classes=["admonition-title"])
            shown = "toggle-shown" in box["classes"]
            fold = dropdown_main("", summary, *box.children, ids=box["ids"], opened=shown)
            fold["classes"] = ["admonition", *box["classes"]]
            box.replace_self(fold)
