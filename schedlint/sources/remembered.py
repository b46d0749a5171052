"""What was found out about files, for a process that is asked about them again: how long it is believed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Stamp = tuple[int, int]
"""The size of a file and the time of its last change, in nanoseconds."""


def stamp(path: str) -> Stamp | None:
    """What tells one state of a file from another without reading it; None where there is no such file."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


class Lately(Generic[T]):
    """One value, made on demand and believed for a number of seconds."""

    def __init__(self, make: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._make = make
        self._seconds = seconds
        self._clock = clock
        self._kept: tuple[float, T] | None = None

    def get(self) -> T:
        """The value, made anew if it is older than that."""
        if self._kept is None or self._clock() - self._kept[0] > self._seconds:
            self._kept = (self._clock(), self._make())
        return self._kept[1]
