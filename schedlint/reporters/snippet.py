"""Source lines with a range marked in them, as a person reads them in a terminal.

Columns count characters of the source and marks count cells of the terminal: tabs are expanded, what a terminal would
obey is escaped, wide characters take two cells and combining ones none. A long line is cut to the part that matters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from schedlint.diagnostics import Location
from schedlint.reporters.colour import Paint, Role
from schedlint.reporters.text import last_row, printable

TAB = 4
WIDEST = 140
"""So many characters of a line are shown."""
MOST_ROWS, HEAD, TAIL = 8, 4, 2
"""A range of more rows is shown by its head and its tail."""


class Style(NamedTuple):
    """How a snippet is drawn: the width of the row numbers, the mark, what it is, and how many rows are around it."""

    gutter: int
    mark: str
    role: Role
    context: int
    paint: Paint


class Shown(NamedTuple):
    """A line as it is printed. `starts` are the cells at which its characters begin, from the one at `left` on."""

    text: str
    left: int
    starts: tuple[int, ...]

    def cell(self, column: int) -> int:
        """The cell at which the character in this column, counted from 1, begins."""
        return self.starts[min(max(column - 1 - self.left, 0), len(self.starts) - 1)]


def snippet(lines: Sequence[str], at: Location, style: Style) -> list[str]:
    """The rows of a range and those around it, each with its number, and marks below; nothing if it is not there."""
    extent = extent_of(lines, at, style.context)
    if not extent.marked:
        return []
    left = cut(lines[at.row - 1], at)
    rows = {row: shown(lines[row - 1], left) for row in extent.rows()}
    several = extent.marked[-1] != at.row
    marked = several_rows(rows, at, extent.marked, style) if several else one_row(rows[at.row], at, style)
    indent = "  " if several else ""
    above = [numbered(row, indent + rows[row].text, style) for row in extent.above]
    below = [numbered(row, indent + rows[row].text, style) for row in extent.below]
    return [*above, *marked, *below]


class Extent(NamedTuple):
    """The numbers of the rows that are shown: those of the range, and those above and below it."""

    above: tuple[int, ...] = ()
    marked: tuple[int, ...] = ()
    below: tuple[int, ...] = ()

    def rows(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.above, *self.marked, *self.below)


def extent_of(lines: Sequence[str], at: Location, context: int) -> Extent:
    """What is shown of a location; nothing if it is not there."""
    if not 1 <= at.row <= len(lines):
        return Extent()
    last = min(last_row(at), len(lines))
    above = [row for row in range(at.row - context, at.row) if row >= 1]
    below = [row for row in range(last + 1, last + context + 1) if row <= len(lines)]
    while above and not lines[above[0] - 1].strip():
        del above[0]
    while below and not lines[below[-1] - 1].strip():
        del below[-1]
    return Extent(tuple(above), spanned(at.row, last), tuple(below))


def spanned(first: int, last: int) -> tuple[int, ...]:
    """The rows of a range that are shown."""
    if last - first < MOST_ROWS:
        return tuple(range(first, last + 1))
    return (*range(first, first + HEAD), *range(last - TAIL + 1, last + 1))


# --- one line ---------------------------------------------------------------------------------------------------------


def cut(line: str, at: Location) -> int:
    """How many characters are left out at the left, so that the beginning of the range is seen."""
    return 0 if at.column <= WIDEST * 2 // 3 or len(line) <= WIDEST else at.column - 1 - WIDEST // 3


def shown(line: str, left: int) -> Shown:
    """A line as it is printed, without `left` characters at its beginning."""
    pieces = ["…"] if left and line[left:] else []
    starts = [len(pieces)]
    for character in line[left : left + WIDEST]:
        piece = " " * (TAB - starts[-1] % TAB) if character == "\t" else printable(character)
        pieces.append(piece)
        starts.append(starts[-1] + width(character, piece))
    if line[left + WIDEST :]:
        pieces.append("…")
    return Shown("".join(pieces), left, tuple(starts))


def width(character: str, piece: str) -> int:
    """How many cells a terminal gives to what stands for a character."""
    if piece != character:
        return len(piece)
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


# --- rows -------------------------------------------------------------------------------------------------------------


def numbered(row: int | str, text: str, style: Style) -> str:
    """A line with its number, or with nothing, at its left."""
    frame = style.paint(f"{row:>{style.gutter}} |", "frame")
    return f"{frame} {text}" if text.strip() else frame


def one_row(line: Shown, at: Location, style: Style) -> list[str]:
    """The row of a range that lies within it, and marks under the range."""
    start = line.cell(at.column)
    end = line.cell(at.end_column) if at.end_row == at.row else line.starts[-1]
    marks = " " * start + style.paint(style.mark * max(1, end - start), style.role)
    return [numbered(at.row, line.text, style), numbered("", marks, style)]


def several_rows(rows: Mapping[int, Shown], at: Location, marked: Sequence[int], style: Style) -> list[str]:
    """The rows of a range with a line at their left, from the mark below its beginning to the one below its end."""
    start, bar = rows[at.row].cell(at.column), style.paint("|", style.role)
    opening = style.paint(f" {'_' * (start + 1)}{style.mark}", style.role)
    drawn = [numbered(at.row, f"  {rows[at.row].text}", style), numbered("", opening, style)]
    for before, row in pairwise(marked):
        if row > before + 1:
            drawn.append(numbered("." * min(3, style.gutter), bar, style))
        drawn.append(numbered(row, f"{bar} {rows[row].text}".rstrip(), style))
    last = rows[marked[-1]]
    end = last.cell(at.end_column) if marked[-1] == at.end_row else last.starts[-1]
    closing = style.paint(f"|{'_' * max(1, end)}{style.mark}", style.role)
    return [*drawn, numbered("", closing, style)]
