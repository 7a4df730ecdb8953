"""Plots: they draw what they are told, and reach the page as clean, repeatable SVG."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from sklearn.metrics import confusion_matrix

from lessons_code import plots

ALT = "A line climbs from one to three."
ROLES = {
    "train": plots.TRAIN,
    "validation": plots.VALIDATION,
    "test": plots.TEST,
    "baseline": plots.BASELINE,
}
COLORS = {
    **{role: style["color"] for role, style in ROLES.items()},
    "class-a": plots.CLASS_A,
    "class-b": plots.CLASS_B,
    "error": plots.ERROR,
    "axis": "#6b7280",
    "grid": "#d5d9df",
}


@pytest.fixture(autouse=True)
def _no_open_figures() -> Iterator[None]:
    plt.close("all")
    yield
    plt.close("all")


def line_figure(**style: Any) -> Figure:
    """Return a figure with a line, a legend, text, an image and a clipped area."""
    fig, (left, right) = plots.figure(1, 2)
    left.plot([1, 2, 3], [1, 2, 3], label="climb", **(style or plots.TRAIN))
    left.legend()
    left.set_title("Up & away")
    right.imshow(np.arange(6).reshape(2, 3))
    right.fill_between([0, 1], [0, 1], hatch="//")
    return fig  # type: ignore[no-any-return]


def drawn(figure: Figure, displayed: list[Any], alt: str = ALT, caption: str | None = None) -> Any:
    """Show a figure, and return what was displayed for it."""
    plots.show(figure, alt=alt, caption=caption)
    return displayed.pop()


def ids(svg: str) -> list[str]:
    return re.findall(r'\sid="([^"]*)"', svg)


def references(svg: str) -> set[str]:
    return set(re.findall(r'(?:url\(#|href="#)([^")]*)', svg))


# the alternative text


@pytest.mark.parametrize("alt", ["", " ", "plot", "digits.png", "three short words", "a\n b\t c "])
def test_a_figure_without_a_sentence_of_alternative_text_is_refused(
    displayed: list[Any], alt: str
) -> None:
    with pytest.raises(ValueError, match="alt=") as caught:
        plots.show(line_figure(), alt=alt)
    assert repr(alt) in str(caught.value)
    assert not displayed


def test_alternative_text_cannot_be_forgotten(displayed: list[Any]) -> None:
    with pytest.raises(TypeError, match="alt"):
        plots.show(line_figure())  # type: ignore[call-arg]
    assert not displayed


def test_four_words_are_enough(displayed: list[Any]) -> None:
    assert drawn(line_figure(), displayed, "A line goes up.").alt == "A line goes up."


def test_the_aria_label_is_the_alternative_text_escaped(displayed: list[Any]) -> None:
    alt = 'Above 5 > 3, "quoted", below <b>it\'s</b> R&D'
    svg = drawn(line_figure(), displayed, alt).svg
    (label,) = re.findall(r'^<svg [^>]*role="img" aria-label="([^"<>]*)">', svg)
    assert unescape(label) == alt
    assert ElementTree.fromstring(svg).get("aria-label") == alt


def test_text_output_has_the_alternative_text_on_one_line(displayed: list[Any]) -> None:
    plot = drawn(line_figure(), displayed, "A line\n   goes  up steeply.")
    assert plot._repr_mimebundle_()["text/plain"] == "[Figure: A line goes up steeply.]"


# the page


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML, as a browser reads it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.last_text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.last_text = data


def test_a_caption_reaches_the_page_as_text(displayed: list[Any]) -> None:
    plot = drawn(line_figure(), displayed, caption='Look <i>here</i> & "there"')
    page = Tags(plot._repr_mimebundle_()["text/html"])
    assert page.tags[:2] == ["figure", "svg"]
    assert page.tags[-1] == "figcaption"
    assert page.last_text == 'Look <i>here</i> & "there"'


def test_without_a_caption_there_is_no_empty_caption(displayed: list[Any]) -> None:
    html = drawn(line_figure(), displayed)._repr_mimebundle_()["text/html"]
    assert html.startswith('<figure class="plot"><svg ')
    assert html.endswith("</svg></figure>")
    assert "figcaption" not in html


def test_ipython_finds_text_and_html_in_a_plot(displayed: list[Any]) -> None:
    from IPython.core.formatters import DisplayFormatter

    data, _ = DisplayFormatter().format(drawn(line_figure(), displayed))
    assert set(data) == {"text/plain", "text/html"}


def test_the_figure_is_closed_after_show_and_others_stay_open(displayed: list[Any]) -> None:
    shown, other = line_figure(), line_figure()
    plots.show(shown, alt=ALT)
    assert not plt.fignum_exists(shown.number)
    assert plt.fignum_exists(other.number)
    assert len(displayed) == 1


# the SVG


def test_the_svg_is_well_formed_and_bare(displayed: list[Any]) -> None:
    svg = drawn(line_figure(), displayed).svg
    assert ElementTree.fromstring(svg).tag == "svg"
    assert svg.startswith("<svg ")
    assert svg.endswith("</svg>")
    for unwanted in (
        "<style",
        " style=",
        "<metadata",
        "<?xml",
        "<!DOCTYPE",
        "<!--",
        "dc:date",
        "rdf:",
    ):
        assert unwanted not in svg


def test_the_svg_keeps_words_as_text(displayed: list[Any]) -> None:
    root = ElementTree.fromstring(drawn(line_figure(), displayed).svg)
    texts = [element.text for element in root.iter("text")]
    assert "Up & away" in texts
    assert "climb" in texts


def test_code_in_a_figure_keeps_its_width(displayed: list[Any]) -> None:
    fig, ax = plots.figure()
    ax.text(0, 0, "x = 1", family="monospace")
    plots.show(fig, alt=ALT)
    families = re.findall(r'<text[^>]* font-family="([^"]*)"', displayed[0].svg)
    assert families == ["monospace"]  # all else is set in the page's font


def test_a_thousand_markers_are_light_and_in_their_places(displayed: list[Any]) -> None:
    fig, ax = plots.figure()
    ax.plot(np.random.default_rng(0).uniform(size=1000), "o", color=plots.CLASS_A)
    root = ElementTree.fromstring(drawn(fig, displayed).svg)
    named = "{http://www.w3.org/2000/svg}" if root.tag.startswith("{") else ""
    group = next(g for g in root.iter(f"{named}g") if len(g) == 1000)
    assert "--plot-class-a" in (group.get("fill") or "")
    assert all(marker.get("fill") is None for marker in group)
    assert len(ElementTree.tostring(group)) < 100 * 1000
    places = [float(marker.get("x") or "nan") for marker in group]
    assert np.ptp(np.diff(places)) < 0.021  # evenly spaced, to a hundredth of a point


def test_markers_of_several_colors_keep_their_own(displayed: list[Any]) -> None:
    fig, ax = plots.figure()
    ax.scatter([0, 1, 2], [0, 1, 2], c=[plots.CLASS_A, plots.CLASS_B, plots.ERROR])
    svg = drawn(fig, displayed).svg
    for name in ("class-a", "class-b", "error"):
        assert f"var(--plot-{name}" in svg


def test_the_svg_keeps_its_shape_at_any_width(displayed: list[Any]) -> None:
    fig, _ = plots.figure(height=2.6)
    root = ElementTree.fromstring(drawn(fig, displayed).svg)
    left, top, width, height = map(float, (root.get("viewBox") or "").split())
    assert (left, top) == (0, 0)
    assert width / height == pytest.approx(4.2 / 2.6)
    assert root.get("width") == "483"
    assert root.get("height") is None


def test_the_same_figure_gives_the_same_bytes(displayed: list[Any]) -> None:
    first, second = (drawn(line_figure(), displayed).svg for _ in range(2))
    assert first == second


def test_settings_of_a_chapter_do_not_change_the_bytes(displayed: list[Any]) -> None:
    expected = drawn(line_figure(), displayed).svg
    with plt.rc_context({"svg.hashsalt": None, "svg.fonttype": "path"}):
        assert drawn(line_figure(), displayed).svg == expected


def test_another_process_gives_the_same_bytes(displayed: list[Any]) -> None:
    program = textwrap.dedent("""
        import hashlib
        import IPython.display
        from lessons_code import plots
        IPython.display.display = lambda plot: print(hashlib.sha256(plot.svg.encode()).hexdigest())
        figure, axes = plots.figure()
        axes.plot([1, 3, 2], **plots.TEST)
        axes.fill_between([0, 1], [0, 1], hatch="//")
        plots.show(figure, alt="Three points and an area.")
    """)
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "1", "MPLBACKEND": "agg"},
        capture_output=True,
        check=True,
        text=True,
    )
    fig, ax = plots.figure()
    ax.plot([1, 3, 2], **plots.TEST)
    ax.fill_between([0, 1], [0, 1], hatch="//")
    svg = drawn(fig, displayed, "Three points and an area.").svg
    assert run.stdout.strip() == hashlib.sha256(svg.encode()).hexdigest()


def test_two_figures_on_a_page_have_no_id_in_common(displayed: list[Any]) -> None:
    one = drawn(line_figure(), displayed).svg
    other = drawn(line_figure(**plots.TEST), displayed).svg
    assert ids(one)
    assert not set(ids(one)) & set(ids(other))


def test_every_id_is_unique_and_used_and_every_reference_finds_its_id(displayed: list[Any]) -> None:
    svg = drawn(line_figure(), displayed).svg
    assert len(ids(svg)) == len(set(ids(svg)))
    assert set(ids(svg)) == references(svg)


def test_a_figure_without_references_has_no_ids(displayed: list[Any]) -> None:
    fig, ax = plots.figure()
    ax.set_axis_off()
    svg = drawn(fig, displayed).svg
    assert ids(svg) == []


# the colors


@pytest.mark.parametrize(("name", "color"), COLORS.items(), ids=COLORS.keys())
def test_a_color_with_a_meaning_is_left_to_the_style_sheet(
    displayed: list[Any], name: str, color: str
) -> None:
    fig, ax = plots.figure()
    ax.plot([0, 1], [0, 1], color=color, marker="o")
    ax.fill_between([0, 1], [0, 1], color=color)
    ax.text(0, 0, "word", color=color)
    svg = drawn(fig, displayed).svg
    stand_in = f"var(--plot-{name}, {color})"
    assert f'stroke="{stand_in}"' in svg
    assert f'fill="{stand_in}"' in svg
    assert color not in svg.replace(stand_in, "")


def test_black_is_the_ink_of_the_page(displayed: list[Any]) -> None:
    fig, ax = plots.figure()
    ax.plot([0, 1], [0, 1], color="black", marker="o")
    ax.text(0, 0, "word", color="black")
    svg = drawn(fig, displayed).svg
    assert 'stroke="currentColor"' in svg
    assert "#000000" not in svg
    assert not re.search(r'(fill|stroke)="(black|#000)\b', svg)


def test_another_color_stays_as_it_is(displayed: list[Any]) -> None:
    svg = drawn(line_figure(color="#123456"), displayed).svg
    assert 'stroke="#123456"' in svg


def test_no_ground_is_painted_behind_a_figure(displayed: list[Any]) -> None:
    svg = drawn(line_figure(), displayed).svg
    assert "#ffffff" not in svg


def test_every_meaning_has_a_color_of_its_own() -> None:
    assert len({color.lower() for color in COLORS.values()}) == len(COLORS)


def test_the_four_roles_can_be_told_apart_without_color() -> None:
    assert len({style["linestyle"] for style in ROLES.values()}) == len(ROLES)
    assert len({style.get("marker") for style in ROLES.values()}) == len(ROLES)


def assert_role(line: Line2D, role: dict[str, Any]) -> None:
    assert to_hex(line.get_color()) == role["color"]
    assert line.get_linestyle() == role["linestyle"]
    assert line.get_marker() == role.get("marker", "None")


# figure()


def test_a_figure_has_the_width_of_the_book_and_the_axes_that_were_asked_for() -> None:
    fig, ax = plots.figure(height=4)
    assert isinstance(ax, Axes)
    assert fig.get_size_inches().tolist() == [4.2, 4.0]
    fig, axes = plots.figure(2, 3, sharex=True)
    assert axes.shape == (2, 3)
    assert axes[0, 0].get_shared_x_axes().joined(axes[0, 0], axes[1, 2])
    assert fig.get_size_inches().tolist() == [4.2, 3.2]


# history()


RECORDS = {"loss": [3.0, 2.0, 1.0], "accuracy": [0.1, 0.5, 0.7], "val_accuracy": [0.2, 0.3, 0.4]}


@pytest.mark.parametrize("record", [RECORDS, SimpleNamespace(history=RECORDS)])
def test_history_draws_a_metric_and_its_validation_twin_by_epoch(record: Any) -> None:
    (ax,) = plots.history(record).axes
    training, validation = ax.lines
    assert training.get_xdata().tolist() == validation.get_xdata().tolist() == [1, 2, 3]
    assert list(training.get_ydata()) == RECORDS["accuracy"]
    assert list(validation.get_ydata()) == RECORDS["val_accuracy"]
    assert_role(training, plots.TRAIN)
    assert_role(validation, plots.VALIDATION)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "accuracy")
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["training", "validation"]


def test_history_takes_what_keras_returns_from_fit() -> None:
    import keras

    record = keras.callbacks.History()
    record.history = RECORDS
    (ax,) = plots.history(record, "loss", height=2).axes
    (training,) = ax.lines
    assert list(training.get_ydata()) == RECORDS["loss"]
    assert ax.get_ylabel() == "loss"
    assert ax.figure.get_size_inches().tolist() == [4.2, 2.0]


@pytest.mark.parametrize("level", [0.53, 0.0])
def test_history_draws_the_baseline_across_if_there_is_one(level: float) -> None:
    (ax,) = plots.history(RECORDS, baseline=level).axes
    *_, line = ax.lines
    assert len(ax.lines) == 3
    assert list(line.get_ydata()) == [level, level]
    assert_role(line, plots.BASELINE)
    assert ax.get_legend().get_texts()[-1].get_text() == "baseline"


@pytest.mark.parametrize("epochs", [2, 3, 7, 40])
def test_history_counts_epochs_in_whole_numbers(epochs: int) -> None:
    fig = plots.history({"accuracy": [0.5] * epochs})
    fig.canvas.draw()
    ticks = fig.axes[0].get_xticks()
    assert np.array_equal(ticks, np.round(ticks))


def test_history_of_a_metric_that_was_not_recorded_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match="'auc' was not recorded") as caught:
        plots.history(RECORDS, "auc")
    assert "accuracy, loss, val_accuracy" in str(caught.value)


# images()


def shown_images(fig: Figure) -> list[Any]:
    """Return the pictures of a figure, in the order of its axes."""
    return [image for ax in fig.axes for image in ax.images]


def geometry(fig: Figure) -> tuple[int, int]:
    spec = fig.axes[0].get_subplotspec()
    assert spec is not None
    rows, columns = spec.get_gridspec().get_geometry()
    return rows, columns


@pytest.mark.parametrize(
    ("number", "columns", "grid"),
    [(1, 10, (1, 1)), (7, 10, (1, 7)), (10, 10, (1, 10)), (11, 10, (2, 10)), (5, 2, (3, 2))],
)
def test_images_stand_in_rows_in_their_order(
    number: int, columns: int, grid: tuple[int, int]
) -> None:
    stack = np.random.default_rng(0).integers(0, 256, (number, 4, 3), dtype=np.uint8)
    fig = plots.images(stack, columns=columns)
    assert geometry(fig) == grid
    assert len(fig.axes) == grid[0] * grid[1]
    assert [len(ax.images) for ax in fig.axes] == [1] * number + [0] * (len(fig.axes) - number)
    for image, picture in zip(shown_images(fig), stack, strict=True):
        np.testing.assert_array_equal(image.get_array(), picture)
    assert not any(ax.axison for ax in fig.axes)


def test_titles_of_images_do_not_overlap() -> None:
    fig = plots.images(np.eye(4)[None].repeat(16, axis=0), ["malignant"] * 16, columns=8)
    fig.draw_without_rendering()
    boxes = [ax.title.get_window_extent() for ax in fig.axes[:8]]
    assert all(one.x1 < next_one.x0 for one, next_one in pairwise(boxes))


def test_images_take_nested_lists_and_color_pictures() -> None:
    (image,) = shown_images(plots.images([[[0, 1], [2, 3]]]))
    assert image.get_array().tolist() == [[0, 1], [2, 3]]
    color = np.random.default_rng(0).random((2, 4, 4, 3))
    for image, picture in zip(shown_images(plots.images(color)), color, strict=True):
        np.testing.assert_array_equal(image.get_array(), picture)


def test_images_carry_their_titles_in_order() -> None:
    fig = plots.images(np.zeros((3, 2, 2)), [7, "seven", 0.5], columns=2)
    assert [ax.get_title() for ax in fig.axes] == ["7", "seven", "0.5", ""]


def test_images_have_their_own_shades_unless_limits_are_given() -> None:
    stack = np.array([[[0, 10]], [[5, 30]]])
    fig = plots.images(stack)
    assert [image.get_clim() for image in shown_images(fig)] == [(0, 10), (5, 30)]
    fig = plots.images(stack, limits=(0, 255))
    assert [image.get_clim() for image in shown_images(fig)] == [(0, 255), (0, 255)]


def test_images_are_dark_ink_on_light_paper_unless_told() -> None:
    (image,) = shown_images(plots.images([[[0, 1]]]))
    paper, ink = (sum(image.cmap(image.norm(value))[:3]) for value in (0, 1))
    assert (paper, ink) == (3.0, 0.0)
    (image,) = shown_images(plots.images([[[0, 1]]], cmap="viridis"))
    assert image.cmap.name == "viridis"


@pytest.mark.parametrize("shape", [(0, 4, 4), (4, 4), (4,), (), (1, 1, 4, 4, 3)])
def test_images_of_another_shape_are_refused_with_it(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape") as caught:
        plots.images(np.zeros(shape))
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize("titles", [[], ["a"], ["a", "b", "c"]])
def test_images_need_a_title_for_each_or_none(titles: list[str]) -> None:
    with pytest.raises(ValueError, match=f"2 pictures need as many titles, not {len(titles)}"):
        plots.images(np.zeros((2, 4, 4)), titles)


# bars()


VALUES = {"zero rule": 0.1, "one neuron": 0.875, "network": 0.996}


def test_bars_have_their_lengths_names_and_values_the_first_on_top() -> None:
    fig = plots.bars(VALUES, label="share right")
    (ax,) = fig.axes
    fig.canvas.draw()
    assert [bar.get_width() for bar in ax.patches] == list(VALUES.values())
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == list(VALUES)
    heights = [ax.transData.transform((0, bar.get_y()))[1] for bar in ax.patches]
    assert heights == sorted(heights, reverse=True)
    assert [text.get_text() for text in ax.texts] == ["0.10", "0.88", "1.00"]
    assert ax.get_xlabel() == "share right"
    assert not ax.lines


def test_bars_have_the_color_of_the_test_unless_told() -> None:
    assert {to_hex(b.get_facecolor()) for b in plots.bars(VALUES).axes[0].patches} == {
        plots.TEST["color"]
    }
    error = plots.bars(VALUES, color=plots.ERROR)
    assert {to_hex(bar.get_facecolor()) for bar in error.axes[0].patches} == {plots.ERROR}


@pytest.mark.parametrize("level", [0.53, 0.0])
def test_bars_show_the_baseline_if_there_is_one(level: float) -> None:
    (ax,) = plots.bars(VALUES, baseline=level).axes
    (line,) = ax.lines
    assert list(line.get_xdata()) == [level, level]
    assert_role(line, plots.BASELINE)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["baseline"]


# confusion()


TRUTH = np.random.default_rng(1).integers(0, 4, 60)
ANSWER = np.where(np.random.default_rng(2).random(60) < 0.6, TRUTH, (TRUTH + 1) % 3)
NAMES = ["ant", "bee", "cat", "dog"]


def written_counts(ax: Axes) -> dict[tuple[int, int], int]:
    """Return the numbers that stand in the squares, by row and column."""
    counts = {}
    for text in ax.texts:
        column, row = text.get_position()
        counts[int(row), int(column)] = int(text.get_text())
    return counts


def test_confusion_writes_how_often_each_truth_got_each_answer() -> None:
    (ax,) = plots.confusion(TRUTH, ANSWER, NAMES).axes
    counts = written_counts(ax)
    assert counts == Counter(zip(TRUTH.tolist(), ANSWER.tolist(), strict=True))
    judge = confusion_matrix(TRUTH, ANSWER)
    assert all(judge[square] == number for square, number in counts.items())
    assert np.count_nonzero(judge) == len(counts)


def test_confusion_names_rows_and_columns_from_the_top() -> None:
    fig = plots.confusion(TRUTH, ANSWER, NAMES)
    (ax,) = fig.axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("answer", "truth")
    assert [label.get_text() for label in ax.get_xticklabels()] == NAMES
    assert [label.get_text() for label in ax.get_yticklabels()] == NAMES
    bottom, top = ax.get_ylim()
    assert bottom > top


def test_confusion_shades_the_mistakes_and_only_them() -> None:
    (ax,) = plots.confusion(TRUTH, ANSWER, NAMES).axes
    (image,) = ax.images
    shades = np.ma.asarray(image.get_array())
    judge = confusion_matrix(TRUTH, ANSWER)
    mistakes = judge * (1 - np.eye(4, dtype=int))
    np.testing.assert_array_equal(shades.filled(0), mistakes)
    np.testing.assert_array_equal(np.ma.getmaskarray(shades), mistakes == 0)
    # a number stands on every shade, so the darkest shade of the map is never reached
    assert image.get_clim()[0] == 0
    assert image.get_clim()[1] > 2 * mistakes.max()


def test_confusion_sets_right_answers_in_bold() -> None:
    (ax,) = plots.confusion(TRUTH, ANSWER, NAMES).axes
    for text in ax.texts:
        column, row = text.get_position()
        assert (text.get_fontweight() == "bold") == (column == row)


def test_confusion_keeps_dark_ink_on_shades_and_follows_the_theme_elsewhere(
    displayed: list[Any],
) -> None:
    """The diagonal has no color of its own; the mistake (7 times) stays nearly black."""
    figure = plots.confusion([0] * 3 + [0] * 7 + [1], [0] * 3 + [1] * 7 + [1], ["a", "b"])
    root = ElementTree.fromstring(drawn(figure, displayed).svg)
    inks = {text.text: text.get("fill") for text in root.iter("text")}
    assert inks["7"] == "#010101"
    assert inks["3"] is None


def test_confusion_without_a_mistake_is_a_plain_diagonal() -> None:
    (ax,) = plots.confusion([0, 1, 2, 2], [0, 1, 2, 2], ["0", "1", "2"]).axes
    assert written_counts(ax) == {(0, 0): 1, (1, 1): 1, (2, 2): 2}
    assert np.ma.getmaskarray(ax.images[0].get_array()).all()


def test_confusion_keeps_a_class_that_never_occurs() -> None:
    (ax,) = plots.confusion([0, 2], [2, 0], ["0", "1", "2"]).axes
    assert np.shape(ax.images[0].get_array()) == (3, 3)
    assert written_counts(ax) == {(0, 2): 1, (2, 0): 1}


@pytest.mark.parametrize(
    ("truth", "answer", "names"),
    [([0, 1], [0], NAMES), ([], [], NAMES), ([7, 8], [7, 8], NAMES), ([0], [0], [])],
    ids=["more truths than answers", "nothing", "unknown classes", "no class names"],
)
def test_confusion_of_what_does_not_fit_is_refused(
    truth: list[int], answer: list[int], names: list[str]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        plots.confusion(truth, answer, names)


def test_words_that_look_like_markup_stay_as_they_are() -> None:
    fig, ax = plots.figure()
    ax.set_title('Use: #0b62a8 and id="a" here')
    markup = plots._svg(fig, "a title that looks like code")
    assert 'Use: #0b62a8 and id="a" here' in markup


def test_a_label_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="the label 7 has no name"):
        plots.confusion([0, 1, 7], [0, 1, 7], ["a", "b"])


def test_one_epoch_has_whole_ticks() -> None:
    fig = plots.history({"accuracy": [0.5]})
    fig.canvas.draw()
    low, high = fig.axes[0].get_xlim()
    assert [tick for tick in fig.axes[0].get_xticks() if low <= tick <= high] == [1]
