"""Sums of quantities with like terms put together: where `(step + 1 - a) / (b + 1)` is one, and of two ends the later.

No units here: what a quantity counts is in `scale`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from schedlint.timeline.arithmetic import number
from schedlint.timeline.quantity import Arithmetic, Literal, Quantity, Symbol, symbols

Sum: TypeAlias = Mapping[Quantity, float]
"""How often each term is in a sum; `ONE` is the term of the plain numbers."""

ONE = Literal(1)
_EPSILON = 1e-4
"""What is less was added to keep a divisor from zero."""
_ROUNDED = frozenset({"int", "round", "floor", "ceil"})


def summed(quantity: Quantity, step: str = "") -> Sum:
    """The quantity as a sum. A divisor's guard against zero (`max(1, n)`) is no part of it, nor what rounds the symbol
    with the key `step`.
    """
    match quantity:
        case Arithmetic(op="+" | "-" as op, operands=(left, right)):
            return added(summed(left, step), summed(right, step), -1 if op == "-" else 1)
        case Arithmetic(op="neg", operands=(operand,)):
            return added({}, summed(operand, step), -1)
        case Arithmetic(op="float", operands=(operand,)):
            return summed(operand, step)
        case Arithmetic(op=op, operands=(operand,)) if op in _ROUNDED and has(operand, step):
            return summed(operand, step)
        case Arithmetic(op="max", operands=operands):
            open_ended = [operand for operand in operands if not is_floor(operand)]
            return summed(open_ended[0], step) if len(open_ended) == 1 else {quantity: 1}
        case Symbol():
            return {quantity: 1}
        case _:
            value = number(quantity)
            return {quantity: 1} if value is None else {ONE: value}


def is_floor(quantity: Quantity) -> bool:
    """Whether it is a number that only keeps a divisor from zero, or a factor at one."""
    value = number(quantity)
    return value is not None and value <= 1


def added(one: Sum, other: Sum, times: float = 1) -> Sum:
    """One sum and a multiple of the other."""
    terms = dict(one)
    for term, count in other.items():
        terms[term] = terms.get(term, 0) + times * count
    return {term: count for term, count in terms.items() if abs(count) > _EPSILON}


def written(terms: Sum) -> Quantity | None:
    """The sum as a quantity, numbers last; None if nothing in it is positive."""
    ordered = sorted(terms.items(), key=lambda item: item[0] == ONE)
    above = [_multiple(term, count) for term, count in ordered if count > 0]
    below = [_multiple(term, -count) for term, count in ordered if count < 0]
    if not above:
        return None
    result = above[0] if len(above) == 1 else Arithmetic("+", tuple(above))
    return Arithmetic("-", (result, *below)) if below else result


def _multiple(term: Quantity, count: float) -> Quantity:
    times = Literal(int(count) if float(count).is_integer() else count)
    return times if term == ONE else term if count == 1 else Arithmetic("*", (times, term))


def has(quantity: Quantity, key: str) -> bool:
    """Whether a symbol is in a quantity."""
    return any(symbol.key == key for symbol in symbols(quantity))


def crossing(terms: Sum, step: str) -> Sum | None:
    """Where a sum with the step in it is zero: its other terms; None if it is not plainly the step and others."""
    of_step = [term for term in terms if has(term, step)]
    if len(of_step) != 1 or not isinstance(of_step[0], Symbol) or abs(terms[of_step[0]]) != 1:
        return None
    rest = {term: count for term, count in terms.items() if term != of_step[0]}
    return added({}, rest, -terms[of_step[0]])


def falls(terms: Sum, step: str) -> bool:
    """Whether the step is taken away in a sum (`total - step`)."""
    return any(count < 0 for term, count in terms.items() if isinstance(term, Symbol) and term.key == step)


def latest(ends: Iterable[Sum], positive: Iterable[Sum]) -> Sum | None:
    """The one that is no less than any other, by its terms or because the difference is known to be positive."""
    candidates, known = list(ends), list(positive)

    def is_later(one: Sum, other: Sum) -> bool:
        more = added(one, other, -1)
        return all(count > 0 for count in more.values()) or more in known

    return next((one for one in candidates if all(is_later(one, other) for other in candidates)), None)
