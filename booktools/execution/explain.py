"""What a chapter's results depend on, and why it would or would not run now."""

from __future__ import annotations

from pathlib import Path

from booktools.execution.chapter import read, results_environment, why
from booktools.execution.errors import FrontMatterError
from booktools.execution.store import Store

CACHE = Path("_build") / ".jupyter_cache"


def explain(book: Path, page: str) -> int:
    """Print what a page depends on; return 2 if there is no such page."""
    page = page.removesuffix(".md")
    path = book / f"{page}.md"
    if not path.exists():
        print(f"there is no page {path}")
        return 2
    chapter = read(page, path.absolute(), book.absolute(), results_environment())
    if chapter is None:
        print(f"{path} has no code cells: it never runs")
        return 0
    store = Store(CACHE.absolute())
    try:
        print(f"The results of {page} depend on")
        print(f"  {len(chapter.cells)} code cells")
        for name in chapter.files:
            print(f"  {name}")
        for name in ("lock", "data mode", "environment", "python", "architecture"):
            print(f"  {name}: {chapter.inputs[name]}")
    except FrontMatterError as error:
        print(error)
        return 2
    last = store.last(page)
    if store.folder(chapter).exists():
        print("It would not run: the results for exactly this are kept.")
    else:
        print(f"It would run: {why(last and last['inputs'], chapter.inputs)}.")
    return 0
