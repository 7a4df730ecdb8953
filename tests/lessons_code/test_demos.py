"""Demos: what a chapter hands over arrives on the page whole, safe and small."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any

import numpy as np
import pytest

from lessons_code import demos

TEXT = "Move the slider and see how the line turns around its middle."


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what was displayed."""
    collected: list[Any] = []
    monkeypatch.setattr("IPython.display.display", collected.append)
    return collected


def carried(shown: list[Any]) -> Any:
    """Return the data as they stand in the page."""
    markup = shown[-1]._repr_mimebundle_()["text/html"]
    found = re.search(r'<script type="application/json">(.*?)</script>', markup, re.DOTALL)
    assert found
    return json.loads(found[1])


def array(value: dict[str, Any]) -> Any:
    raw = base64.b64decode(value["base64"])
    return np.frombuffer(raw, np.dtype(value["dtype"]).newbyteorder("<")).reshape(value["shape"])


def test_the_page_gets_name_text_and_data(shown: list[Any]) -> None:
    demos.show("turn-a-line", {"slope": 2, "names": ["a", "b"]}, text=TEXT)
    markup = shown[0]._repr_mimebundle_()["text/html"]
    assert markup == (
        '<div class="demo" data-demo="turn-a-line">'
        f'<p class="demo-text">{TEXT}</p>'
        '<script type="application/json">{"slope":2,"names":["a","b"]}</script></div>'
    )


def test_without_a_page_the_text_remains(shown: list[Any]) -> None:
    demos.show("turn-a-line", {}, text=TEXT)
    assert shown[0]._repr_mimebundle_()["text/plain"] == f"[Interactive: {TEXT}]"


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (np.array([0.1, 1e-30, 3.0], "float32"), "float32"),
        (np.array([[0.1, np.nan], [np.inf, 1e300]]), "float64"),
        (np.array([0, 255]), "uint8"),
        (np.array([-1, 127]), "int8"),
        (np.array([-1, 128]), "int16"),
        (np.array([65_535]), "uint16"),
        (np.array([-2_000_000_000, 5]), "int32"),
        (np.array([4_000_000_000]), "uint32"),
        (np.array([True, False]), "uint8"),
        (np.zeros((0, 3), int), "uint8"),
        (np.arange(6.0).reshape(2, 3).T, "float64"),
        (np.array([1.5, 2.5], ">f8"), "float64"),
    ],
)
def test_arrays_arrive_to_the_bit_in_a_type_that_browsers_have(
    shown: list[Any], values: Any, dtype: str
) -> None:
    demos.show("turn-a-line", {"values": values}, text=TEXT)
    value = carried(shown)["values"]
    assert value["dtype"] == dtype
    np.testing.assert_array_equal(array(value), values)


def test_arrays_arrive_from_lists_and_from_keras(shown: list[Any]) -> None:
    tensorflow = pytest.importorskip("tensorflow")
    demos.show("turn-a-line", {"layers": [{"w": tensorflow.ones((2, 2))}]}, text=TEXT)
    assert array(carried(shown)["layers"][0]["w"]).tolist() == [[1, 1], [1, 1]]


def test_numpy_scalars_are_numbers(shown: list[Any]) -> None:
    data = {"a": np.float32(0.5), "b": np.int64(7), "c": np.array(2.5)}
    demos.show("turn-a-line", data, text=TEXT)
    assert carried(shown) == {"a": 0.5, "b": 7, "c": 2.5}


def test_nothing_in_the_data_can_end_the_script(shown: list[Any]) -> None:
    nasty = "</script><script>alert(1)</script><!-- <script>"
    demos.show("turn-a-line", {"nasty": nasty}, text=TEXT)
    assert carried(shown) == {"nasty": nasty}
    assert shown[0].html.count("<script") == shown[0].html.count("</script") == 1
    assert "<!--" not in shown[0].html


def test_the_text_is_text(shown: list[Any]) -> None:
    text = "Where x < y & y > z, the line of the demo turns to red."
    demos.show("turn-a-line", {}, text=text)
    assert html.escape(text) in shown[0].html


