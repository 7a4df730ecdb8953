"""A Sphinx extension: formulas as MathML, made at build time.

The page needs no script and no other host to show a formula. Name ``mathml`` as
``html_math_renderer`` in ``_config.yml``.
"""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
_convert = LatexToMathML().convert_with_local_state


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (show_inline, None), (show_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def show_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a sentence."""
    translator.body.append(mathml(node, displaystyle=False))
    raise nodes.SkipNode


def show_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands on its own line."""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    formula = mathml(node, displaystyle=True)
    translator.body.append(f'<div class="math">{number}{formula}</div>\n')
    raise nodes.SkipNode


def mathml(node: nodes.Element, *, displaystyle: bool) -> str:
    """Return a formula as MathML; one that is not understood is shown as it was typed."""
    formula = node.astext()
    try:
        return str(_convert(formula, displaystyle=displaystyle))
    except LatexError as error:
        logger.warning("the formula %r cannot be shown: %s", formula, error, location=node)
        return f"<code>{escape(formula)}</code>"
