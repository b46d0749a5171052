"""Changes of whole lines, and where the rows of a file are after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.seeded.source import Source, Statement, body_of


@dataclass(frozen=True)
class Draft:
    """Changes to one file."""

    path: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, order=True)
class Change:
    """Lines in place of the rows `first` to `last`; where `last` is `first - 1`, they come before row `first`.

    `faulty` says that the mistake is in these lines.
    """

    first: int
    last: int
    lines: tuple[str, ...]
    faulty: bool = False

    @property
    def growth(self) -> int:
        """How many rows it adds."""
        return len(self.lines) - (self.last - self.first + 1)


def draft(source: Source, *changes: Change) -> Draft:
    """Changes to a file."""
    return Draft(source.path, changes)


def applied(source: Source, changes: Iterable[Change]) -> str:
    """The text with its changes made."""
    lines: list[str] = []
    row = 1
    for change in sorted(changes):
        lines += [*source.lines[row - 1 : change.first - 1], *change.lines]
        row = change.last + 1
    lines += source.lines[row - 1 :]
    return "".join([line if line.endswith(("\n", "\r")) else line + source.newline for line in lines])


def row_after(row: int, changes: Sequence[Change]) -> int | None:
    """Where a row is after the changes; None for one that is gone."""
    for change in changes:
        if change.first + len(change.lines) <= row <= change.last:
            return None
    return row + sum(change.growth for change in changes if change.last < row)


def faulty_rows(changes: Sequence[Change]) -> list[int]:
    """The rows, after the changes, of the lines with the mistake."""
    return [
        row
        for change in changes
        if change.faulty
        for start in [change.first + sum(other.growth for other in changes if other < change)]
        for row in range(start, start + len(change.lines))
    ]


def removal(source: Source, statement: Statement) -> Change:
    """A statement taken out of its block; one that is alone in it leaves a `pass`."""
    first, last = source.rows(statement)
    alone = len(body_of(source.block(statement))) == 1
    return Change(first, last, (f"{source.indent(statement)}pass{source.newline}",) if alone else ())


def before(source: Source, anchor: Statement, moved: Statement) -> Change:
    """A statement repeated before another one."""
    row = source.rows(anchor)[0]
    return Change(row, row - 1, source.lines_at(moved, source.indent(anchor)), faulty=True)


def behind(source: Source, anchor: Statement, moved: Statement) -> Change:
    """A statement repeated behind another one."""
    row = source.rows(anchor)[1] + 1
    return Change(row, row - 1, source.lines_at(moved, source.indent(anchor)), faulty=True)


def line_behind(source: Source, anchor: Statement, text: str) -> Change:
    """A new line behind a statement."""
    row = source.rows(anchor)[1] + 1
    return Change(row, row - 1, (f"{source.indent(anchor)}{text}{source.newline}",), faulty=True)


def replacement(source: Source, where: tuple[int, int, int, int], text: str, *, faulty: bool = False) -> Change:
    """Another text in place of a range."""
    row, column, end_row, end_column = where
    head, tail = source.lines[row - 1][: column - 1], source.lines[end_row - 1][end_column - 1 :]
    return Change(row, end_row, (head + text + tail,), faulty)
