"""What is told when a download cannot be made."""

from __future__ import annotations

from sphinx.errors import SphinxError


class DownloadError(SphinxError):
    """A download that cannot be made, or a list of them that cannot be read."""

    category = "Downloads"
