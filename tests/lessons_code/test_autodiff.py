"""Slopes are right: beside finite differences and beside TensorFlow, for any shape and type."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from lessons_code import autodiff as ad
from lessons_code.autodiff import Node

Arrays = list[NDArray[Any]]


class Operation(NamedTuple):
    """One operation, in our words and in TensorFlow's, and how many inputs it has."""

    ours: Callable[..., Node]
    tensorflow: Callable[..., Any]
    inputs: int = 1
    domain: str = "any"


OPERATIONS = {
    "add": Operation(lambda a, b: a + b, tf.add, 2),
    "subtract": Operation(lambda a, b: a - b, tf.subtract, 2),
    "multiply": Operation(lambda a, b: a * b, tf.multiply, 2),
    "divide": Operation(lambda a, b: a / b, tf.divide, 2, "positive"),
    "negative": Operation(lambda a: -a, tf.negative),
    "square": Operation(lambda a: a**2, lambda a: a**2),
    "cube": Operation(lambda a: a**3, lambda a: a**3),
    "root": Operation(lambda a: a**0.5, lambda a: a**0.5, 1, "positive"),
    "reciprocal": Operation(lambda a: a**-1, lambda a: a**-1, 1, "positive"),
    "relu": Operation(ad.relu, tf.nn.relu, 1, "not near zero"),
    "tanh": Operation(ad.tanh, tf.tanh),
    "exp": Operation(ad.exp, tf.exp),
    "log": Operation(ad.log, tf.math.log, 1, "positive"),
    "total": Operation(ad.total, tf.reduce_sum),
    "mean": Operation(ad.mean, tf.reduce_mean),
    "with itself": Operation(lambda a: a * a + a, lambda a: a * a + a),
    "with constants": Operation(lambda a: 2 - 3 * (a / 4 + 1), lambda a: 2 - 3 * (a / 4 + 1)),
    "deeper": Operation(
        lambda a, b: ad.tanh(a * b) / (ad.exp(a) + 1) - ad.mean(b) * a,
        lambda a, b: tf.tanh(a * b) / (tf.exp(a) + 1) - tf.reduce_mean(b) * a,
        2,
    ),
}
largest: dict[str, float] = {}


@pytest.fixture(autouse=True, scope="module")
def report() -> Iterator[None]:
    """Print the largest difference to TensorFlow; ``pytest -s`` shows it."""
    yield
    print("\nlargest difference to GradientTape, relative above 1:", largest)


def numbers(shape: tuple[int, ...], dtype: Any, domain: str) -> st.SearchStrategy[NDArray[Any]]:
    low = 0.5 if domain == "positive" else -2.0
    width = 32 if dtype == np.float32 else 64
    values = st.floats(low, 2.0, width=width, allow_subnormal=False)
    if domain == "not near zero":  # where a slope jumps, a difference means nothing
        values = values.filter(lambda value: abs(value) > 0.01)
    return hnp.arrays(dtype, shape, elements=values)


@st.composite
def inputs(draw: st.DrawFn, operation: Operation, dtype: Any) -> Arrays:
    """Draw arrays of shapes that broadcast, up to three axes, down to plain numbers."""
    shapes = draw(
        hnp.mutually_broadcastable_shapes(num_shapes=operation.inputs, max_dims=3, max_side=3)
    ).input_shapes
    return [draw(numbers(shape, dtype, operation.domain)) for shape in shapes]


def weights_for(array: NDArray[Any]) -> NDArray[Any]:
    """Return a weight for each output, so that no two slopes look alike."""
    return np.linspace(-1, 2, array.size).reshape(array.shape).astype(array.dtype)


def our_slopes(function: Callable[..., Node], arrays: Arrays) -> Arrays:
    nodes = [Node(array) for array in arrays]
    outputs = function(*nodes)
    ad.total(outputs * weights_for(outputs.value)).backward()
    return [node.grad for node in nodes]


