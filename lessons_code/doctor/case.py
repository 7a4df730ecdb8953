"""What is looked at: arrays and a network, read without a trace.

The network is only ever called through Keras' stateless interface: whatever a call would
change (running averages, random numbers, losses) is computed on the side and dropped.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Task = Literal["classes", "yes or no", "any of k", "amounts", "unknown"]

MOST_NUMBERS = 60_000_000  # of larger arrays, evenly spaced rows are looked at
MOST_ROWS = 200_000
PROBABILITIES = ("softmax", "sigmoid")
NORMALIZERS = (
    keras.layers.BatchNormalization,
    keras.layers.LayerNormalization,
    keras.layers.GroupNormalization,
    keras.layers.UnitNormalization,
)
# they pass on weighted sums of what they get, at most
LINEAR = (
    keras.layers.InputLayer,
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Permute,
    keras.layers.Dropout,
    keras.layers.Rescaling,
    keras.layers.Normalization,
    keras.layers.BatchNormalization,
    keras.layers.ZeroPadding2D,
    keras.layers.Cropping2D,
    keras.layers.AveragePooling2D,
    keras.layers.GlobalAveragePooling1D,
    keras.layers.GlobalAveragePooling2D,
    keras.layers.UpSampling2D,
)
LOSSES = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "bce": "binary_crossentropy"}
AMOUNTS = (
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
)


class UnseenError(Exception):
    """Something that a look needs is missing; the message says what, for the report."""


def to_array(given: Any, name: str) -> Array | None:
    """Return what was handed over as an array, without reading what can be read only once.

    Raises:
        UnseenError: It is a data set, a generator, or several arrays.
    """
    if given is None:
        return None
    kind = type(given).__name__
    if isinstance(given, dict) or _several(given):
        raise UnseenError(f"{name} holds several arrays; look at one input and one output")
    if keras.ops.is_tensor(given):
        given = keras.ops.convert_to_numpy(given)
    known = hasattr(given, "shape") or isinstance(given, list | tuple)
    if not known or hasattr(given, "toarray"):
        raise UnseenError(
            f"{name} is a {kind}, and looking would use it up or fill the memory; "
            "hand over some hundred rows as a NumPy array"
        )
    shape = tuple(getattr(given, "shape", ()))
    if shape and isinstance(given, np.ndarray):
        given = given[:: stride(shape)]  # before a file on disk is read
    try:
        array = np.asarray(given)
    except ValueError:  # rows of unequal length
        array = np.empty(len(given), dtype=object)
    if array.dtype == bool:
        array = array.astype(np.int8)
    if array.ndim == 0:
        raise UnseenError(f"{name} is a single {kind}, not an array")
    return array


def _several(given: Any) -> bool:
    """Tell a list of arrays, one for each input, from a list of rows."""
    if not isinstance(given, list | tuple) or not given:
        return False
    arrays = [one for one in given if hasattr(one, "shape") and len(one.shape)]
    shapes = {tuple(one.shape[1:]) for one in arrays}
    lengths = {one.shape[0] for one in arrays}
    return len(arrays) == len(given) and (
        (len(given) < 5 and all(one.ndim >= 2 and one.shape[0] > 8 for one in arrays))
        or (len(lengths) == 1 and len(shapes) > 1)
    )


def stride(shape: tuple[int, ...]) -> int:
    """Return how many rows to go on, so that an array of this shape is looked at in time."""
    width = int(np.prod(shape[1:], dtype=np.int64)) or 1
    most = max(1, min(MOST_ROWS, MOST_NUMBERS // width))
    return max(1, -(-shape[0] // most))


def spread(n: int, most: int) -> NDArray[np.int64]:
    """Return at most ``most`` row numbers, evenly spaced from 0 to ``n - 1``."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64)) if n else np.arange(0)


def numeric(array: Array) -> bool:
    """Tell whether an array holds numbers."""
    return array.dtype.kind in "biuf"


