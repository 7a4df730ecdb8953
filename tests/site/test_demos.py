"""The demos in a real browser: by mouse, touch and keyboard, as right as Keras, never silent."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lessons_code import data
from tests.site import checks
from tests.site.conftest import Look, Visitor
from tests.site.contents import PAGES, ROOT, SOURCES
from tests.site.visits import THEMES, Visit, reach

SCRIPTS = ROOT / "book" / "_static" / "demos"
SIZE_LIMIT = 300_000
MINUS = "\N{MINUS SIGN}"
DIGITS = "first-networks/handwritten-digits.html"
CHOOSING = "first-networks/choosing-and-stopping.html"
CONVOLUTION = "seeing/convolution.html"
TENSORS = "what-it-is/tensors.html"
WORKFLOW = "how-it-learns/keras-workflow.html"
WALKING = "how-it-learns/walking-downhill.html"
BACKPROPAGATION = "how-it-learns/backpropagation.html"
COLORS = "seeing/small-color-pictures.html"
SURE = "trusting/how-good-how-sure.html"
BOX = "trusting/opening-the-box.html"
DEMOS = {
    "threshold": "what-it-is/what-deep-learning-is.html",
    "bits-vote": "first-networks/odd-or-even.html",
    "fizzbuzz-board": "first-networks/fizzbuzz.html",
    "draw-a-digit": DIGITS,
    "stopping": CHOOSING,
    "edit-a-kernel": CONVOLUTION,
    "axes": TENSORS,
    "chooser": WORKFLOW,
    "valley": WALKING,
    "graph": BACKPROPAGATION,
    "augment": COLORS,
    "cover-a-spot": BOX,
    "ngram-votes": "words/which-language.html",
    "alarm": SURE,
    "ruler-habit": "trusting/the-ruler.html",
    "sort-methods": "trusting/network-or-classical.html",
    "paste-a-message": "what-went-wrong.html",
    "find-the-cause": "making-it-work/why-does-it-not-learn.html",
}
# every demo of the book with its page
PLACES = [
    (name, f"{page}.html")
    for page in PAGES
    for name in re.findall(r'demos\.show\(\s*"([a-z0-9-]+)"', SOURCES[page])
]
every_demo = pytest.mark.parametrize(("name", "page"), PLACES)

# where a pen goes to write a digit: across,down from 0 to 100
PATHS = {
    0: "50,5 26,20 20,55 32,90 52,95 74,80 80,45 70,12 50,5",
    1: "52,5 50,50 48,95",
    2: "22,28 32,8 58,5 75,22 68,45 20,95 80,95",
    3: "22,10 55,5 75,22 66,40 45,47 72,58 78,78 55,95 22,90",
    5: "76,6 32,6 27,45 58,42 78,62 66,90 22,93",
    7: "20,8 80,8 42,95",
}


def said(demo: Any) -> str:
    text: str = demo.get_by_role("status").inner_text()
    return text


def carried(site: Path, page: str, name: str) -> Any:
    """Return what the build handed to a demo, with arrays as arrays."""
    element = checks.soup(site / page).select_one(f'.demo[data-demo="{name}"] script')
    assert element is not None

    def revive(value: dict[str, Any]) -> Any:
        if "base64" not in value:
            return value
        raw = base64.b64decode(value["base64"])
        return np.frombuffer(raw, value["dtype"]).reshape(value["shape"])

    return json.loads(element.get_text(), object_hook=revive)


def draw(visit: Visit, demo: Any, path: str, *, left: float, top: float, size: float) -> None:
    """Draw on the sheet with the mouse; place and size are shares of the sheet."""
    sheet = demo.locator("canvas").first
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    points = np.array([point.split(",") for point in path.split()], float) / 100
    points = [box["x"], box["y"]] + box["width"] * (np.array([left, top]) + size * points)
    mouse = visit.page.mouse
    mouse.move(*points[0])
    mouse.down()
    for x, y in points[1:]:
        mouse.move(x, y, steps=6)
    mouse.up()


# every demo


def test_the_demos_are_found() -> None:
    assert set(DEMOS.items()) <= set(PLACES)


@every_demo
@pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])
def test_a_demo_starts_when_it_is_reached(seen: Look, name: str, page: str, folder: bool) -> None:
    started = seen(page).started[name, folder]
    assert started.near or not started.loaded_before
    assert started.loaded_after
    assert started.parts
    assert not started.alerts
    assert started.problems == []


@every_demo
def test_without_javascript_the_text_remains(seen: Look, name: str, page: str) -> None:
    text = seen(page).plain[name]
    assert text is not None
    assert len(text.split()) >= 15
    assert "{" not in text  # the data are not shown


@every_demo
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_a_demo_that_nobody_reached(
    seen: Look, name: str, page: str, theme: str
) -> None:
    assert seen(page).idle[theme] == []


@every_demo
def test_a_demo_fits_on_a_phone(seen: Look, name: str, page: str) -> None:
    assert seen(page).outside[name] == []


@every_demo
def test_a_demo_is_light(site: Path, name: str, page: str) -> None:
    element = checks.soup(site / page).select_one(f'.demo[data-demo="{name}"]')
    scripts = [SCRIPTS / f"{name}.js"]
    source = scripts[0].read_text(encoding="utf8")
    last = re.search(r"\}((?:,\s*\"[a-z-]+\")*),?\s*\);\s*$", source)  # of the call that starts it
    assert last
    scripts += [SCRIPTS / f"{library}.js" for library in re.findall(r'"(.+?)"', last[1])]
    size = len(str(element).encode()) + sum(script.stat().st_size for script in scripts)
    assert size < SIZE_LIMIT


def test_a_demo_that_does_not_come_says_so(visit: Visitor) -> None:
    opened = visit(DEMOS["bits-vote"])
    opened.page.route("**/demos/bits-vote.js", lambda route: route.abort())
    demo = reach(opened, "bits-vote")
    assert "does not work here" in demo.get_by_role("alert").inner_text()
    assert demo.locator(".demo-text").is_visible()


@pytest.mark.parametrize(
    "script",
    [
        'throw new Error("early");',
        'root.append(demos.element("button", { onclick() { throw new Error("late"); } }, "Go"));',
    ],
)
def test_a_demo_that_breaks_says_so(visit: Visitor, script: str) -> None:
    opened = visit(DEMOS["bits-vote"])
    body = f'demos.register("bits-vote", function (root, data) {{ {script} }});'
    opened.page.route(
        "**/demos/bits-vote.js",
        lambda route: route.fulfill(body=body, content_type="text/javascript"),
    )
    demo = reach(opened, "bits-vote")
    if "onclick" in script:
        demo.get_by_role("button").click()
    assert "does not work here" in demo.get_by_role("alert").inner_text()


# draw-a-digit


def keras_model(layers: Sequence[dict[str, Any]], shape: tuple[int, ...]) -> Any:
    """Build in Keras what the page carries."""
    import keras

    kinds = {
        "Flatten": lambda _: keras.layers.Flatten(),
        "MaxPooling2D": lambda _: keras.layers.MaxPooling2D(),
        "Dense": lambda layer: keras.layers.Dense(
            layer["weights"].shape[1], activation=layer["activation"]
        ),
        "Conv2D": lambda layer: keras.layers.Conv2D(
            layer["weights"].shape[3], layer["weights"].shape[:2], activation=layer["activation"]
        ),
    }
    model = keras.Sequential(
        [keras.Input(shape), *(kinds[layer["kind"]](layer) for layer in layers)]
    )
    model.set_weights(
        [
            layer[part] * np.float32(layer.get("step", 1))
            for layer in layers
            for part in ("weights", "biases")
            if part in layer
        ]
    )
    return model


def in_browser(visit: Visit, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the probabilities that the page computes for pictures, shape (n, 10)."""
    answers = visit.page.evaluate(
        """([pictures, count]) => {
            const demo = document.querySelector('.demo[data-demo="draw-a-digit"]');
            const layers = demos.network.unpack(demos.read(demo).layers);
            const pixels = Uint8Array.from(atob(pictures), (letter) => letter.charCodeAt(0));
            return Array.from({ length: count }, (_, i) => {
                const x = demos.network.tensor(28, 28, 1);
                x.forEach((_, at) => { x[at] = pixels[784 * i + at] / 255; });
                return Array.from(demos.network.predict(layers, x));
            });
        }""",
        [base64.b64encode(pictures.tobytes()).decode(), len(pictures)],
    )
    return np.array(answers)


