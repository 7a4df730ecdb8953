"""Seeds: one line that makes a chapter give the same numbers every time."""

from __future__ import annotations

import logging
import os

import numpy as np

SHIFT_VARIABLE = "LESSONS_SEED_SHIFT"
SHIFT_STRIDE = 1000


def set_seed(seed: int) -> np.random.Generator:
    """Seed everything a chapter draws from, and return a generator for NumPy.

    Python's ``random``, NumPy's global state and the Keras backend are seeded by
    ``keras.utils.set_random_seed``, and TensorFlow is asked for deterministic
    operations. Arrays that the chapter draws itself come from the returned generator.

    The environment variable ``LESSONS_SEED_SHIFT`` (a whole number, 0 when unset) moves
    every seed of a chapter by a thousand times its value, those of splits included.
    ``make evidence`` uses it to show how far a chapter's claims spread.

    Args:
        seed: A whole number from 0 to 999.

    Returns:
        A NumPy random generator with the same seed.

    Raises:
        ValueError: The seed is out of range, or the shift is not a whole number.

    Source:
        Keras documentation, ``keras.utils.set_random_seed``.
    """
    import keras
    import tensorflow as tf

    logging.getLogger("tensorflow").addFilter(_no_false_alarm)
    number = shifted(seed)
    keras.utils.set_random_seed(number)
    tf.config.experimental.enable_op_determinism()
    return np.random.default_rng(number)


def _no_false_alarm(record: logging.LogRecord) -> bool:
    """Drop one warning: TensorFlow takes several networks, each traced once, for one traced often."""
    return "triggered tf.function retracing" not in record.getMessage()


def shifted(seed: int) -> int:
    """Return ``seed`` moved by ``LESSONS_SEED_SHIFT``, for whatever takes a seed of its own.

    Example:
        >>> shifted(7)
        7
    """
    if seed not in range(SHIFT_STRIDE):
        raise ValueError(f"a seed is a whole number from 0 to {SHIFT_STRIDE - 1}, not {seed}")
    shift = os.environ.get(SHIFT_VARIABLE, "0")
    if not shift.isdecimal():
        raise ValueError(f"{SHIFT_VARIABLE} must be a whole number, not {shift!r}")
    return int(seed) + SHIFT_STRIDE * int(shift)
