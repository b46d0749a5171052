"""Edits that do with a scheduler what is done with its optimizer: save its state, load it."""

from __future__ import annotations

import ast
import re

from schedlint.fixes.applying import TextEdit
from schedlint.fixes.calls import Argument, Brackets, added_behind, brackets
from schedlint.fixes.putting import insert
from schedlint.fixes.source import Source, Unfixable
from schedlint.remedies import After, Insert, Mirror

_OPTIMIZER = re.compile(r"(?<![a-z])(?:optimi[sz]er|optim|opt)(?![a-z])", re.IGNORECASE)
"""The part of a key that says that the state of an optimizer stands under it."""


def mirror(source: Source, change: Mirror) -> TextEdit:
    """The entry or the statement that a call stands in, once more, for another object."""
    call = source.call(change.call)
    if not isinstance(call.func, ast.Attribute):
        raise Unfixable
    done, parent, path = f"{change.receiver}.{call.func.attr}", source.parents[call], change.call.path
    match parent:
        case ast.Dict():
            written = _display(source, parent)
            part = _holding(source, written, call)
            text = f"{renamed(source.text[part.start : source.node_start(call)])}{done}()"
            return _entry(source, path, written, part, text)
        case ast.keyword(arg=str(keyword)) if isinstance(outer := source.parents[parent], ast.Call):
            written = brackets(source, source.token_ending(source.node_end(outer.func)) + 1)
            part = _holding(source, written, call)
            return _entry(source, path, written, part, f"{renamed(keyword)}={done}()")
        case ast.Assign(targets=[ast.Subscript() as target]):
            text = f"{renamed(source.segment(target))} = {done}()"
        case ast.Expr() if len(call.args) == 1 and not call.keywords:
            text = f"{done}({renamed(source.segment(call.args[0]))})"
        case _:
            raise Unfixable
    if text in source.body(source.scope(call)):
        raise Unfixable
    return insert(source, Insert(text, After(change.call)))


def renamed(text: str) -> str:
    """A key, or what it stands in, said of a scheduler. Raises `Unfixable` where it says nothing of an optimizer."""
    if not _OPTIMIZER.search(text):
        raise Unfixable
    return _OPTIMIZER.sub(_in_its_case, text)


def _in_its_case(found: re.Match[str]) -> str:
    if found[0].isupper():
        return "SCHEDULER"
    return "Scheduler" if found[0][0].isupper() else "scheduler"


def _display(source: Source, node: ast.Dict) -> Brackets:
    start = source.node_start(node)
    return brackets(source, next(index for index, token in enumerate(source.tokens) if token.start == start))


def _holding(source: Source, written: Brackets, call: ast.Call) -> Argument:
    """The part that a call stands in, which must end with it."""
    end = source.node_end(call)
    for part in written.parts:
        if part.end == end:
            return part
    raise Unfixable


def _entry(source: Source, path: str, written: Brackets, part: Argument, text: str) -> TextEdit:
    if any(source.text[each.start : each.end] == text for each in written.parts):
        raise Unfixable
    return added_behind(source, path, part, text)
