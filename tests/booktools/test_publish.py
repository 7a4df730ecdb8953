"""A site takes the place of the one before, and nothing that somebody else put there is lost."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sphinx.config import Config

from booktools.execution import publish
from booktools.execution.errors import BuildRunning
from booktools.execution.publish import MANIFEST, OutputHoldsSourcesError


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_html", ".html")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def files(folder: Path) -> dict[str, str]:
    found = {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {name: text for name, text in found.items() if not name.startswith(MANIFEST)}


def test_what_no_build_wrote_stays_and_what_one_wrote_goes(tmp_path: Path) -> None:
    site = tmp_path / "docs"
    publish.replace(site, write(tmp_path / "one", a_html="a1", part__b_html="b1"), "html")
    write(site, CNAME="book.example.org", part__note="mine", old__index_html="version 1")
    write(site / ".git", HEAD="ref")
    publish.replace(site, write(tmp_path / "two", a_html="a2"), "html")
    assert files(site) == {
        "a.html": "a2",
        "CNAME": "book.example.org",
        "part/note": "mine",
        "old/index.html": "version 1",
        ".git/HEAD": "ref",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "one", "two"]


def test_a_site_that_is_what_was_built_is_left_and_one_that_was_touched_is_mended(
    tmp_path: Path,
) -> None:
    site, built = tmp_path / "docs", write(tmp_path / "one", a_html="a", part__b_html="b")
    publish.replace(site, built, "html")
    before = site.stat().st_ino
    publish.replace(site, built, "html")
    assert site.stat().st_ino == before
    for damage in ("b2", "x"):  # of another size, and of the same
        write(site, part__b_html=damage)
        publish.replace(site, built, "html")
        assert files(site) == {"a.html": "a", "part/b.html": "b"}
    (site / "a.html").unlink()
    publish.replace(site, built, "html")
    assert files(site) == {"a.html": "a", "part/b.html": "b"}


def test_a_folder_that_was_there_before_the_first_build_keeps_what_it_held(tmp_path: Path) -> None:
    site = write(tmp_path / "docs", CNAME="x", a_html="old", part__b_html="old", d__e="e")
    publish.replace(site, write(tmp_path / "one", a_html="new", part__c_html="c"), "html")
    assert files(site) == {
        "a.html": "new",
        "part/b.html": "old",
        "part/c.html": "c",
        "CNAME": "x",
        "d/e": "e",
    }


def test_another_builder_takes_nothing_away(tmp_path: Path) -> None:
    site, pages = tmp_path / "html", write(tmp_path / "one", a_html="a")
    publish.replace(site, pages, "html")
    publish.replace(site, write(tmp_path / "links", output="broken"), "linkcheck")
    assert files(site) == {"a.html": "a", "output": "broken"}
    publish.replace(site, pages, "html")
    assert files(site) == {"a.html": "a", "output": "broken"}
    publish.replace(site, write(tmp_path / "none", other="x"), "linkcheck")
    assert files(site) == {"a.html": "a", "other": "x"}


def test_a_build_killed_between_two_steps_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, staging = tmp_path / "docs", write(tmp_path / "one", a_html="a1")
    publish.replace(site, staging, "html")
    write(site, CNAME="x")
    before = files(site)
    write(staging, a_html="a2")
    rename = Path.rename
    for steps in range(3):
        done: list[Path] = []

        def killed(path: Path, target: Path, done: list[Path] = done, steps: int = steps) -> Path:
            if len(done) == steps:
                raise KeyboardInterrupt
            done.append(path)
            return rename(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", killed)
            if steps == 2:  # only the old site is left to be taken away
                patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            with contextlib.suppress(KeyboardInterrupt):
                publish.replace(site, staging, "html")
        publish.repair(site)
        assert files(site) == (before if steps < 2 else {**before, "a.html": "a2"})
        assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "one"]


def test_builds_of_all_builders_in_one_folder_keep_each_other_out(tmp_path: Path) -> None:
    def app(output: str) -> Any:
        return SimpleNamespace(
            outdir=tmp_path / output, srcdir=tmp_path / "book", confdir=tmp_path / "book"
        )

    first = app("html")
    publish.keep_others_out(first, Config())
    with pytest.raises(BuildRunning, match="Remedy"):
        publish.keep_others_out(app("latex"), Config())
    first.booktools_lock.release()
    publish.keep_others_out(app("latex"), Config())


def test_the_folders_beside_a_site_are_no_pages(tmp_path: Path) -> None:
    app: Any = SimpleNamespace(outdir=tmp_path / "out" / "html", srcdir=tmp_path, confdir=tmp_path)
    (tmp_path / "out").mkdir()
    config: Any = Config()
    publish.keep_others_out(app, config)
    assert config.exclude_patterns == ["out/.html.*"]


@pytest.mark.parametrize("output", [".", "..", "book"])
def test_a_site_is_not_written_over_its_sources(tmp_path: Path, output: str) -> None:
    sources = tmp_path / "project" / "book"
    sources.mkdir(parents=True)
    with pytest.raises(OutputHoldsSourcesError, match="Remedy"):
        publish.refuse_sources(sources.parent / output, sources)


def test_a_folder_within_the_sources_is_fine(tmp_path: Path) -> None:
    publish.refuse_sources(tmp_path / "_build" / "html", tmp_path)
