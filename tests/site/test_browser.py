"""The site in a real browser: nothing fails, nothing foreign is asked for."""

from __future__ import annotations

from tests.site.conftest import Visitor


def test_the_landing_page_opens(visit: Visitor) -> None:
    opened = visit("index.html")
    assert opened.page.title()