def tape_slopes(function: Callable[..., Any], arrays: Arrays) -> Arrays:
    variables = [tf.constant(array) for array in arrays]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        outputs = function(*variables)
        loss = tf.reduce_sum(outputs * weights_for(outputs.numpy()))
    slopes = tape.gradient(loss, variables, unconnected_gradients="zero")
    return [slope.numpy() for slope in slopes]


def nudged_slopes(function: Callable[..., Node], arrays: Arrays, nudge: float = 1e-6) -> Arrays:
    def loss() -> float:
        outputs = function(*map(Node, arrays)).value
        return float(np.sum(outputs * weights_for(outputs)))

    slopes = [np.zeros_like(array) for array in arrays]
    for array, slope in zip(arrays, slopes, strict=True):
        for place in np.ndindex(array.shape):
            kept = array[place]
            array[place] = kept + nudge
            above = loss()
            array[place] = kept - nudge
            slope[place] = (above - loss()) / (2 * nudge)
            array[place] = kept
    return slopes


def distance(some: Arrays, others: Arrays) -> float:
    """Return the largest difference; relative where the numbers are above 1."""
    gaps = [
        np.max(np.abs(one - other) / np.maximum(1, np.abs(other)), initial=0)
        for one, other in zip(some, others, strict=True)
    ]
    return float(max(gaps))


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_slopes_agree_with_finite_differences(name: str, data: st.DataObject) -> None:
    operation = OPERATIONS[name]
    arrays = data.draw(inputs(operation, np.float64))
    ours = our_slopes(operation.ours, arrays)
    assert distance(ours, nudged_slopes(operation.ours, arrays)) < 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_slopes_agree_with_tensorflow(name: str, dtype: Any, data: st.DataObject) -> None:
    operation = OPERATIONS[name]
    arrays = data.draw(inputs(operation, dtype))
    ours, tape = our_slopes(operation.ours, arrays), tape_slopes(operation.tensorflow, arrays)
    gap = distance(ours, tape)
    kind = np.dtype(dtype).name
    largest[kind] = max(largest.get(kind, 0), gap)
    assert gap < (1e-5 if dtype == np.float32 else 1e-12)
    for array, slope in zip(arrays, ours, strict=True):
        assert slope.shape == array.shape
        assert slope.dtype == dtype


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(
    data=st.data(),
    n=st.integers(1, 4),
    d=st.integers(1, 4),
    h=st.integers(1, 4),
    k=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_a_network_agrees_with_tensorflow(
    dtype: Any, data: st.DataObject, n: int, d: int, h: int, k: int
) -> None:
    """Matrix products, a bias stretched over the rows, sums along an axis."""
    shapes = [(n, d), (d, h), (h,), (h, k), (1, k)]
    arrays = [data.draw(numbers(shape, dtype, "any")) for shape in shapes]

    def ours(x: Node, w: Node, b: Node, v: Node, c: Node) -> Node:
        z = ad.tanh(x @ w + b) @ v + c
        return ad.log(ad.total(ad.exp(z), axis=1)) + ad.mean(z, axis=0)

    def tensorflow(x: Any, w: Any, b: Any, v: Any, c: Any) -> Any:
        z = tf.tanh(x @ w + b) @ v + c
        powers = tf.reduce_sum(tf.exp(z), axis=1, keepdims=True)
        return tf.math.log(powers) + tf.reduce_mean(z, axis=0, keepdims=True)

    gap = distance(our_slopes(ours, arrays), tape_slopes(tensorflow, arrays))
    kind = np.dtype(dtype).name
    largest[kind] = max(largest.get(kind, 0), gap)
    assert gap < (2e-5 if dtype == np.float32 else 1e-12)
    if dtype == np.float64:
        assert distance(our_slopes(ours, arrays), nudged_slopes(ours, arrays)) < 1e-6


@given(hnp.array_shapes(min_dims=2, max_dims=3, max_side=3), st.sampled_from([0, 1, -1, None]))
def test_sums_keep_the_axis_they_ran_along(shape: tuple[int, ...], axis: int | None) -> None:
    x, keep = np.random.default_rng(0).normal(size=shape), axis is not None
    np.testing.assert_array_equal(ad.total(x, axis).value, np.sum(x, axis=axis, keepdims=keep))
    np.testing.assert_allclose(ad.mean(x, axis).value, np.mean(x, axis=axis, keepdims=keep))


def test_the_comparison_notices_copies_that_were_not_added_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The commonest mistake: a bias that was used in every row gets one row's slope only."""

    def one_copy(slopes: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
        return slopes.reshape(-1, *shape)[0]

    arrays = [np.ones((4, 3)), np.ones(3)]
    nudged = nudged_slopes(OPERATIONS["add"].ours, arrays)
    assert distance(our_slopes(OPERATIONS["add"].ours, arrays), nudged) < 1e-6
    monkeypatch.setattr(ad, "sum_to", one_copy)
    assert distance(our_slopes(OPERATIONS["add"].ours, arrays), nudged) > 0.1


def test_backward_twice_gives_the_same_slopes() -> None:
    """Nothing piles up: neither in the leaves nor on the way."""
    w = Node([1.0, 2.0])
    hidden = ad.tanh(w * w)
    loss = ad.total(hidden)
    loss.backward()
    first = [node.grad.copy() for node in (w, hidden, loss)]
    loss.backward()
    for node, slopes in zip((w, hidden, loss), first, strict=True):
        np.testing.assert_array_equal(node.grad, slopes)


def test_a_second_loss_replaces_the_slopes_of_the_first() -> None:
    w = Node(3.0)
    (w * 2).backward()
    kept = w.grad
    (w * 5).backward()
    assert w.grad == 5
    assert kept == 2, "an array that somebody kept must not change afterwards"


def test_a_diamond_adds_up_both_ways() -> None:
    x = Node(3.0)
    left, right = x * 2, x * x
    (left * right).backward()  # 2 x^3
    assert x.grad == 6 * 3**2
    assert left.grad == 9
    assert right.grad == 6


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_order_has_each_node_once_and_parents_first(size: int, random: Any) -> None:
    nodes = [Node(1.0)]
    for _ in range(size):
        nodes.append(random.choice(nodes) * random.choice(nodes))
    order = ad.in_order(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is nodes[-1]
    for node in order:
        assert all(place[parent] < place[node] for parent, _ in node.parents)


def test_a_graph_may_be_deeper_than_pythons_recursion_goes() -> None:
    x = Node(1.0)
    end = x
    for _ in range(20_000):
        end = end + 0.5
    end.backward()
    assert x.grad == 1


def test_constants_are_no_part_of_the_graph() -> None:
    w = Node(np.ones((3, 2)))
    loss = ad.mean(np.ones((5, 3)) @ w + [1, 2] - 3)
    assert [node.value.shape for node in ad.in_order(loss) if not node.parents] == [(3, 2)]


@pytest.mark.parametrize("operation", [lambda a, n: a + n, lambda a, n: n - a, lambda a, n: a * n])
def test_an_array_on_the_left_leaves_the_work_to_the_node(operation: Any) -> None:
    result = operation(np.ones(3), Node(np.ones(3)))
    assert isinstance(result, Node)


@pytest.mark.parametrize(
    ("given_value", "dtype"),
    [
        (1, np.float64),
        ([True, False], np.float64),
        (np.int8([1, 2]), np.float64),
        (1.5, np.float64),
        (np.float32(1), np.float32),
        (np.zeros(3, np.float32), np.float32),
        (np.zeros(3), np.float64),
    ],
)
def test_a_nodes_type_is_a_floating_one(given_value: Any, dtype: Any) -> None:
    assert Node(given_value).value.dtype == dtype
    assert Node(given_value).grad.dtype == dtype


def test_plain_numbers_do_not_widen_float32() -> None:
    w = Node(np.ones(3, np.float32))
    loss = ad.mean((2 - w * 0.5) ** 2 / 3 + 1)
    loss.backward()
    assert loss.value.dtype == w.grad.dtype == np.float32


def test_types_mix_as_in_numpy_and_slopes_keep_their_nodes_type() -> None:
    narrow, wide = Node(np.ones(3, np.float32)), Node(np.ones(3))
    loss = ad.total(narrow * wide)
    loss.backward()
    assert loss.value.dtype == np.float64
    assert (narrow.grad.dtype, wide.grad.dtype) == (np.float32, np.float64)


@pytest.mark.parametrize("wrong", ["word", [1j], None, [object()]])
def test_what_is_no_real_number_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="real numbers"):
        Node(wrong)


@pytest.mark.parametrize("combine", [ad.add, ad.subtract, ad.multiply, ad.divide])
def test_shapes_that_do_not_fit_are_both_named(combine: Any) -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(4,\) do not fit"):
        combine(Node(np.ones((2, 3))), np.ones(4))


@pytest.mark.parametrize(
    ("left", "right"),
    [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), ()), ((1, 2, 2), (2, 2))],
)
def test_matrices_that_do_not_fit_are_both_named(left: Any, right: Any) -> None:
    with pytest.raises(ValueError, match="matrix product") as caught:
        Node(np.ones(left)) @ np.ones(right)
    assert f"{left} and {right}" in str(caught.value)


