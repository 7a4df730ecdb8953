"""What a chapter may cost, and how it is held to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil
from nbclient import NotebookClient

from booktools.execution.errors import FrontMatterError

PATIENCE = 3  # a chapter is stopped at this many times its seconds
LENIENCE = 4  # and at this many times more where budgets only warn
_REMEDY = "Make the chapter smaller, or raise the budget in its front matter."


@dataclass(frozen=True)
class Budget:
    """What a chapter may cost; ``None`` is no limit.

    Attributes:
        seconds: Wall seconds on the reference machine.
        megabytes: Memory of its kernel and of what that starts.
        slowness: How many times as long this machine takes.
        strict: Whether more than that fails the build, or is only told.
    """

    seconds: float | None = None
    megabytes: float | None = None
    slowness: float = 1.0
    strict: bool = True

    @classmethod
    def from_front_matter(cls, given: object, place: object) -> Budget:
        """Return the budget that ``budget: {seconds: 30, megabytes: 1500}`` asks for.

        Raises:
            FrontMatterError: It cannot be understood; the message names ``place``.
        """
        if not isinstance(given, Mapping) or set(given) - {"seconds", "megabytes"}:
            raise FrontMatterError(
                f"{place}: front matter: budget holds seconds and megabytes, not {given!r}"
            )
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
                raise FrontMatterError(
                    f"{place}: front matter: budget: {name} is a positive number, not {value!r}"
                )
        return cls(**given)

    def excess(self, seconds: float, megabytes: int) -> Iterator[str]:
        """Yield in words what was used over the budget."""
        scaled = None if self.seconds is None else self.seconds * self.slowness
        slow = ""
        if self.seconds is not None and self.slowness > 1.05:
            slow = (
                f" ({self.slowness:.1f} times {self.seconds:g} s, as slow as this machine is now)"
            )
        limits = (seconds, scaled, "s", slow), (megabytes, self.megabytes, "MB", "")
        for used, allowed, unit, why in limits:
            if allowed is not None and used > allowed:
                yield (
                    f"The chapter took {used:.0f} {unit}, {used - allowed:.0f} {unit} over its "
                    f"budget of {allowed:.4g} {unit}{why}. {_REMEDY}"
                )

    @property
    def last_second(self) -> float | None:
        """After how many seconds the chapter is stopped."""
        if self.seconds is None:
            return None
        return self.seconds * self.slowness * PATIENCE * (1 if self.strict else LENIENCE)

    @property
    def last_megabyte(self) -> float | None:
        """At how many megabytes it is stopped."""
        if self.megabytes is None:
            return None
        return self.megabytes * (1 if self.strict else LENIENCE)


class Watch(threading.Thread):
    """Measure a kernel's memory and time, and kill it when it is far over budget.

    Attributes:
        client: Set it before the kernel starts.
        peak_mb: The most memory that was seen, in megabytes.
        verdict: Why the kernel was killed; ``None`` if it was not.
    """

    def __init__(self, budget: Budget) -> None:
        """Watch from now on."""
        super().__init__(daemon=True)
        self.budget, self.started = budget, time.monotonic()
        self.client: NotebookClient | None = None
        self.peak_mb = 0
        self.verdict: str | None = None
        self._end = threading.Event()

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()

    def run(self) -> None:
        """Look at the kernel a few times a second until the chapter ends."""
        while not self._end.wait(0.2):
            try:
                used = self._used()
            except (AttributeError, psutil.Error):  # not started yet, or gone
                continue
            self.peak_mb = max(self.peak_mb, used)
            seconds, megabytes = self.budget.last_second, self.budget.last_megabyte
            if megabytes is not None and used > megabytes:
                self._kill(f"{used} MB of memory, over its budget of {self.budget.megabytes:g} MB")
            elif seconds is not None and time.monotonic() - self.started > seconds:
                self._kill(
                    f"still running after {seconds:.0f} s, with a budget of "
                    f"{self.budget.seconds:g} s"
                )

    def _kernel(self) -> psutil.Process:
        client: Any = self.client
        return psutil.Process(client.km.provisioner.pid)

    def _used(self) -> int:
        """Return the megabytes of the kernel and of the processes that it started."""
        kernel = self._kernel()
        total = 0
        for process in (kernel, *kernel.children(recursive=True)):
            with suppress(psutil.Error):  # one may have ended
                total += process.memory_info().rss
        return total // 2**20

    def _kill(self, verdict: str) -> None:
        if self.verdict is None:
            self.verdict = f"The chapter was stopped: {verdict}. {_REMEDY}"
            with suppress(psutil.Error):
                self._kernel().kill()
