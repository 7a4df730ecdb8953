"""A Sphinx extension: every chapter as a Jupyter notebook that runs anywhere.

Pages with code cells get a notebook beside them (``plain.py``); ``{notebook}`` links to it where
the text speaks of it. Where the book names a package under ``notebooks`` (``settings.py``), the
site carries a wheel of it (``wheel.py``), which the first cell of each notebook installs if it is
missing (``first_cell.py``). A zip holds all notebooks, the wheel and a start page
(``archive.py``); ``{notebooks}`` links to it. Where the notebooks stand on GitHub, pages link to
them in Colab, which opens notebooks from there and from Google Drive only.
"""

from __future__ import annotations

from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

import nbformat
from docutils import nodes
from myst_nb.core.read import is_myst_markdown_notebook
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from booktools.execution.inputs import project_root
from booktools.extension import metadata
from booktools.parts.notebook import archive
from booktools.parts.notebook.first_cell import facts, first_cell
from booktools.parts.notebook.numbers import from_run
from booktools.parts.notebook.plain import cell_id, for_readers
from booktools.parts.notebook.settings import NotebooksError, Settings
from booktools.parts.notebook.wheel import Wheel, WheelError, wheel_of
from booktools.zips import slug

DOWNLOADS = "downloads"  # the folder of the site
ARCHIVE = "notebooks.zip"
COLAB = "https://colab.research.google.com/github/{}/{}/blob/{}/{}"
_BESIDE = ("html", "dirhtml")  # the builders that make a site of files


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the setting and the directives, and write the notebooks beside their pages."""
    app.add_config_value("notebooks", {}, "html", types=[dict])
    app.add_directive("notebook", Offer)
    app.add_directive("notebooks", OfferAll)
    app.connect("config-inited", take_settings)
    app.connect("env-get-updated", pages_to_write)
    app.connect("html-page-context", offer)
    app.connect("build-finished", gather)
    return metadata()


class Offer(SphinxDirective):
    """``{notebook}`` with the text of the link as its argument."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the link."""
        return [self._link(f"{PurePosixPath(self.env.docname).name}.ipynb")]

    def _link(self, to: str) -> nodes.Node:
        words = escape(self.arguments[0])
        link = f'<p><a class="notebook" href="{quote(to)}" download>{words}</a></p>'
        return nodes.raw("", link, format="html")


class OfferAll(Offer):
    """``{notebooks}``: a link to the zip of them all."""

    def run(self) -> list[nodes.Node]:
        """Return the link."""
        if not self.config.notebooks:
            raise self.error(
                "{notebooks} links to a zip, which is made where `notebooks` stands under "
                "`sphinx: config:` in _config.yml. Remedy: write it there, or leave this out."
            )
        here = self.env.app.builder.get_target_uri(self.env.docname)
        return [self._link(relative_uri(here, f"{DOWNLOADS}/{ARCHIVE}"))]


def take_settings(app: Sphinx, config: Config) -> None:
    """Read what the book and the environment say; pages are written again where it changed."""
    settings = Settings.from_config(config.notebooks)
    if settings.github != config.notebooks.get("github", ""):
        config.notebooks = {**config.notebooks, "github": settings.github}
    app.booktools_notebooks = settings  # type: ignore[attr-defined]


def pages_to_write(app: Sphinx, env: Any) -> list[str]:
    """Make the wheel, and return every page with a notebook if its first cell has changed."""
    settings: Settings = app.booktools_notebooks  # type: ignore[attr-defined]
    app.booktools_wheel = None  # type: ignore[attr-defined]
    if app.builder.format != "html":
        return []
    told: dict[str, Any] | None = None
    if app.config.notebooks:  # what is wrong is said before anything is written
        archive.check(env, settings.start)
        archive.beside(project_root(Path(app.srcdir)), settings.files)
    if settings.package:
        wheel = _wheel(app, settings)
        app.booktools_wheel = wheel  # type: ignore[attr-defined]
        base = app.config.html_baseurl
        deciding = (getattr(app.config, "evidence", None) or {}).get("packages") or ()
        address = f"{base.rstrip('/')}/{DOWNLOADS}/" if base else ""
        told = facts(wheel, settings.package, address, ARCHIVE, deciding)
    if getattr(env, "booktools_first_cell", None) == told:
        return []
    env.booktools_first_cell = told
    return [page for page in sorted(env.found_docs) if _code_of(app, page)]


