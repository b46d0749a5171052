"""Expressions as a person would write them, for names, guards and messages; long or odd parts are shortened to
`...`.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeGuard

from schedlint import facts
from schedlint.timeline.quantity import BINDING, TIGHT, Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol

MOST_CHARACTERS = 60

LONGEST_KEY = 1_000
"""Characters; an identity made of others, which are made of others, would grow without end."""


def source(expr: facts.Expr) -> str:
    """The expression as source text, at most a line's worth of it."""
    return _shortened(_source(expr, 0))


def target(expr: facts.Expr) -> str:
    """A target of an assignment or a loop as source text: `images, labels`, without parentheses."""
    return _shortened(_items(expr.items, 1) if _is_bare(expr) else _source(expr, 0))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 3] + "..."


def _is_bare(expr: facts.Expr) -> TypeGuard[facts.Sequence]:
    """Whether it is a tuple of things that can be assigned to."""
    targets = (facts.Name, facts.Attribute, facts.Subscript, facts.Starred, facts.Sequence)
    return (
        isinstance(expr, facts.Sequence)
        and expr.kind == "tuple"
        and len(expr.items) > 1
        and all(isinstance(item, targets) for item in expr.items)
    )


def _source(expr: facts.Expr | None, deep: int) -> str:
    if deep > 6:
        return "..."
    inner = deep + 1
    match expr:
        case facts.Name(id=name):
            return name
        case facts.Attribute(value=value, attr=attr):
            return f"{_operand(value, inner)}.{attr}"
        case facts.Constant(value=value):
            return repr(value)
        case facts.Call(func=func, arguments=arguments):
            return f"{_operand(func, inner)}({', '.join(_argument(argument, inner) for argument in arguments)})"
        case facts.Subscript(value=value, index=index):
            inside = _items(index.items, inner) if _is_bare(index) else _source(index, inner)
            return f"{_operand(value, inner)}[{inside}]"
        case facts.Binary() | facts.Unary() | facts.BoolOp() | facts.Compare():
            return _operation(expr, inner)
        case facts.Sequence(kind=kind, items=items):
            inside = _items(items, inner)
            alone = "," if len(items) == 1 else ""
            return {"list": f"[{inside}]", "tuple": f"({inside}{alone})"}.get(kind, f"{{{inside}}}")
        case facts.Starred(value=value):
            return f"*{_source(value, inner)}"
        case _:
            return "..."


def _operation(expr: facts.Binary | facts.Unary | facts.BoolOp | facts.Compare, deep: int) -> str:
    match expr:
        case facts.Binary(op=op, left=left, right=right):
            before, after = _around(op)
            return f"{_operand(left, deep, before)} {op} {_operand(right, deep, after)}"
        case facts.Unary(op=op, operand=operand):
            return f"{op}{' ' if op == 'not' else ''}{_operand(operand, deep, _binding(expr))}"
        case facts.BoolOp(op=op, values=values):
            return f" {op} ".join(_operand(value, deep, _binding(expr) + 1) for value in values)
        case facts.Compare(left=left, operators=operators, comparators=comparators):
            others = [_operand(each, deep, BINDING["=="] + 1) for each in comparators]
            rest = "".join(f" {op} {each}" for op, each in zip(operators, others, strict=True))
            return _operand(left, deep, BINDING["=="] + 1) + rest


def _items(items: Iterable[facts.Expr], deep: int) -> str:
    return ", ".join(_source(item, deep) for item in items)


def _around(op: str) -> tuple[int, int]:
    """How strongly the operands left and right of an operator must bind to need no parentheses."""
    if op == "**":
        return TIGHT, BINDING["neg"]
    return BINDING[op], BINDING[op] + 1


def _operand(expr: facts.Expr, deep: int, least: int = TIGHT) -> str:
    """An expression inside another, in parentheses unless it binds as strongly as the other demands."""
    text = _source(expr, deep)
    return text if text == "..." or _binding(expr) >= least else f"({text})"


def _binding(expr: facts.Expr) -> int:
    match expr:
        case facts.Unary(op=op):
            return BINDING["not" if op == "not" else "neg"]
        case facts.Binary(op=op) | facts.BoolOp(op=op):
            return BINDING[op]
        case facts.Compare():
            return BINDING["=="]
        case _:
            return TIGHT


def _argument(argument: facts.Argument, deep: int) -> str:
    text = argument.star + _source(argument.value, deep)
    return f"{argument.keyword}={text}" if argument.keyword else text


def keyed(quantity: Quantity) -> str:
    """The quantity spelled by the identities in it: equal texts are equal values. What would be long is a digest."""
    text = _keyed(quantity)
    return text if len(text) <= LONGEST_KEY else blake2b(text.encode(), digest_size=16).hexdigest()


def _keyed(quantity: Quantity) -> str:
    match quantity:
        case Literal(value=value):
            return repr(value)
        case Symbol(key=key):
            return f"<{key}>"
        case Length(key=key, name=name):
            return f"<{key or name}>"
        case Arithmetic(op=op, operands=operands):
            return f"{op}({','.join(map(keyed, operands))})"
        case Items(items=items):
            return f"[{','.join(map(keyed, items))}]"
        case Curve(parameter=parameter, results=results):
            return f"{parameter.key}->{','.join(map(keyed, results))}"
