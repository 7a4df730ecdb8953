"""Reverse-mode automatic differentiation on NumPy arrays.

The chapter *Backpropagation in 80 lines* builds this module piece by piece. Each operation
computes its value (forward) and says for each input how a slope passes through (backward);
:meth:`Node.backward` walks from a loss to everything that it was computed from.

>>> w = Node([1.0, 2.0])
>>> loss = mean((w * 3 - 4) ** 2)
>>> loss.backward()
>>> w.grad
array([-3.,  6.])
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
Operand: TypeAlias = "Node | ArrayLike"  # what is not a node is a constant: it gets no slope


def value(a: Operand) -> Any:
    """Return the array of a node, and a constant as it is: plain numbers change no type."""
    if isinstance(a, Node):
        return a.value
    return a if isinstance(a, int | float) else np.asarray(a)


def values(a: Operand, b: Operand) -> tuple[Any, Any]:
    """Return the arrays of two operands that are to be combined number by number."""
    x, y = value(a), value(b)
    try:
        np.broadcast_shapes(np.shape(x), np.shape(y))
    except ValueError:
        raise ValueError(
            f"the shapes {np.shape(x)} and {np.shape(y)} do not fit: compared from the right, "
            "two sizes have to be equal, or one of them 1"
        ) from None
    return x, y


def add(a: Operand, b: Operand) -> Node:
    """Return ``a + b``."""
    x, y = values(a, b)
    return Node(x + y, (a, lambda g: g), (b, lambda g: g))


def subtract(a: Operand, b: Operand) -> Node:
    """Return ``a - b``."""
    x, y = values(a, b)
    return Node(x - y, (a, lambda g: g), (b, lambda g: -g))


def multiply(a: Operand, b: Operand) -> Node:
    """Return ``a * b``, number by number."""
    x, y = values(a, b)
    return Node(x * y, (a, lambda g: g * y), (b, lambda g: g * x))


def divide(a: Operand, b: Operand) -> Node:
    """Return ``a / b``, number by number."""
    x, y = values(a, b)
    return Node(x / y, (a, lambda g: g / y), (b, lambda g: -g * x / y**2))


def power(a: Operand, exponent: float) -> Node:
    """Return ``a`` to the power of a plain number."""
    if not isinstance(exponent, Real):
        raise TypeError(f"an exponent is a plain number, not {type(exponent).__name__}")
    x, n = value(a), float(exponent)
    return Node(x**n, (a, lambda g: g * (n * x ** (n - 1) if n else 0)))


def matmul(a: Operand, b: Operand) -> Node:
    """Return the matrix product of the shapes ``(n, d)`` and ``(d, h)``."""
    x, y = value(a), value(b)
    if not (np.ndim(x) == np.ndim(y) == 2 and x.shape[1] == y.shape[0]):
        shapes = f"{np.shape(x)} and {np.shape(y)}"
        raise ValueError(f"a matrix product needs the shapes (n, d) and (d, h), not {shapes}")
    return Node(x @ y, (a, lambda g: g @ y.T), (b, lambda g: x.T @ g))


def relu(a: Operand) -> Node:
    """Return ``max(0, a)``, number by number; at 0 the slope counts as 0."""
    x = value(a)
    return Node(np.maximum(x, 0), (a, lambda g: g * (x > 0)))


def tanh(a: Operand) -> Node:
    """Return the hyperbolic tangent of each number."""
    y = np.tanh(value(a))
    return Node(y, (a, lambda g: g * (1 - y**2)))


def exp(a: Operand) -> Node:
    """Return e to the power of each number."""
    y = np.exp(value(a))
    return Node(y, (a, lambda g: g * y))


def log(a: Operand) -> Node:
    """Return the natural logarithm of each number."""
    x = value(a)
    return Node(np.log(x), (a, lambda g: g / x))


def total(a: Operand, axis: int | None = None) -> Node:
    """Return the sum of all numbers, or along ``axis``, which stays with size 1."""
    x = value(a)
    y = np.sum(x, axis=axis, keepdims=axis is not None)
    return Node(y, (a, lambda g: np.broadcast_to(g, x.shape)))


def mean(a: Operand, axis: int | None = None) -> Node:
    """Return the mean of all numbers, or along ``axis``, which stays with size 1."""
    added = total(a, axis)
    return added * (added.value.size / np.size(value(a)))


class Node:
    """An array that remembers what it was computed from.

    ``float32`` and ``float64`` stay what they are, whole numbers become ``float64``.
    Operations mix types as NumPy does; a slope has the type of its node.

    Args:
        value: The numbers.
        *parents: What they were computed from. Each comes with the function that takes
            this node's slopes and returns what they add to the parent's.

    Attributes:
        value: The array.
        grad: For each number in ``value``, the slope of the loss on which
            :meth:`backward` was called last; zeros before.

    Raises:
        TypeError: The numbers are not real numbers.
    """

    __array_ufunc__ = None  # NumPy leaves `array * node` to the node

    def __init__(
        self, value: ArrayLike, *parents: tuple[Operand, Callable[[Array], Array]]
    ) -> None:
        self.value: Array = np.asarray(value)
        if self.value.dtype.kind not in "biuf":
            raise TypeError(f"a node holds real numbers, not {self.value.dtype}")
        if self.value.dtype.kind != "f":
            self.value = self.value.astype(np.float64)
        self.grad: Array = np.zeros_like(self.value)
        self.parents = [(node, pull) for node, pull in parents if isinstance(node, Node)]

    def backward(self) -> None:
        """Set ``grad`` here and in all nodes behind, in place of any earlier slopes.

        Raises:
            ValueError: This node holds more than one number.
        """
        if self.value.size != 1:
            raise ValueError(
                "backward starts at one number, such as a loss, not at the shape "
                f"{self.value.shape}: take the mean or the sum first"
            )
        order = in_order(self)
        for node in order:
            node.grad = np.zeros_like(node.value)
        self.grad += 1
        for node in reversed(order):
            for parent, pull in node.parents:
                parent.grad += sum_to(pull(node.grad), parent.value.shape)

    def __repr__(self) -> str:
        return f"Node(value={self.value}, grad={self.grad})"

    def __neg__(self) -> Node:
        return multiply(self, -1)

    def __rsub__(self, other: Operand) -> Node:
        return subtract(other, self)

    def __rtruediv__(self, other: Operand) -> Node:
        return divide(other, self)

    def __rmatmul__(self, other: Operand) -> Node:
        return matmul(other, self)

    __add__ = __radd__ = add
    __mul__ = __rmul__ = multiply
    __sub__, __truediv__, __matmul__, __pow__ = subtract, divide, matmul, power


def in_order(end: Node) -> list[Node]:
    """Return ``end`` and all nodes behind it, each after all of its parents."""
    order, seen, stack = [], set(), [(end, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.parents)
    return order


def sum_to(slopes: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: add up the slopes of all copies that were made of one number."""
    extra = slopes.ndim - len(shape)
    copied = [i for i in range(slopes.ndim) if i < extra or shape[i - extra] == 1]
    total: Array = np.sum(slopes, axis=tuple(copied))
    return total.reshape(shape)
