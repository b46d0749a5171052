"""Walking facts without knowing their kinds. Every walk keeps its own stack, so no nesting is too deep for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from inspect import get_annotations
from typing import TypeGuard

from msgspec import Struct

from schedlint import facts

Block = tuple[facts.Statement, ...]


def branches(node: facts.If) -> tuple[Block, ...]:
    """The bodies of an `if` and all its `elif`s, then what stands under `else` (empty where there is none)."""
    bodies = [node.body]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], facts.If):
        node = node.orelse[0]
        bodies.append(node.body)
    return (*bodies, node.orelse)


def blocks(statement: facts.Statement) -> tuple[Block, ...]:
    """The blocks of a compound statement that belong to the same scope as the statement."""
    if isinstance(statement, facts.If):
        return branches(statement)
    if isinstance(statement, (facts.For, facts.While)):
        return (statement.body, statement.orelse)
    if isinstance(statement, facts.Try):
        handlers = tuple(handler.body for handler in statement.handlers)
        return (statement.body, *handlers, statement.orelse, statement.finalbody)
    if isinstance(statement, facts.With):
        return (statement.body,)
    if isinstance(statement, facts.Match):
        return tuple(case.body for case in statement.cases)
    return ()


def scope_statements(body: Block) -> Iterator[facts.Statement]:
    """Every statement of one scope in source order, without those inside functions and classes."""
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        yield statement
        for block in reversed(blocks(statement)):
            stack.extend(reversed(block))


def nodes(root: Struct) -> Iterator[Struct]:
    """A node and all below it, in source order as far as the fields are."""
    stack: list[Struct | tuple[object, ...]] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Struct):
            yield node
            parts: Iterable[object] = [getattr(node, name) for name in _inner_fields(type(node))]
        else:
            parts = reversed(node)
        stack += [part for part in parts if isinstance(part, (Struct, tuple))]


@cache
def _inner_fields(kind: type[Struct]) -> tuple[str, ...]:
    """The fields that may hold nodes, last one first."""
    plain = ("str", "bool", "int", "Span", "Span | None", "str | None", "tuple[str, ...]")
    annotations = get_annotations(kind)
    return tuple(name for name in reversed(kind.__struct_fields__) if annotations[name] not in plain)


def dotted(expr: facts.Expr) -> tuple[facts.Expr, tuple[str, ...]]:
    """The bottom of an attribute chain, and the attributes read from it: `a.b.c` is `a` and `("b", "c")`."""
    attributes: list[str] = []
    while isinstance(expr, facts.Attribute):
        attributes.append(expr.attr)
        expr = expr.value
    return expr, tuple(reversed(attributes))


def is_reference(node: Struct) -> TypeGuard[facts.Name | facts.Attribute]:
    """Whether an expression is a name or an attribute chain on anything."""
    return isinstance(node, (facts.Name, facts.Attribute))
