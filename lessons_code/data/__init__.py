"""Data sets, one loader each, all of one shape.

The default mode, ``sample``, needs no network: the data ship inside packages or are made
by our own code. With the environment variable ``LESSONS_DATA=full`` the loaders that have a
full-size original fetch it through ``keras.datasets``.
"""

from lessons_code.data.dataset import DataCard, DataError, Dataset, Split, mode
from lessons_code.data.digits import digits, small_digits
from lessons_code.data.names import names
from lessons_code.data.reviews import reviews
from lessons_code.data.shapes import moons, rings, spiral
from lessons_code.data.spots import spots
from lessons_code.data.toys import toys
from lessons_code.data.wardrobe import wardrobe

__all__ = [
    "DataCard",
    "DataError",
    "Dataset",
    "Split",
    "digits",
    "mode",
    "moons",
    "names",
    "reviews",
    "rings",
    "small_digits",
    "spiral",
    "spots",
    "toys",
    "wardrobe",
]
