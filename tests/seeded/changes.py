"""Changes of whole lines, and where the rows of a file are after them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from tests.seeded.source import Source, Statement, body_of


@dataclass(frozen=True, order=True)
class Change:
    """Lines in place of the rows `first` to `last` of a file; before row `first` where `last` is `first - 1`.

    `faulty` says that the mistake is in these lines.
    """

    path: str
    first: int
    last: int
    lines: tuple[str, ...]
    faulty: bool = False

    @property
    def growth(self) -> int:
        """How many rows it adds."""
        return len(self.lines) - (self.last - self.first + 1)


def applied(source: Source, changes: Iterable[Change]) -> str:
    """The text of a file with the changes made that are in it."""
    lines: list[str] = []
    row = 1
    for change in sorted(change for change in changes if change.path == source.path):
        lines += [*source.lines[row - 1 : change.first - 1], *change.lines]
        row = change.last + 1
    lines += source.lines[row - 1 :]
    return "".join([line if line.endswith(("\n", "\r")) else line + source.newline for line in lines])


def overlap(changes: Iterable[Change]) -> bool:
    """Whether two changes are of the same line."""
    rows = [(change.path, row) for change in changes for row in range(change.first, change.last + 1)]
    return len(rows) > len(set(rows))


def row_after(path: str, row: int, changes: Sequence[Change]) -> int | None:
    """Where a row of a file is after the changes; None for one that is gone."""
    own = [change for change in changes if change.path == path]
    if any(change.first + len(change.lines) <= row <= change.last for change in own):
        return None
    return row + sum(change.growth for change in own if change.last < row)


def faulty_rows(changes: Sequence[Change]) -> list[tuple[str, int]]:
    """The files and rows, after the changes, of the lines with the mistake."""
    return [
        (change.path, row)
        for change in changes
        if change.faulty
        for start in [change.first + sum(other.growth for other in changes if is_above(other, change))]
        for row in range(start, start + len(change.lines))
    ]


def is_above(one: Change, other: Change) -> bool:
    """Whether a change stands above another one of the same file."""
    return one.path == other.path and one < other


def removal(source: Source, statement: Statement) -> Change:
    """A statement taken out of its block; one that is alone in it leaves a `pass`."""
    first, last = source.rows(statement)
    alone = len(body_of(source.block(statement))) == 1
    return Change(source.path, first, last, (f"{source.indent(statement)}pass{source.newline}",) if alone else ())


def before(source: Source, anchor: Statement, moved: Statement) -> Change:
    """A statement repeated before another one."""
    row = source.rows(anchor)[0]
    return Change(source.path, row, row - 1, source.lines_at(moved, source.indent(anchor)), faulty=True)


def behind(source: Source, anchor: Statement, moved: Statement) -> Change:
    """A statement repeated behind another one."""
    row = source.rows(anchor)[1] + 1
    return Change(source.path, row, row - 1, source.lines_at(moved, source.indent(anchor)), faulty=True)


def lines_behind(source: Source, anchor: Statement, *texts: str) -> Change:
    """New lines behind a statement."""
    row = source.rows(anchor)[1] + 1
    lines = tuple(f"{source.indent(anchor)}{text}{source.newline}" for text in texts)
    return Change(source.path, row, row - 1, lines, faulty=True)


def appended(source: Source, node: cst.CSTNode, text: str) -> Change:
    """A text right behind a node."""
    row, column = source.place(node)[2:]
    return replacement(source, (row, column, row, column), text)


def replacement(source: Source, where: tuple[int, int, int, int], text: str, *, faulty: bool = False) -> Change:
    """Another text in place of a range."""
    row, column, end_row, end_column = where
    head, tail = source.lines[row - 1][: column - 1], source.lines[end_row - 1][end_column - 1 :]
    return Change(source.path, row, end_row, tuple(io.StringIO(head + text + tail, newline="")), faulty)
