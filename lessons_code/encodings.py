"""Encodings: ways to write a whole number as a row of numbers that a network can take.

Every function takes whole numbers of shape ``(n,)`` and returns ``float32`` of shape
``(n, features)``, one row a number, ready to be fed to a layer.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LARGEST = int(np.iinfo(np.int64).max)
Encoded = NDArray[np.float32]


def binary(numbers: ArrayLike, bits: int) -> Encoded:
    """Write each number in base two, highest bit first.

    Args:
        numbers: Whole numbers from 0 to ``2**bits - 1``, shape ``(n,)``.
        bits: How many binary digits to write.

    Returns:
        Zeros and ones, shape ``(n, bits)``.

    Raises:
        ValueError: A number is negative, not whole, or needs more bits.

    Example:
        >>> binary([5, 8], bits=4)
        array([[0., 1., 0., 1.],
               [1., 0., 0., 0.]], dtype=float32)
    """
    whole = _whole(numbers, below=2**bits, what=f"{bits} bits")
    places = np.arange(bits - 1, -1, -1)
    return ((whole[:, None] >> places) & 1).astype(np.float32)


def digits(numbers: ArrayLike, places: int, base: int = 10) -> Encoded:
    """Write each number in ``base``, and each of its digits as a one-hot block.

    Args:
        numbers: Whole numbers from 0 to ``base**places - 1``, shape ``(n,)``.
        places: How many digits to write, leading zeros included.
        base: How many different digits there are; ten unless told.

    Returns:
        Zeros and ones, shape ``(n, places * base)``: a block of ``base`` columns for each
        digit, the highest digit first, with a single one in each block.

    Raises:
        ValueError: A number is negative, not whole, or needs more digits.

    Example:
        >>> digits([12], places=2, base=3)
        Traceback (most recent call last):
        ValueError: 12 does not fit into 2 digits of base 3: the largest number is 8
        >>> digits([5], places=2, base=3)
        array([[0., 1., 0., 0., 0., 1.]], dtype=float32)
    """
    whole = _whole(numbers, below=base**places, what=f"{places} digits of base {base}")
    powers = base ** np.arange(places - 1, -1, -1)
    written = whole[:, None] // powers % base
    return one_hot(written.ravel(), base).reshape(len(whole), places * base)


def residues(numbers: ArrayLike, moduli: Sequence[int]) -> Encoded:
    """Write each number as what remains after dividing by each modulus, one-hot.

    Args:
        numbers: Whole numbers from 0 up, shape ``(n,)``.
        moduli: What to divide by, each 1 or more.

    Returns:
        Zeros and ones, shape ``(n, sum(moduli))``: a block of ``m`` columns for each
        modulus ``m``, with a single one in each block.

    Raises:
        ValueError: A number is negative or not whole, or there is no usable modulus.

    Example:
        >>> residues([7], moduli=[3, 5])
        array([[0., 1., 0., 0., 0., 1., 0., 0.]], dtype=float32)
    """
    moduli = [operator.index(modulus) for modulus in moduli]
    if not moduli or min(moduli) < 1:
        raise ValueError(f"residues need at least one modulus, each 1 or more, not {moduli!r}")
    whole = _whole(numbers)
    return np.concatenate([one_hot(whole % modulus, modulus) for modulus in moduli], axis=1)


def one_hot(labels: ArrayLike, classes: int) -> Encoded:
    """Write each label as a row of zeros with a one in the label's column.

    Args:
        labels: Whole numbers from 0 to ``classes - 1``, shape ``(n,)``.
        classes: How many labels there are.

    Returns:
        Zeros and ones, shape ``(n, classes)``.

    Raises:
        ValueError: A label is negative, not whole, or not below ``classes``.

    Example:
        >>> one_hot([2, 0], classes=3)
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
    """
    whole = _whole(labels, below=classes, what=f"{classes} classes")
    return np.eye(classes, dtype=np.float32)[whole]


def _whole(numbers: ArrayLike, *, below: int | None = None, what: str = "") -> NDArray[np.int64]:
    """Return ``numbers`` as whole numbers of shape ``(n,)``, or say which one is wrong."""
    given = np.asarray(numbers)
    if given.ndim != 1:
        raise ValueError(f"numbers must have the shape (n,), not {given.shape}")
    with np.errstate(invalid="ignore"):
        try:
            whole = given.astype(np.int64)
        except OverflowError as error:
            raise ValueError(f"the largest number that can be encoded is {_LARGEST}") from error
    for wrong in given[whole != given]:
        raise ValueError(f"{wrong} is not a whole number")
    for wrong in whole[whole < 0]:
        raise ValueError(f"{wrong} is negative: only 0 and above can be encoded")
    if below is not None and below > _LARGEST:
        raise ValueError(f"{what} hold more than the largest number here, {_LARGEST}")
    if below is not None:
        for wrong in whole[whole >= below]:
            raise ValueError(f"{wrong} does not fit into {what}: the largest number is {below - 1}")
    return whole
