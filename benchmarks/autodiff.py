"""How fast automatic differentiation is: number by number, on arrays (ours), in TensorFlow.

``python benchmarks/autodiff.py`` takes one network, the same weights and examples for all, and
times one training step: forward, backward and the weights' change. All ways are timed in
turns, in one run; the table shows medians and how they compare with ours. A second table shows
what the slopes cost in the network of the chapter *Backpropagation in 80 lines*.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

from lessons_code import autodiff as ad
from lessons_code import networks

Step = Callable[[], float]  # makes one training step and returns the loss before it


class Scalar:
    """One number that remembers what it was computed from: the way without arrays."""

    def __init__(self, value: float, *parents: tuple[Scalar, float]) -> None:
        self.value, self.grad, self.parents = value, 0.0, parents

    def __add__(self, other: Scalar) -> Scalar:
        return Scalar(self.value + other.value, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Scalar) -> Scalar:
        return Scalar(self.value * other.value, (self, other.value), (other, self.value))

    def tanh(self) -> Scalar:
        """Return the hyperbolic tangent."""
        y = math.tanh(self.value)
        return Scalar(y, (self, 1 - y * y))

    def backward(self) -> None:
        """Set ``grad`` here and in all numbers behind."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += node.grad * slope


def total(numbers: list[Scalar]) -> Scalar:
    """Return the sum."""
    first, *others = numbers
    for other in others:
        first = first + other
    return first


def scalar_step(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, rate: float) -> Step:
    """Return the training step on single numbers."""
    w1, b1, w2, b2 = (
        [[Scalar(float(v)) for v in row] for row in np.atleast_2d(w)] for w in weights
    )
    everything = [number for layer in (w1, b1, w2, b2) for row in layer for number in row]

    def layer(inputs: list[Scalar], w: list[list[Scalar]], b: list[list[Scalar]]) -> list[Scalar]:
        return [
            total([a * w[i][j] for i, a in enumerate(inputs)]) + b[0][j] for j in range(len(b[0]))
        ]

    def step() -> float:
        errors = []
        for row, target in zip(x, y, strict=True):
            hidden = [z.tanh() for z in layer([Scalar(float(v)) for v in row], w1, b1)]
            for output, wanted in zip(layer(hidden, w2, b2), target, strict=True):
                gap = output + Scalar(-float(wanted))
                errors.append(gap * gap)
        loss = total(errors) * Scalar(1 / len(errors))
        loss.backward()
        for number in everything:
            number.value -= rate * number.grad
        return loss.value

    return step


def our_step(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, rate: float) -> Step:
    """Return the training step of ``lessons_code.autodiff``."""
    nodes = [ad.Node(w) for w in weights]
    optimizer = networks.SGD(nodes, rate)
    w1, b1, w2, b2 = nodes

    def step() -> float:
        loss = networks.mean_squared_error(ad.tanh(x @ w1 + b1) @ w2 + b2, y)
        loss.backward()
        optimizer.step()
        return float(loss.value)

    return step


def tensorflow_step(
    weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, rate: float, *, compiled: bool
) -> Step:
    """Return the training step with TensorFlow's tape, line by line or as one ``tf.function``."""
    w1, b1, w2, b2 = variables = [tf.Variable(w) for w in weights]
    x, y = tf.constant(x), tf.constant(y)

    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((tf.tanh(x @ w1 + b1) @ w2 + b2 - y) ** 2)
        for variable, slope in zip(variables, tape.gradient(loss, variables), strict=True):
            variable.assign_sub(rate * slope)
        return loss

    run = tf.function(step) if compiled else step
    return lambda: float(run())


def keras_step(weights: list[np.ndarray], x: np.ndarray, y: np.ndarray, rate: float) -> Step:
    """Return the training step of a compiled Keras model."""
    layers = [
        keras.layers.Dense(weights[0].shape[1], activation="tanh", dtype=x.dtype.name),
        keras.layers.Dense(weights[2].shape[1], dtype=x.dtype.name),
    ]
    model = keras.Sequential([keras.Input((x.shape[1],), dtype=x.dtype.name), *layers])
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(rate), keras.losses.MeanSquaredError(dtype=x.dtype.name))
    return lambda: float(model.train_on_batch(x, y))


def in_turns(steps: dict[str, Step], rounds: int) -> dict[str, float]:
    """Return the median seconds of each step; slow ones are repeated less in a round."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for name, step in steps.items():
            repeats = 0
            started = time.perf_counter()
            while time.perf_counter() - started < 0.02:
                step()
                repeats += 1
            seconds[name].append((time.perf_counter() - started) / repeats)
    return {name: statistics.median(values) for name, values in seconds.items()}


def slopes(rounds: int) -> None:
    """Print what all slopes of a network 64-32-10 cost, beside one run of it."""
    rng = np.random.default_rng(0)
    x, y = rng.random((32, 64)), rng.integers(0, 10, size=32)
    model = networks.Sequential(
        networks.Dense(64, 32, ad.relu, rng=rng, dtype="float64"),
        networks.Dense(32, 10, rng=rng, dtype="float64"),
    )
    numbers = sum(node.value.size for node in model.parameters)

    def forward() -> float:
        return float(networks.softmax_cross_entropy(model(x), y).value)

    def forward_and_backward() -> float:
        loss = networks.softmax_cross_entropy(model(x), y)
        loss.backward()
        return float(loss.value)

    def nudging() -> float:
        return sum(forward() for _ in range(2 * numbers))

    medians = in_turns(
        {
            "forward": forward,
            "forward and backward": forward_and_backward,
            f"nudging {numbers} weights": nudging,
        },
        rounds,
    )
    print("\nall slopes of a network 64-32-10, 32 examples, float64\n")
    print("| | milliseconds | beside one run |\n|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {1000 * median:.3f} | {median / medians['forward']:.2f} |")


def main() -> None:
    """Check that all ways compute the same losses, then time them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=32)
    parser.add_argument("--sizes", type=int, nargs=3, default=[8, 16, 4], metavar="N")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    n, (d, h, k) = options.examples, options.sizes
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, d)), rng.normal(size=(n, k))
    weights = [rng.normal(size=(d, h)) / 3, np.zeros(h), rng.normal(size=(h, k)) / 4, np.zeros(k)]
    arguments = (weights, x, y, 0.1)
    steps = {
        "single numbers": scalar_step(*arguments),
        "lessons_code.autodiff": our_step(*arguments),
        "TensorFlow, line by line": tensorflow_step(*arguments, compiled=False),
        "TensorFlow, tf.function": tensorflow_step(*arguments, compiled=True),
        "Keras, train_on_batch": keras_step(*arguments),
    }
    losses = {name: [step() for _ in range(5)] for name, step in steps.items()}
    for name, values in losses.items():
        np.testing.assert_allclose(values, losses["lessons_code.autodiff"], rtol=1e-6, err_msg=name)

    medians = in_turns(steps, options.rounds)
    ours = medians["lessons_code.autodiff"]
    print(f"one training step, network {d}-{h}-{k}, {n} examples, float64\n")
    print("| way | milliseconds | beside ours |\n|---|---|---|")
    for name, median in medians.items():
        print(f"| {name} | {1000 * median:.3f} | {median / ours:.2f} |")
    slopes(options.rounds)


if __name__ == "__main__":
    main()
