"""Links that lead from a page to a report of what is wrong there, and to its source.

They stand where the repository is known: from ``repository`` and the buttons of jupyter-book in
``_config.yml``, or from ``BOOKTOOLS_REPOSITORY`` in the environment, as a workflow sets it, which
shows both. Their addresses are those that GitHub understands. The report names the page, the
section that is in view and the commit from which the page was built.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from booktools.execution.inputs import project_root
from booktools.extension import metadata
from booktools.site.addresses import whole

VARIABLE = "BOOKTOOLS_REPOSITORY"
EXAMPLE = "https://github.com/owner/name"
# what jupyter-book takes for the repository of a book that names none, and its branch
NOBODYS = {"https://github.com/executablebooks/jupyter-book": "master"}
BRANCH = "main"
SCRIPT = "booktools/mend.js"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.add_config_value("site_issue_form", "", "html", types=[str])
    app.add_config_value("site_repository", {}, "html", types=[dict])
    app.connect("config-inited", find_repository, priority=600)  # before the theme takes over
    app.connect("html-page-context", add_links)
    return metadata()


def find_repository(app: Sphinx, config: Config) -> None:
    """Note where pages can be mended, and from which state of the repository they are built.

    Raises:
        AddressError: What was given is no address of a repository.
    """
    options = config.html_theme_options
    given, where = os.environ.get(VARIABLE, ""), VARIABLE
    buttons = {"report": "use_issues_button", "edit": "use_edit_page_button"}
    shown = [name for name, option in buttons.items() if given or options.get(option)]
    named, branch = (str(options.get(f"repository_{key}") or "") for key in ("url", "branch"))
    if named in NOBODYS:
        branch = "" if branch == NOBODYS[named] else branch
        named = ""
    if not given:
        given, where = named, "_config.yml: repository: url"
    if not (given and shown):
        config.site_repository = {}
        return
    source = Path(app.srcdir)
    root = project_root(source)
    folder = str(options.get("path_to_docs") or "").strip("/")
    config.site_repository = {
        "url": whole(given, where, EXAMPLE).removesuffix(".git"),
        "branch": branch or BRANCH,
        "folder": folder or source.relative_to(root).as_posix(),
        "build": commit(root),
        "shown": shown,
    }


def commit(root: Path) -> str:
    """Return the tag or the commit of a work tree, and whether it was changed since.

    Returns:
        Such as ``v1.2.0`` or ``3e3fa9f1c2d4-dirty``; empty where that cannot be known.
    """
    describe = ["describe", "--always", "--tags", "--abbrev=12", "--dirty"]
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *describe], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def add_links(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Tell the template where a page with a text of its own can be mended."""
    repository: dict[str, Any] = app.config.site_repository
    if doctree is None or app.env is None or not repository or app.builder.name == "singlehtml":
        return
    name = app.env.doc2path(page, base=False)
    source = f"{repository['folder']}/{name}".removeprefix("./")
    title = app.env.titles[page].astext()
    links = {
        "report": report(repository, source, title, app.config.site_issue_form),
        "edit": f"{repository['url']}/edit/{quote(repository['branch'])}/{quote(source)}",
    }
    book = context.setdefault("book", {})
    book |= {kind: links[kind] for kind in repository["shown"]}
    if "report" in repository["shown"]:
        book["report_section"] = "section" if app.config.site_issue_form else "body"
        app.add_js_file(SCRIPT, loading_method="defer")


def report(repository: dict[str, Any], source: str, title: str, form: str) -> str:
    """Return the address of an issue that is filled in as far as a page can.

    Args:
        repository: What ``find_repository`` noted.
        source: The page's file in the repository.
        title: The page's title.
        form: The repository's issue form, with fields ``page``, ``section`` and ``build``; if it
            is empty, what they would say begins the text of the issue. The section is added by
            the script.
    """
    asked = {"title": f"{title}: "}
    if form:
        asked |= {"template": form, "page": source}
        asked |= {"build": repository["build"]} if repository["build"] else {}
    else:
        asked["body"] = (
            f"What is wrong, and what should stand there?\n\n\n"
            f"Page: {source}\nBuild: {repository['build'] or 'not known'}\nSection: "
        )
    return f"{repository['url']}/issues/new?{urlencode(asked, quote_via=quote)}"