@pytest.mark.parametrize(
    ("page", "shape", "split", "least"),
    [
        ("index.html", (28, 28), {"seed": 7}, 0.88),
        (DIGITS, (28, 28), {"seed": 7}, 0.88),
        (CONVOLUTION, (28, 28, 1), {"seed": 11}, 0.88),
        (SURE, (28, 28), {"val": 0.3, "test": 0.6, "seed": 7}, 0.83),
    ],
)
def test_the_page_agrees_with_keras_on_all_test_pictures(
    visit: Visitor,
    site: Path,
    page: str,
    shape: tuple[int, ...],
    split: dict[str, Any],
    least: float,
) -> None:
    parts = data.digits().split(**split)
    handed = carried(site, page, "draw-a-digit")
    opened = visit(page)
    reach(opened, "draw-a-digit")
    p = in_browser(opened, parts.x_test)
    model = keras_model(handed["layers"], shape)
    p_keras = model.predict(parts.x_test.reshape(-1, *shape) / 255, verbose=0)
    assert len(p) >= 1000
    assert np.abs(p - p_keras).max() < 1e-5
    # and it is the network that the build trained
    count = len(handed["p"])
    np.testing.assert_array_equal(parts.x_test[:count], handed["pictures"])
    assert np.abs(p[:count] - handed["p"]).max() < 1e-5
    assert np.mean(p.argmax(axis=1) == parts.y_test) > least


def test_a_test_digit_is_shown_with_its_difference_to_keras(visit: Visitor, site: Path) -> None:
    handed = carried(site, DIGITS, "draw-a-digit")
    opened = visit(DIGITS)
    demo = reach(opened, "draw-a-digit")
    for number in (1, 2):
        demo.get_by_role("button", name="Show a test digit").click()
        assert f"Test digit {number}, a {handed['labels'][number - 1]}." in said(demo)
        assert f"says {handed['p'][number - 1].argmax()}" in said(demo)
        shown = re.search(r"difference to Keras: (\S+?)\.$", said(demo))
        assert shown
        assert float(shown[1]) < 1e-5