@dataclass
class Case:
    """A network with the rows that it is, was or will be trained on.

    Attributes:
        model: The network.
        x: The inputs, ``(n, ...)``, or ``None`` if they could not be read.
        y: The labels, ``(n, ...)``, or ``None``.
        x_val: Inputs that are held back.
        y_val: Their labels.
        split: The share of the last rows that are held back, in place of ``x_val``.
        use: Inputs for which the network is used.
        answers: What the caller made of the network's outputs for ``x``.
    """

    model: Any
    x: Array | None = None
    y: Array | None = None
    x_val: Array | None = None
    y_val: Array | None = None
    split: float | None = None
    use: Array | None = None
    answers: Array | None = None

    # arrays

    @property
    def rows(self) -> tuple[Array, Array]:
        """The inputs and the labels, both numbers and of one length."""
        if self.x is None or self.y is None:
            raise UnseenError("it needs x and y as arrays")
        if not (numeric(self.x) and numeric(self.y)) or len(self.x) != len(self.y):
            raise UnseenError("x and y are not numbers of one length")
        if not len(self.x):
            raise UnseenError("there are no rows")
        return self.x, self.y

    @property
    def parts(self) -> tuple[Array, Array | None, Array, Array | None]:
        """Inputs and labels for training, and those that are held back."""
        x, y = self.x, self.y
        if x is None or not numeric(x):
            raise UnseenError("it needs x as an array of numbers")
        if self.split is not None:
            at = int(len(x) * (1 - self.split))
            return x[:at], None if y is None else y[:at], x[at:], None if y is None else y[at:]
        if self.x_val is None:
            raise UnseenError("no validation was given: validation=(x_val, y_val), or a share")
        if not numeric(self.x_val):
            raise UnseenError("the validation inputs are no numbers")
        return x, y, self.x_val, self.y_val

    @cached_property
    def sample(self) -> tuple[Array, Array]:
        """Up to 256 rows, evenly spaced, that the network is called on."""
        x, y = self.rows
        most = max(8, min(256, 4_000_000 // max(1, x[0].size)))
        kept = spread(len(x), most)
        inputs, labels = x[kept], y[kept]
        if not (np.isfinite(inputs).all() and np.isfinite(labels).all()):
            raise UnseenError("there are NaN or infinite numbers in the rows")
        return inputs, labels

    # the network as it is written

    @cached_property
    def layers(self) -> list[Any]:
        """All layers in their order, those of inner networks too."""
        if not isinstance(self.model, keras.Model):
            raise UnseenError(f"a {type(self.model).__name__} is no Keras model")
        return list(flatten(self.model))

    @property
    def lines(self) -> bool:
        """Whether the order of the layers is known: they stand in a line."""
        return all(
            isinstance(one, keras.Sequential) or (not isinstance(one, keras.Model)) or _is_line(one)
            for one in [self.model, *self.model._flatten_layers(include_self=False)]
        )

    @cached_property
    def built(self) -> bool:
        """Whether the network has weights and one input."""
        if not getattr(self.model, "built", False):
            raise UnseenError(
                "the network is not built: begin with keras.Input, or call it on a batch"
            )
        return True

    @cached_property
    def input_shape(self) -> tuple[int | None, ...]:
        """The shape of a batch, as the network was built for it."""
        if self.built:
            try:
                shape = self.model.input_shape
            except (AttributeError, ValueError) as error:
                raise UnseenError("the network does not tell the shape of its input") from error
        if isinstance(shape, dict | list) or (shape and isinstance(shape[0], tuple)):
            raise UnseenError("the network has several inputs")
        return tuple(shape)

    @cached_property
    def output_shape(self) -> tuple[int | None, ...]:
        """The shape of the answers to a batch."""
        if self.built:
            try:
                shape = self.model.output_shape
            except (AttributeError, ValueError):
                shape = tuple(np.shape(self.outputs))
        if isinstance(shape, dict | list) or (shape and isinstance(shape[0], tuple)):
            raise UnseenError("the network has several outputs")
        return (None, *shape[1:])

    @cached_property
    def last(self) -> str | None:
        """The last activation by its name, ``None`` if it is not known."""
        for layer in reversed(self.layers):
            name = activation(layer)
            if name is not None:
                return name
            if not isinstance(layer, LINEAR):
                return None
        return None

    @cached_property
    def compiled(self) -> bool:
        """Whether there is a loss and an optimizer."""
        if not getattr(self.model, "compiled", False) or getattr(self.model, "loss", None) is None:
            raise UnseenError("the network is not compiled: there is no loss and no optimizer")
        return True

    @cached_property
    def loss(self) -> str:
        """The loss by its Keras name, such as ``mean_squared_error``."""
        loss = self.model.loss if self.compiled else None
        if isinstance(loss, list | tuple) and len(loss) == 1:
            loss = loss[0]
        if isinstance(loss, list | tuple | dict):
            raise UnseenError("the network has several losses")
        name = loss if isinstance(loss, str) else getattr(loss, "__name__", None)
        name = _snake(name or type(loss).__name__)
        name = LOSSES.get(name, name)
        if name in ("crossentropy", "ce"):  # Keras chooses by shapes
            units = self.output_shape[-1]
            column = self.y is None or self.y.ndim < len(self.output_shape) or self.y.shape[-1] == 1
            name = "sparse_categorical_crossentropy" if column else "categorical_crossentropy"
            name = "binary_crossentropy" if units == 1 else name
        return name

    @property
    def from_logits(self) -> bool:
        """Whether the loss takes softmax or sigmoid itself."""
        return bool(getattr(self.model.loss, "from_logits", False))

    @property
    def loss_function(self) -> Any:
        """The loss, a function of labels and answers."""
        name, loss = self.loss, self.model.loss
        loss = loss[0] if isinstance(loss, list | tuple) else loss
        return keras.losses.get(name) if isinstance(loss, str) else loss

    @cached_property
    def task(self) -> Task:
        """What the loss takes the answers for."""
        if self.loss.endswith("categorical_crossentropy"):
            return "classes"
        if self.loss.startswith("binary_"):
            units = self.output_shape[-1]
            return "yes or no" if units == 1 else "any of k"
        return "amounts" if self.loss in AMOUNTS else "unknown"

    @cached_property
    def metrics(self) -> list[str]:
        """The names of the metrics, as they were given to ``compile``."""
        given = self.model.get_compile_config().get("metrics") if self.compiled else None
        found = given if isinstance(given, list) else [given] if given else []
        return [
            name
            for one in found
            if isinstance(name := one.get("class_name") if isinstance(one, dict) else one, str)
        ]

    @cached_property
    def steps(self) -> int:
        """How many steps the optimizer has taken."""
        optimizer = getattr(self.model, "optimizer", None)
        return int(keras.ops.convert_to_numpy(optimizer.iterations)) if optimizer else 0

    # the network at work

    @cached_property
    def state(self) -> tuple[list[Any], list[Any]]:
        """The values of the weights that training changes, and of the others."""
        if not self.built:
            return [], []
        return (
            [keras.ops.copy(one) for one in self.model.trainable_variables],
            [keras.ops.copy(one) for one in self.model.non_trainable_variables],
        )

    def call(self, x: Array, *, training: bool = False, weights: list[Any] | None = None) -> Any:
        """Return the outputs for ``x`` and leave the network as it is."""
        mine, others = self.state
        outputs, _ = self.model.stateless_call(
            mine if weights is None else weights, others, self.tensor(x), **self.mode(training)
        )
        return outputs

    def mode(self, training: bool) -> dict[str, bool]:
        """Return the argument that says what a call is for, if the network takes it."""
        taken = inspect.signature(self.model.call).parameters
        return {"training": training} if {"training", "kwargs"} & set(taken) else {}

    def tensor(self, x: Array) -> Any:
        """Return inputs as Keras would hand them to the network."""
        try:
            expected = self.input_shape
        except UnseenError:  # it is not told before the network has been called
            expected = ()
        if len(expected) == x.ndim + 1 and expected[-1] == 1:  # so does fit
            x = x[..., None]
        return keras.ops.convert_to_tensor(x, dtype=self.input_dtype)

    @property
    def input_dtype(self) -> str:
        """The type of numbers that the network takes."""
        inputs = getattr(self.model, "inputs", None)
        return str(keras.backend.standardize_dtype(inputs[0].dtype)) if inputs else "float32"

    @cached_property
    def outputs(self) -> Array:
        """The answers to the sample, before training or as training left it."""
        return np.asarray(keras.ops.convert_to_numpy(self.call(self.sample[0])))

    def loss_of(self, labels: Array, outputs: Any) -> Any:
        """Return the mean loss of outputs, a scalar tensor.

        Raises:
            UnseenError: Labels and outputs do not fit together.
        """
        try:
            return keras.ops.mean(self.loss_function(self.labels(labels), outputs))
        except Exception as error:  # each backend has its own errors
            raise UnseenError("the loss of these labels and outputs cannot be computed") from error

    def labels(self, y: Array) -> Any:
        """Return labels as Keras would hand them to the loss."""
        if y.ndim == 1 and self.loss != "sparse_categorical_crossentropy":
            y = y[:, None]
        if self.loss == "sparse_categorical_crossentropy":
            return keras.ops.convert_to_tensor(y, dtype="int32")
        return keras.ops.convert_to_tensor(y, dtype="float32")

    def inside(self, x: Array, *, weights: list[Any] | None = None) -> list[tuple[Any, Array]]:
        """Return each layer of a line with what it gives for ``x``, and the network as it is.

        Raises:
            UnseenError: The layers cannot be called one by one.
        """
        mine, others = self.state
        pairs = itertools.chain(
            zip(self.model.trainable_variables, mine if weights is None else weights, strict=True),
            zip(self.model.non_trainable_variables, others, strict=True),
        )
        with keras.StatelessScope(state_mapping=list(pairs)):
            return [
                (layer, np.asarray(keras.ops.convert_to_numpy(value)))
                for layer, value in walk(self.model, self.tensor(x))
            ]

    @cached_property
    def insides(self) -> list[tuple[Any, Array]]:
        """Each layer with what it gives for up to 200 rows of the sample."""
        return self.inside(self.sample[0][:: max(1, len(self.sample[0]) // 200)])

    def has(self, *kinds: type) -> bool:
        """Tell whether there is a layer of one of these kinds."""
        return any(isinstance(layer, kinds) for layer in self.layers)


def flatten(model: Any) -> Iterator[Any]:
    """Yield the layers of a network in their order, those of inner networks too."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from flatten(layer)
        else:
            yield layer


def _is_line(model: Any) -> bool:
    """Tell whether each layer of a functional network feeds one other."""
    if not hasattr(model, "operations"):
        return False
    return all(
        len(layer._inbound_nodes) <= 1
        and not isinstance(getattr(layer, "input", None), list | dict)
        and len(layer._outbound_nodes) <= 1
        for layer in model.layers
    )


def walk(model: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each layer with its output, for layers in a line or in a graph."""
    if isinstance(model, keras.Sequential):
        for layer in model.layers:
            if isinstance(layer, keras.Model):
                for inner, value in walk(layer, value):  # noqa: B020
                    yield inner, value
            else:
                value = layer(value)
                yield layer, value
        return
    if not getattr(model, "inputs", None) or len(model.inputs) != 1:
        raise UnseenError("the network is a class of its own; its layers cannot be called singly")
    layers = [one for one in model.layers if not isinstance(one, keras.layers.InputLayer)]
    single = [
        one for one in layers if len(one._inbound_nodes) == 1 and not isinstance(one.output, list)
    ]
    function = keras.Function(model.inputs, [one.output for one in single])
    given = function([value])
    yield from zip(single, given, strict=True)


def activation(layer: Any) -> str | None:
    """Return the name of a layer's activation, ``None`` if it has none to speak of."""
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    if isinstance(layer, keras.layers.ReLU):
        return "relu"
    given = getattr(layer, "activation", None)
    if given is None or isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional):
        return None
    return str(getattr(given, "__name__", type(given).__name__)).lower()


def kernel(layer: Any) -> Any:
    """Return the weights by which a layer multiplies, ``None`` if it has none."""
    if isinstance(layer, (keras.layers.Embedding, *NORMALIZERS)):
        return None
    for name in ("kernel", "depthwise_kernel"):
        weights = getattr(layer, name, None)
        if weights is not None:
            return weights
    cell = getattr(layer, "cell", None)
    return getattr(cell, "kernel", None)


def _snake(name: str) -> str:
    if name.isupper():
        return name.lower()
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")
