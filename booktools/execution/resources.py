"""What of this machine a build may use: cores and memory, also inside a container."""

from __future__ import annotations

import math
import os
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")


def usable_cores(cgroup: Path = CGROUP) -> int:
    """Return how many cores this process may use, by its affinity and its container."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota, _, period = _read(cgroup / "cpu.max").partition(" ")
    if quota.isdecimal() and period.isdecimal():
        cores = min(cores, math.ceil(int(quota) / int(period)))
    return max(cores, 1)


def usable_megabytes(cgroup: Path = CGROUP) -> float:
    """Return how much memory is free for this process and its children."""
    free = float(psutil.virtual_memory().available)
    limit, used = _read(cgroup / "memory.max"), _read(cgroup / "memory.current")
    if limit.isdecimal() and used.isdecimal():
        free = min(free, int(limit) - int(used))
    return free / 2**20


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