@pytest.mark.parametrize("page", [DIGITS, CONVOLUTION])
def test_framing_makes_drawn_digits_readable(visit: Visitor, page: str) -> None:
    opened = visit(page)
    demo = reach(opened, "draw-a-digit")
    right = {}
    for framed in (True, False):
        demo.get_by_label("Fit into 20 by 20").set_checked(framed)
        answers = []
        for path in PATHS.values():
            demo.get_by_role("button", name="Clear").click()
            draw(opened, demo, path, left=0.05, top=0.05, size=0.4)
            answers.append(re.search(r"says (\d)", said(demo)))
        right[framed] = sum(
            answer is not None and int(answer[1]) == digit
            for answer, digit in zip(answers, PATHS, strict=True)
        )
    assert right[True] >= len(PATHS) - 1
    assert right[False] <= len(PATHS) / 2


def test_a_digit_is_drawn_with_a_finger(visit: Visitor) -> None:
    opened = visit(DIGITS, touch=True, width=390)
    demo = reach(opened, "draw-a-digit")
    sheet = demo.locator("canvas").first
    # in the middle, so that no button has to be scrolled to: Chromium drops a tap that follows
    sheet.evaluate("sheet => sheet.scrollIntoView({block: 'center'})")
    box, before = sheet.bounding_box(), opened.page.evaluate("scrollY")
    finger = opened.page.context.new_cdp_session(opened.page)
    x = box["x"] + box["width"] / 2
    for step in range(11):
        y = box["y"] + box["height"] * (0.1 + 0.08 * step)
        finger.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if step else "touchStart", "touchPoints": [{"x": x, "y": y}]},
        )
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    demo.get_by_text("The network says 1").wait_for()
    assert opened.page.evaluate("scrollY") == before
    opened.page.wait_for_timeout(1500)  # sooner, Chromium takes the tap for the end of a swipe
    demo.get_by_role("button", name="Clear").tap()
    demo.get_by_text("The sheet is blank.").wait_for()


def test_a_digit_is_drawn_with_keys_alone(visit: Visitor) -> None:
    opened = visit(DIGITS)
    demo = reach(opened, "draw-a-digit")
    demo.get_by_role("application").focus()
    press = opened.page.keyboard.press
    press("Space")
    for _ in range(20):
        press("ArrowDown")
    press("Space")
    assert "The network says 1" in said(demo)
    press("ArrowUp")  # the pen is up: no ink
    assert "The network says 1" in said(demo)
    press("Delete")
    assert said(demo) == "The sheet is blank."
    press("Tab")
    assert opened.page.evaluate("document.activeElement.textContent") == "Clear"


# bits-vote


def vote(handed: Any, n: int) -> str:
    """Return the answer that the page should give."""
    bits = np.array([n >> place & 1 for place in range(11, -1, -1)])
    z = bits @ handed["weights"].astype(float) + handed["bias"]
    p = 1 / (1 + np.exp(-z))
    answer = "odd" if p >= 0.5 else "even"
    state = "right" if answer == ("odd" if n % 2 else "even") else "wrong"
    total = f"{z:.2f}".replace("-", MINUS)
    return f"{n}: the sum is {total}, so p = {p:.3f}: {answer}, which is {state}."


def test_bits_vote_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, DEMOS["bits-vote"], "bits-vote")
    opened = visit(DEMOS["bits-vote"], touch=True)
    demo = reach(opened, "bits-vote")
    assert said(demo) == vote(handed, 100)
    demo.get_by_label("A number").focus()
    opened.page.keyboard.press("Control+a")
    opened.page.keyboard.type("1023")
    assert said(demo) == vote(handed, 1023)
    demo.get_by_role("button", name="bit worth 1", exact=True).click()
    assert said(demo) == vote(handed, 1022)
    demo.get_by_role("button", name="bit worth 2048").tap()
    assert said(demo) == vote(handed, 3070)
    assert demo.get_by_label("A number").input_value() == "3070"
    assert demo.locator('[aria-pressed="true"]').count() == bin(3070).count("1")
    demo.get_by_label("A number").fill("99999")
    assert said(demo) == vote(handed, 4095)


# edit-a-kernel


def sums(picture: NDArray[np.uint8], kernel: NDArray[np.float32]) -> tuple[str, str]:
    """Return the lowest and the highest sum, as the page should show them."""
    windows = np.lib.stride_tricks.sliding_window_view(picture / 255, (3, 3))
    found = (windows * kernel).sum(axis=(2, 3))
    low, high = (f"{value + 0.0:.1f}".replace("-", MINUS) for value in (found.min(), found.max()))
    return low, high


def test_a_kernel_is_edited_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, CONVOLUTION, "edit-a-kernel")
    kernels, pictures = handed["kernels"], handed["pictures"]
    opened = visit(CONVOLUTION, touch=True)
    demo = reach(opened, "edit-a-kernel")

    def expect(picture: NDArray[np.uint8], kernel: NDArray[np.float32]) -> None:
        low, high = sums(picture, kernel)
        assert f"Sums from {low} to {high}." in said(demo)

    expect(pictures[0], kernels["upright"])
    demo.get_by_role("button", name="blur").click()
    expect(pictures[0], kernels["blur"])
    demo.get_by_role("button", name="turned").tap()
    expect(pictures[0], kernels["turned"])
    demo.get_by_role("slider", name="row 2, column 2").focus()
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
    changed = kernels["turned"].copy()
    changed[1, 1] = 0.5
    expect(pictures[0], changed)
    assert demo.locator('[aria-pressed="true"]').count() == 0
    demo.get_by_role("button", name="Next digit").click()
    expect(pictures[1], changed)
    demo.get_by_label("ReLU").check()
    assert "Sums from 0.0 to" in said(demo)


