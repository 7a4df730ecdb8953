"""How all tests are run: side by side, and those that look at the same page in one process."""

from __future__ import annotations

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from booktools.execution.resources import usable_cores
from tests.site.contents import ALL_PAGES

WORKERS = 4  # each may hold TensorFlow and a browser, about 1.5 GB
BUILDS = {"book", "built", "built_pair", "cluster", "site"}  # fixtures that build a book
# a page of the site among a test's parameters, or a module whose tests share a fixture
SHARED = re.compile(
    rf"^tests/site/.*[\[-]({'|'.join(sorted(ALL_PAGES, key=len, reverse=True))})(?:\.html)?[\]-]"
    r"|^(tests/(?:booktools/test_(?:cluster|foreign_site|outside)|lessons_code/test_sabotage"
    r"|site/test_remember)\.py)"
)


class Together(LoadScopeScheduling):
    """Hands out tests in their order, one by one, but what shares a page or a book at once."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def unit(nodeid: str) -> str:
    """Return the name of what a test shares with others; its own if that is nothing."""
    shared = SHARED.search(nodeid)
    return (shared[1] or shared[2]) if shared else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Return what hands the tests out."""
    return Together(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run tests: one more than there are cores, for many tests wait."""
    return min(usable_cores() + 1, WORKERS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that build a book, so that the others can be run alone."""
    for item in items:
        if BUILDS & set(getattr(item, "fixturenames", ())):
            item.add_marker("builds")
