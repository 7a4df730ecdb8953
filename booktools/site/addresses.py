"""Addresses that a book is given: one that cannot be used stops the build at once."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sphinx.errors import SphinxError


class AddressError(SphinxError):
    """An address that cannot be used; the message says where it was given, and the remedy."""

    category = "Address"


def whole(given: str, where: str, example: str) -> str:
    """Return an address without blanks around it and slashes at its end.

    Args:
        given: The address; links are made by adding to its end.
        where: Where it was given, such as the name of a variable.
        example: One of the right kind, for the remedy.

    Raises:
        AddressError: It names no host, or does not end with a path to which more can be added.
    """
    address = str(given).strip()
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
        fits &= not (parts.query or parts.fragment or parts.username or re.search(r"\s", address))
        _ = parts.port
    except ValueError:  # such as a port that is no number
        fits = False
    if not fits:
        raise AddressError(
            f"{where} is {given!r}. Remedy: give a whole address without ? and #, such as "
            f"{example}, or leave it out."
        )
    return address.rstrip("/")
