"""Finished HTML as strict XHTML, in which SVG and MathML are what readers of XML know them as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from bs4 import Tag

_XHTML = "http://www.w3.org/1999/xhtml"
NAMESPACES = {
    "math": "http://www.w3.org/1998/Math/MathML",
    "svg": "http://www.w3.org/2000/svg",
}
_XLINK = "http://www.w3.org/1999/xlink"
# HTML has no capitals in the names of tags and attributes, SVG has
_SVG_TAGS = """
    animateMotion animateTransform clipPath feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA
    feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence foreignObject linearGradient
    radialGradient textPath
"""
_SVG_ATTRIBUTES = """
    attributeName attributeType baseFrequency baseProfile calcMode clipPathUnits diffuseConstant
    edgeMode filterUnits glyphRef gradientTransform gradientUnits kernelMatrix kernelUnitLength
    keyPoints keySplines keyTimes lengthAdjust limitingConeAngle markerHeight markerUnits
    markerWidth maskContentUnits maskUnits numOctaves pathLength patternContentUnits
    patternTransform patternUnits pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio
    primitiveUnits refX refY repeatCount repeatDur requiredExtensions requiredFeatures
    specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles
    surfaceScale systemLanguage tableValues targetX targetY textLength viewBox viewTarget
    xChannelSelector yChannelSelector zoomAndPan
"""
_TAG_NAMES = {name.lower(): name for name in _SVG_TAGS.split()}
_ATTRIBUTE_NAMES = {name.lower(): name for name in _SVG_ATTRIBUTES.split()}
_VARIABLE = re.compile(r"var\(\s*--[\w-]+\s*,\s*([^()]+)\)")  # reading devices may not know them
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def document(
    title: str, language: str, markup: str, *, sheet: str = "style.css", kind: str = ""
) -> str:
    """Return a whole document.

    Args:
        title: What it is called.
        language: As in ``en``.
        markup: The content of its body, strict already.
        sheet: The address of its style sheet.
        kind: What kind of document it is, as EPUB calls it.
    """
    body = f'<body epub:type="{kind}">' if kind else "<body>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{_XHTML}" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}">\n'
        f"<head>\n<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" type="text/css" href="{sheet}"/>\n</head>\n'
        f"{body}\n{markup}\n</body>\n</html>\n"
    )


def make_strict(article: Tag) -> None:
    """Change parsed HTML so that it is written as XHTML, with SVG and MathML that readers know."""
    for tag in article.find_all(True):
        inside_svg = tag.name == "svg" or tag.find_parent("svg") is not None
        if inside_svg:
            tag.name = _TAG_NAMES.get(tag.name, tag.name)
        tag.attrs = dict(_strict_attributes(tag, inside_svg))
        if tag.name in NAMESPACES:
            tag["xmlns"] = NAMESPACES[tag.name]
        if tag.name == "svg":
            tag["xmlns:xlink"] = _XLINK


def _strict_attributes(tag: Tag, inside_svg: bool) -> Iterator[tuple[str, str]]:
    for name, given in tag.attrs.items():
        value = " ".join(given) if isinstance(given, list) else str(given or "")
        if name.startswith("data-") or name.startswith("on"):
            continue  # for scripts
        value = _VARIABLE.sub(r"\1", value)
        if value.startswith("data:"):
            value = re.sub(r"\s", "", value)
        yield (_ATTRIBUTE_NAMES.get(name, name) if inside_svg else name), value


def as_text(tag: Tag) -> str:
    """Return what a tag holds, without characters that XML does not know."""
    return _NO_XML.sub("", tag.decode_contents(formatter="minimal"))
