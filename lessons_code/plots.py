"""Plots with fixed meanings, right in light and dark, never without alternative text.

Training, validation, test and baseline have one color, one line and one marker each in
the whole book: pass ``**TRAIN`` and its like to any Matplotlib line. Colors are stand-ins
for CSS variables, so that the page decides how they look in its light and dark theme.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lessons_code.animations import merge

plt.style.use(Path(__file__).with_name("lessons.mplstyle"))

TRAIN: dict[str, Any] = {"color": "#0b62a8", "linestyle": "-", "marker": "o", "markersize": 4}
VALIDATION: dict[str, Any] = {"color": "#b4560a", "linestyle": "--", "marker": "s", "markersize": 4}
TEST: dict[str, Any] = {"color": "#0f7b4f", "linestyle": "-.", "marker": "^", "markersize": 5}
BASELINE: dict[str, Any] = {"color": "#6b7281", "linestyle": ":", "linewidth": 2.5}
CLASS_A, CLASS_B, ERROR = "#7a3fa0", "#0e7c86", "#c0262d"

# What a color of a plot is called in the style sheet; black is the ink of the text around it.
_CSS_COLORS = {
    TRAIN["color"]: "var(--plot-train, #0b62a8)",
    VALIDATION["color"]: "var(--plot-validation, #b4560a)",
    TEST["color"]: "var(--plot-test, #0f7b4f)",
    BASELINE["color"]: "var(--plot-baseline, #6b7281)",
    CLASS_A: "var(--plot-class-a, #7a3fa0)",
    CLASS_B: "var(--plot-class-b, #0e7c86)",
    ERROR: "var(--plot-error, #c0262d)",
    "#6b7280": "var(--plot-axis, #6b7280)",
    "#d5d9df": "var(--plot-grid, #d5d9df)",
    "#000000": "currentColor",
}
_EMPTY_DEFS = "<defs>\n\n</defs>\n"
_PIXELS_PER_INCH = 115  # a figure is 483 pixels wide where there is room
_WIDTH = 4.2  # text of size 10 is 11 pixels high on a phone


@dataclass(frozen=True)
class Plot:
    """A drawn figure: inline SVG on a page, with its alternative text and caption."""

    svg: str
    alt: str
    caption: str | None = None
    attributes: str = 'class="plot"'

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return {
            "text/plain": f"[Figure: {self.alt}]",
            "text/html": f"<figure {self.attributes}>{self.svg}{caption}</figure>",
        }


def show(figure: Figure, *, alt: str, caption: str | None = None) -> None:
    """Show a figure, and close it.

    Args:
        figure: The Matplotlib figure.
        alt: What somebody who cannot see the figure has to know, one or two sentences.
        caption: What to look at, in one sentence, for everybody.

    Raises:
        ValueError: ``alt`` is missing, too short to say anything, or a file name.
    """
    from IPython.display import display

    alt = _sentence(alt, "show")
    plot = Plot(_svg(figure, alt), alt, caption)
    plt.close(figure)
    display(plot)


def animation(
    figures: Iterable[Figure],
    *,
    alt: str,
    caption: str | None = None,
    labels: Sequence[object] | None = None,
    still: int = -1,
) -> None:
    """Show figures as an animation, with a play button and a slider, and close them.

    On paper, without JavaScript and until the reader starts it, the still stands for all. What
    the frames have in common is stored once, so keep the limits of the axes the same in all.

    Args:
        figures: Two to about 16 Matplotlib figures of equal size. A generator that draws one
            after the other keeps only one open.
        alt: What somebody who cannot see the animation has to know: what changes, and how.
        caption: What to look at, in one sentence, for everybody.
        labels: What each frame is called, such as ``epoch 3``; by default its number.
        still: The frame that says most on its own, by default the last.

    Raises:
        ValueError: ``alt`` says nothing, there are fewer than two frames, their sizes differ,
            there is not a label for each, or no frame ``still``.
    """
    from IPython.display import display

    alt = _sentence(alt, "animation")
    frames, sizes = [], set()
    for frame in figures:
        frames.append(_svg(frame, alt, mark=""))
        sizes.add(tuple(frame.get_size_inches()))
        plt.close(frame)
    count = len(frames)
    if count < 2 or len(sizes) > 1:
        raise ValueError(f"animation needs two or more figures of one size, not {count}: {sizes}")
    names = [str(name) for name in labels or [f"{i + 1} of {count}" for i in range(count)]]
    if len(names) != count:
        raise ValueError(f"{count} frames need as many labels, not {len(names)}")
    if not -count <= still < count:
        raise ValueError(f"there is no frame {still} to be the still: there are {count}")
    still %= count
    listed = escape(json.dumps(names, ensure_ascii=False))
    attributes = f'class="plot animation" data-labels="{listed}" data-still="{still}"'
    display(Plot(_own_ids(merge(frames, still)), alt, caption, attributes))


def figure(rows: int = 1, columns: int = 1, *, height: float = 3.2, **options: Any) -> Any:
    """Return a new figure of the book's width and its axes, as ``plt.subplots`` does.

    Args:
        rows: How many plots stand below each other.
        columns: How many plots stand side by side; two is the most that a phone can show.
        height: Height in inches, all rows together.
        **options: Passed on to ``plt.subplots``.
    """
    return plt.subplots(rows, columns, figsize=(_WIDTH, height), **options)


def history(
    history: Any, metric: str = "accuracy", *, baseline: float | None = None, height: float = 2.8
) -> Figure:
    """Draw how a metric went during training, epoch by epoch.

    Args:
        history: What ``model.fit`` returned, or a dictionary such as its ``history``.
        metric: Which recorded metric to draw; its ``val_`` twin is drawn too if recorded.
        baseline: What is reached without learning, drawn as a line.
        height: Height in inches.

    Raises:
        ValueError: The metric was not recorded.
    """
    records = getattr(history, "history", history)
    if metric not in records:
        raise ValueError(f"{metric!r} was not recorded; there are {', '.join(sorted(records))}")
    fig, ax = figure(height=height)
    epochs = np.arange(1, len(records[metric]) + 1)
    ax.plot(epochs, records[metric], label="training", **TRAIN)
    if f"val_{metric}" in records:
        ax.plot(epochs, records[f"val_{metric}"], label="validation", **VALIDATION)
    if baseline is not None:
        ax.axhline(baseline, label="baseline", **BASELINE)
    ax.set(xlabel="epoch", ylabel=metric)
    ax.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    ax.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    ax.legend()
    return fig  # type: ignore[no-any-return]


def images(
    pictures: ArrayLike,
    titles: Sequence[object] | None = None,
    *,
    columns: int = 10,
    cmap: str = "gray_r",
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Draw pictures as a grid.

    Args:
        pictures: Shape ``(n, height, width)`` or ``(n, height, width, 3)``.
        titles: What to write above each picture.
        columns: How many pictures stand side by side.
        cmap: Matplotlib's name for the shades; by default ink is dark on light paper.
        limits: The values of the lightest and the darkest shade; by default each picture's own.

    Raises:
        ValueError: There is no picture, or not a title for each.
    """
    stack = np.asarray(pictures)
    if stack.ndim not in (3, 4) or not len(stack):
        raise ValueError(f"images needs the shape (n, height, width), not {stack.shape}")
    if titles is not None and len(titles) != len(stack):
        raise ValueError(f"{len(stack)} pictures need as many titles, not {len(titles)}")
    if columns < 1:
        raise ValueError(f"pictures stand in one column or more, not {columns}")
    columns = min(columns, len(stack))
    rows = -(-len(stack) // columns)
    title_height = 0.25 if titles is not None else 0.02
    longest = max((len(str(title)) for title in titles or ()), default=0)
    size = min(10.0, 90 * _WIDTH / columns / max(longest, 1))  # in points; titles do not overlap
    height = rows * (_WIDTH / columns * stack.shape[1] / stack.shape[2] + title_height)
    fig, axes = figure(rows, columns, height=height, squeeze=False)
    fig.get_layout_engine().set(w_pad=0.01, h_pad=0.01, wspace=0.02, hspace=0.02)
    low, high = limits or (None, None)
    for ax in axes.flat:
        ax.set_axis_off()
    for i, picture in enumerate(stack):
        axes.flat[i].imshow(picture, cmap=cmap, vmin=low, vmax=high)
        if titles is not None:
            axes.flat[i].set_title(str(titles[i]), fontweight="normal", fontsize=size, pad=2)
    return fig  # type: ignore[no-any-return]


def bars(
    values: dict[str, float],
    *,
    label: str = "accuracy",
    baseline: float | None = None,
    color: str = TEST["color"],
) -> Figure:
    """Draw horizontal bars with their values written beside them, the first at the top.

    Args:
        values: The length of each bar by its name.
        label: What the bars measure.
        baseline: What is reached without learning, drawn as a line.
        color: The bars' color; by default that of the test.
    """
    fig, ax = figure(height=0.9 + 0.36 * len(values))
    drawn = ax.barh(list(values), list(values.values()), color=color, height=0.6)
    ax.bar_label(drawn, fmt="%.2f", padding=4)
    ax.margins(x=0.12)
    if baseline is not None:
        ax.axvline(baseline, label="baseline", **BASELINE)
        ax.legend(loc="lower right", bbox_to_anchor=(1, 1))
    ax.invert_yaxis()
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(label)
    return fig  # type: ignore[no-any-return]


def confusion(y_test: ArrayLike, y_pred: ArrayLike, class_names: Sequence[str]) -> Figure:
    """Draw how often each true class (row) was given each answer (column).

    Right answers stand on the diagonal, on plain ground; mistakes are shaded by their number.

    Args:
        y_test: The true labels, shape ``(n,)``.
        y_pred: The predicted labels, shape ``(n,)``.
        class_names: What label ``k`` means, at position ``k``.

    Raises:
        ValueError: A label has no name.
    """
    from sklearn.metrics import confusion_matrix

    k = len(class_names)
    for label in np.union1d(y_test, y_pred):
        if label not in range(k):
            raise ValueError(f"the label {label} has no name: there are {k} class names")
    counts = confusion_matrix(y_test, y_pred, labels=range(k))
    right = np.eye(k, dtype=bool)
    mistakes = np.ma.masked_where(right | (counts == 0), counts)
    fig, ax = figure(height=4.6)
    ax.imshow(
        mistakes, cmap="Reds", vmin=0, vmax=2 * counts[~right].max(initial=0) + 1, aspect="auto"
    )
    for row, column in np.ndindex(k, k):
        if counts[row, column]:
            # on a shaded square the ink stays dark, in the dark theme too
            ink, weight = ("black", "bold") if row == column else ("#010101", "normal")
            ax.text(
                column,
                row,
                str(counts[row, column]),
                color=ink,
                fontsize=9,
                fontweight=weight,
                ha="center",
                va="center",
            )
    ax.set_xticks(range(k), class_names, rotation=0 if max(map(len, class_names)) < 3 else 60)
    ax.set_yticks(range(k), class_names)
    ax.set(xlabel="answer", ylabel="truth")
    ax.grid(visible=False)
    return fig  # type: ignore[no-any-return]


def _sentence(alt: str, function: str) -> str:
    """Return an alternative text, or refuse it if it says nothing."""
    words = str(alt or "").split()
    if len(words) < 4 or re.search(r"\.(png|svg|jpe?g|webp|gif)\b", alt, re.IGNORECASE):
        raise ValueError(
            f"{function}: alt={alt!r} does not say what the figure shows; "
            "write one or two sentences for somebody who cannot see it"
        )
    return " ".join(words)


def _svg(figure: Figure, alt: str, mark: str | None = None) -> str:
    """Return the figure as inline SVG: the same bytes for the same figure."""
    width = figure.get_size_inches()[0]
    file = io.StringIO()
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "lessons"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    markup = file.getvalue()
    markup = markup[markup.index("<svg") :].strip()
    markup = re.sub(r"<metadata>.*?</metadata>\s*|<style.*?</style>", "", markup, flags=re.DOTALL)
    markup = re.sub(r"\n\s*", "\n", markup)
    markup = _lighten(markup)
    markup = _own_ids(markup, mark)
    markup = re.sub(r' style="([^"]*)"', _attributes, markup)
    box = re.search(r'viewBox="[^"]*"', markup)
    assert box is not None
    body = markup[markup.index(">") + 1 :]
    pixels = round(width * _PIXELS_PER_INCH)
    head = f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="{pixels}" {box.group()}'
    head += ' stroke-linejoin="round"'  # Matplotlib's own default
    return f'{head} role="img" aria-label="{escape(alt)}">{body}'.replace(_EMPTY_DEFS, "")


def _lighten(markup: str) -> str:
    """Write places to a hundredth of a point, and the style that markers share once for all."""

    def rounded(places: re.Match[str]) -> str:
        return re.sub(r"-?\d+\.\d{3,}", lambda place: f"{float(place[0]):.2f}", places[0])

    def shared(group: re.Match[str]) -> str:
        styles = set(re.findall(r' style="[^"]*"', group[2]))
        if len(styles) != 1:
            return group[0]
        style = styles.pop()
        return f"<g{group[1]}{style}>\n{group[2].replace(style, '')}</g>"

    markup = re.sub(r' (?:d|x|y|points)="[^"]*"', rounded, markup)
    return re.sub(r'<g( clip-path="[^"]*")>\n((?:<use [^<>]*/>\n)+)</g>', shared, markup)


def _attributes(style: re.Match[str]) -> str:
    """Return a style as attributes, which need no hole in a page's policy, in named colors."""
    pairs = (entry.split(":", 1) for entry in style[1].split(";") if ":" in entry)
    given = {name.strip(): value.strip() for name, value in pairs}
    if "monospace" in given.pop("font-family", ""):  # the page has fonts of its own
        given["font-family"] = "monospace"
    return "".join(f' {name}="{_CSS_COLORS.get(value, value)}"' for name, value in given.items())


def _own_ids(markup: str, mark: str | None = None) -> str:
    """Drop the ids that nothing refers to, and make the others unlike any other figure's."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', markup))
    if mark is None:
        mark = hashlib.sha256(markup.encode()).hexdigest()[:8]
    markup = re.sub(
        r'(<\w+[^<>]*?) id="([^"]+)"',
        lambda tag: f'{tag[1]} id="{mark}-{tag[2]}"' if tag[2] in used else tag[1],
        markup,
    )
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{mark}-", markup)
