"""What the contract has to know of a book's subject and of its own functions.

It stands in the book's ``_config.yml``::

    sphinx:
      config:
        contract:
          random: [keras.layers] # what needs a seed, beside Python's and NumPy's random numbers
          models: [Sequential] # what makes something whose fit draws a progress bar
          spoken: {plots.show: alt} # what shows something, and the argument that says it in words
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RANDOM = ("rng", "np.random", "numpy.random", "random")


@dataclass(frozen=True)
class Settings:
    """The settings under ``contract``.

    Attributes:
        random: Names whose functions need a seed.
        models: Names of what makes a model that reports its progress.
        spoken: Functions that show something, each with the argument that says it in words.
    """

    random: tuple[str, ...] = RANDOM
    models: frozenset[str] = frozenset()
    spoken: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Return the settings in what a book's configuration says to Sphinx.

        Raises:
            ValueError: They cannot be understood.
        """
        given = config.get("contract") or {}
        try:
            unknown = set(given) - {"random", "models", "spoken"}
            if unknown:
                raise TypeError(f"unknown: {', '.join(sorted(map(str, unknown)))}")
            return cls(
                (*RANDOM, *given.get("random", ())),
                frozenset(given.get("models", ())),
                dict(given.get("spoken", {})),
            )
        except (TypeError, ValueError, AttributeError) as error:
            raise ValueError(
                f"_config.yml: contract cannot be read ({error}). Remedy: random and models are "
                "lists of names, spoken holds an argument for each function."
            ) from error
