"""Rows: where an offset stands, which rows make one logical line, and of which rows a comment speaks.

A logical line is a simple statement, or the head of a compound one: brackets, long strings and backslashes join rows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from schedlint.facts import Comment

_CONTINUED = re.compile(r"\\(?=[\r\n])")
_CODE = re.compile(r"[ \t\f]*(?P<first>[^#\s])")


def place_of(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Row and column, from 1, of an offset in a text whose rows start at these offsets."""
    row = bisect_right(starts, offset)
    return row, offset - starts[row - 1] + 1


class LogicalLines:
    """The logical lines of a text whose rows start at these offsets.

    `wholes` are the ranges of what may stand over several rows, brackets and strings; at the offsets `closed` a
    comment ends, so that a backslash before them is none.
    """

    def __init__(
        self, text: str, starts: Sequence[int], wholes: Iterable[tuple[int, int]], closed: Iterable[int]
    ) -> None:
        self.text = text
        self.starts = starts
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted([*self._spread(wholes), *self._continued(frozenset(closed))]):
            if self._lasts and first <= self._lasts[-1]:
                self._lasts[-1] = max(self._lasts[-1], last)
            else:
                self._firsts.append(first)
                self._lasts.append(last)

    def _spread(self, wholes: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        for start, end in wholes:
            first, last = self._row(start), self._row(end)
            if first < last:
                yield first, last

    def _continued(self, closed: frozenset[int]) -> Iterator[tuple[int, int]]:
        for backslash in _CONTINUED.finditer(self.text):
            if backslash.end() not in closed:
                row = self._row(backslash.start())
                yield row, row + 1

    def _row(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def around(self, row: int) -> tuple[int, int]:
        """The first and the last row of the logical line that a row belongs to."""
        index = bisect_right(self._firsts, row) - 1
        if index >= 0 and row <= self._lasts[index]:
            return self._firsts[index], self._lasts[index]
        return row, row

    def code(self, row: int) -> str:
        """The first character of code in a row; empty where there is none."""
        found = _CODE.match(self.text, self.starts[row - 1])
        return found["first"] if found else ""


def comments(lines: LogicalLines, spans: Sequence[tuple[int, int]]) -> list[Comment]:
    """The comments at these offsets, in order, with the rows that they speak of."""
    below: dict[int, tuple[int, int] | None] = {}
    found = []
    for start, end in reversed(spans):
        row, column = place_of(lines.starts, start)
        about: tuple[int, int] | None = lines.around(row)
        if about == (row, row) and not lines.code(row):
            about = below[row] = _statement_below(lines, row, below)
        found.append(Comment(row, column, lines.text[start:end], *(about or (row, row))))
    return found[::-1]


def _statement_below(
    lines: LogicalLines, row: int, known: Mapping[int, tuple[int, int] | None]
) -> tuple[int, int] | None:
    """The rows of the first statement below a comment, decorators included; None where none follows.

    `known` holds what is below other comments, so that no row is looked at twice.
    """
    first, below = 0, row + 1
    while below <= len(lines.starts):
        if below in known:
            rest = known[below]
            return (first or rest[0], rest[1]) if rest else None
        code, last = lines.code(below), lines.around(below)[1]
        first = first or (below if code else 0)
        if code not in ("", "@"):
            return first, last
        below = last + 1
    return None
