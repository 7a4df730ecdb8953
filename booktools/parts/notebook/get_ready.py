"""The code of a notebook's first cell: install what the notebook imports, if it is missing.

``first_cell.py`` puts this file into every notebook, with facts about the wheel. It runs on the
reader's computer, where nothing of this project is, and says in plain words what is wrong even
where Python is far too old. So it needs the standard library only, and syntax of Python 3.6.
"""

import dis
import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from typing import Any


class NotReadyError(Exception):
    """Something that the reader has to do first. A notebook shows the words alone."""

    def _render_traceback_(self) -> "list[str]":
        return [str(self)]


def get_ready(book: "dict[str, Any]", folder: str = ".") -> None:
    """Install the wheel and what it needs, as far as missing, and say what differs.

    Args:
        book: What ``first_cell.facts`` tells of the wheel, the book and its versions.
        folder: The folder of the notebook.
    """
    # what the book claims need not hold with other versions: say so, and go on
    os.environ.setdefault("BOOKTOOLS_CLAIMS", "record")
    wait_for_answers()
    try:
        for line in make_ready(book, folder):
            print(line)
    except NotReadyError as missing:
        if book["required"]:
            raise
        print(missing)
        print("This notebook can do without; go on.")


def wait_for_answers() -> None:
    """Let a cell that begins with ``# needs: NAMES`` say "Not yet" until the reader made these.

    It goes on from there without an error, so that all cells can be run at once.
    """
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return

    def not_yet(lines: "list[str]") -> "list[str]":
        needs = re.match("# needs: (.+)", lines[0]) if lines else None
        names = needs.group(1).strip().split(", ") if needs else []
        missing = [name for name in names if is_open(shell.user_ns.get(name, ...))]
        if not missing:
            return lines
        words = (
            f"Not yet: this cell needs {', '.join(missing)}, which you make in an exercise above. "
            "Fill in the blanks, run them, then run this cell again."
        )
        return [f"print({words!r})\n"]

    transforms = shell.input_transformers_cleanup
    transforms[:] = [one for one in transforms if getattr(one, "__name__", "") != "not_yet"]
    transforms.append(not_yet)


def is_open(value: Any) -> bool:
    """Tell whether a value is still a blank: ``...``, with one in it, or a function of it."""
    if isinstance(value, (list, tuple)):
        return any(one is ... for one in value)
    code = getattr(value, "__code__", None)
    if code is None:
        return value is ...
    steps = list(dis.get_instructions(code))
    return any(
        step.argval is ... and any("RETURN" in one.opname for one in steps[place : place + 2])
        for place, step in enumerate(steps)
    )


def make_ready(book: "dict[str, Any]", folder: str) -> "list[str]":
    """Return what to tell the reader, when all is there.

    Raises:
        NotReadyError: The reader has to do something first.
    """
    said = []
    if not is_installed(book):
        check_python(book)
        with tempfile.TemporaryDirectory() as downloads:
            wheel, origin = find_wheel(book, folder, downloads)
            pip(["--no-deps", "--force-reinstall", wheel])
        said.append(f"{book['package']} was installed {origin}.")
    absent = [full for name, _, full in book["needs"] if version_of(name) is None]
    if absent:
        print("Installing what is missing, which takes minutes:", ", ".join(absent), flush=True)
        pip(absent)
    importlib.invalidate_caches()
    if importlib.util.find_spec(book["package"]) is None:
        raise NotReadyError(
            f"{book['package']} is installed, but this session does not find it. What to do: "
            "restart the kernel (menu Kernel or Runtime), then run this cell again."
        )
    if said and book["package"] in sys.modules:
        said.append("An older state of it is loaded: restart the kernel, then run all cells.")
    return [*said, *differences(book), "Ready."]


def is_installed(book: "dict[str, Any]") -> bool:
    """Tell whether the package is there, and not from another wheel of the same book."""
    if importlib.util.find_spec(book["package"]) is None:
        return False
    try:
        from importlib import metadata

        noted = metadata.distribution(book["project"]).read_text("direct_url.json")
    except Exception:  # Python before 3.8, or a folder that nobody installed
        return True
    archive = json.loads(noted or "{}").get("archive_info")
    return archive is None or book["sha256"] in json.dumps(archive)


def check_python(book: "dict[str, Any]") -> None:
    """Refuse a Python for which the wheel is not made."""
    here = ".".join(map(str, sys.version_info[:2]))
    fitting = book["pythons"]
    if fitting and here not in fitting:
        wrong = "new" if numbers(here) > numbers(fitting[-1]) else "old"
        raise NotReadyError(
            f"This notebook runs on Python {here}, which is too {wrong} for it: {book['package']} "
            f"needs Python {one_of(fitting)}. What to do: install Python {fitting[-1]}, make a new "
            "environment with it, and open the notebook there."
        )


