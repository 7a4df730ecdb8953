"""Note what the Python processes of a chapter read, write and import.

A worker puts this folder on the path of its kernel. Python imports a ``sitecustomize`` before
anything else, so nothing escapes; processes that a cell starts are noted too. The lines are
read by ``booktools.execution.inputs``. Whatever goes wrong here stays silent: a chapter must run
as it would without.
"""

from __future__ import annotations

import os
import sys
import threading

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS = {"open", "import", "os.listdir", "os.scandir", "os.rename", "sqlite3.connect"}


def _record(log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, False)
    installed = tuple({os.path.join(p, "") for p in (sys.prefix, sys.base_prefix, "/proc", "/dev")})
    seen: set[tuple[str, str]] = set()
    busy = threading.local()

    def note(kind: str, text: str) -> None:
        if (kind, text) not in seen:
            seen.add((kind, text))
            line = f"{kind} {text}".encode("unicode_escape")
            os.write(descriptor, line + b"\n")

    def path_of(given: object) -> str | None:
        if isinstance(given, int) or given is None:
            return None
        if isinstance(given, str) and given.startswith(installed) and ".." not in given:
            return None  # nearly all files: an import of Keras opens thousands
        path = os.path.abspath(os.fsdecode(given))  # type: ignore[arg-type]
        return None if path.startswith(installed) else path

    def hook(event: str, given: tuple) -> None:  # type: ignore[type-arg]
        if event == "open":
            path = path_of(given[0])
            if path:
                note("w" if (given[2] or 0) & _WRITES else "r", path)
        elif event == "import":
            note("m", str(given[0]).partition(".")[0])
        elif event in ("os.listdir", "os.scandir"):
            caller = sys._getframe(2).f_code.co_filename
            path = path_of("." if given[0] is None else given[0])
            if path and "importlib" not in caller:  # it looks for modules and packages
                note("d", path)
        elif event == "os.rename":
            path = path_of(given[1])
            if path:
                note("w", path)
        elif event == "sqlite3.connect":
            path = path_of(given[0])
            if path and os.path.isfile(path):  # not a database in memory
                note("r", path)

    def guarded(event: str, given: tuple) -> None:  # type: ignore[type-arg]
        if event not in _EVENTS or getattr(busy, "now", False):
            return
        busy.now = True
        try:
            hook(event, given)
        except BaseException:
            pass
        finally:
            busy.now = False

    note("p", sys.version.split()[0])
    sys.addaudithook(guarded)


def _make_way() -> None:
    """Import the ``sitecustomize`` that would have been imported without this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != here]
    own = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
    except ModuleNotFoundError:
        sys.modules["sitecustomize"] = own  # Python complains where there is none


try:
    if os.environ.get("BOOKTOOLS_RECORD"):
        _record(os.environ["BOOKTOOLS_RECORD"])
except OSError:
    pass
_make_way()
