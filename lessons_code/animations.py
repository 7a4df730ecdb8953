"""Animations: several SVG drawings merged into one, in which each part stands only once.

What all frames have in common (axes, ticks, labels) is written once. Where they differ,
each variant is a group that says in which frames it is to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

_XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("xlink", _XLINK)


def merge(drawings: Sequence[str], still: int) -> str:
    """Return one SVG drawing that holds all of them, and shows one.

    A part that is not in every frame stands in ``<g data-frames="0 1 2">``. Groups that the
    still does not need carry ``display="none"``, the others the class ``still``.

    Args:
        drawings: SVG markup of equal size, in which equal ids mean equal things.
        still: Which of them is to be seen.
    """
    roots = [ET.fromstring(drawing) for drawing in drawings]
    definitions: dict[str, ET.Element] = {}
    for root in roots:
        _strip(root)
        _collect_definitions(root, definitions)
    merged = ET.Element("svg", roots[still].attrib)
    if definitions:
        ET.SubElement(merged, "defs").extend(definitions.values())
    merged.extend(_merge([list(root) for root in roots], still))
    markup = ET.tostring(merged, encoding="unicode")
    # the namespace is declared even where nothing links, as in every other figure
    return markup if "xmlns:xlink" in markup else f'<svg xmlns:xlink="{_XLINK}"{markup[4:]}'


def _merge(frames: list[list[ET.Element]], still: int) -> list[ET.Element]:
    """Merge what stands side by side in each frame."""
    before = _common(frames)
    rests = [elements[before:] for elements in frames]
    after = _common([elements[::-1] for elements in rests])
    middles = [elements[: len(elements) - after] for elements in rests]
    merged = frames[0][:before]
    if len({_outline(middle) for middle in middles}) == 1:
        for variants in zip(*middles, strict=True):
            merged += _merge_one(variants, still)
    else:
        merged += _alternatives(middles, still)
    return merged + frames[0][len(frames[0]) - after :]


def _merge_one(variants: tuple[ET.Element, ...], still: int) -> list[ET.Element]:
    """Merge elements of one kind: once if they are alike, else what is inside, else each."""
    first = variants[0]
    if len({_markup(variant) for variant in variants}) == 1:
        return [first]
    if first.text is None and all(len(variant) for variant in variants):
        outer = ET.Element(first.tag, first.attrib)
        outer.extend(_merge([list(variant) for variant in variants], still))
        return [outer]
    return _alternatives([[variant] for variant in variants], still)


def _alternatives(variants: list[list[ET.Element]], still: int) -> list[ET.Element]:
    """Return one group for each variant, with the frames in which it is to be seen."""
    frames: dict[str, list[int]] = {}
    for number, elements in enumerate(variants):
        frames.setdefault("".join(map(_markup, elements)), []).append(number)
    groups = []
    for numbers in frames.values():
        shown = {"class": "still"} if still in numbers else {"display": "none"}
        group = ET.Element("g", {"data-frames": " ".join(map(str, numbers)), **shown})
        group.extend(variants[numbers[0]])
        groups.append(group)
    return [group for group in groups if len(group)]


def _common(frames: list[list[ET.Element]]) -> int:
    """Return how many elements from the start on are the same in all frames."""
    count = 0
    for elements in zip(*frames, strict=False):
        if len({_markup(element) for element in elements}) > 1:
            break
        count += 1
    return count


def _outline(elements: list[ET.Element]) -> str:
    """Return the tags and attributes of elements, without what stands inside."""
    return repr([(element.tag, sorted(element.attrib.items())) for element in elements])


def _collect_definitions(element: ET.Element, definitions: dict[str, ET.Element]) -> None:
    """Move what is drawn by reference to ``definitions``: a hidden group may not hold it."""
    for child in list(element):
        if child.tag == "defs":
            for definition in child:
                definitions.setdefault(definition.get("id", _markup(definition)), definition)
            element.remove(child)
        else:
            _collect_definitions(child, definitions)


def _strip(root: ET.Element) -> None:
    """Drop the line breaks between elements, so that equal parts are equal."""
    for element in root.iter():
        element.tail = None
        if element.text is not None and not element.text.strip():
            element.text = None


def _markup(element: ET.Element) -> str:
    return re.sub(r' xmlns:\w+="[^"]*"', "", ET.tostring(element, encoding="unicode"))