def test_backward_from_many_numbers_says_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\).*mean or the sum"):
        Node(np.ones((2, 3))).backward()


def test_backward_from_one_number_in_a_matrix_is_fine() -> None:
    w = Node([[2.0]])
    (w * w).backward()
    assert w.grad == [[4]]


@pytest.mark.parametrize("exponent", [Node(2.0), "2", np.ones(2)])
def test_an_exponent_that_is_no_number_is_refused(exponent: Any) -> None:
    with pytest.raises(TypeError, match="plain number"):
        Node(2.0) ** exponent


def test_a_power_of_zero_is_flat_at_zero_too() -> None:
    x = Node(0.0)
    (x**0).backward()
    assert x.grad == 0


CHAPTER = Path(__file__).parents[2] / "book" / "how-it-learns" / "backpropagation.md"
SHOWN = ["add", "multiply", "matmul", "relu", "exp", "log", "total", "sum_to", "backward"]


class Bare(ast.NodeTransformer):
    """Takes away what the library has for tools and for mistakes: types, docstrings, refusals."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        if ast.get_docstring(node):
            node.body = node.body[1:]
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(node.arg)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return ast.Assign([node.target], node.value)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        return None if isinstance(node.body[-1], ast.Raise) else node


def functions(code: str) -> dict[str, str]:
    """Return the bare source of each function, also inside classes."""
    tree = ast.fix_missing_locations(Bare().visit(ast.parse(code)))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.unparse(node) for node in reversed(found)}


def chapter_code() -> str:
    cells = re.findall(r"```\{code-cell\}.*?\n(.*?)```", CHAPTER.read_text("utf8"), re.DOTALL)
    return "\n".join(re.sub(r"(?m)^:tags:.*\n", "", cell) for cell in cells)


@pytest.mark.parametrize("name", SHOWN)
def test_the_chapter_builds_what_the_library_holds(name: str) -> None:
    """Line by line: whoever changes one of them has to change the other."""
    shown = functions(chapter_code())[name].replace("in_order(self, [])", "in_order(self)")
    assert shown == functions(inspect.getsource(ad))[name]


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_chapters_shorter_order_serves_as_well(size: int, random: Any) -> None:
    """The chapter's calls itself; the library's does not, for the sake of deep graphs."""
    nodes = [Node(1.0)]
    for _ in range(size):
        nodes.append(random.choice(nodes) * random.choice(nodes))
    scope: dict[str, Any] = {}
    exec(functions(chapter_code())["in_order"], scope)
    order = scope["in_order"](nodes[-1], [])
    assert set(order) == set(ad.in_order(nodes[-1]))
    assert len(order) == len(set(order))
    place = {node: i for i, node in enumerate(order)}
    assert all(place[parent] < place[node] for node in order for parent, _ in node.parents)