def _wheel(app: Sphinx, settings: Settings) -> Wheel:
    project = project_root(Path(app.srcdir)) / settings.project
    try:
        return wheel_of(project, settings.package, Path(app.doctreedir) / "wheels")
    except WheelError as error:
        raise NotebooksError(str(error)) from error


def _code_of(app: Sphinx, page: str) -> str:
    """Return the source of a page with code cells; nothing for other pages."""
    assert app.env is not None
    text = Path(app.env.doc2path(page)).read_text(encoding="utf8")
    return text if is_myst_markdown_notebook(text) and "{code-cell}" in text else ""


def _place(app: Sphinx, page: str) -> Path:
    """Return where the notebook of a page stands."""
    name = f"{PurePosixPath(page).name}.ipynb"
    return Path(app.builder.get_outfilename(page)).with_name(name)  # type: ignore[attr-defined]


def offer(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the notebook of a page with code, and tell the template its name."""
    if doctree is None or app.env is None or app.builder.name == "epub":
        return
    text = _code_of(app, page)
    if not text:
        return
    path = _place(app, page)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(app, page, text), path)
    told = context.setdefault("book", {})
    told["notebook"] = quote(path.name)
    settings: Settings = app.booktools_notebooks  # type: ignore[attr-defined]
    if settings.github and app.config.html_baseurl:  # or its first cell would find no wheel
        owner, repository, branch = settings.github.split("/", 2)
        told["colab"] = COLAB.format(owner, repository, branch, quote(f"{page}.ipynb"))


def notebook(app: Sphinx, page: str, text: str) -> NotebookNode:
    """Return the notebook of a page, with what makes it ready in its first cell."""
    env: Any = app.env
    claims = [one for one in getattr(env, "booktools_claims", ()) if one["page"] == page]
    numbers = from_run(Path(env.mystnb_config.output_folder), page)
    made = for_readers(text, page, claims, numbers)
    told = getattr(env, "booktools_first_cell", None)
    if told:
        code = [cell.source for cell in made.cells if cell.cell_type == "code"]
        above = [first_cell(told, code), nbformat.v4.new_markdown_cell(_origin(app, page))]
        for place, cell in enumerate(above):
            cell.id = cell_id(f"first {place}", cell.source)
        made.cells[:0] = above
    return made


def _origin(app: Sphinx, page: str) -> str:
    """Return a line that says where a notebook comes from, and what stands only there."""
    assert app.env is not None
    title, book = app.env.titles[page].astext(), app.config.html_title
    name, base = f"*{title}*" if title != book else "the front page", app.config.html_baseurl
    if base:
        name = f"[{name}]({base}{app.builder.get_target_uri(page)})"
    return (
        f"This notebook comes from {name} of *{book}*. That page also has the solutions, and what "
        "is interactive works there."
    )


def gather(app: Sphinx, error: Exception | None) -> None:
    """Write the wheel, and the zip of all notebooks."""
    settings: Settings = app.booktools_notebooks  # type: ignore[attr-defined]
    if error is not None or app.builder.name not in _BESIDE or not app.config.notebooks:
        return
    env: Any = app.env
    wheel: Wheel | None = app.booktools_wheel  # type: ignore[attr-defined]
    pages = {page: _place(app, page) for page in archive.order(env) if _code_of(app, page)}
    files = {
        **archive.start(env, settings.start, list(pages), app.config.html_baseurl),
        **({wheel.name: wheel.data} if wheel else {}),
        **archive.beside(project_root(Path(app.srcdir)), settings.files),
        **{f"{page}.ipynb": path.read_bytes() for page, path in pages.items()},
    }
    folder = Path(app.outdir) / DOWNLOADS
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.whl"):
        old.unlink()
    if wheel:
        (folder / wheel.name).write_bytes(wheel.data)
    root = slug(app.config.html_title, "notebooks")
    (folder / ARCHIVE).write_bytes(archive.pack(root, files))
