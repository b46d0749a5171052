"""Which names a new text needs, and whether they are bound where it goes."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from schedlint.fixes.source import FUNCTIONS, Source, Unfixable
from schedlint.place import Place

_HOLE = re.compile(r"\{\}")


def refuse_unbound(source: Source, text: str, place: Place) -> None:
    """Raise `Unfixable` if an expression or statement, or a template of one, uses a name that is not bound at a place:
    by the function or module itself, further up.
    """
    needed = {node.id for node in ast.walk(_parsed(text)) if isinstance(node, ast.Name)}
    for name in sorted(needed - set(dir(builtins))):
        if not _is_bound(source, name, place):
            raise Unfixable


def _parsed(text: str) -> ast.AST:
    try:
        return ast.parse(_HOLE.sub("0", text))
    except SyntaxError as error:
        raise Unfixable from error


def _is_bound(source: Source, name: str, place: Place) -> bool:
    statement = source.statement(place)
    scopes = [node for node in source.around(statement) if isinstance(node, FUNCTIONS)]
    inner, outer = scopes[0], [scope for scope in scopes[1:] if not isinstance(scope, ast.ClassDef)]
    return any(row < place.row for row in _bindings(inner, name)) or any(
        True for scope in outer for _ in _bindings(scope, name)
    )


def _bindings(scope: ast.AST, name: str) -> Iterator[int]:
    """The rows in which a scope binds a name itself."""
    stack = list(ast.iter_child_nodes(scope))
    while stack:
        node = stack.pop()
        if name in _bound_by(node):
            yield getattr(node, "lineno", 0)  # parameters have none: they are bound from the start
        if not isinstance(node, FUNCTIONS):
            stack.extend(ast.iter_child_nodes(node))


def _bound_by(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return (name,)
        case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
            return (name,)
        case ast.arguments():
            every = (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg)
            return tuple(each.arg for each in every if each is not None)
        case ast.alias(name=name, asname=asname):
            return (asname or name.partition(".")[0],)
        case _:
            return ()
