"""Schedules without an end: the factor by which they multiply the learning rate at every step.

`ExponentialLR(gamma=0.95)`, `MultiplicativeLR(lambda epoch: 0.95)` and `LambdaLR(lambda epoch: 0.95 ** epoch)` are one
schedule in three spellings. A factor that was worked out for many steps, as `0.1 ** (1 / 1000)` was, is no such rate:
it says itself how many steps it is for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.knowledge.schema import Scheduler, Style
from schedlint.timeline.arithmetic import number, substituted
from schedlint.timeline.beginnings import argument
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Literal, Quantity
from schedlint.timeline.reading import Reading, Unit
from schedlint.timeline.sums import has

_WORKED_OUT = frozenset({"exp", "log", "sqrt"})
_POWERS = frozenset({"**", "pow"})
_TRIED = (1, 2, 7, 40, 1000)


@dataclass(frozen=True, slots=True)
class Rate:
    """What the learning rate is multiplied by at every step, and by which `scheduler`: the one asked about or one that
    it wraps.
    """

    scheduler: int
    factor: float


def rate(reading: Reading, scheduler: Object) -> Rate | None:
    """The rate of a scheduler that has no end; of one that wraps others, the lowest that goes on to the end.

    None where it has a horizon, or nothing is known.
    """
    table, horizon = reading.table(scheduler.id), reading.horizon(scheduler.id)
    if table is None or horizon is None:
        return None
    if table.children:
        open_ended = horizon.unit in (Unit.NONE, Unit.UNKNOWN)
        inner = [rate(reading, child) for child in _to_the_end(reading, table, scheduler)] if open_ended else []
        return min((each for each in inner if each is not None), key=lambda each: each.factor, default=None)
    factor = _factor(table, scheduler) if horizon.unit is Unit.NONE else None
    return None if factor is None else Rate(scheduler.id, factor)


def _to_the_end(reading: Reading, table: Scheduler, scheduler: Object) -> Iterator[Object]:
    """The wrapped schedulers that are stepped until the end: all that run side by side, or the last one of a row."""
    one_by_one = bool(table.horizon)
    for child in scheduler.children[-1:] if one_by_one else scheduler.children:
        yield reading.timeline.object(child)


def _factor(table: Scheduler, scheduler: Object) -> float | None:
    """The factor of one scheduler, from its rate or its function."""
    if table.rate:
        return _plain(argument(table, scheduler, table.rate))
    functions = [argument(table, scheduler, parameter) for parameter in table.function_parameters[:1]]
    curves = [curve for function in functions for curve in _curves(function)]
    factors = [_step_factor(curve) if table.style is Style.RECURSIVE else power(curve) for curve in curves]
    known = [factor for factor in factors if factor is not None]
    return max(known) if known and len(known) == len(curves) else None


def _curves(function: Quantity | None) -> tuple[Quantity, ...]:
    return function.items if isinstance(function, Items) else () if function is None else (function,)


def _step_factor(curve: Quantity) -> float | None:
    """What a function gives at every step, where it is always the same."""
    return _plain(curve.results[0]) if isinstance(curve, Curve) and len(curve.results) == 1 else None


def _plain(quantity: Quantity | None) -> float | None:
    """A number that was not worked out for many steps."""
    return None if quantity is None or _is_worked_out(quantity) else number(quantity)


def power(curve: Quantity) -> float | None:
    """The base of a function that is a power of its step (`0.95 ** epoch`); None for any other one."""
    if not isinstance(curve, Curve) or len(curve.results) != 1:
        return None
    result, step = curve.results[0], curve.parameter.key
    first = _at(result, step, 0)
    if first is None or first <= 0 or not has(result, step) or _is_worked_out(result, step):
        return None
    base = (_at(result, step, 1) or 0) / first
    tried = [(_at(result, step, at) or 0, first * base**at) for at in _TRIED]
    return base if base > 0 and all(math.isclose(one, other, rel_tol=1e-6) for one, other in tried) else None


def _at(result: Quantity, step: str, at: int) -> float | None:
    return number(substituted(result, step, Literal(at)))


def _is_worked_out(quantity: Quantity, step: str = "") -> bool:
    """Whether a number in a quantity is a root, an exponential or a logarithm; what the step itself is in is none."""
    if not isinstance(quantity, Arithmetic):
        return False
    if quantity.op in _WORKED_OUT and not has(quantity, step):
        return True
    if quantity.op in _POWERS and not _moves_by_one(quantity.operands[-1], step):
        return True
    return any(_is_worked_out(operand, step) for operand in quantity.operands)


def _moves_by_one(exponent: Quantity, step: str) -> bool:
    """Whether an exponent is a whole number, and a greater one with each step where the step is in it."""
    first, second = (_at(exponent, step, at) for at in (0, 1))
    return first is not None and second is not None and first == round(first) and second == round(second)
