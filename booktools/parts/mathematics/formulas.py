"""Formulas as people write them for MathJax, in the commands that math-core knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# environments that number their lines in LaTeX; here a block has one number, beside it
_INNER = {
    "align": "aligned",
    "equation": "",
    "gather": "gathered",
    "split": "aligned",
    "flalign": "aligned",
    "alignat": "aligned",
    "alignedat": "aligned",
    "eqnarray": "array",
    "multline": "multline*",
}
_MARK = "BOOKTOOLSREFERENCE"


@dataclass
class Formula:
    """A formula, made ready.

    Attributes:
        latex: What math-core understands, as far as this module can help.
        labels: The labels that it gives itself.
        tag: What stands at its side instead of a number.
        references: The labels that it refers to, in the order of their marks.
    """

    latex: str
    labels: list[str] = field(default_factory=list)
    tag: str = ""
    references: list[str] = field(default_factory=list)


def prepare(text: str, *, block: bool) -> Formula:
    """Return a formula in the words of math-core.

    Args:
        text: The formula as it was typed.
        block: Whether it stands on its own line.
    """
    made = Formula(text)

    def take_label(found: re.Match[str]) -> str:
        made.labels.append(found[1])
        return ""

    def take_tag(found: re.Match[str]) -> str:
        made.tag = found[2] if found[1] else f"({found[2]})"
        return ""

    def refer(found: re.Match[str]) -> str:
        made.references.append(found[2])
        return rf"\text{{{_MARK}{letters(len(made.references))}}}"

    latex = re.sub(r"\\require\s*\{[^{}]*\}", "", text)
    latex = re.sub(r"\\(eq)?ref\s*\{([^{}]*)\}", refer, latex)
    if block:
        latex = re.sub(r"\\label\s*\{([^{}]*)\}", take_label, latex)
        if len(re.findall(r"\\tag\b", latex)) == 1:
            latex = re.sub(r"\\tag(\*?)\s*\{([^{}]*)\}", take_tag, latex)
        latex = re.sub(r"\\(?:notag|nonumber)\b", "", latex)
    else:
        latex = re.sub(r"\\tag(\*?)\s*\{([^{}]*)\}", _tag_behind, latex)
    latex = _definitions(latex)
    latex = re.sub(r"\\unicode\s*\{x([0-9a-fA-F]+)\}", lambda m: _character(m[1]), latex)
    latex = re.sub(r"\\(mbox|hbox)\b", r"\\text", latex)
    latex = re.sub(r"(\\[%&#_$]) ", r"\1{} ", latex)  # math-core takes such spaces away
    latex = _with_argument(latex, "substack", r"\begin{subarray}{c}%s\end{subarray}")
    latex = _environments(latex)
    made.latex = _lines(latex) if block else latex
    return made


def letters(number: int) -> str:
    """Return a whole number from 1 up in letters, which formulas may hold as text."""
    return "".join(chr(ord("A") + int(digit)) for digit in str(number)) + "X"


def with_references(markup: str, formula: Formula, link: Callable[[str], str]) -> str:
    """Return MathML with what the references of a formula lead to.

    Args:
        markup: The formula as MathML.
        formula: What was converted.
        link: Gives the HTML that stands for a label.
    """
    for number, label in enumerate(formula.references, start=1):
        markup = markup.replace(f"{_MARK}{letters(number)}", link(label))
    return markup


def macros(config: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the macros of a MathJax configuration, version 2 or later, for math-core.

    Raises:
        ValueError: A macro is neither a text nor a list that begins with one.
    """
    tex = (config or {}).get("tex") or (config or {}).get("TeX") or {}
    found = {}
    for name, value in (tex.get("macros") or tex.get("Macros") or {}).items():
        body = value[0] if isinstance(value, list | tuple) and value else value
        if not isinstance(body, str):
            raise ValueError(f"the macro {name} is {value!r}, not a text or [text, arguments]")
        if isinstance(value, list | tuple) and len(value) > 2:
            raise ValueError(f"the macro {name} has an argument that may be left out")
        # a break of the line before a name is a backslash that YAML was to take away
        body = re.sub(r"\\\\(?=[a-zA-Z])", r"\\", body)
        found[str(name)] = prepare(body, block=False).latex
    return found


def _definitions(latex: str) -> str:
    """Let definitions be made twice, as MathJax does, and know operators."""
    latex = re.sub(
        r"\\DeclareMathOperator(\*?)\s*\{?(\\[a-zA-Z]+)\}?\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}",
        r"\\newcommand{\2}{\\operatorname\1{\3}}",
        latex,
    )
    return re.sub(
        r"\\newcommand\*?\s*\{?(\\[a-zA-Z]+)\}?", r"\\providecommand{\1}{}\\renewcommand{\1}", latex
    )


def _environments(latex: str) -> str:
    """Replace environments that number lines by those that do not."""

    def change(found: re.Match[str]) -> str:
        end, name, argument = found[1], found[2], found[3] or ""
        inner = _INNER[name]
        if name == "eqnarray" and end == "begin":
            argument = "{rcl}"
        elif name in ("alignat", "alignedat"):
            argument = ""
        return rf"\{end}{{{inner}}}{argument}" if inner else ""

    return re.sub(rf"\\(begin|end)\s*\{{({'|'.join(_INNER)})\*?\}}(\{{\d+\}})?", change, latex)


def _lines(latex: str) -> str:
    """Put lines that stand in no environment into one, as Sphinx does for MathJax."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", latex) if part.strip()]
    rows = [_aligned(part) if _has_rows(part) else part for part in parts]
    return "".join(rows) if len(rows) < 2 else _aligned(r" \\ ".join(rows))


def _aligned(rows: str) -> str:
    return rf"\begin{{aligned}}{rows}\end{{aligned}}"


def _has_rows(part: str) -> bool:
    """Tell whether a line is broken, or has places to align, outside of all environments."""
    depth = 0
    for found in re.finditer(r"\\begin\b|\\end\b|\\\\|\\.|[{}&]", part, re.DOTALL):
        sign = found[0]
        if sign in (r"\begin", "{"):
            depth += 1
        elif sign in (r"\end", "}"):
            depth -= 1
        elif depth == 0 and sign in ("\\\\", "&"):
            return True
    return False


def _with_argument(latex: str, command: str, template: str) -> str:
    """Replace a command and its argument, in which braces may stand."""
    start = latex.find(f"\\{command}{{")
    while start >= 0:
        begin = start + len(command) + 2
        end = _shut(latex, begin)
        if end is None:
            return latex  # never shut: the converter says so
        inside = template.replace("%s", latex[begin:end])
        latex = f"{latex[:start]}{inside}{latex[end + 1 :]}"
        start = latex.find(f"\\{command}{{")
    return latex


def _shut(latex: str, begin: int) -> int | None:
    """Return where the brace is shut that was opened before a place."""
    depth = 1
    for found in re.finditer(r"\\.|[{}]", latex[begin:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return begin + found.start()
    return None


def _tag_behind(found: re.Match[str]) -> str:
    """Return what stands behind a formula in a sentence, which has no side for a tag."""
    return rf"\qquad \text{{{found[2] if found[1] else f'({found[2]})'}}}"


def _character(code: str) -> str:
    return rf"\text{{{chr(int(code, 16))}}}"
