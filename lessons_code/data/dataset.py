"""What every loader returns: arrays, labels, class names and a data card."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from lessons_code.seeding import shifted

MODE_VARIABLE = "LESSONS_DATA"


class DataError(RuntimeError):
    """Data that are missing, broken or not what they should be. The message says the remedy."""


def mode() -> Literal["sample", "full"]:
    """Return the data mode, from the environment variable ``LESSONS_DATA``.

    Raises:
        DataError: The variable holds anything but ``sample`` or ``full``.
    """
    value = os.environ.get(MODE_VARIABLE, "sample")
    if value not in ("sample", "full"):
        raise DataError(f'{MODE_VARIABLE} is "sample" or "full", not "{value}"')
    return cast(Literal["sample", "full"], value)


@dataclass(frozen=True)
class DataCard:
    """Where data come from, what they are, and what they are not good for.

    Attributes:
        name: The data set's name.
        origin: Who collected it, when and how, with a source.
        license: Under which terms it may be used.
        size: Number and form of the examples.
        missing: Who or what is not in it.
    """

    name: str
    origin: str
    license: str
    size: str
    missing: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        from html import escape

        rows = {
            "Origin": self.origin,
            "License": self.license,
            "Size": self.size,
            "Missing": self.missing,
        }
        cells = "".join(
            f'<tr><th scope="row">{key}</th><td>{escape(text)}</td></tr>'
            for key, text in rows.items()
        )
        caption = f"Data card: {escape(self.name)}"
        return {
            "text/plain": "\n".join([caption, *(f"{key}: {text}" for key, text in rows.items())]),
            "text/html": f'<table class="data-card"><caption>{caption}</caption>{cells}</table>',
        }


class Split(NamedTuple):
    """Examples for training, for choosing (validation) and for the final test."""

    x_train: NDArray[Any]
    y_train: NDArray[np.int64]
    x_val: NDArray[Any]
    y_val: NDArray[np.int64]
    x_test: NDArray[Any]
    y_test: NDArray[np.int64]


@dataclass(frozen=True)
class Dataset:
    """Examples with their labels.

    Attributes:
        x: The examples, shape ``(n, ...)``: axis 0 counts the examples.
        y: The label of each example, whole numbers from 0, shape ``(n,)``.
        class_names: What label ``k`` means, at position ``k``.
        card: Origin, license, size and gaps of the data.
        test_from: Index of the first example of the publisher's own test part, if there is one.
        groups: A number for each example; examples with the same number stay on one side of
            every split, such as the translations of one word.
    """

    x: NDArray[Any]
    y: NDArray[np.int64]
    class_names: tuple[str, ...]
    card: DataCard
    test_from: int | None = None
    groups: NDArray[np.int64] | None = None

    def split(self, *, val: float = 0.1, test: float = 0.2, seed: int = 0) -> Split:
        """Deal the examples into three parts at random, each with the same mix of classes.

        Where the publisher of the data set a test part aside, that part is the test part,
        and ``test`` only says how much of the rest is left for the other two. Groups are dealt
        as a whole: then the shares hold for groups, and classes are mixed only by chance.

        Args:
            val: Share of all examples to choose with (validation), between 0 and 1.
            test: Share of all examples for the final test, between 0 and 1.
            seed: Decides who goes where, from 0 to 999. The same seed gives the same split;
                ``LESSONS_SEED_SHIFT`` moves it, as it moves all seeds of a chapter.

        Returns:
            The three parts, which have no example in common.

        Raises:
            ValueError: The shares do not leave anything to train on, or are not positive.
        """
        from sklearn.model_selection import train_test_split

        seed = shifted(seed)
        if not (val > 0 and test > 0 and val + test < 1):
            raise ValueError(f"val and test are positive and add up to less than 1: {val} + {test}")
        if self.groups is not None:
            return self._split_groups(self.groups, val, test, seed)
        everything = np.arange(len(self.x))
        n_test = round(test * len(everything))
        if self.test_from is None:
            rest, test_rows = train_test_split(
                everything, test_size=n_test, stratify=self.y, random_state=seed
            )
        else:
            rest, test_rows = np.split(everything, [self.test_from])
        n_val = round(val / (1 - test) * len(rest))
        train_rows, val_rows = train_test_split(
            rest, test_size=n_val, stratify=self.y[rest], random_state=seed
        )
        return self._deal(train_rows, val_rows, test_rows)

    def _split_groups(self, groups: NDArray[np.int64], val: float, test: float, seed: int) -> Split:
        shuffled = np.random.default_rng(seed).permutation(np.unique(groups))
        n_test, n_val = round(test * len(shuffled)), round(val * len(shuffled))
        parts = np.split(shuffled, [n_test, n_test + n_val])
        test_rows, val_rows, train_rows = (np.flatnonzero(np.isin(groups, part)) for part in parts)
        return self._deal(train_rows, val_rows, test_rows)

    def _deal(self, *parts: NDArray[np.int64]) -> Split:
        return Split(*(array for rows in parts for array in (self.x[rows], self.y[rows])))
