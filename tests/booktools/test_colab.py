"""The branch for Colab: it holds the notebooks, and the work tree notices nothing."""

from __future__ import annotations

import subprocess
from argparse import Namespace
from pathlib import Path

import pytest

from booktools.cli import colab


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the site of a repository with one commit, as if it had been built."""
    monkeypatch.chdir(tmp_path)
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "somebody@example.org")
    git("init", "--quiet", "--initial-branch", "main")
    (tmp_path / "text").write_text("Text.")
    (tmp_path / ".gitignore").write_text("_build/\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "Begin")
    site = tmp_path / "_build" / "html"
    (site / "part").mkdir(parents=True)
    (site / "part" / "a.ipynb").write_text("{'address': 'https://example.org/'}")
    (site / "index.html").write_text("A page.")
    return site


def run(branch: str = "notebooks") -> int:
    return colab.run(Namespace(branch=branch))


def test_the_branch_holds_the_notebooks_alone(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    assert "git push origin notebooks" in capsys.readouterr().out
    assert git("ls-tree", "-r", "--name-only", "notebooks").split() == ["README.md", "part/a.ipynb"]
    assert git("show", "notebooks:part/a.ipynb") == (built / "part/a.ipynb").read_text()
    assert git("status", "--porcelain") == ""
    assert git("branch", "--show-current") == "main"


def test_the_branch_changes_when_a_notebook_does_and_forgets_those_that_are_gone(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run()
    first = git("rev-parse", "notebooks")
    run()
    assert "had these notebooks already" in capsys.readouterr().out
    assert git("rev-parse", "notebooks") == first
    (built / "part" / "a.ipynb").rename(built / "b.ipynb")
    run()
    assert git("rev-parse", "notebooks^") == first
    assert git("ls-tree", "-r", "--name-only", "notebooks").split() == ["README.md", "b.ipynb"]


def test_notebooks_that_would_not_run_in_colab_are_refused(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (built / "part" / "a.ipynb").write_text("{'address': ''}")
    assert run() == 1
    assert "Remedy: BOOKTOOLS_URL=https://" in capsys.readouterr().err
    (built / "part" / "a.ipynb").unlink()
    assert run() == 1
    assert "Remedy: build the book first" in capsys.readouterr().err
    assert git("branch", "--list") == "* main"


def test_what_git_refuses_is_told(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("no..name") == 1
    assert capsys.readouterr().err.startswith("git: ")
