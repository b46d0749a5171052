"""What was made of files, kept for later runs in the same process and believed only while the files are the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """A value with what the file was like: its size and the time of its last change, in nanoseconds."""

    size: int
    changed: int
    value: T


class Stamped(Generic[T]):
    """One value per file, made anew when the size of the file or the time of its last change is another.

    Values of files of `most` bytes together are kept; those that were not asked for longest go first.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[str, _Kept[T]] = {}
        self._total = 0

    def get(self, path: str, make: Callable[[], T | None]) -> T | None:
        """The value for the file at `path`; what `make` returns as None, or raises, is not kept."""
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return make()
        kept = self._taken(path)
        if kept is None or (kept.size, kept.changed) != (status.st_size, status.st_mtime_ns):
            made = make()
            if made is None:
                return None
            kept = _Kept(status.st_size, status.st_mtime_ns, made)
        self._keep(path, kept)
        return kept.value

    def _taken(self, path: str) -> _Kept[T] | None:
        kept = self._kept.pop(path, None)
        self._total -= kept.size if kept is not None else 0
        return kept

    def _keep(self, path: str, kept: _Kept[T]) -> None:
        self._taken(path)  # making it may have kept it already
        self._kept[path] = kept
        self._total += kept.size
        while self._total > self._most:
            self._taken(next(iter(self._kept)))


class Lately(Generic[T]):
    """One value per key, believed for a number of seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[Hashable, tuple[float, T]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value, made anew if it is older than that."""
        made, value = self._kept.get(key, (float("-inf"), None))
        if value is None or self._clock() - made > self._seconds:
            value = make()
            self._kept[key] = (self._clock(), value)
        return value
