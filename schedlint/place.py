"""Places: where something stands in the text that was read. Everything that can be pointed at has one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

from msgspec import Struct

T = TypeVar("T", bound=Hashable)


class Place(Struct, frozen=True, array_like=True, order=True):
    """Where something stands: a file (as it was named or found) and a range as in `schedlint.facts.Span`.

    Rows of a notebook count through all its code cells; `schedlint.sources` turns them into cell and row.
    """

    path: str
    row: int
    column: int
    end_row: int
    end_column: int


def by_row(spread: Iterable[tuple[range, T]]) -> dict[int, tuple[T, ...]]:
    """What holds for each row, by what holds for ranges of rows; each thing once for each range."""
    ranges: dict[range, dict[T, None]] = {}
    for rows, thing in spread:
        ranges.setdefault(rows, {})[thing] = None
    found: dict[int, tuple[T, ...]] = {}
    for rows, things in ranges.items():
        for row in rows:
            found[row] = (*found.get(row, ()), *things)
    return found
