"""Facts without places, so that a test of what was read says nothing of where."""

from __future__ import annotations

from typing import Any

import msgspec

from schedlint import facts
from schedlint.extract import extract

AT = facts.Span(0, 0, 0, 0)
"""Stands for any place."""


def statements(source: str) -> tuple[facts.Statement, ...]:
    """The statements of a text, every place made AT."""
    return tuple(placeless(statement) for statement in extract(source).body)


def expression(source: str) -> facts.Expr:
    """The value of `x = source`, every place made AT."""
    (statement,) = statements(f"x = {source}")
    assert isinstance(statement, facts.Assign)
    return statement.value


def placeless(made: Any) -> Any:
    if isinstance(made, facts.Span):
        return AT
    if isinstance(made, tuple):
        return tuple(placeless(item) for item in made)
    if isinstance(made, msgspec.Struct):
        return type(made)(*(placeless(getattr(made, name)) for name in made.__struct_fields__))
    return made


def name(identifier: str) -> facts.Name:
    return facts.Name(identifier, AT)


def call(function: str, *values: facts.Expr) -> facts.Call:
    return facts.Call(name(function), tuple(facts.Argument(value) for value in values), AT)
