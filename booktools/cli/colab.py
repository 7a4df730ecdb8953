"""``python -m booktools colab``: put the site's notebooks on a branch, where Colab finds them.

Colab opens notebooks from GitHub and from Google Drive, but not from a site. So they go to a
branch of the repository, which somebody pushes. Nothing in the work tree or its index changes,
and the same notebooks on the same commit make the same branch.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from booktools.cli.places import SITE

README = """\
These notebooks were made by a build of the book, for Colab. Do not change them here: the next
build replaces them. They are made from the chapters on the branch where the book is written.
"""


def add_options(parser: ArgumentParser) -> None:
    """Add what this command takes."""
    parser.add_argument("branch", nargs="?", default="notebooks", help="its name (notebooks)")


def run(given: Namespace) -> int:
    """Write the branch, and say how to publish it."""
    found = {path.relative_to(SITE).as_posix(): path for path in sorted(SITE.rglob("*.ipynb"))}
    if not found:
        print(f"There are no notebooks in {SITE}. Remedy: build the book first.", file=sys.stderr)
        return 1
    if any("'address': ''" in path.read_text(encoding="utf8") for path in found.values()):
        print(
            "These notebooks do not know where the book is published, so in Colab they would not "
            "find what they install. Remedy: BOOKTOOLS_URL=https://... make book, then again.",
            file=sys.stderr,
        )
        return 1
    try:
        changed = write(given.branch, found)
    except subprocess.CalledProcessError as error:
        print(f"git: {error.stderr.strip()}", file=sys.stderr)
        return 1
    said = f"has {len(found)} notebooks" if changed else "had these notebooks already"
    print(f"The branch {given.branch} {said}. Publish it: git push origin {given.branch}")
    return 0


def write(branch: str, files: dict[str, Path]) -> bool:
    """Let a branch hold files and nothing else; return whether that changed it.

    Args:
        branch: Its name; it is made if it does not exist.
        files: The files, by their names there.
    """
    name = f"refs/heads/{branch}"
    with TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        entries = [(place, _git("hash-object", "-w", str(path))) for place, path in files.items()]
        entries.append(("README.md", _git("hash-object", "-w", "--stdin", given=README)))
        listed = "".join(f"100644 {object_id}\t{place}\n" for place, object_id in entries)
        _git("update-index", "--add", "--index-info", given=listed, **index)
        tree = _git("write-tree", **index)
    before = _git("for-each-ref", "--format=%(objectname)", name)
    if before and _git("rev-parse", f"{before}^{{tree}}") == tree:
        return False
    date = _git("log", "-1", "--format=%cI")
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    parents = ("-p", before) if before else ()
    words = f"Notebooks of {_git('rev-parse', '--short', 'HEAD')}"
    _git("update-ref", name, _git("commit-tree", tree, *parents, "-m", words, **dates))
    return True


def _git(*words: str, given: str = "", **variables: str) -> str:
    """Run git, and return what it prints."""
    done = subprocess.run(
        ["git", *words],
        input=given,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
