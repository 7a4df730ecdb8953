"""Where chapters run if they do not run here: the workers of a Dask cluster."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import distributions
from typing import Any

from booktools.execution.errors import SchedulerError


def dask_cluster(address: str) -> AbstractContextManager[Executor]:
    """Return the executor of a Dask cluster whose scheduler listens at ``address``.

    Raises:
        SchedulerError: Dask is not installed, nothing listens there, or a worker has other
            versions than this machine, which would give results that do not belong here.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SchedulerError("--scheduler needs Dask: pip install distributed") from error
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except OSError as error:
        raise SchedulerError(
            f"no Dask scheduler answers at {address} ({error}). "
            "Remedy: start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
        ) from error
    try:
        _same_versions(client)
    except BaseException:
        client.close()
        raise
    return _dask_executor(client)


@contextmanager
def _dask_executor(client: Any) -> Iterator[Executor]:
    with client, client.get_executor(pure=False) as executor:
        yield executor


def _same_versions(client: Any) -> None:
    """Refuse workers whose packages would give other results than ours."""
    ours = installed_versions()
    workers = client.run(installed_versions)
    if not workers:
        raise SchedulerError("the Dask scheduler has no workers. Remedy: `dask worker ADDRESS`.")
    for worker, theirs in workers.items():
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                raise SchedulerError(
                    f"the worker {worker} has {name} {theirs.get(name, 'not at all')}, this "
                    f"machine has {ours.get(name, 'none')}. "
                    "Remedy: install the same lock file in both places."
                )


def installed_versions() -> dict[str, str]:
    """Return the versions of Python and of every installed package."""
    packages = {found.name.lower(): found.version for found in distributions()}
    return {"python": platform.python_version(), "machine": platform.machine(), **packages}
