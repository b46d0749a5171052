"""Edits that put a statement somewhere."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from schedlint.fixes.applying import TextEdit
from schedlint.fixes.source import Source, Unfixable
from schedlint.place import Place
from schedlint.remedies import After, Before, Insert, Spot

_LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)


@dataclass(frozen=True)
class Target:
    """Where a statement is to stand: behind `statement`, or before it."""

    statement: ast.stmt
    before: bool = False


def insert(source: Source, change: Insert) -> TextEdit:
    """Add a statement."""
    path = change.to.place.path if isinstance(change.to, After) else change.to.loop.path
    return put(source, path, target_of(source, change.to), change.text.split("\n"))


def target_of(source: Source, to: Spot) -> Target:
    """The statement beside which a spot is."""
    if isinstance(to, After):
        return Target(source.statement(to.place))
    if isinstance(to, Before):
        return Target(_in_body(source, source.loop(to.loop), to.place), before=True)
    return end_of(source.loop(to.loop))


def _in_body(source: Source, loop: ast.For | ast.While, place: Place) -> ast.stmt:
    """The statement of the body of a loop in which a place stands."""
    inner = source.statement(place)
    for node in (inner, *source.around(inner)):
        if node in loop.body:
            return node
    raise Unfixable


def end_of(loop: ast.For | ast.While) -> Target:
    """The end of the body of a loop: before what always leaves it."""
    last = loop.body[-1]
    return Target(last, before=isinstance(last, _LEAVES))


def put(source: Source, path: str, target: Target, lines: list[str]) -> TextEdit:
    """Lines put beside a statement, in a row of their own where it has one."""
    statement = target.statement
    assert statement.end_lineno is not None
    head = source.text[source.row_start(statement.lineno) : source.node_start(statement)]
    if head.strip():
        return _put_in_row(source, path, target, lines)
    text = "".join(f"{head}{line}\n" if line else "\n" for line in lines)
    if target.before:
        at = source.row_start(first_comment(source, statement, head))
        return TextEdit(path, at, at, text)
    behind = source.text[source.node_end(statement) : source.row_start(statement.end_lineno + 1)].strip()
    if behind and not behind.startswith("#"):
        raise Unfixable
    at = source.row_start(statement.end_lineno + 1)
    ended = at == 0 or source.text[at - 1] == "\n"
    return TextEdit(path, at, at, text if ended else f"\n{text.removesuffix(chr(10))}")


def _put_in_row(source: Source, path: str, target: Target, lines: list[str]) -> TextEdit:
    """A single statement put behind, or before, one that stands in the row of its loop's head."""
    if len(lines) != 1 or "#" in lines[0] or lines[0].endswith(":"):
        raise Unfixable
    statement = target.statement
    if target.before:
        at = source.node_start(statement)
        return TextEdit(path, at, at, f"{lines[0]}; ")
    at = source.node_end(statement)
    return TextEdit(path, at, at, f"; {lines[0]}")


def first_comment(source: Source, statement: ast.stmt, indent: str) -> int:
    """The first row of the comments right above a statement, or its own."""
    first = statement.lineno
    while first > 1 and source.rows[first - 2].startswith(f"{indent}#"):
        first -= 1
    return first