def find_wheel(book: "dict[str, Any]", folder: str, downloads: str) -> "tuple[str, str]":
    """Return where the wheel is, and in words where it came from.

    It is looked for beside the notebook and above, where the unpacked zip has it, then fetched
    from the book's address, if that is known.
    """
    damaged = ""
    place = os.path.abspath(folder)
    while True:
        path = os.path.join(place, book["wheel"])
        if os.path.isfile(path):
            with open(path, "rb") as file:
                if is_right(book, file.read()):
                    return path, "from the folder " + place
            damaged = damaged or path
        if place == os.path.dirname(place):
            break
        place = os.path.dirname(place)
    if book["address"]:
        return fetch(book, downloads), "from " + book["address"]
    if damaged:
        raise NotReadyError(
            f"The file {damaged} is damaged, or belongs to another state of the book than this "
            f"notebook. What to do: download {book['zip']} again, unpack it into a new folder, and "
            "open the notebook from there."
        )
    raise NotReadyError(
        f"This notebook needs {book['package']}, which is not installed, and {book['wheel']} is "
        f"neither in this folder ({os.path.abspath(folder)}) nor above it. What to do: download "
        f"{book['zip']} where you found this notebook, unpack all of it, and open the notebook in "
        "the unpacked folder."
    )


def fetch(book: "dict[str, Any]", downloads: str) -> str:
    """Return the path of the wheel after downloading it."""
    address = book["address"] + book["wheel"]
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            got = answer.read()
    except urllib.error.HTTPError as error:
        raise NotReadyError(
            f"There is nothing at {address} (the server answers {error.code}): the book has "
            "moved, or was built anew. What to do: download this notebook again from the book's "
            "page."
        ) from None
    except (OSError, ValueError) as error:
        raise NotReadyError(
            f"{address} cannot be reached ({getattr(error, 'reason', error)}). What to do: see "
            "whether this computer is online and the address is right, then run this cell again. "
            f"Without a network, download {book['zip']} elsewhere and open the notebook in its "
            "unpacked folder."
        ) from None
    if not is_right(book, got):
        raise NotReadyError(
            f"What came from {address} is not the file that this notebook was made with "
            f"({len(got):,} bytes, it should be {book['bytes']:,}), so nothing was installed. What "
            "to do: run this cell again; if it says the same, the book was built anew, so download "
            "the notebook again."
        )
    path = os.path.join(downloads, book["wheel"])
    with open(path, "wb") as file:
        file.write(got)
    return path


def is_right(book: "dict[str, Any]", data: bytes) -> bool:
    """Tell whether bytes are the wheel that the notebook was made with."""
    return hashlib.sha256(data).hexdigest() == str(book["sha256"])


def pip(what: "list[str]") -> None:
    """Install into the environment of this notebook."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        command + what, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        said = done.stdout.strip()
        raise NotReadyError(
            f"Installing failed. pip says:\n\n{said[-1500:]}\n\nWhat to do: {advice(said)}"
        )


def advice(said: str) -> str:
    """Return what to do about words of pip."""
    for pattern, remedy in (
        (
            "No module named pip",
            "put pip into this environment: python -m ensurepip, in a terminal where it is active.",
        ),
        (
            "externally-managed-environment",
            "this Python belongs to the operating system. Make an environment of your own "
            "(python3 -m venv .venv), and open the notebook with it.",
        ),
        ("No space left|not enough space", "free some gigabytes, then run this cell again."),
        (
            "Permission denied|Access is denied",
            "this environment may not be changed. Make one of your own (python -m venv .venv), "
            "and open the notebook with it.",
        ),
        (
            "Name or service not known|getaddrinfo|Temporary failure|NewConnectionError|timed out",
            "go online once, then run this cell again.",
        ),
        (
            "No matching distribution|from versions",
            "there is no version for this Python or this kind of computer. With a 64-bit Python "
            "that the message on versions above allows, there is.",
        ),
    ):
        if re.search(pattern, said):
            return remedy
    return "read its last lines; they name the cause."


def differences(book: "dict[str, Any]") -> "list[str]":
    """Return what to say where other versions are installed than the pages were made with."""
    minimum = {name: least for name, least, _ in book["needs"]}
    other, too_old = [], []
    for name, made in book["made with"].items():
        here = version_of(name)
        if here is None or numbers(here)[:2] == numbers(made)[:2]:
            continue
        other.append(f"{name} {here} (pages: {made})")
        if numbers(here) < numbers(minimum.get(name, "")):
            too_old.append(f'"{name}>={minimum[name]}"')
    if not other:
        return []
    said = [
        "Other versions are installed here than the pages were made with: "
        f"{', '.join(other)}. Your numbers may differ from those in the text, and a claim may "
        "fail without your doing."
    ]
    if too_old:
        said.append(
            "Some are older than the book asks for, and were left as they are. If a cell stops "
            f"with an error, run %pip install {' '.join(too_old)} in a new cell, restart the "
            "kernel, and run all cells from the top."
        )
    return said


def version_of(name: str) -> "str | None":
    """Return the version of an installed project; ``None`` if it is not there."""
    try:
        from importlib import metadata

        return metadata.version(name)
    except Exception:  # not there, or Python before 3.8
        return None


def numbers(version: str) -> "tuple[int, ...]":
    """Return the numbers that a version begins with, which can be compared."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def one_of(pythons: "list[str]") -> str:
    """Return versions of Python in words."""
    return " or ".join([", ".join(pythons[:-1]), pythons[-1]] if pythons[1:] else pythons)
