"""The report for people: what is wrong, the source it stands in, the places it rests on, and how to put it right.

The source is handed in; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from schedlint.diagnostics import Confidence, Diagnostic, Location, Note
from schedlint.reporters.colour import Paint, plain
from schedlint.reporters.snippet import Style, extent_of, snippet
from schedlint.reporters.text import last_row, mark, position, printable

Lines: TypeAlias = Callable[[Location], Sequence[str]]
"""From a location to the rows of its file, or of its cell in a notebook; none if they are not known."""

CONTEXT = 2
"""So many rows are shown above and below the mistake."""


def render(diagnostics: Sequence[Diagnostic], lines: Lines, paint: Paint = plain, *, unsafe: bool = False) -> str:
    """The diagnostics in the order given, with an empty line between them."""
    return "\n".join("".join(f"{line}\n" for line in block(each, lines, paint, unsafe=unsafe)) for each in diagnostics)


def block(diagnostic: Diagnostic, lines: Lines, paint: Paint, *, unsafe: bool = False) -> Iterator[str]:
    """The lines on one diagnostic."""
    gutter = len(str(max(last_row(at) + CONTEXT for at in (diagnostic.at, *(note.at for note in diagnostic.related)))))
    yield header(diagnostic, paint, unsafe=unsafe)
    yield arrow("-->", gutter, paint) + position(diagnostic.at)
    style = Style(gutter, "^", diagnostic.severity.value, CONTEXT, paint)
    yield from framed(snippet(lines(diagnostic.at), diagnostic.at, style), style)
    shown = extent_of(lines(diagnostic.at), diagnostic.at, CONTEXT).rows()
    seen = {(diagnostic.at.path, diagnostic.at.cell, row) for row in shown}
    for note in diagnostic.related:
        yield from related(note, lines, seen, style._replace(mark="-", role="frame", context=0))
    if diagnostic.help:
        yield f"{paint('help:', 'help')} {printable(diagnostic.help)}"
        yield f"{paint('help:', 'help')} `schedlint rule {diagnostic.code}` explains {diagnostic.name}"


def header(diagnostic: Diagnostic, paint: Paint, *, unsafe: bool = False) -> str:
    """`error[LRS101]: message`, and how sure that is where it is not certain."""
    kind = paint(f"{diagnostic.severity.value}[{diagnostic.code}]", diagnostic.severity.value)
    sure = diagnostic.confidence is Confidence.CERTAIN
    doubt = "" if sure else f" ({diagnostic.confidence.value})"
    return f"{kind}{doubt}: {mark(diagnostic, unsafe=unsafe)}{paint(printable(diagnostic.message), 'strong')}"


def related(note: Note, lines: Lines, seen: set[tuple[str, int | None, int]], style: Style) -> Iterator[str]:
    """A related place, with its first row unless that is in sight already."""
    at = note.at
    yield f"{arrow(':::', style.gutter, style.paint)}{position(at)} {printable(note.message)}"
    if (at.path, at.cell, at.row) not in seen:
        seen.add((at.path, at.cell, at.row))
        yield from snippet(lines(at), first_row(at, lines(at)), style)


def first_row(at: Location, rows: Sequence[str]) -> Location:
    """The part of a location that lies in its first row."""
    if at.end_row == at.row or not 1 <= at.row <= len(rows):
        return at
    return Location(at.path, at.row, at.column, at.row, len(rows[at.row - 1]) + 1, at.cell)


def framed(rows: Sequence[str], style: Style) -> Iterator[str]:
    """The rows of a snippet between two empty ones."""
    edge = style.paint(" " * style.gutter + " |", "frame")
    if rows:
        yield from (edge, *rows, edge)


def arrow(head: str, gutter: int, paint: Paint) -> str:
    """What stands in front of a position."""
    return " " * gutter + paint(head, "frame") + " "
