"""Encodings, judged by Python's own arithmetic, by Keras and by scikit-learn."""

from __future__ import annotations

import doctest
import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.preprocessing import OneHotEncoder

from lessons_code import encodings

INT64_MAX = 2**63 - 1

# every encoding with room for the numbers 0 to 15, and how many columns it writes
ENCODERS: dict[str, tuple[Callable[[Any], NDArray[np.float32]], int]] = {
    "binary": (lambda numbers: encodings.binary(numbers, bits=4), 4),
    "digits": (lambda numbers: encodings.digits(numbers, places=2, base=4), 8),
    "residues": (lambda numbers: encodings.residues(numbers, moduli=[3, 5]), 8),
    "one_hot": (lambda numbers: encodings.one_hot(numbers, classes=16), 16),
}
every_encoder = pytest.mark.parametrize(
    ("encode", "columns"), ENCODERS.values(), ids=ENCODERS.keys()
)


@st.composite
def numbers_and_bits(draw: st.DrawFn) -> tuple[list[int], int]:
    bits = draw(st.integers(1, 64))
    return draw(st.lists(st.integers(0, min(2**bits - 1, INT64_MAX)), max_size=8)), bits


@st.composite
def numbers_places_base(draw: st.DrawFn) -> tuple[list[int], int, int]:
    places, base = draw(st.integers(1, 9)), draw(st.integers(2, 36))
    return draw(st.lists(st.integers(0, base**places - 1), max_size=8)), places, base


def blocks_of(encoded: NDArray[np.float32], sizes: Sequence[int]) -> list[list[list[float]]]:
    """Cut each row into blocks of the given sizes."""
    rows = []
    for row in encoded.tolist():
        assert len(row) == sum(sizes)
        ends = np.cumsum(sizes).tolist()
        rows.append([row[end - size : end] for size, end in zip(sizes, ends, strict=True)])
    return rows


def read_one_hot(block: list[float]) -> int:
    """Return where the only one of a block stands."""
    assert sorted(block) == [0.0] * (len(block) - 1) + [1.0]
    return block.index(1.0)


def digits_by_divmod(number: int, places: int, base: int) -> list[int]:
    """Return the digits of ``number``, highest first, in pure Python."""
    written = []
    for _ in range(places):
        number, digit = divmod(number, base)
        written.append(digit)
    return written[::-1]


# the judges


@given(numbers_and_bits())
def test_binary_writes_what_pythons_format_writes(case: tuple[list[int], int]) -> None:
    numbers, bits = case
    encoded = encodings.binary(numbers, bits)
    assert encoded.dtype == np.float32
    assert encoded.shape == (len(numbers), bits)
    assert encoded.tolist() == [[float(bit) for bit in f"{n:0{bits}b}"] for n in numbers]


@given(numbers_and_bits())
def test_binary_can_be_read_back_with_int(case: tuple[list[int], int]) -> None:
    numbers, bits = case
    rows = encodings.binary(numbers, bits).astype(int).tolist()
    assert [int("".join(map(str, row)), 2) for row in rows] == numbers


@given(numbers_places_base())
def test_digits_are_those_of_divmod_one_block_each(case: tuple[list[int], int, int]) -> None:
    numbers, places, base = case
    encoded = encodings.digits(numbers, places, base)
    assert encoded.dtype == np.float32
    assert encoded.shape == (len(numbers), places * base)
    read = [[read_one_hot(b) for b in row] for row in blocks_of(encoded, [base] * places)]
    assert read == [digits_by_divmod(number, places, base) for number in numbers]


@given(numbers_places_base())
def test_digits_can_be_read_back_with_int(case: tuple[list[int], int, int]) -> None:
    numbers, places, base = case
    signs = "0123456789abcdefghijklmnopqrstuvwxyz"
    rows = blocks_of(encodings.digits(numbers, places, base), [base] * places)
    written = ["".join(signs[read_one_hot(block)] for block in row) for row in rows]
    assert [int(text, base) for text in written] == numbers


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=8))
def test_digits_are_decimal_unless_told(numbers: list[int]) -> None:
    rows = blocks_of(encodings.digits(numbers, places=4), [10] * 4)
    assert ["".join(str(read_one_hot(b)) for b in row) for row in rows] == [
        f"{number:04d}" for number in numbers
    ]


