"""A kernel that stands ready: it has run the imports with which a chapter begins.

Importing Keras takes longer than most cells that an author changes. So the live preview starts a
kernel before it is needed. It does nothing that the chapter would not do first itself: the imports
of installed packages, in their order, up to the first statement that is something else. So the
results are those of a clean kernel, to the byte. It runs one chapter, and then it is gone.
"""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from queue import Empty
from threading import Lock
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient.util import run_sync

from booktools.execution import kernel
from booktools.execution.inputs import CHANGED, digests, project_root
from booktools.execution.kernel import Result, Task, running, unstarted

_INSTALLED = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")})
_waiting: list[ReadyKernel] = []  # one or none
_one_at_a_time = Lock()


def prepare(last: Mapping[str, Any], folder: Path) -> None:
    """Let a kernel stand ready for a chapter that begins as it did before, if that is of use.

    Args:
        last: The inputs of its last run, as they were kept.
        folder: Where it runs.
    """
    imports = first_imports(last["cells"], folder)
    if imports and last["kernel"] == NATIVE_KERNEL_NAME:
        with suppress(
            OSError, RuntimeError, NoSuchKernel
        ):  # it does not start: the chapter itself will say so
            _waiting.append(ReadyKernel(imports, folder, last["environment"]))


def run(task: Task) -> Result:
    """Run a chapter, in the kernel that stands ready if it fits, or else in a clean one."""
    with _one_at_a_time:
        ready = _waiting.pop() if _waiting and _waiting[0].fits(task) else None
    if ready is None:
        return kernel.run(task)
    with closing(ready), running(ready):
        return kernel.run(task, ready.kernel if ready.is_as_clean(task) else None)


def close() -> None:
    """End the kernel that was not needed."""
    if _waiting:
        _waiting.pop().close()


class ReadyKernel:
    """A kernel that has started, and imports what it was told to.

    Attributes:
        kernel: The kernel.
        km: What started it, as ``NotebookClient`` calls it.
    """

    def __init__(self, imports: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Start it, and do not wait for the imports.

        Args:
            imports: Statements; the chapter gets none of their names.
            folder: Where it runs.
            environment: What to add to its environment.
        """
        self._like = imports, str(folder), dict(environment)
        self.km = manager = AsyncKernelManager(kernel_name=NATIVE_KERNEL_NAME)
        with ExitStack() as stack:
            clean = stack.enter_context(unstarted(environment))
            output = {"stdout": clean.log, "stderr": clean.log}
            run_sync(manager.start_kernel)(env=clean.env, cwd=str(folder), **output)
            self.kernel = replace(clean, manager=manager)
            stack.callback(
                lambda: manager.has_kernel and run_sync(manager.shutdown_kernel)(now=True)
            )
            self._client = manager.blocking_client()
            self._client.start_channels(hb=False)  # the manager sees whether it lives
            stack.callback(self._client.stop_channels)
            self._client.wait_for_ready(timeout=60)
            # as in a cell, so that warnings which a cell would show are shown here too
            lines = "\n".join(imports)
            code = f"exec({lines!r}, {{'__name__': '__main__'}})"
            self._request = self._client.execute(code, silent=True, store_history=False)
            self._stack = stack.pop_all()

    def fits(self, task: Task) -> bool:
        """Tell whether a chapter begins with what this kernel does."""
        imports, *place = self._like
        notebook = nbformat.reads(task.notebook, as_version=nbformat.NO_CONVERT)
        cells = [
            (cell.source, cell.metadata.get("tags", []))
            for cell in notebook.cells
            if cell.cell_type == "code"
        ]
        return (
            notebook.metadata.get("kernelspec", {}).get("name") == NATIVE_KERNEL_NAME
            and [task.folder, task.environment] == place
            and not task.settings.in_temp
            and first_imports(cells, Path(task.folder))[: len(imports)] == imports
        )

    def is_as_clean(self, task: Task) -> bool:
        """Wait for the imports, and tell whether a clean kernel would be no other now.

        It would be if this one died, if the imports wrote something that the chapter would show,
        or if a file of the project that they read has changed.
        """
        while self._client.is_alive():
            with suppress(Empty):
                self._client.get_shell_msg(timeout=1)  # the reply, when all is imported
                return self._was_silent(task) and self._read_what_is_there(task)
        return False

    def _was_silent(self, task: Task) -> bool:
        with suppress(Empty):  # something was lost
            while message := self._client.get_iopub_msg(timeout=1):
                content, kind = message["content"], message["msg_type"]
                asked = message["parent_header"].get("msg_id") == self._request
                if kind == "status" and asked and content["execution_state"] == "idle":
                    return True
                if kind == "stream":
                    if task.settings.without_log(content["text"]).strip():
                        return False
                elif kind != "status":  # an error, a picture
                    return False
        return False

    def _read_what_is_there(self, task: Task) -> bool:
        root = project_root(Path(task.folder))
        read = self.kernel.record.inputs(root)
        return CHANGED not in digests(read, root, self.kernel.began).values()

    def close(self) -> None:
        """End it, if the chapter has not."""
        self._stack.close()


def first_imports(cells: Iterable[tuple[str, Iterable[str]]], folder: Path) -> list[str]:
    """Return the imports of installed packages before anything else that code does.

    Args:
        cells: Source and tags of the code cells.
        folder: Where they run, and where a module would come first.
    """
    found: list[str] = []
    for source, tags in cells:
        if "skip-execution" in tags:
            continue
        try:
            statements = ast.parse(source).body
        except SyntaxError:  # a magic, or a mistake
            return found
        for statement in statements:
            if not all(_installed(name, folder) for name in _modules(statement)):
                return found
            found.append(ast.unparse(statement))
    return found


def _modules(statement: ast.stmt) -> list[str]:
    """Return the top-level modules that an import names; an empty name for what is no import."""
    if isinstance(statement, ast.Import):
        return [alias.name.partition(".")[0] for alias in statement.names]
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        return [str(statement.module).partition(".")[0]]
    return [""]


def _installed(name: str, folder: Path) -> bool:
    if not name or (folder / name).exists() or (folder / f"{name}.py").exists():
        return False
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return False
    origin = (spec and spec.origin) or ""
    return origin in ("built-in", "frozen") or origin.startswith(_INSTALLED)