# threshold


def test_a_rule_is_looked_for_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, DEMOS["threshold"], "threshold")

    def share(part: str, square: int, level: int, dark: int) -> str:
        counts = handed[part][:, square]
        right = counts[dark, level:].sum() + counts[1 - dark, :level].sum()
        return f"{right} of {counts.sum()}"

    opened = visit(DEMOS["threshold"], touch=True)
    demo = reach(opened, "threshold")
    assert said(demo) == f"Right on the training set: {share('train', 27, 8, 1)}."
    demo.get_by_role("slider", name="threshold").focus()
    opened.page.keyboard.press("ArrowRight")
    demo.get_by_role("slider", name="row").focus()
    opened.page.keyboard.press("ArrowRight")
    demo.get_by_role("slider", name="column").focus()
    opened.page.keyboard.press("ArrowLeft")
    assert said(demo) == f"Right on the training set: {share('train', 34, 9, 1)}."
    demo.get_by_role("button", name="Dark means 8").click()
    assert said(demo) == f"Right on the training set: {share('train', 34, 9, 0)}."
    demo.get_by_role("button", name="Ask the test set").tap()
    assert f"on the test set: {share('test', 34, 9, 0)}." in said(demo)
    demo.get_by_role("button", name="Ask the test set").tap()
    assert "You have looked 2 times" in said(demo)


# fizzbuzz-board


def test_a_board_is_chosen_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, DEMOS["fizzbuzz-board"], "fizzbuzz-board")
    opened = visit(DEMOS["fizzbuzz-board"], touch=True)
    demo = reach(opened, "fizzbuzz-board")

    def expect(name: str) -> None:
        wrong = int((handed["boards"][name] != handed["truth"]).sum())
        assert said(demo) == f"{name}: {100 - wrong} of 100 right."
        assert demo.locator("td s").count() == wrong

    names = list(handed["boards"])
    expect(names[0])
    demo.get_by_label("remainders").click()
    expect("remainders")
    assert demo.locator("td").nth(14).inner_text() == "FizzBuzz"
    demo.get_by_label("decimal digits").tap()
    expect("decimal digits")
    opened.page.keyboard.press("ArrowDown")
    expect(names[names.index("decimal digits") + 1])


# axes


def middle_of(demo: Any) -> list[int]:
    """Return red, green and blue in the middle of the first picture on the canvas."""
    color: list[int] = demo.locator("canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(10, 10, 1, 1).data].slice(0, 3)"
    )
    return color


def test_axes_are_averaged_as_numpy_does(visit: Visitor, site: Path) -> None:
    handed = carried(site, TENSORS, "axes")
    opened = visit(TENSORS)
    demo = reach(opened, "axes")
    assert "nothing averaged" in said(demo)
    demo.get_by_role("button", name="axis 0").click()
    assert "(60, 8, 8) → (8, 8): 3,840 numbers became 64" in said(demo)
    demo.get_by_role("button", name="axis 1").click()
    demo.get_by_role("button", name="axis 2").click()
    shade = 255 * (1 - handed["digits"].mean() / 16)
    assert middle_of(demo) == pytest.approx([shade] * 3, abs=1)
    demo.get_by_role("combobox").select_option("photo")
    demo.get_by_role("button", name="axis 0").click()
    demo.get_by_role("button", name="axis 1").click()
    assert middle_of(demo) == pytest.approx(handed["photo"].mean(axis=(0, 1)), abs=1)
    demo.get_by_role("button", name="axis 2").click()
    assert middle_of(demo) == pytest.approx([handed["photo"].mean()] * 3, abs=1)


def test_axes_by_keys_alone(visit: Visitor) -> None:
    opened = visit(TENSORS)
    demo = reach(opened, "axes")
    demo.get_by_role("combobox").focus()
    press = opened.page.keyboard.press
    for key in ("ArrowDown", "ArrowDown", "Tab", "Space"):  # a film, axis 0
        press(key)
    assert said(demo).endswith("Gone: when it was.")
    press("Space")
    assert "nothing averaged" in said(demo)


# chooser


def test_a_task_is_chosen_by_mouse_and_keys(visit: Visitor, site: Path) -> None:
    tasks = carried(site, WORKFLOW, "chooser")["tasks"]
    opened = visit(WORKFLOW)
    demo = reach(opened, "chooser")
    program, size = demo.locator("pre"), demo.get_by_role("slider")
    assert size.is_disabled()  # yes or no takes one unit
    for n, task in enumerate(tasks):
        if n:
            opened.page.keyboard.press("ArrowDown")
        else:
            demo.get_by_role("radio").first.click()
        assert f'loss="{task["loss"]}"' in program.inner_text()
        assert f'metrics=["{task["metric"]}"]' in program.inner_text()
        assert said(demo).startswith("A common slip: ")
    demo.get_by_role("radio").nth(1).click()
    size.focus()
    opened.page.keyboard.press("ArrowRight")
    assert 'layers.Dense(11, activation="softmax")' in program.inner_text()


# valley


