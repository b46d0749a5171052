"""Values that a number of steps is never equal to: texts, fractions, and what may be one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from schedlint.timeline.arithmetic import number
from schedlint.timeline.known import known
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, Symbol

_TERMS = frozenset({"+", "-", "neg"})


class Kind(str, Enum):
    """Why a value is no number of steps."""

    TEXT = "text"
    FRACTION = "fraction"
    TYPED = "typed"  # a string wherever it is given on the command line
    DIVIDED = "divided"  # a quotient, or a part, of something that is not known


class Misfit(Struct, frozen=True):
    """A value that is no number of steps. `value` is what it is, where that is known; `source` is the option or field
    whose default that is, or which takes a string from the command line.
    """

    kind: Kind
    quantity: Quantity
    value: float | str | None = None
    source: Symbol | None = None


def misfits(quantity: Quantity) -> tuple[Misfit, ...]:
    """Those of a number of steps, or of a list of them."""
    return tuple(found for item, source in items(quantity) if (found := _misfit(item, source)) is not None)


def items(quantity: Quantity) -> Iterator[tuple[Quantity, Symbol | None]]:
    """The items of a list, or what is none by itself; each with the symbol whose default the list is."""
    match quantity:
        case Items(items=listed):
            yield from ((item, None) for item in listed)
        case Symbol(text=None, default=Items(items=listed), role="constant" | "setting"):
            yield from ((item, None) for item in listed)
        case Symbol(default=Items(items=listed)) if any(_misfit(item, quantity) for item in listed):
            yield from ((item, quantity) for item in listed)
        case _:
            yield quantity, None


def _misfit(quantity: Quantity, source: Symbol | None) -> Misfit | None:
    value = known(quantity)
    if value is None or value.value is None:
        if isinstance(quantity, Symbol) and quantity.text is not None:
            given = quantity if quantity.role == "option" else None
            return Misfit(Kind.TEXT if given is None else Kind.TYPED, quantity, source=given)
        return Misfit(Kind.DIVIDED, quantity) if may_be_fraction(quantity) else None
    if isinstance(value.value, str):
        return Misfit(Kind.TEXT, quantity, value.value, source or value.source)
    if value.number is None or value.number == int(value.number):
        is_typed = isinstance(quantity, Symbol) and quantity.text is not None
        return Misfit(Kind.TYPED, quantity, source=value.source) if is_typed else None
    return Misfit(Kind.FRACTION, quantity, value.number, source or value.source)


def may_be_fraction(quantity: Quantity) -> bool:
    """Whether a number that is not known is a quotient, or a broken part of another one, and is not rounded."""
    match quantity:
        case Literal():
            value = number(quantity)
            return value is not None and value != int(value)
        case Arithmetic(op="/", operands=operands):
            return not any(isinstance(operand, Literal) and operand.value in (1, -1) for operand in operands[1:])
        case Arithmetic(op="*", operands=operands):
            return any(map(may_be_fraction, operands))
        case Arithmetic(op=op, operands=operands) if op in _TERMS:
            return any(map(may_be_fraction, operands))
        case _:
            return False
