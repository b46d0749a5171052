"""Edits that move a statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import cast

from schedlint.fixes.applying import TextEdit
from schedlint.fixes.putting import Target, end_of, first_comment, put, target_of
from schedlint.fixes.source import Source, Unfixable
from schedlint.place import Place
from schedlint.remedies import EndOf, Move

_OF_A_STEP = re.compile(r"\b(lr|lrs|rates?|sched\w*|decay\w*|anneal\w*|warm-?_?up\w*|steps?)\b", re.IGNORECASE)
_CONDITIONAL = (ast.If, ast.Try, ast.Match, ast.ExceptHandler, ast.match_case)


def move(source: Source, change: Move) -> list[TextEdit]:
    """Take a call that is a statement, and put it elsewhere in the same function."""
    moved = _with_its_test(source, _called_alone(source, change.step))
    target = target_of(source, change.to)
    if isinstance(change.to, EndOf):
        target = _end_of_part(source, moved, source.loop(change.to.loop)) or target
    tests = _tests(source, moved, target)
    text = _guarded(source, tests, _lines(source, moved), source.indent)
    taken, placed = _taken_out(source, change.step.path, moved), put(source, change.step.path, target, text)
    if taken.end == placed.start == len(source.text) and not taken.text:
        placed = placed._replace(text=placed.text.removeprefix("\n"))  # the newline before what was taken stays
    return [taken, placed]


def _called_alone(source: Source, step: Place) -> ast.stmt:
    """The statement that is nothing but this call."""
    statement = source.parents[source.call(step)]
    if not isinstance(statement, ast.Expr):
        raise Unfixable
    return statement


def _with_its_test(source: Source, statement: ast.stmt) -> ast.stmt:
    """The statement with the `if` around it, if that holds nothing else and its test calls nothing."""
    parent = source.parents[statement]
    if not isinstance(parent, ast.If) or parent.orelse or parent.body != [statement]:
        return statement
    return parent if _is_plain(parent.test) else statement


def _tests(source: Source, moved: ast.stmt, target: Target) -> list[ast.expr]:
    """The tests that hold between the loop which holds a statement's new place too and the statement, outermost first.

    Raises `Unfixable` where the new place is in another function, a test may have another answer there, or a name
    stand for another thing.
    """
    if source.scope(moved) is not source.scope(target.statement) or target.statement is moved:
        raise Unfixable
    shared = {id(node) for node in source.around(target.statement)}
    own = [moved.test] if isinstance(moved, ast.If) else []
    tests: list[ast.expr] = []
    child, needed = cast("ast.AST", moved), _names(moved)
    for node in source.around(moved):
        if id(node) in shared or node is target.statement:
            if any(name in _stored(source.block(target.statement)) for test in (*own, *tests) for name in _names(test)):
                raise Unfixable
            return tests[::-1]
        if not needed.isdisjoint(_stored(ast.iter_child_nodes(node))):
            raise Unfixable
        if isinstance(node, ast.If) and child in node.body and _is_plain(node.test):
            tests.append(node.test)
        elif isinstance(node, _CONDITIONAL) or (isinstance(node, (ast.For, ast.While)) and child in node.orelse):
            raise Unfixable
        child = node
    raise Unfixable


def _is_plain(test: ast.expr) -> bool:
    """Whether a test calls nothing."""
    return not any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr)) for node in ast.walk(test))


def _names(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def _stored(parts: Iterable[ast.AST]) -> set[str]:
    """The names that statements, or parts of one, store to."""
    nodes = (node for part in parts for node in ast.walk(part))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _guarded(source: Source, tests: list[ast.expr], lines: list[str], unit: str) -> list[str]:
    """Lines behind a test that all of these hold."""
    if not tests:
        return lines
    parts = [source.segment(test) for test in tests]
    if any("\n" in part for part in parts):
        raise Unfixable
    if len(parts) > 1:
        parts = [
            f"({part})" if isinstance(test, (ast.BoolOp, ast.IfExp)) else part
            for part, test in zip(parts, tests, strict=True)
        ]
    return [f"if {' and '.join(parts)}:", *(f"{unit}{line}" for line in lines)]


def _taken_out(source: Source, path: str, statement: ast.stmt) -> TextEdit:
    """A statement taken out of its block, with the comment above it; `pass` where nothing else is in the block."""
    start, end = source.node_start(statement), source.node_end(statement)
    if len(source.block(statement)) == 1:
        return TextEdit(path, start, end, "pass")
    first, last = _own_rows(source, statement)
    if first is not None and last is not None:
        last += _leaves_blank_row(source, statement, first, last)
        return TextEdit(path, source.row_start(first), source.row_start(last + 1), "")
    return TextEdit(path, *_with_semicolon(source, start, end), "")


def _own_rows(source: Source, statement: ast.stmt) -> tuple[int | None, int | None]:
    """The rows of a statement that shares them with no other, and of the comments right above it if they speak of a
    step of a schedule: others may speak of what follows as well.
    """
    assert statement.end_lineno is not None
    first, last = statement.lineno, statement.end_lineno
    indent = source.rows[first - 1][: source.node_start(statement) - source.row_start(first)]
    rest = source.text[source.node_end(statement) : source.row_start(last + 1)].strip()
    if indent.strip() or (rest and not rest.startswith("#")):
        return None, None
    above = first_comment(source, statement, indent)
    speaks = any(_OF_A_STEP.search(row) for row in source.rows[above - 1 : first - 1])
    return (above if speaks else first), last


def _leaves_blank_row(source: Source, statement: ast.stmt, first: int, last: int) -> bool:
    """Whether the row behind what is taken out is blank and would begin its block, or follow another blank one."""
    behind = source.rows[last] if last < len(source.rows) else ""
    above = source.rows[first - 2].strip()
    begins = not above or (statement is source.block(statement)[0] and not above.startswith("#"))
    return begins and behind != "" and not behind.strip()


def _with_semicolon(source: Source, start: int, end: int) -> tuple[int, int]:
    """The range of a statement that stands in one row with others, with the semicolon that parts them."""
    before = re.search(r"[ \t]*;[ \t]*$", source.text[:start])
    if before is not None:
        return before.start(), end
    behind = re.match(r"[ \t]*;[ \t]*", source.text[end:])
    if behind is None:
        raise Unfixable
    return start, end + behind.end()


def _lines(source: Source, statement: ast.stmt) -> list[str]:
    """The rows of a statement without its indentation, the comments above it and behind it included."""
    first, last = _own_rows(source, statement)
    if first is None or last is None or len(source.block(statement)) == 1:
        text = source.segment(statement)
        return _dedented(text.split("\n"), statement.col_offset)
    rows = [row.rstrip("\n") for row in source.rows[first - 1 : last]]
    return _dedented(rows, len(rows[0]) - len(rows[0].lstrip()), first=True)


def _dedented(rows: list[str], width: int, *, first: bool = False) -> list[str]:
    """Rows moved to the left, the first one too if it is indented. A string over several rows is not moved."""
    if any('"""' in row or "'''" in row for row in rows):
        raise Unfixable
    head = rows[0][width:] if first else rows[0]
    return [head, *(row[min(width, len(row) - len(row.lstrip())) :] for row in rows[1:])]


def _end_of_part(source: Source, moved: ast.stmt, loop: ast.AST) -> Target | None:
    """The end of the part of a round that a statement stands in, where a round is a loop over a few constants side by
    side: `for phase in ["train", "val"]`.
    """
    for node in source.around(moved):
        if node is loop:
            return None
        if isinstance(node, ast.For) and _is_of_constants(node.iter):
            return end_of(node)
    return None


def _is_of_constants(iterated: ast.expr) -> bool:
    return isinstance(iterated, (ast.List, ast.Tuple)) and all(isinstance(item, ast.Constant) for item in iterated.elts)