def test_steps_crawl_land_and_explode_as_the_curvature_says(visit: Visitor, site: Path) -> None:
    handed = carried(site, WALKING, "valley")
    opened = visit(WALKING)
    demo = reach(opened, "valley")
    rate, border = demo.get_by_role("slider"), 2 / handed["curvature"]
    for name, words in [
        ("crawl", "It crawls"),
        ("land", "It lands"),
        ("zigzag", "It zigzags and lands"),
        ("explode", "It explodes"),
    ]:
        demo.get_by_role("button", name=name).click()
        share = float(rate.input_value())
        left = f"{1 - 2 * share:.3f}".replace("-", MINUS)
        assert said(demo).startswith(f"{words}: each step leaves {left} of the distance.")
        assert f"{share * border:.3f}" in str(rate.get_attribute("aria-valuetext"))
    demo.get_by_role("button", name="crawl").click()
    distance = (handed["start"] - handed["bottom"]) * (1 - 2 * float(rate.input_value())) ** 30
    loss = handed["floor"] + handed["curvature"] / 2 * distance**2
    assert f"Loss after 30 steps: {loss:.3g}" in said(demo)
    rate.focus()
    opened.page.keyboard.press("End")
    assert said(demo).startswith("It explodes")


# graph


def test_the_graph_is_walked_forward_and_back_by_keys(visit: Visitor, site: Path) -> None:
    handed = carried(site, BACKPROPAGATION, "graph")
    opened = visit(BACKPROPAGATION)
    demo = reach(opened, "graph")
    picture, forth = demo.get_by_role("img"), demo.get_by_role("button", name="Next")
    forth.focus()
    for _ in handed["steps"]:  # once more than there are steps to take
        assert "w is 2" in str(picture.get_attribute("aria-label"))
        opened.page.keyboard.press("Enter")
    assert said(demo).startswith("Step 7 of 7.")
    for node in handed["nodes"]:
        value, slope = (f"{node[key]:g}".replace("-", MINUS) for key in ("value", "slope"))
        expected = f"{node['name']} is {value} with slope {slope}"
        assert expected in str(picture.get_attribute("aria-label"))
    demo.get_by_role("button", name="Back").click()
    assert said(demo).startswith("Step 6 of 7.")
    demo.get_by_role("button", name="Start over").click()
    assert "slope" not in str(picture.get_attribute("aria-label"))


# augment


def test_copies_are_altered_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, COLORS, "augment")
    names, pictures = handed["names"], handed["pictures"] / np.float32(255)
    model = keras_model(handed["layers"], pictures.shape[1:])
    p = model.predict(pictures, verbose=0)
    assert np.abs(p - handed["p"]).max() < 1e-5  # it is the network that the build trained
    opened = visit(COLORS, touch=True)
    demo = reach(opened, "augment")

    def answer(picture: NDArray[np.float32]) -> str:
        shares = model.predict(picture[None], verbose=0)[0]
        return f"{names[shares.argmax()]} ({shares.max():.2f})"

    def expect(number: int, copy: NDArray[np.float32]) -> None:
        assert said(demo) == (
            f"The label says {names[handed['truth'][number]]}. The network says "
            f"{answer(pictures[number])} for the picture and {answer(copy)} for the copy."
        )

    def press(slider: str, *keys: str) -> None:
        demo.get_by_role("slider", name=slider).focus()
        for key in keys:
            opened.page.keyboard.press(key)

    expect(0, pictures[0])
    demo.get_by_label("mirror").check()
    mirrored = pictures[0][:, ::-1]
    expect(0, mirrored)
    press("move right", *["ArrowRight"] * 3)
    moved = np.pad(mirrored, ((0, 0), (3, 0), (0, 0)), mode="edge")[:, :32]
    expect(0, moved)
    press("brightness", "Home")
    expect(0, np.clip(moved - np.float32(0.5), 0, 1))
    demo.get_by_role("button", name="Undo all").click()
    expect(0, pictures[0])
    press("turn", "End")  # half a turn
    expect(0, pictures[0][::-1, ::-1])
    demo.get_by_role("button", name="Next picture").tap()
    expect(1, pictures[1][::-1, ::-1])
    demo.get_by_role("button", name="Undo all").tap()
    press("move down", "ArrowLeft", "ArrowLeft")
    expect(1, np.pad(pictures[1], ((0, 2), (0, 0), (0, 0)), mode="edge")[2:])


# cover-a-spot


