"""Full-size data through ``keras.datasets``, with errors that say what to do."""

from __future__ import annotations

import gzip
import importlib
import os
import pickle
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_code.data.dataset import DataError

Part = tuple[NDArray[Any], NDArray[Any]]

# what the readers of archives raise when the content is not what it should be
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    pickle.UnpicklingError,
    FileNotFoundError,
    EOFError,
    KeyError,
    ValueError,
)


def from_keras(name: str, file: str) -> tuple[Part, Part]:
    """Load a data set through ``keras.datasets``, from its cache or from the network.

    Args:
        name: The module of ``keras.datasets``.
        file: The name of the file or folder that Keras keeps, for messages.

    Returns:
        ``(x_train, y_train), (x_test, y_test)``.

    Raises:
        DataError: It could not be downloaded, or the kept file is broken.
    """
    import keras

    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    path = Path(home) / "datasets" / file
    kept = path.is_file()  # of a folder, some files may be there and others not
    sample = "or leave out LESSONS_DATA=full to use the small sample"
    talks = keras.config.is_interactive_logging_enabled()
    try:
        # Keras reports the download on standard output, where it would land on a page
        keras.config.disable_interactive_logging()
        return importlib.import_module(f"keras.datasets.{name}").load_data()  # type: ignore[no-any-return]
    except _BROKEN as error:
        raise DataError(
            f"{path} is broken ({error}). Remedy: delete it and run again, {sample}."
        ) from error
    except Exception as error:  # keras raises a bare Exception when a download fails
        state = "is broken and could not be fetched again" if kept else "could not be downloaded"
        raise DataError(
            f"{file} {state} ({error}). Remedy: connect to the internet, or copy it from "
            f"another machine to {path}, {sample}."
        ) from error
    finally:
        if talks:
            keras.config.enable_interactive_logging()


def check(
    name: str,
    x: NDArray[Any],
    y: NDArray[Any],
    shape: tuple[int, ...],
    class_sizes: tuple[int, int],
    *,
    remedy: str = "Remedy: delete the file in Keras' datasets folder and run again.",
) -> None:
    """Check that a picture set is what it claims to be.

    Args:
        name: What to call it in the message.
        x: The pictures.
        y: Their labels.
        shape: The shape that ``x`` must have.
        class_sizes: The sizes of the smallest and of the largest class.
        remedy: What the reader can do if it is not.

    Raises:
        DataError: Shape, range of the pixels or class sizes are not as expected.
    """
    if x.shape != shape or y.shape != shape[:1]:
        raise DataError(
            f"{name} has pictures of shape {x.shape} and labels of shape {y.shape}; "
            f"expected {shape} and {shape[:1]}. {remedy}"
        )
    if x.dtype != np.uint8 or x.max() <= 1:
        raise DataError(
            f"{name} has pixels of type {x.dtype} up to {x.max()}; expected uint8 up to 255. "
            f"{remedy}"
        )
    labels, counts = np.unique(y, return_counts=True)
    if labels.tolist() != list(range(10)) or (counts.min(), counts.max()) != class_sizes:
        found = dict(zip(labels.tolist(), counts.tolist(), strict=True))
        raise DataError(
            f"{name} has the classes {found}; expected 10 "
            f"classes of {class_sizes[0]:,} to {class_sizes[1]:,} pictures. {remedy}"
        )
