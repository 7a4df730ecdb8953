"""Film reviews: 50,000 of them, praise or blame, in full mode only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lessons_code.data.dataset import DataCard, DataError, Dataset, mode
from lessons_code.data.full import from_keras

CLASS_NAMES = ("negative", "positive")
_PART = 25_000
_REMEDY = "Remedy: delete the file in Keras' datasets folder and run again."


def reviews() -> Dataset:
    """Load the reviews of the IMDB data set through ``keras.datasets.imdb``.

    No package ships them, so they exist only with ``LESSONS_DATA=full``. The publisher's own
    half is the test part; the validation part is dealt from the other half.

    Returns:
        ``x`` of shape ``(50000,)``: each entry a list of word numbers, 1 for the start of the
        text, from 4 on the words, the most frequent first; ``y`` 0 for blame, 1 for praise.

    Raises:
        DataError: The mode is not ``full``, or the data are missing, broken or other data.
    """
    if mode() != "full":
        raise DataError(
            "film reviews ship with no package. Remedy: build or run with LESSONS_DATA=full; "
            "Keras then downloads them once, about 17 MB."
        )
    (x_train, y_train), (x_test, y_test) = from_keras("imdb", "imdb.npz")
    _check("the training half of the reviews", x_train, y_train)
    _check("the test half of the reviews", x_test, y_test)
    x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    return Dataset(x, y.astype(np.int64), CLASS_NAMES, _CARD, len(x_train))


_CARD = DataCard(
    "Film reviews (IMDB)",
    "Taken from the Internet Movie Database, at most 30 reviews of one film, by Maas and others "
    "(Learning Word Vectors for Sentiment Analysis, 2011)",
    "Free for research with a citation; the texts belong to their authors; through keras.datasets",
    "50,000 English reviews, half praise and half blame, half of them for the test; each a list "
    "of word numbers, without its punctuation",
    "No review that is undecided: those with five or six of ten stars were left out. People who "
    "write reviews in English are not people who watch films.",
)


def _check(name: str, x: NDArray[np.object_], y: NDArray[np.int64]) -> None:
    if len(x) != _PART or np.bincount(y, minlength=2).tolist() != [_PART // 2, _PART // 2]:
        raise DataError(
            f"{name}: {len(x):,} texts with the labels {np.unique(y).tolist()}; expected "
            f"{_PART:,}, half of them 0 and half 1. {_REMEDY}"
        )
    for place, text in enumerate(x):
        if not len(text) or not all(isinstance(word, int) and word > 0 for word in text):
            raise DataError(f"{name}: text {place} is not a list of word numbers. {_REMEDY}")
