"""Notebooks where nothing of this project is: an environment and a kernel of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

OURS = ("lessons_code", "booktools", "__editable__")
KEPT = ("PATH", "LANG", "TMPDIR", "CUDA_VISIBLE_DEVICES")


class Outside:
    """An environment with every package that the tests have, save those of this project.

    The packages are links in a folder beside it. So it takes a second to make, while ``pip`` in
    it installs for real what is missing, into the environment alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "environment", symlinks=True)
        self.python = folder / "environment" / "bin" / "python"
        (own,) = (folder / "environment").glob("lib/python*/site-packages")
        self.installed = own
        others = folder / "packages"
        others.mkdir()
        for path in Path(sysconfig.get_path("purelib")).iterdir():
            if not path.name.startswith(OURS) and path.suffix != ".pth":
                (others / path.name).symlink_to(path)
        (own / "others.pth").write_text(f"{others}\n")

    @property
    def variables(self) -> dict[str, str]:
        """What programs in it find in their environment: nothing of this project."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        threads = {f"TF_NUM_{kind}_THREADS": "1" for kind in ("INTRAOP", "INTEROP")}
        return {**kept, **threads, "HOME": str(self.folder), "OMP_NUM_THREADS": "1"}

    def run(self, *command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run its Python."""
        return subprocess.run(
            [str(self.python), *command],
            cwd=folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def execute(self, notebook: NotebookNode, folder: Path, **settings: Any) -> None:
        """Run a notebook from top to bottom, in a folder; a cell that raises raises here."""
        specs = self.folder / "kernels"
        (specs / "outside").mkdir(parents=True, exist_ok=True)
        command = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": command, "display_name": "outside", "language": "python"}
        (specs / "outside" / "kernel.json").write_text(json.dumps(spec))
        manager = KernelSpecManager(kernel_dirs=[str(specs)], ensure_native_kernel=False)
        kernel = AsyncKernelManager(kernel_name="outside", kernel_spec_manager=manager)
        resources = {"metadata": {"path": str(folder)}}
        client = NotebookClient(notebook, km=kernel, resources=resources, **settings)
        client.execute(env=self.variables)


def printed(cell: NotebookNode) -> str:
    """Return what a cell printed and showed, as plain text."""
    said = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            said.append(output.text)
        elif output.output_type == "error":
            said += output.traceback
        else:
            said.append(output.get("data", {}).get("text/plain", ""))
    return "\n".join(said)
