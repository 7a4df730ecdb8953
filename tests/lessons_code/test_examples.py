"""The examples in the docstrings of the package are right."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import lessons_code

MODULES = [module.name for module in pkgutil.walk_packages(lessons_code.__path__, "lessons_code.")]


@pytest.mark.parametrize("name", ["lessons_code", *MODULES])
def test_the_examples_of_a_module_are_right(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_examples_are_looked_for_where_they_stand() -> None:
    found = doctest.DocTestFinder().find(import_module("lessons_code.claims"))
    assert sum(len(test.examples) for test in found) >= 2
