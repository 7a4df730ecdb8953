"""How fast this machine is now, beside the one on which budgets are stated."""

from __future__ import annotations

import hashlib
import statistics
import time
import zlib
from functools import cache

REFERENCE_SECONDS = 0.06  # what :func:`work` takes on the reference machine


@cache
def slowness() -> float:
    """Return how many times as long as the reference machine this one takes now, 1 or more.

    It takes about a second, once in a process. A faster machine counts as the reference:
    budgets are limits.
    """
    seconds = statistics.median(_timed() for _ in range(3))
    return max(1.0, seconds / REFERENCE_SECONDS)


def work() -> int:
    """Do a fixed amount of work of the kinds that chapters do: bytecode, and loops in C."""
    total = 0
    for number in range(400_000):
        total = (total * 31 + number) & 0xFFFF_FFFF
    block = bytes(range(256)) * 4096
    for _ in range(8):
        total ^= zlib.crc32(hashlib.sha256(block).digest() + zlib.compress(block, 6))
    return total


def _timed() -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
