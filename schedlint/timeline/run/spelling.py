"""Expressions as a person would write them, for names, guards and messages; long or odd parts are shortened to
`...`.
"""

from __future__ import annotations

from schedlint import facts
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol

MOST_CHARACTERS = 60


def source(expr: facts.Expr) -> str:
    """The expression as source text, at most a line's worth of it."""
    text = _source(expr, 0)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 3] + "..."


def _source(expr: facts.Expr | None, deep: int) -> str:
    if deep > 6:
        return "..."
    inner = deep + 1
    match expr:
        case facts.Name(id=name):
            return name
        case facts.Attribute(value=value, attr=attr):
            return f"{_source(value, inner)}.{attr}"
        case facts.Constant(value=value):
            return repr(value)
        case facts.Call(func=func, arguments=arguments):
            return f"{_source(func, inner)}({', '.join(_argument(argument, inner) for argument in arguments)})"
        case facts.Subscript(value=value, index=index):
            return f"{_source(value, inner)}[{_source(index, inner)}]"
        case facts.Binary(op=op, left=left, right=right):
            return f"{_operand(left, inner)} {op} {_operand(right, inner)}"
        case facts.Unary(op=op, operand=operand):
            return f"{op}{' ' if op == 'not' else ''}{_operand(operand, inner)}"
        case facts.BoolOp(op=op, values=values):
            return f" {op} ".join(_operand(value, inner) for value in values)
        case facts.Compare(left=left, operators=operators, comparators=comparators):
            rest = "".join(f" {op} {_operand(right, inner)}" for op, right in zip(operators, comparators, strict=True))
            return _operand(left, inner) + rest
        case facts.Sequence(kind=kind, items=items):
            inside = ", ".join(_source(item, inner) for item in items)
            return {"list": f"[{inside}]", "tuple": f"({inside})"}.get(kind, f"{{{inside}}}")
        case _:
            return "..."


def _operand(expr: facts.Expr, deep: int) -> str:
    text = _source(expr, deep)
    return f"({text})" if isinstance(expr, (facts.Binary, facts.BoolOp, facts.Compare, facts.Conditional)) else text


def _argument(argument: facts.Argument, deep: int) -> str:
    text = argument.star + _source(argument.value, deep)
    return f"{argument.keyword}={text}" if argument.keyword else text


def keyed(quantity: Quantity) -> str:
    """The quantity spelled by the identities in it: equal texts are equal values."""
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