def test_a_spot_is_covered_by_mouse_touch_and_keyboard(visit: Visitor, site: Path) -> None:
    handed = carried(site, BOX, "cover-a-spot")
    plain, sums, pictures = handed["plain"], handed["sums"], handed["pictures"]
    side, step, words = handed["side"], handed["step"], handed["words"]
    opened = visit(BOX, touch=True, motion=False)  # no scrolling while the mouse aims
    demo = reach(opened, "cover-a-spot")
    sheet = demo.locator("canvas")
    left, top = (demo.get_by_role("slider", name=f"from the {edge}") for edge in ("left", "top"))

    def expect(picture: int, place: tuple[int, int] | None) -> None:
        """Judge what is said and painted; place is the row and column of the square, if any."""
        ruler = "with" if picture % 2 else "without"
        told = [f"A spot that is {handed['truth'][picture // 2]}, {ruler} a ruler."]
        for k, name in enumerate(handed["networks"]):
            z = plain[k, picture] if place is None else sums[k, picture, *place]
            before = "" if place is None else f" instead of {plain[k, picture]:.1f}"
            told.append(f"{name}: {z:.1f}{before}, {words[int(z > 0)]}.")
        assert said(demo) == " ".join(told).replace("-", MINUS)
        painted = sheet.evaluate(
            "sheet => Array.from(sheet.getContext('2d').getImageData(0, 0, 32, 32).data)"
        )
        picture_now = pictures[picture].copy()
        if place is not None:
            rows, columns = (slice(step * at, step * at + side) for at in place)
            picture_now[rows, columns] = handed["fills"][picture]
        np.testing.assert_array_equal(np.reshape(painted, (32, 32, 4))[..., :3], picture_now)

    middle = sums.shape[2] // 2
    expect(1, (middle, middle))
    left.focus()
    opened.page.keyboard.press("Home")
    top.focus()
    opened.page.keyboard.press("End")
    expect(1, (sums.shape[2] - 1, 0))
    sheet.evaluate("sheet => sheet.scrollIntoView({block: 'center'})")
    box = sheet.bounding_box()
    assert box is not None
    mouse = opened.page.mouse
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    mouse.down()
    mouse.move(
        box["x"] + box["width"] * (2 * step + side / 2) / 32, box["y"] + box["height"] * 0.02
    )
    mouse.up()
    mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)  # no button: no move
    expect(1, (0, 2))
    sheet.tap(position={"x": box["width"] * 0.98, "y": box["height"] * 0.98})
    expect(1, (sums.shape[2] - 1, sums.shape[3] - 1))
    demo.get_by_label("cover", exact=True).uncheck()
    expect(1, None)
    demo.get_by_label("ruler", exact=True).uncheck()
    expect(0, None)
    demo.get_by_role("button", name="Next spot").click()
    expect(2, None)


def test_the_sums_of_covered_spots_say_what_the_chapter_says(site: Path) -> None:
    handed = carried(site, BOX, "cover-a-spot")
    first, repaired = handed["plain"]
    bare, ruled = slice(0, None, 2), slice(1, None, 2)
    assert (first[ruled] > first[bare] + 1).all()  # a ruler turns the first network's answer
    assert np.abs(repaired[ruled] - repaired[bare]).mean() < (first[ruled] - first[bare]).mean() / 2
    z, plain = handed["sums"][0, ruled], first[ruled]
    assert (z.min(axis=(1, 2)) < plain).all()  # and some square takes a part of it away
    middle = handed["sums"].shape[2] // 2
    assert handed["sums"][1, 1, middle, middle] > repaired[1] + 1  # the ring at the beginning


# ngram-votes


def test_pieces_vote_by_keyboard_mouse_and_touch(visit: Visitor, site: Path) -> None:
    handed = carried(site, DEMOS["ngram-votes"], "ngram-votes")
    languages = handed["languages"]
    votes = dict(zip(handed["places"].tolist(), handed["votes"] * handed["step"], strict=True))

    def pieces(word: str) -> list[str]:
        text = f" {word.lower()} "
        return [text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)]

    def given(piece: str) -> NDArray[np.float64]:
        h = 0
        for letter in piece:
            h = (h * handed["prime"] + ord(letter)) % handed["buckets"]
        return np.asarray(votes.get(1 + h, np.zeros(len(languages))))

    def expect(word: str) -> NDArray[np.float64]:
        z = handed["bias"] + np.mean([given(piece) for piece in pieces(word)], axis=0)
        p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        first, second = np.argsort(-p)[:2]
        assert said(demo) == (
            f"{word}: {languages[first]} {p[first]:.3f}, then {languages[second]} {p[second]:.3f}."
        )
        assert demo.locator('[aria-pressed="true"]').inner_text() == languages[first]
        return np.asarray(p)

    opened = visit(DEMOS["ngram-votes"], touch=True)
    demo = reach(opened, "ngram-votes")
    expect(handed["word"])
    demo.get_by_label("A word").focus()
    opened.page.keyboard.press("Control+a")
    opened.page.keyboard.type("Řeřicha žlutá")
    assert languages[expect("Řeřicha žlutá").argmax()] == "Czech"
    demo.get_by_role("button", name="Polish").tap()
    assert demo.locator('[aria-pressed="true"]').inner_text() == "Polish"
    shown = demo.locator(".ngram-pieces tr")
    assert shown.count() == 12
    strongest = max(
        abs(given(piece)[languages.index("Polish")]) * pieces("řeřicha žlutá").count(piece)
        for piece in pieces("řeřicha žlutá")
    ) / len(pieces("řeřicha žlutá"))
    value = shown.first.locator("td").last.inner_text()
    assert value.replace(MINUS, "") == f"{strongest:.2f}"
    demo.get_by_role("button", name="Shuffle").click()
    word = demo.get_by_label("A word").input_value()
    assert sorted(word.replace(" ", "")) == sorted("Řeřichažlutá")
    expect(word.strip())
    demo.get_by_label("A word").fill("")
    assert said(demo) == "There is no word yet."


# alarm


