"""The first cell of a notebook: what it installs, from where, and what it says if it cannot."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from booktools.parts.notebook import get_ready as cell
from booktools.parts.notebook.get_ready import NotReadyError

DATA = b"a wheel"
NAME = "tools-1-py3-none-any.whl"


def told(**other: Any) -> dict[str, Any]:
    """Return what a notebook tells its first cell: here of a package that nobody has."""
    return {
        "package": "no_such_package",
        "project": "no-such-project",
        "wheel": NAME,
        "bytes": len(DATA),
        "sha256": hashlib.sha256(DATA).hexdigest(),
        "address": "",
        "zip": "notebooks.zip",
        "pythons": [".".join(map(str, sys.version_info[:2]))],
        "needs": [],
        "made with": {},
        "required": True,
        **other,
    }


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Note what pip is asked for, in place of installing it."""
    asked: list[list[str]] = []
    monkeypatch.setattr(cell, "pip", asked.append)
    return asked


def found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the package be there from the second look on, as after installing."""
    looks = iter([None, object()])
    monkeypatch.setattr(cell.importlib.util, "find_spec", lambda _: next(looks))


def test_the_wheel_in_the_folder_or_above_it_is_installed(
    tmp_path: Path, installed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found_later(monkeypatch)
    (tmp_path / NAME).write_bytes(DATA)
    (tmp_path / "part").mkdir()
    said = cell.make_ready(told(), str(tmp_path / "part"))
    assert installed == [["--no-deps", "--force-reinstall", str(tmp_path / NAME)]]
    assert said == [f"no_such_package was installed from the folder {tmp_path}.", "Ready."]


def test_only_what_is_missing_is_installed_beside_it(
    tmp_path: Path, installed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found_later(monkeypatch)
    (tmp_path / NAME).write_bytes(DATA)
    needs = [("pytest", "1", "pytest>=1"), ("no-such-thing", "2", "no-such-thing>=2")]
    cell.make_ready(told(needs=needs), str(tmp_path))
    assert installed[1:] == [["no-such-thing>=2"]]


def test_what_is_there_is_not_installed_again(installed: list[list[str]]) -> None:
    assert cell.make_ready(told(package="json"), ".") == ["Ready."]
    assert installed == []


@pytest.mark.parametrize(
    ("noted", "good"),
    [
        (None, True),  # from a registry
        ({"dir_info": {"editable": True}, "url": "file:///x"}, True),  # who writes the book
        ({"archive_info": {"hashes": {"sha256": told()["sha256"]}}}, True),
        ({"archive_info": {"hash": f"sha256={told()['sha256']}"}}, True),  # an older pip
        ({"archive_info": {"hashes": {"sha256": "0" * 64}}}, False),  # an older book
    ],
)
def test_an_older_state_of_the_package_is_replaced(
    noted: Any, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = noted and json.dumps(noted)
    distribution = SimpleNamespace(read_text=lambda _: text)
    monkeypatch.setattr("importlib.metadata.distribution", lambda _: distribution)
    assert cell.is_installed(told(package="json")) is good


@pytest.mark.parametrize(("pythons", "wrong"), [(["3.6", "3.7"], "new"), (["3.38", "3.39"], "old")])
def test_a_python_that_does_not_fit_is_told_which_one_does(pythons: list[str], wrong: str) -> None:
    with pytest.raises(NotReadyError, match=f"is too {wrong} for it.* needs Python ") as refused:
        cell.make_ready(told(pythons=pythons), ".")
    assert f"{pythons[0]} or {pythons[1]}. What to do: install Python {pythons[1]}" in str(
        refused.value
    )


def test_a_notebook_alone_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError, match=r"download notebooks\.zip where you found"):
        cell.make_ready(told(), str(tmp_path))


def test_a_damaged_wheel_is_not_installed(tmp_path: Path, installed: list[list[str]]) -> None:
    (tmp_path / NAME).write_bytes(DATA[:-1])
    with pytest.raises(NotReadyError, match=r"damaged.*download notebooks\.zip again"):
        cell.make_ready(told(), str(tmp_path))
    assert installed == []


@pytest.fixture
def address(tmp_path: Path) -> Any:
    """Serve a folder of its own, and return its address."""
    served = tmp_path / "served"
    served.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(served))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_wheel_comes_from_the_address_of_the_book(tmp_path: Path, address: str) -> None:
    (tmp_path / "served" / NAME).write_bytes(DATA)
    path, origin = cell.find_wheel(told(address=address), str(tmp_path), str(tmp_path))
    assert (Path(path).read_bytes(), origin) == (DATA, f"from {address}")


def test_a_damaged_download_is_not_installed(tmp_path: Path, address: str) -> None:
    (tmp_path / "served" / NAME).write_bytes(DATA[:-1])
    with pytest.raises(NotReadyError, match=r"6 bytes, it should be 7.*nothing was installed"):
        cell.find_wheel(told(address=address), str(tmp_path), str(tmp_path))


def test_a_wrong_address_is_named(tmp_path: Path, address: str) -> None:
    with pytest.raises(NotReadyError, match=f"nothing at {address}{NAME}.*answers 404"):
        cell.find_wheel(told(address=address), str(tmp_path), str(tmp_path))


@pytest.mark.parametrize("wrong", ["http://127.0.0.1:9/", "nowhere/"])
def test_an_address_that_does_not_answer_is_named(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(NotReadyError, match=f"{wrong}{NAME} cannot be reached"):
        cell.find_wheel(told(address=wrong), str(tmp_path), str(tmp_path))


def test_a_notebook_that_can_do_without_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKTOOLS_CLAIMS", "")
    cell.get_ready(told(required=False), str(tmp_path))
    assert "This notebook can do without; go on." in capsys.readouterr().out
    with pytest.raises(NotReadyError):
        cell.get_ready(told(), str(tmp_path))


def test_other_versions_are_named_and_left() -> None:
    here = cell.version_of("pytest") or ""
    least = f"{int(here.partition('.')[0]) + 1}"
    book = told(**{"made with": {"pytest": "999.1", "pip": cell.version_of("pip")}})
    (said,) = cell.differences(book)
    assert f"pytest {here} (pages: 999.1)." in said
    assert "pip" not in said
    book["needs"] = [("pytest", least, f"pytest>={least}")]
    assert f'%pip install "pytest>={least}"' in cell.differences(book)[1]
    assert cell.differences(told(**{"made with": {"pytest": here, "no-such-thing": "1"}})) == []


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("/usr/bin/python3: No module named pip", "ensurepip"),
        ("error: externally-managed-environment", "venv"),
        ("OSError: [Errno 28] No space left on device", "free some"),
        ("[Errno 13] Permission denied: '/usr/lib'", "one of your own"),
        ("Temporary failure in name resolution", "online"),
        ("ERROR: No matching distribution found for tensorflow", "64-bit"),
        ("something else", "last lines"),
    ],
)
def test_what_pip_says_comes_with_what_to_do(
    said: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = SimpleNamespace(returncode=1, stdout=said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(NotReadyError) as refused:
        cell.pip(["something"])
    assert said in str(refused.value)
    assert remedy in str(refused.value).partition("What to do: ")[2]
