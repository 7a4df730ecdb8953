"""What turns chapters into a site: execution, the contract, the parts of a page, the theme.

Named in a book's ``_config.yml`` under ``sphinx: extra_extensions``, ``booktools`` brings all of
it. Each room is an extension of its own too, for books that want only that, and so is each part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOMS = ("contract", "execution", "parts", "site", "downloads", "offline")


def setup(app: Sphinx) -> dict[str, Any]:
    """Bring everything."""
    from booktools.extension import metadata

    for room in ROOMS:
        app.setup_extension(f"booktools.{room}")
    return metadata()