def test_an_alarm_is_made_stricter_and_rarer_by_keys(visit: Visitor, site: Path) -> None:
    handed = carried(site, SURE, "alarm")
    opened = visit(SURE)
    demo = reach(opened, "alarm")
    cells = demo.get_by_role("cell")

    def expect(at: int, one_in: int) -> None:
        rare = 10_000 // one_in
        found = int(rare * handed["found"][at] + 0.5)
        false = int((10_000 - rare) * handed["false"][at] + 0.5)
        table = [found, rare - found, false, 10_000 - rare - false]
        assert cells.all_inner_texts() == [f"{count:,}" for count in table]
        precision = f"precision {found / (found + false):.2f}" if found + false else "no alarm"
        assert f"Recall {found / rare:.2f}, {precision}" in said(demo)
        right = 10_000 - (rare - found) - false
        assert f"Accuracy {right / 10_000:.3f};" in said(demo)
        assert said(demo).endswith(f"has {1 - rare / 10_000:.3f}.")

    expect(50, 100)
    threshold = demo.get_by_role("slider", name="threshold")
    threshold.focus()
    for _ in range(9):
        opened.page.keyboard.press("ArrowRight")
    expect(59, 100)
    opened.page.keyboard.press("Home")  # all are called a nine
    expect(0, 100)
    demo.get_by_role("slider", name="how rare").focus()
    opened.page.keyboard.press("ArrowLeft")
    expect(0, 10)
    opened.page.keyboard.press("End")
    threshold.fill("97")
    expect(97, 1000)


# stopping


def test_the_stopping_epoch_is_moved_by_keyboard_mouse_and_touch(
    visit: Visitor, site: Path
) -> None:
    handed = carried(site, CHOOSING, "stopping")
    opened = visit(CHOOSING, touch=True)
    demo = reach(opened, "stopping")
    slider = demo.get_by_role("slider")
    turn = {name: int(np.argmin(handed[name]["loss"])) + 1 for name in ("val", "test")}
    assert 1 < turn["val"] < len(handed["val"]["loss"])  # there is something to find

    def expect(epoch: int, *, opened: bool) -> None:
        parts = [
            f"{name} loss {handed[part]['loss'][epoch - 1]:.3f}, "
            f"{round(1000 * handed[part]['accuracy'][epoch - 1])} of 1,000 right"
            for part, name in [("val", "validation"), ("test", "test")][: 1 + opened]
        ]
        words = f"Stopped after epoch {epoch}: {'; '.join(parts)}."
        assert said(demo).startswith(words)
        assert (f"lowest at epoch {turn['test']}," in said(demo)) == opened
        assert demo.locator("circle").count() == 2 + opened

    expect(len(handed["val"]["loss"]), opened=False)
    slider.focus()
    opened.page.keyboard.press("Home")
    expect(1, opened=False)
    opened.page.keyboard.press("ArrowRight")
    expect(2, opened=False)
    assert not demo.locator("g.stop-test").first.is_visible()
    demo.get_by_label("Open the test").check()
    expect(2, opened=True)
    assert demo.locator("g.stop-test").first.is_visible()
    demo.get_by_role("button", name="Go where validation is best").tap()
    expect(turn["val"], opened=True)
    assert slider.input_value() == str(turn["val"])


# ruler-habit


def test_a_habit_is_chosen_and_rulers_are_laid_by_keyboard_and_touch(
    visit: Visitor, site: Path
) -> None:
    handed = carried(site, DEMOS["ruler-habit"], "ruler-habit")
    benign, malignant = handed["counts"]
    opened = visit(DEMOS["ruler-habit"], touch=True)
    demo = reach(opened, "ruler-habit")

    def expect(network: int, ruled: int) -> None:
        alarms, found = handed["called"][network, ruled]
        assert f"right on {handed['own'][network]} of {benign + malignant}." in said(demo)
        assert f"{malignant - found} of {malignant} malignant spots missed, " in said(demo)
        assert f"{alarms} of {benign} benign ones called malignant." in said(demo)
        answers = zip(handed["said"][network, ruled], handed["truth"], strict=True)
        expected = [f"{handed['names'][k]} {'✓' if k == truth else '✗'}" for k, truth in answers]
        assert demo.locator("figcaption strong").all_inner_texts() == expected
        shown = demo.locator("canvas").evaluate_all(
            "all => all.map(one => [...one.getContext('2d').getImageData(0, 0, 32, 32).data])"
        )
        painted = np.reshape(shown, (-1, 32, 32, 4))[..., :3]
        np.testing.assert_array_equal(painted, handed["pictures"][ruled])

    last = len(handed["shares"]) - 1
    expect(0, 0)
    demo.get_by_role("slider").focus()
    opened.page.keyboard.press("End")
    expect(last, 0)
    demo.get_by_label("Lay a ruler beside every spot now").tap()
    expect(last, 1)
    demo.get_by_role("slider").focus()
    opened.page.keyboard.press("ArrowLeft")
    expect(last - 1, 1)


# sort-methods