def test_the_same_data_give_the_same_bytes(shown: list[Any]) -> None:
    for _ in range(2):
        demos.show("turn-a-line", {"b": np.arange(5), "a": 0.1}, text=TEXT)
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", ["", "Draw", "draw_a_digit", "../draw", "draw-", 'a"b', "a.js"])
def test_a_name_that_is_no_script_is_refused(shown: list[Any], name: str) -> None:
    with pytest.raises(ValueError, match="small letters, digits and hyphens"):
        demos.show(name, {}, text=TEXT)


@pytest.mark.parametrize("text", ["", "A demo.", TEXT.rstrip("."), None])
def test_a_text_that_says_too_little_is_refused(shown: list[Any], text: Any) -> None:
    with pytest.raises(ValueError, match="at least one full sentence"):
        demos.show("turn-a-line", {}, text=text)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros(2, "float16"), "array of float16"),
        (np.zeros(2, complex), "array of complex128"),
        (np.array(["a", None]), "array of object"),
        (np.array([2**40]), "do not fit into 32 bits"),
        ({1, 2}, "a set cannot be carried"),
    ],
)
def test_what_a_browser_cannot_hold_is_refused(
    shown: list[Any], value: object, message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        demos.show("turn-a-line", {"value": value}, text=TEXT)


def test_data_without_names_are_refused(shown: list[Any]) -> None:
    with pytest.raises(TypeError, match="data is a dictionary, not list"):
        demos.show("turn-a-line", [1, 2], text=TEXT)  # type: ignore[arg-type]


def test_numbers_that_json_does_not_know_are_refused(shown: list[Any]) -> None:
    with pytest.raises(ValueError, match="NaN"):
        demos.show("turn-a-line", {"loss": float("nan")}, text=TEXT)


def test_a_demo_that_is_too_large_is_refused(shown: list[Any]) -> None:
    demos.show("turn-a-line", {"x": np.zeros(50_000, "float32")}, text=TEXT)
    with pytest.raises(ValueError, match="at most 300,000 are allowed"):
        demos.show("turn-a-line", {"x": np.zeros(60_000, "float32")}, text=TEXT)
    assert len(shown) == 1


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def test_a_network_is_carried_layer_by_layer(keras: Any, shown: list[Any]) -> None:
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(2, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    layers = demos.network(model)
    assert [layer["kind"] for layer in layers] == ["Conv2D", "MaxPooling2D", "Flatten", "Dense"]
    assert [layer["activation"] for layer in layers] == ["relu", "linear", "linear", "softmax"]
    assert layers[0]["weights"].shape == (3, 3, 1, 2)
    demos.show("turn-a-line", {"layers": layers}, text=TEXT)
    arrived = carried(shown)["layers"]
    np.testing.assert_array_equal(array(arrived[3]["weights"]), model.get_weights()[2])
    np.testing.assert_array_equal(array(arrived[3]["biases"]), model.get_weights()[3])


def test_rounded_weights_travel_as_whole_steps(keras: Any, shown: list[Any]) -> None:
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match=r"no multiples of 0\.01; round those of the model first"):
        demos.network(model, step=0.01)
    model.set_weights([np.round(100 * values) / 100 for values in model.get_weights()])
    demos.show("turn-a-line", {"layers": demos.network(model, step=0.01)}, text=TEXT)
    layer = carried(shown)["layers"][0]
    assert layer["weights"]["dtype"] in ("int8", "uint8", "int16")
    restored = array(layer["weights"]) * np.float32(layer["step"])
    np.testing.assert_allclose(restored, model.get_weights()[0], atol=1e-7)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (("LSTM", {"units": 2}), "does not know LSTM"),
        (("Conv1D", {"filters": 2, "kernel_size": 2}), "does not know Conv1D"),
        (("Conv2D", {"filters": 2, "kernel_size": 2, "padding": "same"}), "padding=valid only"),
        (("MaxPooling2D", {"pool_size": 3}), r"strides=\(2, 2\) only"),
        (("Dense", {"units": 2, "activation": "tanh"}), "Dense with activation tanh"),
    ],
)
def test_a_layer_that_the_script_does_not_know_is_refused(
    keras: Any, layer: tuple[str, dict[str, Any]], message: str
) -> None:
    kind, options = layer
    shape = {"LSTM": (4, 1), "Conv1D": (4, 1), "Dense": (4,)}.get(kind, (6, 6, 1))
    model = keras.Sequential([keras.Input(shape), getattr(keras.layers, kind)(**options)])
    with pytest.raises(ValueError, match=message):
        demos.network(model)
