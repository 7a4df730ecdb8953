"""Every page is written again when what surrounds all pages changed.

Sphinx writes only the pages whose own text changed, so that a new title would be missing from
the contents of the others, and a new style sheet would not reach the site at all. It never
removes a page either; so what was written before goes first, and the site is the same as after
a first build. That happens in the folder where Sphinx works; the site itself is replaced only
when everything is there (``booktools.execution.publish``).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from booktools.extension import checksum, metadata


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("env-get-updated", pages_to_write, priority=900)  # when the contents are known
    return metadata()


def pages_to_write(app: Sphinx, env: Any) -> set[str]:
    """Return every page if the contents or a file of the static folders changed."""
    static = [Path(app.confdir) / folder for folder in app.config.html_static_path]
    pages = tuple(sorted(env.found_docs))
    frame = (env.booktools_contents, pages, checksum(static))
    written: dict[str, object] = getattr(env, "booktools_frames", {})  # by each builder
    if app.builder.format != "html" or written.get(app.builder.name) == frame:
        return set()
    env.booktools_frames = {**written, app.builder.name: frame}
    staging = Path(app.outdir)
    if staging != Path(app.booktools_site):  # type: ignore[attr-defined]
        for path in staging.glob("[!.]*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return set(env.found_docs)