def test_digits_agree_with_scikit_learns_encoder_of_every_digit_column() -> None:
    columns = [digits_by_divmod(number, places=3, base=5) for number in range(125)]
    judge = OneHotEncoder(categories=[range(5)] * 3, sparse_output=False, dtype=np.float32)
    np.testing.assert_array_equal(
        encodings.digits(range(125), places=3, base=5), judge.fit_transform(columns)
    )


@given(
    st.lists(st.integers(0, INT64_MAX), max_size=8),
    st.lists(st.integers(1, 30), min_size=1, max_size=5),
)
def test_residues_are_the_remainders_of_divmod_one_block_each(
    numbers: list[int], moduli: list[int]
) -> None:
    encoded = encodings.residues(numbers, moduli)
    assert encoded.dtype == np.float32
    assert encoded.shape == (len(numbers), sum(moduli))
    read = [[read_one_hot(block) for block in row] for row in blocks_of(encoded, moduli)]
    assert read == [[divmod(number, modulus)[1] for modulus in moduli] for number in numbers]


@given(st.lists(st.integers(0, 3 * 5 * 7 * 11 - 1), min_size=1, max_size=8))
def test_residues_can_be_read_back_by_the_chinese_remainder_theorem(numbers: list[int]) -> None:
    moduli = [3, 5, 7, 11]
    product = math.prod(moduli)
    read = []
    for row in blocks_of(encodings.residues(numbers, moduli), moduli):
        parts = [
            read_one_hot(block) * (product // m) * pow(product // m, -1, m)
            for block, m in zip(row, moduli, strict=True)
        ]
        read.append(sum(parts) % product)
    assert read == numbers


@given(st.integers(1, 12).flatmap(lambda k: st.tuples(st.lists(st.integers(0, k - 1)), st.just(k))))
def test_one_hot_agrees_with_keras_and_can_be_read_back(case: tuple[list[int], int]) -> None:
    import keras

    labels, classes = case
    encoded = encodings.one_hot(labels, classes)
    assert encoded.dtype == np.float32
    assert encoded.shape == (len(labels), classes)
    assert [read_one_hot(row) for row in encoded.tolist()] == labels
    if labels:  # Keras cannot encode nothing
        judge = keras.utils.to_categorical(labels, num_classes=classes)
        np.testing.assert_array_equal(encoded, judge)


def test_one_hot_agrees_with_scikit_learn() -> None:
    labels = np.random.default_rng(3).integers(0, 7, 200)
    judge = OneHotEncoder(categories=[range(7)], sparse_output=False, dtype=np.float32)
    np.testing.assert_array_equal(
        encodings.one_hot(labels, classes=7), judge.fit_transform(labels[:, None])
    )


# what goes in


@every_encoder
@pytest.mark.parametrize(
    "numbers",
    [
        (0, 3, 15),
        np.array([0, 3, 15]),
        np.array([0, 3, 15], dtype=np.uint8),
        np.array([0, 3, 15], dtype=np.int8),
        np.array([0, 3, 15], dtype=np.uint64),
        [0.0, 3.0, 15.0],
        np.array([0, 3, 15], dtype=np.float32),
    ],
    ids=["tuple", "int64", "uint8", "int8", "uint64", "whole floats", "whole float32"],
)
def test_whole_numbers_of_any_type_are_encoded_alike(
    encode: Callable[[Any], NDArray[np.float32]], columns: int, numbers: Any
) -> None:
    encoded = encode(numbers)
    assert encoded.dtype == np.float32
    assert encoded.shape == (3, columns)
    np.testing.assert_array_equal(encoded, encode([0, 3, 15]))


@every_encoder
def test_no_number_gives_no_row_but_all_columns(
    encode: Callable[[Any], NDArray[np.float32]], columns: int
) -> None:
    encoded = encode([])
    assert encoded.dtype == np.float32
    assert encoded.shape == (0, columns)


@every_encoder
def test_the_input_is_left_as_it_was(
    encode: Callable[[Any], NDArray[np.float32]],
    columns: int,
) -> None:
    numbers = np.array([15.0, 3.0, 0.0])
    encode(numbers)
    assert numbers.tolist() == [15.0, 3.0, 0.0]


def test_a_modulus_of_one_gives_a_column_of_ones() -> None:
    assert encodings.residues([0, 7, 10**12], moduli=[1]).tolist() == [[1.0]] * 3


# what is refused


@every_encoder
@pytest.mark.parametrize("wrong", [-1, -(2**40), -3.0])
def test_a_negative_number_is_refused_by_name(
    encode: Callable[[Any], NDArray[np.float32]],
    columns: int,
    wrong: float,
) -> None:
    with pytest.raises(ValueError, match=rf"^{int(wrong)} is negative"):
        encode([0, wrong, 1])


@every_encoder
@pytest.mark.parametrize("wrong", [0.5, 2.999999, -0.1, math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_whole_is_refused_by_name(
    encode: Callable[[Any], NDArray[np.float32]],
    columns: int,
    wrong: float,
) -> None:
    with pytest.raises(ValueError, match=rf"^{wrong} is not a whole number"):
        encode([0, 1, wrong])


@every_encoder
@pytest.mark.parametrize(
    "numbers", [3, np.int64(3), [[1, 2], [3, 4]], [[1]], np.zeros((2, 0)), np.zeros((1, 1, 1))]
)
def test_anything_but_one_axis_is_refused_with_its_shape(
    encode: Callable[[Any], NDArray[np.float32]],
    columns: int,
    numbers: Any,
) -> None:
    with pytest.raises(ValueError, match=r"shape \(n,\)") as caught:
        encode(numbers)
    assert str(np.shape(numbers)) in str(caught.value)


@given(st.integers(0, 62))
def test_binary_takes_the_largest_number_that_fits_and_no_larger(bits: int) -> None:
    assert encodings.binary([2**bits - 1], bits).tolist() == [[1.0] * bits]
    with pytest.raises(ValueError, match=f"^{2**bits} does not fit into {bits} bits") as caught:
        encodings.binary([0, 2**bits], bits)
    assert str(caught.value).endswith(f" {2**bits - 1}")


@given(st.integers(1, 9), st.integers(2, 36))
def test_digits_take_the_largest_number_that_fits_and_no_larger(places: int, base: int) -> None:
    largest = base**places - 1
    assert encodings.digits([largest], places, base).tolist() == [
        ([0.0] * (base - 1) + [1.0]) * places
    ]
    with pytest.raises(ValueError, match=f"^{largest + 1} does not fit") as caught:
        encodings.digits([0, largest + 1], places, base)
    assert str(caught.value).endswith(f" {largest}")


@pytest.mark.parametrize("label", [3, 4, 10**9])
def test_one_hot_refuses_a_label_at_or_above_the_number_of_classes(label: int) -> None:
    with pytest.raises(ValueError, match=f"^{label} does not fit into 3 classes"):
        encodings.one_hot([0, 2, label], classes=3)


@pytest.mark.parametrize("moduli", [[], [0], [3, 0], [-2, 3]])
def test_residues_refuse_moduli_that_cannot_divide(moduli: list[int]) -> None:
    with pytest.raises(ValueError, match="modulus"):
        encodings.residues([1, 2], moduli)


# the documentation


def test_every_encoding_has_an_example() -> None:
    functions = [
        name
        for name, function in inspect.getmembers(encodings, inspect.isfunction)
        if function.__module__ == encodings.__name__ and not name.startswith("_")
    ]
    assert set(functions) == set(ENCODERS)
    with_examples = {
        test.name.rpartition(".")[2]
        for test in doctest.DocTestFinder().find(encodings)
        if test.examples
    }
    assert with_examples == set(functions)


def test_numbers_beyond_what_the_machine_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="largest number"):
        encodings.digits([5], places=20)
    with pytest.raises(ValueError, match="largest number"):
        encodings.binary([2**80], bits=4)


def test_moduli_may_be_an_array() -> None:
    expected = encodings.residues([7], [3, 5])
    np.testing.assert_array_equal(encodings.residues([7], np.array([3, 5])), expected)
