"""Interactive elements: what the build computed, carried into the page and alive there.

``show`` puts data and a text on the page. The script ``_static/demos/NAME.js`` of the book
takes them from there, in the reader's browser; without JavaScript the text remains.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

SIZE_LIMIT = 300_000  # bytes of a demo on the page
_FEWEST_WORDS = 8


@dataclass(frozen=True)
class Demo:
    """An interactive element: the name of its script, its data as JSON, and its text."""

    name: str
    json: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": f"[Interactive: {self.text}]", "text/html": self.html}

    @property
    def html(self) -> str:
        """The element as it stands on the page, before its script comes."""
        safe = self.json.replace("<", "\\u003c")  # or "</script>" in a string would end it
        return (
            f'<div class="demo" data-demo="{self.name}"><p class="demo-text">{escape(self.text)}'
            f'</p><script type="application/json">{safe}</script></div>'
        )


def show(name: str, data: Mapping[str, Any], *, text: str) -> None:
    """Show an interactive element.

    Args:
        name: The demo; ``book/_static/demos/NAME.js`` registers it. The build fails if that
            file does not exist.
        data: What the demo needs: numbers, strings, lists, dictionaries and NumPy arrays of
            any shape. Arrays arrive in the script as typed arrays with a ``shape``; whole
            numbers travel in the smallest type that holds them, floats as they are.
        text: What the demo does and what one finds with it, in one sentence or more, for
            a reader without JavaScript or sight. It stands above the demo for everybody.

    Raises:
        ValueError: The name cannot be a file's, the text says too little, a number is not
            finite, or the demo is larger than ``SIZE_LIMIT`` bytes.
        TypeError: The data hold something that cannot be carried to a page.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", str(name)):
        raise ValueError(
            f"demos.show: the name {name!r} is written in small letters, digits and hyphens, "
            "as in 'draw-a-digit'; it is the name of a script"
        )
    words = str(text or "").split()
    if len(words) < _FEWEST_WORDS or not words[-1].rstrip("\"')").endswith((".", "?")):
        raise ValueError(
            f"demos.show: text={text!r} does not say enough; write what the demo does and what "
            f"one finds, in at least one full sentence of {_FEWEST_WORDS} words"
        )
    demo = Demo(name, _to_json(data), " ".join(words))
    size = len(demo.html.encode())
    if size > SIZE_LIMIT:
        raise ValueError(
            f"demos.show: {name} carries {size:,} bytes, at most {SIZE_LIMIT:,} are allowed; "
            "send less, or numbers of a smaller type (float32 has seven digits)"
        )
    from IPython.display import display

    display(demo)


def network(model: Any, *, step: float | None = None) -> list[dict[str, Any]]:
    """Return a Keras model as ``_static/demos/network.js`` computes it.

    Args:
        model: A ``keras.Sequential`` of Flatten, Dense, Conv2D and MaxPooling2D layers.
        step: If given, all weights are whole multiples of it (round them first), and travel
            as whole numbers: a byte each instead of four where there are few.

    Returns:
        A dictionary for each layer: ``kind``, Keras' name for it; where it has them,
        ``weights``, ``biases`` and ``activation``; and ``step``.

    Raises:
        ValueError: A layer is of another kind, has settings that the script does not know,
            or its weights are no multiples of ``step``.
    """
    return [_layer(layer, step) for layer in model.layers]


_LAYERS: dict[str, dict[str, Any]] = {  # and the only settings that the script knows
    "Flatten": {},
    "Dense": {},
    "Conv2D": {
        "padding": "valid",
        "strides": (1, 1),
        "dilation_rate": (1, 1),
        "groups": 1,
        "data_format": "channels_last",
    },
    "MaxPooling2D": {"padding": "valid", "strides": (2, 2), "pool_size": (2, 2)},
}
_ACTIVATIONS = ("linear", "relu", "sigmoid", "softmax")


def _layer(layer: Any, step: float | None) -> dict[str, Any]:
    kind, settings = type(layer).__name__, layer.get_config()
    known = _LAYERS.get(kind)
    activation = settings.get("activation", "linear")
    if known is None or activation not in _ACTIVATIONS:
        raise ValueError(
            f"demos.network: network.js does not know {kind} with activation {activation}; "
            f"it knows {', '.join(_LAYERS)} with {', '.join(_ACTIVATIONS)}"
        )
    for name, only in known.items():
        if settings[name] != only:
            raise ValueError(f"demos.network: network.js knows {kind} with {name}={only} only")
    carried = {"kind": kind, "activation": activation}
    for name, values in zip(("weights", "biases"), layer.get_weights(), strict=False):
        if step is None:
            carried[name] = values
            continue
        steps = np.round(values / step)
        if not np.allclose(steps * step, values, rtol=0, atol=1e-6):
            raise ValueError(
                f"demos.network: the {name} of {layer.name} are no multiples of {step}; round "
                "those of the model first, so that the page and the model are the same"
            )
        carried |= {name: steps.astype(int), "step": step}
    return carried


def _to_json(data: Mapping[str, Any]) -> str:
    if not isinstance(data, Mapping):
        raise TypeError(f"demos.show: data is a dictionary, not {type(data).__name__}")
    try:
        return json.dumps(
            dict(data), default=_carry, allow_nan=False, ensure_ascii=False, separators=(",", ":")
        )
    except ValueError as error:
        raise ValueError(
            f"demos.show: the data hold NaN, infinity or themselves ({error})"
        ) from None
    except TypeError as error:
        raise TypeError(f"demos.show: {error}") from None


def _carry(value: Any) -> Any:
    """Return what JSON knows for a value that JSON does not know."""
    if not hasattr(value, "__array__"):
        raise TypeError(
            f"a {type(value).__name__} cannot be carried to a page; "
            "give numbers, strings, lists, dictionaries or arrays"
        )
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        array = _narrow(array)
    elif array.dtype.name not in ("float32", "float64"):
        raise TypeError(
            f"an array of {array.dtype} cannot be carried to a page; "
            "make it float32, float64, whole numbers or a list"
        )
    if array.ndim == 0:
        return array.item()
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "base64": base64.b64encode(little.tobytes()).decode(),
    }


def _narrow(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return whole numbers in the smallest type that holds them all."""
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    for kind in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return array.astype(kind)
    raise TypeError(f"whole numbers from {low:,} to {high:,} do not fit into 32 bits")
