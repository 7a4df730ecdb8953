"""Animations: small, the same at every run, and each frame is what its figure was."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from lessons_code import plots
from lessons_code.animations import merge

ALT = "A curve grows step by step from one point."


def growing(count: int = 4, height: float = 3.2) -> Iterator[Figure]:
    """Yield figures that differ in a line, a title, a picture and the number of dots."""
    for frame in range(count):
        fig, (left, right) = plots.figure(1, 2, height=height)
        left.plot(range(frame + 1), **plots.TRAIN)
        left.set(xlim=(0, count), ylim=(0, count), title=f"step {frame // 2}")
        right.imshow(np.full((2, 2), frame), vmin=0, vmax=count)
        right.fill_between([0, 1], [0, 1], hatch="//" if frame % 2 else None)
        yield fig


def animate(displayed: list[Any], **options: Any) -> str:
    plots.animation(options.pop("figures", growing()), **{"alt": ALT, **options})
    html: str = displayed.pop()._repr_mimebundle_()["text/html"]
    return html


def frame(svg: ElementTree.Element, number: int) -> list[str]:
    """Return what is to be seen in a frame, in order: groups are looked through."""
    parts = []
    for child in svg:
        if str(number) in child.get("data-frames", str(number)).split():
            parts += frame(child, number) if child.tag == "g" else [leaf(child)]
    return parts


def leaf(element: ElementTree.Element) -> str:
    element.tail = None
    markup = re.sub(r' xmlns:\w+="[^"]*"|\s+', " ", ElementTree.tostring(element, "unicode"))
    return re.sub(r"[0-9a-f]{8}-+", "", markup)


def svg(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])


def without_definitions(root: ElementTree.Element) -> ElementTree.Element:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "defs":
                parent.remove(child)
    return root


def test_every_frame_shows_what_its_figure_shows(displayed: list[Any]) -> None:
    merged = without_definitions(svg(animate(displayed)))
    for number, figure in enumerate(growing()):
        plots.show(figure, alt=ALT)
        alone = without_definitions(svg(displayed.pop().svg))
        assert frame(merged, number) == frame(alone, number)


def test_what_frames_share_is_stored_once(displayed: list[Any]) -> None:
    html = animate(displayed, figures=growing(12))
    single = []
    for figure in growing(12):
        plots.show(figure, alt=ALT)
        single.append(displayed.pop().svg)
    assert len(html) < 0.4 * len("".join(single))
    assert len(gzip.compress(html.encode())) < 0.7 * len(gzip.compress("".join(single).encode()))
    assert html.count(">step 0<") == 1


@pytest.mark.parametrize(("still", "seen"), [(-1, 3), (0, 0), (2, 2)])
def test_without_a_script_only_the_still_is_seen(
    displayed: list[Any], still: int, seen: int
) -> None:
    html = animate(displayed, still=still)
    assert f'data-still="{seen}"' in html
    for group in svg(html).iter("g"):
        if "data-frames" in group.keys():  # noqa: SIM118 - an element is no dictionary
            shown = str(seen) in group.get("data-frames", "").split()
            assert (group.get("display") != "none") == shown
            assert (group.get("class") == "still") == shown


def test_every_id_is_unique_and_used_and_no_definition_is_hidden(displayed: list[Any]) -> None:
    html = animate(displayed)
    root = svg(html)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(re.findall(r'(?:url\(#|href="#)([^")]*)', html))
    (definitions,) = root.iter("defs")
    assert {element.get("id") for element in definitions} == set(ids)
    other = svg(animate(displayed, figures=growing(3)))
    assert not set(ids) & {element.get("id") for element in other.iter()} - {None}


def test_an_animation_has_the_same_bytes_each_time(displayed: list[Any]) -> None:
    assert animate(displayed) == animate(displayed)


def test_labels_caption_and_alternative_text_reach_the_page(displayed: list[Any]) -> None:
    names = ["start", "a < b", 'say "x"', 7]
    html = animate(displayed, labels=names, caption="Watch <this>.")
    listed = re.search(r'data-labels="([^"]*)"', html)
    assert listed is not None
    assert json.loads(unescape(listed[1])) == [str(name) for name in names]
    assert svg(html).get("aria-label") == ALT
    assert "<figcaption>Watch &lt;this&gt;.</figcaption></figure>" in html
    assert "1 of 4" in animate(displayed)


def test_nothing_in_an_animation_needs_an_unsafe_policy(displayed: list[Any]) -> None:
    html = animate(displayed)
    assert not re.search(r"<script|<style|\son\w+=", html)


def test_figures_are_closed_one_by_one(displayed: list[Any]) -> None:
    open_figures = []

    def watched() -> Iterator[Figure]:
        for figure in growing():
            open_figures.append(len(plt.get_fignums()))
            yield figure

    plt.close("all")
    animate(displayed, figures=watched())
    assert set(open_figures) == {1}
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alt": "moves"}, "animation: alt='moves'"),
        ({"figures": growing(1)}, "two or more figures of one size, not 1"),
        ({"figures": (f for h in (2, 3) for f in growing(1, h))}, "of one size"),
        ({"labels": ["a", "b"]}, "4 frames need as many labels, not 2"),
        ({"still": 4}, "no frame 4"),
        ({"still": -5}, "no frame -5"),
    ],
)
def test_what_makes_no_animation_is_refused(
    displayed: list[Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        animate(displayed, **options)
    plt.close("all")


def test_drawings_without_a_difference_are_written_once() -> None:
    drawing = '<svg viewBox="0 0 1 1"><g><path d="M 0 0" /></g></svg>'
    merged = merge([drawing, drawing], still=0)
    assert "data-frames" not in merged
    assert merged.count("<path") == 1
