"""Formulas as people write them for MathJax, in the words of the converter."""

from __future__ import annotations

import pytest
from math_core import LatexToMathML

from booktools.parts.mathematics.formulas import macros, prepare


@pytest.mark.parametrize(
    ("typed", "ready"),
    [
        ("E = m c^2", "E = m c^2"),
        (r"a &= b \\ &= c", r"\begin{aligned}a &= b \\ &= c\end{aligned}"),
        (
            r"\begin{align} a &= b \\ c &= d \end{align}",
            r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        ),
        ("a = b\n\nc = d", r"\begin{aligned}a = b \\ c = d\end{aligned}"),
        (r"\begin{equation*} a \end{equation*}", "a"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", r"\begin{pmatrix} a & b \end{pmatrix}"),
        (
            r"\sum_{\substack{a \\ b_{1}}} x",
            r"\sum_{\begin{subarray}{c}a \\ b_{1}\end{subarray}} x",
        ),
        (r"\mbox{if} \require{cancel}", r"\text{if}"),
    ],
)
def test_a_block_is_made_ready(typed: str, ready: str) -> None:
    assert prepare(typed, block=True).latex.strip() == ready


@pytest.mark.parametrize(
    "typed",
    [
        r"\DeclareMathOperator*{\best}{arg\,max} \best_x f(x)",
        r"\newcommand{\R}{\mathbb{R}} \newcommand\R{\mathbf{R}} \R",
        r"\unicode{x263A} \text{50 \% of}",
        r"\begin{alignat}{2} a &= b & c &= d \end{alignat}",
        r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
        r"\begin{equation}\begin{split} a &= b \\ &= c \end{split}\end{equation}",
        r"\begin{gather} a \\ b \nonumber \end{gather}",
        r"\begin{multline} a \\ b \end{multline}",
    ],
)
def test_what_people_write_is_understood(typed: str) -> None:
    ready = prepare(typed, block=True).latex
    converter = LatexToMathML(fancy_error=False)
    assert "<math" in converter.convert_with_local_state(ready, displaystyle=True)


def test_labels_tags_and_references_are_taken_out() -> None:
    found = prepare(r"\label{eq:a} x = y \tag{*} \text{ by } \eqref{eq:b}", block=True)
    assert (found.labels, found.tag, found.references) == (["eq:a"], "(*)", ["eq:b"])
    assert r"\tag" not in found.latex
    assert r"\label" not in found.latex


def test_macros_of_all_versions_of_mathjax_are_known() -> None:
    given = {"R": r"\mathbb{R}", "norm": [r"\\left\\lVert #1 \\right\\rVert", 1]}
    wanted = {"R": r"\mathbb{R}", "norm": r"\left\lVert #1 \right\rVert"}
    assert macros({"tex": {"macros": given}}) == macros({"TeX": {"Macros": given}}) == wanted
    assert macros(None) == {}


@pytest.mark.parametrize("macro", [1, [], ["x", 1, "y"]])
def test_a_macro_that_cannot_be_used_is_named(macro: object) -> None:
    with pytest.raises(ValueError, match="norm"):
        macros({"tex": {"macros": {"norm": macro}}})