def test_methods_are_sorted_by_what_is_asked_for_by_mouse_touch_and_keys(
    visit: Visitor, site: Path
) -> None:
    tables = carried(site, DEMOS["sort-methods"], "sort-methods")["tables"]
    opened = visit(DEMOS["sort-methods"], touch=True)
    demo = reach(opened, "sort-methods")

    def expect(table: dict[str, Any], key: str, words: str, *, best_is_high: bool) -> None:
        rows = sorted(table["rows"], key=lambda row: row[key], reverse=best_is_high)
        shown = demo.locator("tbody tr")
        assert shown.locator("th").all_inner_texts() == [row["method"] for row in rows]
        assert shown.last.locator("td").last.inner_text() == f"{rows[-1]['numbers']:,}"
        first = [row["method"] for row in rows if row[key] == rows[0][key]]
        assert said(demo) == f"First on {table['name']} by {words}: {', '.join(first)}."
        sorted_by = demo.locator('th[aria-sort]:not([aria-sort="none"])')
        assert sorted_by.all_inner_texts() == [words]

    expect(tables[0], "score", "accuracy", best_is_high=True)
    demo.get_by_role("button", name="steps for an answer").tap()
    expect(tables[0], "steps", "steps for an answer", best_is_high=False)
    demo.get_by_role("radio").first.focus()
    for table in tables[1:]:
        opened.page.keyboard.press("ArrowDown")
        expect(table, "steps", "steps for an answer", best_is_high=False)
    demo.get_by_role("button", name="numbers to read").focus()
    opened.page.keyboard.press("Enter")
    expect(tables[-1], "numbers", "numbers to read", best_is_high=False)
    demo.get_by_role("radio", name="diabetes").tap()
    demo.get_by_role("button", name="explained share").click()
    diabetes = next(table for table in tables if table["name"] == "diabetes")
    expect(diabetes, "score", "explained share", best_is_high=True)


# paste-a-message

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/night/train.py", line 12, in <module>
    model.fit(x, y[1:])
  File "/home/me/.venv/lib/python3.11/site-packages/keras/src/trainers/data.py", line 114, in run
    raise ValueError(msg)
ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of
samples.'x' sizes: 1000
'y' sizes: 999
"""


@pytest.mark.parametrize("folder", [False, True], ids=["server", "folder"])
def test_a_pasted_traceback_leads_to_its_entry_and_goes_nowhere(
    visit: Visitor, site: Path, folder: bool
) -> None:
    page = DEMOS["paste-a-message"]
    opened = visit(page, folder=folder)
    demo = reach(opened, "paste-a-message")
    box, links = demo.get_by_role("textbox"), demo.get_by_role("link")
    assert "Nothing leaves this page" in said(demo)
    asked = len(opened.requests)

    for entry in carried(site, page, "paste-a-message")["entries"]:
        box.fill(f"Something before. {entry['words'].replace('…', '(32, 10)')}")
        assert links.all_inner_texts() == [entry["title"]]
        assert links.get_attribute("href") == f"#{entry['code']}"
    box.fill(TRACEBACK)
    assert said(demo) == (
        "One entry of this page has this message. "
        "Of your own code, it came up in line 12 of train.py."
    )
    links.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.url.endswith("#rows-do-not-match")
    heading = opened.page.get_by_role("heading", name="Not as many labels as rows")
    assert 0 <= heading.evaluate("at => at.getBoundingClientRect().top") < 300

    box.fill(
        "Cell In[3], line 2\nValueError: The data cardinality is ambiguous. "
        "Make sure that arrays contain the same number of samples, 'sizes'"
    )
    assert "The nearest: Of your own code, it came up in line 2 of cell 3." in said(demo)
    assert links.first.inner_text() == "Not as many labels as rows"
    box.fill("ZeroDivisionError: division by zero")
    assert said(demo).startswith("No entry of this page has this message.")
    assert links.count() == 0
    demo.get_by_role("button").press("Enter")
    assert box.input_value() == ""
    later = opened.requests[asked:]  # the browser takes the icon again for a new fragment
    assert all(one.endswith("/_static/favicon.svg") for one in later)


# find-the-cause


def test_a_cause_is_named_once_the_looks_leave_no_other(visit: Visitor, site: Path) -> None:
    told = carried(site, DEMOS["find-the-cause"], "find-the-cause")
    looks, causes = told["looks"], told["causes"]
    kinds = np.array([[look["kind"] for look in cause["looks"]] for cause in causes])
    opened = visit(DEMOS["find-the-cause"], touch=True)
    demo = reach(opened, "find-the-cause")

    def judged(cause: int | str) -> str:
        demo.get_by_role("combobox").select_option(str(cause))
        demo.get_by_role("button", name="Name it").tap()
        return said(demo)

    assert judged("") == "Choose a cause first."
    assert judged(told["order"][0]) == "Possible, but 10 causes fit so far. Take another look."
    alone = []  # causes that the looks tell from all others
    demo.get_by_role("radio").first.focus()
    for program, truth in enumerate(told["order"]):
        if program:
            opened.page.keyboard.press("ArrowRight")
            assert said(demo) == f"Program {program + 1}: no error, no warning."
        for look, name in enumerate(looks):
            demo.get_by_role("button", name=name, exact=True).press("Enter")
            shown = causes[truth]["looks"][look]["shows"]
            fits = (kinds[:, : look + 1] == kinds[truth, : look + 1]).all(axis=1)
            assert said(demo) == f"{name}: {shown}. Causes that fit so far: {fits.sum()} of 10."
        assert demo.get_by_role("listitem").count() == len(looks)
        assert demo.locator(".cause-bars tbody tr").count() == 2
        excluded = int(np.flatnonzero(~fits)[0])
        look = int(np.flatnonzero(kinds[excluded] != kinds[truth])[0])
        assert judged(excluded).startswith(f"No: {looks[look]} would have shown ")
        reason = "and no look tells these two apart"
        if fits.sum() == 1:
            alone.append(truth)
            reason = "and after 6 of 6 looks no other cause fits"
        assert judged(truth) == f"Right, {reason}. {program + 1} of 10 named."
        demo.get_by_role("radio").nth(program).focus()
    assert sorted(alone) == list(range(1, 9))  # all but the sound program and the copies
