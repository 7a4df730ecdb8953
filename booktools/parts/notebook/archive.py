"""The zip of all notebooks: with the wheel beside them, and a page to start from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt

from booktools.parts.notebook.plain import cell_id, for_readers
from booktools.parts.notebook.settings import NotebooksError
from booktools.parts.notebook.wheel import zipped
from booktools.site.navigation import contents

START = "start-here"
# self-contained, for it is opened from a folder
PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 42rem; margin: 0 auto; padding: 1rem; font: 1.05rem/1.6 system-ui, sans-serif; }}
pre {{ overflow-x: auto; padding: 0.7rem 0.9rem; border: 1px solid #8888; border-radius: 0.4rem; }}
code {{ font-size: 0.95em; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: 0.3rem 0.6rem; border: 1px solid #8888; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def order(env: Any) -> list[str]:
    """Return the pages of a book in the order in which they are read."""
    root: str = env.config.root_doc
    return [root, *(page.name for part in contents(env) for page in part.all())]


def check(env: Any, page: str) -> None:
    """Raise an error if the page whose text opens the zip does not exist.

    Raises:
        NotebooksError: There is no such page.
    """
    if page and page not in env.found_docs:
        raise NotebooksError(
            f"_config.yml: notebooks: start is {page!r}, which is no page of this book. Remedy: "
            "name a page as _toc.yml does."
        )


def start(env: Any, page: str, offered: Sequence[str], address: str) -> dict[str, bytes]:
    """Return the start page of the zip: for a browser, and with links for Jupyter.

    Args:
        env: Sphinx's environment.
        page: The page whose text a browser shows first; empty if there is none.
        offered: The pages with notebooks.
        address: Where the book is published; empty if nobody knows.
    """
    title = str(env.config.html_title)
    text = f"{_text(env, page) or f'# {title}'}\n\n{_list(env, offered, address, False)}"
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    language = escape(env.config.language or "en")
    web = PAGE.format(language=language, title=escape(title), body=rendered.strip())
    linked = f"# {title}\n\n{_list(env, offered, address, True)}"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(linked)])
    book.cells[0].id = cell_id(START, linked)
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return {
        f"{START}.html": web.encode(),
        f"{START}.ipynb": f"{nbformat.writes(book)}\n".encode(),
    }


def _text(env: Any, page: str) -> str:
    if not page:
        return ""
    made = for_readers(Path(env.doc2path(page)).read_text(encoding="utf8"), page)
    return "\n\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")


def _list(env: Any, offered: Sequence[str], address: str, linked: bool) -> str:
    """Return all notebooks, part by part: as links, or for a browser, which cannot run them."""
    lines = ["## All notebooks", ""]
    if not linked:
        lines += ["Open them in Jupyter, not from here.", ""]

    def entry(title: str, page: str) -> str:
        return f"[{title}]({page}.ipynb)" if linked else f"{title} (`{page}.ipynb`)"

    if env.config.root_doc in offered:
        lines += [f"- {entry('Front page', env.config.root_doc)}", ""]
    for part in contents(env):
        pages = [page for page in part.all() if page.name in offered]
        if pages and part.caption:
            lines += [f"**{part.caption}**", ""]
        for page in pages:
            number = f"Chapter {page.number}: " if page.number else ""
            asked = f" *{page.question}*" if page.question else ""
            lines.append(f"- {number}{entry(page.title, page.name)}{asked}")
        lines.append("")
    if address:
        lines.append(f"The book itself, with solutions and all that is interactive: <{address}>")
    return "\n".join(lines).strip()


def beside(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Return the files that a book puts into its zip, by their own names.

    Raises:
        NotebooksError: There is no such file.
    """
    found = {}
    for name in names:
        path = root / name
        if not path.is_file():
            raise NotebooksError(
                f"_config.yml: notebooks: files names {name}, which is not in {root}. Remedy: "
                "write its path from the folder of the repository."
            )
        found[path.name] = path.read_bytes()
    return found


def pack(root: str, files: dict[str, bytes]) -> bytes:
    """Return a zip in which all files stand in one folder."""
    return zipped({f"{root}/{name}": files[name] for name in sorted(files)})
