"""What is known of a book's predictions while it is built: boxes, their order, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from booktools.parts.deal import letter


class PredictionError(SphinxError):
    """Predictions, answers or letters that do not fit together."""

    category = "Predictions"


@dataclass
class Box:
    """A prediction of a page.

    Attributes:
        line: Where it begins in the file.
        order: Its options, by number as written, in the order they are shown.
        right: Which is right, by number as written; ``None`` if nobody knows.
        key: Names the box and its options as they stand now; another one, if they changed.
    """

    line: int
    order: list[int]
    right: int | None
    key: str = ""

    def letter(self, option: int) -> str:
        """Return the letter of an option, which is given by its number as written."""
        return letter(self.order.index(option))


@dataclass
class Boxes:
    """The predictions of one page by name, and each fault that was found, with its line."""

    by_name: dict[str, Box] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


def register(app: Sphinx) -> None:
    """Let Sphinx keep what is known from build to build."""
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _fail)


def of_page(env: Any, page: str) -> Boxes:
    """Return the predictions of a page, to be read and added to."""
    return _all(env).setdefault(page, Boxes())


def _all(env: Any) -> dict[str, Boxes]:
    if not hasattr(env, "booktools_predictions"):
        env.booktools_predictions = {}
    known: dict[str, Boxes] = env.booktools_predictions
    return known


def _forget(_app: Sphinx, env: Any, page: str) -> None:
    """Forget the predictions of a page that is read again, or is gone."""
    _all(env).pop(page, None)


def _merge(_app: Sphinx, env: Any, pages: set[str], other: Any) -> None:
    """Take over what another process read."""
    _all(env).update({page: found for page, found in _all(other).items() if page in pages})


def _fail(_app: Sphinx, env: Any) -> None:
    """Raise an error that names every fault, also on pages not read again."""
    faults = []
    first: dict[str, str] = {}
    for page, found in sorted(_all(env).items()):
        path = env.doc2path(page)
        faults += [f"{path}:{line}: {fault}" for line, fault in found.faults]
        for name, box in found.by_name.items():
            place = f"{path}:{box.line}"
            if name in first:
                faults.append(
                    f"{place}: the prediction {name!r} has the name of another, {first[name]}. "
                    "Remedy: choose a name that is used once in the book."
                )
            first.setdefault(name, place)
    if faults:
        raise PredictionError("\n".join(faults))
