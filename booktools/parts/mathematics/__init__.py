"""A Sphinx extension: formulas as MathML, made at build time.

The page needs no script and no other host to show a formula. Name ``mathml`` as
``html_math_renderer`` in ``_config.yml``. Macros stand where MathJax has them, in
``mathjax3_config: tex: macros``; what a formula defines holds for the rest of its page.
"""

from __future__ import annotations

import re
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from booktools.extension import metadata
from booktools.parts.assets import bring, holds
from booktools.parts.mathematics.formulas import Formula, macros, prepare, with_references

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (show_inline, None), (show_block, None))
    app.connect("doctree-read", name_blocks)
    bring(app, Path(__file__).parent, partial(shows_formulas, app), "mathematics.css")
    return metadata()


def shows_formulas(app: Sphinx, doctree: nodes.document) -> bool:
    """Tell whether a page has formulas, and they are drawn here."""
    ours = getattr(app.builder, "math_renderer_name", "") == "mathml"
    return ours and (holds(nodes.math)(doctree) or holds(nodes.math_block)(doctree))


def name_blocks(app: Sphinx, doctree: nodes.document) -> None:
    r"""Let ``\label`` in a block name its number, and give blocks ids that stay the same.

    MyST names numbered environments at random.
    """
    assert app.env is not None
    if getattr(app.builder, "math_renderer_name", "") != "mathml":
        return
    domain: MathDomain = app.env.get_domain("math")  # type: ignore[assignment]
    for count, node in enumerate(doctree.findall(nodes.math_block), start=1):
        if "amsmath" not in node["classes"] or not node.get("label"):
            continue
        given = prepare(node.astext(), block=True).labels
        drawn = node["label"]
        place = domain.equations.pop(drawn, None)
        old = nodes.make_id(f"equation-{drawn}")
        node["label"] = given[0] if given else f"{app.env.docname}-{count}"
        new = nodes.make_id(f"equation-{node['label']}")
        for holder in doctree.findall(nodes.Element):
            holder["ids"] = [new if one == old else one for one in holder.get("ids", [])]
            if holder.get("refid") == old:
                holder["refid"] = new
        for label in given or [node["label"]]:
            if label in domain.equations:
                logger.warning("the label %r stands twice", label, location=node)
            elif place:
                domain.equations[label] = place
        if len(given) > 1:
            logger.warning(
                "a block has one number, but this one has the labels %s. Remedy: make a block of "
                "each equation that the text refers to.",
                ", ".join(given),
                location=node,
            )


def show_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula that stands in a sentence."""
    translator.body.append(mathml(translator, node, prepare(node.astext(), block=False)))
    raise nodes.SkipNode


def show_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula that stands on its own line."""
    formula = prepare(node.astext(), block=True)
    number = formula.tag
    if not number and node.get("number"):
        number = f"({get_node_equation_number(translator, node)})"
    side = f'<span class="eqno">{escape(number)}</span>' if number else ""
    translator.body.append(translator.starttag(node, "div", "", CLASS="math"))
    translator.body.append(f"{side}{mathml(translator, node, formula)}</div>\n")
    raise nodes.SkipNode


def mathml(translator: HTML5Translator, node: nodes.Element, formula: Formula) -> str:
    """Return a formula as MathML; one that is not understood is shown as it was typed."""
    block = isinstance(node, nodes.math_block)
    try:
        made = _converter(translator).convert_with_global_state(formula.latex, displaystyle=block)
    except LatexError as error:
        logger.warning(
            "the formula %r cannot be shown: %s Remedy: write it in other words, or name what is "
            "not known under mathjax3_config: tex: macros.",
            node.astext(),
            re.sub(r"^\d+: ", "", str(error)),
            location=node,
        )
        return f"<code>{escape(node.astext())}</code>"
    return with_references(str(made), formula, lambda label: _link(translator, node, label))


def _converter(translator: HTML5Translator) -> LatexToMathML:
    """Return the converter of a page, which knows what its formulas defined."""
    made: LatexToMathML | None = getattr(translator, "booktools_formulas", None)
    if made is None:
        given = getattr(translator.config, "mathjax3_config", None)
        try:
            known = macros(given)
            made = LatexToMathML(macros=known, fancy_error=False, global_group=True)
        except (LatexError, ValueError) as error:
            raise ConfigError(
                f"mathjax3_config: tex: macros: {error}. Remedy: mend the macro in _config.yml."
            ) from error
        translator.booktools_formulas = made
    return made


def _link(translator: HTML5Translator, node: nodes.Element, label: str) -> str:
    """Return the link to a numbered formula of the book."""
    env: BuildEnvironment = translator.builder.env
    domain: MathDomain = env.get_domain("math")  # type: ignore[assignment]
    if label not in domain.equations:
        logger.warning("no formula has the label %r. Remedy: mend the name.", label, location=node)
        return "(??)"
    page, number = domain.equations[label]
    here = translator.builder.current_docname
    address = "" if page == here else translator.builder.get_relative_uri(here, page)
    anchor = nodes.make_id(f"equation-{label}")
    shown = str(number)
    if env.config.math_numfig and env.config.numfig:  # with the number of the section
        numbers = env.toc_fignumbers.get(page, {}).get("displaymath", {}).get(anchor, ())
        shown = env.config.math_numsep.join(".".join(map(str, numbers)).rsplit(".", 1)) or shown
    return f'<a href="{escape(address)}#{anchor}">({shown})</a>'
