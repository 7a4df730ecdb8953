"""Networks on :mod:`lessons_code.autodiff`: layers, losses, an optimizer and the training loop.

What the chapters *Walking downhill* and *Backpropagation in 80 lines* build by hand. Keras
has the same under the same names; the tests compare the two number by number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from lessons_code import autodiff as ad
from lessons_code.autodiff import Node, Operand

Loss = Callable[[Node, NDArray[Any]], Node]


class Dense:
    """A dense layer: ``activation(x @ w + b)``.

    The weights start as Glorot's uniform random numbers, the biases at zero, as in Keras.

    Args:
        inputs: How many numbers come in for each example.
        units: How many neurons the layer has.
        activation: What the sums pass through, such as ``autodiff.relu``; by default nothing.
        rng: Where the random numbers come from.
        dtype: ``float32`` or ``float64``.

    Attributes:
        parameters: The weights, shape ``(inputs, units)``, and the biases, ``(units,)``.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        activation: Callable[[Node], Node] | None = None,
        *,
        rng: np.random.Generator,
        dtype: DTypeLike = "float32",
    ) -> None:
        limit = np.sqrt(6 / (inputs + units))
        self.w = Node(rng.uniform(-limit, limit, size=(inputs, units)).astype(dtype))
        self.b = Node(np.zeros(units, dtype))
        self.parameters = [self.w, self.b]
        self.activation = activation

    def __call__(self, x: Operand) -> Node:
        """Return outputs ``(n, units)`` for ``x`` of shape ``(n, inputs)``."""
        z = x @ self.w + self.b
        return self.activation(z) if self.activation else z


class Sequential:
    """Layers in a line: each gets what the one before it gave."""

    def __init__(self, *layers: Dense) -> None:
        self.layers = layers
        self.parameters = [node for layer in layers for node in layer.parameters]

    def __call__(self, x: Operand) -> Node:
        """Return the last layer's outputs."""
        first, *others = self.layers
        outputs = first(x)
        for layer in others:
            outputs = layer(outputs)
        return outputs


def softmax(scores: ArrayLike) -> NDArray[Any]:
    """Return the probabilities that belong to scores of shape ``(n, k)``, row by row."""
    z = np.asarray(scores)
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    shares: NDArray[Any] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def mean_squared_error(outputs: Node, targets: NDArray[Any]) -> Node:
    """Return the mean of the squared differences.

    Raises:
        ValueError: The shapes differ; NumPy would stretch ``(n,)`` against ``(n, 1)``.
    """
    if outputs.value.shape != targets.shape:
        raise ValueError(f"outputs {outputs.value.shape} and targets {targets.shape} differ")
    return ad.mean((outputs - targets) ** 2)


def softmax_cross_entropy(scores: Node, labels: NDArray[Any]) -> Node:
    """Return minus the mean logarithm of the probability that softmax gives to the labels.

    Args:
        scores: Shape ``(n, k)``, before softmax.
        labels: Shape ``(n,)``, whole numbers from 0 to ``k - 1``.

    Raises:
        ValueError: The shapes do not fit.
        IndexError: There is a label that no column stands for.
    """
    if scores.value.ndim != 2 or labels.shape != scores.value.shape[:1]:
        raise ValueError(
            f"scores (n, k) and labels (n,) are needed, not {scores.value.shape}, {labels.shape}"
        )
    one_hot = np.eye(scores.value.shape[1], dtype=scores.value.dtype)[labels]
    z = scores - scores.value.max(axis=1, keepdims=True)  # the same softmax, without overflow
    log_p = z - ad.log(ad.total(ad.exp(z), axis=1))
    return -ad.total(log_p * one_hot) / len(labels)


class SGD:
    """Stochastic gradient descent: each step goes against the slopes.

    Args:
        parameters: The nodes to change.
        learning_rate: How far a step goes for a slope of 1.
        momentum: Which share of the last step is taken again, 0 to below 1.
    """

    def __init__(
        self, parameters: Sequence[Node], learning_rate: float, momentum: float = 0.0
    ) -> None:
        self.parameters = parameters
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.steps = [np.zeros_like(node.value) for node in parameters]

    def step(self) -> None:
        """Change all parameters once, by the slopes that they have now."""
        for i, node in enumerate(self.parameters):
            self.steps[i] = self.momentum * self.steps[i] - self.learning_rate * node.grad
            node.value = node.value + self.steps[i]


def fit(
    model: Callable[[Operand], Node],
    loss: Loss,
    optimizer: SGD,
    x: NDArray[Any],
    y: NDArray[Any],
    *,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> list[float]:
    """Train a model: batch, outputs, loss, slopes, step; over and over.

    Args:
        model: Takes inputs of shape ``(n, d)``.
        loss: Takes the model's outputs and the answers, and returns one number.
        optimizer: Changes the model's parameters.
        x: The inputs, axis 0 counts the examples.
        y: The answers, as the loss wants them.
        epochs: How often all examples are used.
        batch_size: How many examples make one step.
        rng: Shuffles the examples before each epoch.

    Returns:
        The mean loss of each epoch, taken over its examples while the weights moved.

    Raises:
        ValueError: There are not as many answers as inputs.
    """
    if len(x) != len(y):
        raise ValueError(f"{len(x)} inputs and {len(y)} answers do not go together")
    history = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        total = 0.0
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            error = loss(model(x[batch]), y[batch])
            error.backward()
            optimizer.step()
            total += float(error.value) * len(batch)
        history.append(total / len(x))
    return history
