"""Numbers and terms of a quantity: what can be computed, and what a bound is a sum of.

No units here, and nothing of a timeline.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from schedlint.timeline.quantity import Arithmetic, Items, Length, Literal, Quantity, Symbol

_TWO: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": math.pow,
    "pow": math.pow,
}

_ONE: dict[str, Callable[[float], float]] = {
    "int": math.trunc,
    "float": float,
    "round": round,
    "ceil": math.ceil,
    "floor": math.floor,
    "abs": abs,
    "neg": lambda a: -a,
}

_TESTS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "cos": math.cos,
    "sin": math.sin,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
}

KEEPING = frozenset(_ONE)
"""Operations of one operand that do not change what is counted."""


def number(quantity: Quantity | None) -> float | None:
    """The value of a quantity made of literal numbers; None for any other."""
    match quantity:
        case Literal(value=bool()) | None:
            return None
        case Literal(value=int() | float() as value) if math.isfinite(value):
            return value
        case Symbol(role="constant" | "setting", default=Literal() as value):
            return number(value)
        case Arithmetic(op="choose", operands=(test, body, orelse)):
            truth = _truth(test)
            return None if truth is None else number(body if truth else orelse)
        case Arithmetic(op=op, operands=operands):
            return _computed(op, [number(operand) for operand in operands])
        case _:
            return None


def _truth(test: Quantity) -> bool | None:
    """Whether a comparison of two numbers holds."""
    if not isinstance(test, Arithmetic) or test.op not in _TESTS or len(test.operands) != 2:
        return None
    left, right = map(number, test.operands)
    if left == 0 and isinstance(test.operands[1], Length):
        right = 1  # whatever is iterated has a length above 0
    return None if left is None or right is None else _TESTS[test.op](left, right)


def _computed(op: str, operands: list[float | None]) -> float | None:
    numbers = [operand for operand in operands if operand is not None]
    if not numbers or len(numbers) < len(operands):
        return None
    try:
        return _applied(op, numbers)
    except (ArithmeticError, ValueError):
        return None


def _applied(op: str, numbers: list[float]) -> float | None:
    if op in _ONE:
        return _ONE[op](numbers[0])
    if op in _FUNCTIONS and len(numbers) == 1:
        return _FUNCTIONS[op](numbers[0])
    if op in ("min", "max"):
        return min(numbers) if op == "min" else max(numbers)
    if op not in _TWO or len(numbers) < 2:
        return None
    result = numbers[0]
    for operand in numbers[1:]:
        result = _TWO[op](result, operand)
    return result


def greatest(quantity: Quantity | None) -> float | None:
    """The number, or the greatest of a list in which all are numbers."""
    if isinstance(quantity, Items):
        found = [number(item) for item in quantity.items]
        numbers = [value for value in found if value is not None]
        return max(numbers) if numbers and len(numbers) == len(found) else None
    return number(quantity)


def defaulted(quantity: Quantity | None) -> Quantity | None:
    """The quantity with each symbol replaced by its default, where it has one."""
    match quantity:
        case Symbol(default=default) if default is not None and not isinstance(default, Symbol):
            return defaulted(default)
        case Arithmetic(op=op, operands=operands):
            return Arithmetic(op, tuple(defaulted(operand) or operand for operand in operands))
        case Items(items=items, whole=whole):
            return Items(tuple(defaulted(item) or item for item in items), whole)
        case _:
            return quantity


def substituted(quantity: Quantity, key: str, value: Literal) -> Quantity:
    """The quantity with one symbol replaced by a constant; a product with 0 and a part of 0 are 0."""
    match quantity:
        case Symbol(key=found) if found == key:
            return value
        case Arithmetic(op=op, operands=operands):
            parts = tuple(substituted(operand, key, value) for operand in operands)
            zeros = [number(part) == 0 for part in parts]
            if (op == "*" and any(zeros)) or (op == "/" and zeros[0] and not zeros[-1]):
                return Literal(0)
            return Arithmetic(op, parts)
        case _:
            return quantity


def terms(quantity: Quantity | None) -> tuple[Symbol, ...]:
    """The symbols that a sum is made of: each counts what the sum counts (`niter`, `niter_decay` of `niter +
    niter_decay + 1`).
    """
    match quantity:
        case Symbol():
            return (quantity,)
        case Arithmetic(op="+" | "-" | "min" | "max" | "or", operands=operands):
            return tuple(symbol for operand in operands for symbol in terms(operand))
        case Arithmetic(op=op, operands=(operand,)) if op in KEEPING:
            return terms(operand)
        case _:
            return ()
