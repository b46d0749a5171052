"""Schedule functions as factors of the learning rate: what they give at each step, and what they were mistaken for.

A function given to a scheduler says by what the learning rate is multiplied. Here it is worked out as numbers, with the
defaults of options and fields; nothing is called.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from schedlint.knowledge.schema import ConstructionEffect, Scheduler, Style
from schedlint.timeline.arithmetic import defaulted, number, substituted
from schedlint.timeline.known import FIRM, Known, known
from schedlint.timeline.model import Object
from schedlint.timeline.names import is_rate, is_setting
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol, symbols
from schedlint.timeline.sums import has

GIVEN = frozenset({"option", "parameter", "field", "preset", "constant", "setting"})
"""Roles of symbols that are one value all through a run."""

_POWERS = frozenset({"**", "pow"})
_BREAKS = frozenset({"%", "compare", "or", "and", "not", "in", "not in", "==", "!=", "<", "<=", ">", ">="})
"""What makes a function one of whether a step is this or that one, and no course over all steps."""

_EARLY = (*range(41), 60, 100, 200, 500, 1000)
_OFTEN_A_FACTOR = 0.5
"""A number that is as often a factor as a learning rate."""

_PLAIN, _GUESSES = (0.7, 0.35), (0.9, 37.0)


def is_fixed(symbol: Symbol) -> bool:
    """Whether a symbol is one value all through a run: given to the program, or a part of its configuration by name."""
    setting = symbol.role == "unknown" and not symbol.name.endswith(")") and is_setting(symbol.name)
    return not symbol.loop and (symbol.role in GIVEN or setting)


def functions(table: Scheduler, made: Object) -> Iterator[tuple[Curve, ...]]:
    """The schedule functions that a scheduler is given, one for each parameter group or one for all; several times
    where it may be given others.
    """
    for bound in made.arguments:
        for value in bound.values if bound.parameter in table.function_parameters else ():
            items = value.items if isinstance(value, Items) and value.whole else (value,)
            curves = tuple(item for item in items if isinstance(item, Curve))
            if len(curves) == len(items):
                yield curves


def are_factors(table: Scheduler) -> bool:
    """Whether the functions of a scheduler are factors of the learning rate that the optimizer was given."""
    return bool(table.function_parameters) and table.construction.effect is ConstructionEffect.FUNCTION


def are_multiplied(table: Scheduler) -> bool:
    """Whether what the functions of a scheduler give is multiplied, step by step."""
    return bool(table.function_parameters) and table.style is Style.RECURSIVE


def constant(curves: tuple[Curve, ...]) -> Known | None:
    """The number that functions give at every step; None where it is not always the same, or not known."""
    found = {curve.results[0] for curve in curves if curve.exact and curve.steady}
    fixed = all(curve.exact and curve.steady and not has(curve.results[0], curve.parameter.key) for curve in curves)
    value = known(found.pop()) if fixed and len(found) == 1 else None
    return None if value is None or value.number is None else value


def factor(curve: Curve, step: int) -> float | None:
    """What a function gives at a step, defaults taken for granted."""
    if not curve.exact:
        return None
    return number(_at(curve, step))


def _at(curve: Curve, step: int) -> Quantity:
    result = curve.results[0]
    return substituted(defaulted(result) or result, curve.parameter.key, Literal(step))


def peak(curve: Curve) -> float | None:
    """The greatest factor over the first steps."""
    found = [value for value in (factor(curve, step) for step in _EARLY) if value is not None]
    return max(found, default=None)


def source(curve: Curve) -> Symbol | None:
    """A symbol of which only the default is known, and on which the numbers of a function rest."""
    return next((each for each in symbols(curve) if each.role not in FIRM and each.default is not None), None)


# --- the learning rate itself, for a factor ---------------------------------------------------------------------------


def is_the_rate(curve: Curve, rate: Quantity) -> bool:
    """Whether a function gives the learning rate that an optimizer was given, or this times a factor.

    It does where everything that it gives is a multiple of the same symbol or literal, or where it begins with it. A
    learning rate of 1 says nothing, and one that the function is divided by neither.
    """
    value = known(rate)
    if value is not None and value.number == 1:
        return False
    symbol = named_rate(rate)
    if symbol is not None and all(_rises_with(result, curve, symbol.key) for result in curve.results):
        return True
    return value is not None and value.source is None and value.number is not None and _is_number(curve, value.number)


def named_rate(rate: Quantity) -> Symbol | None:
    """The symbol that a learning rate is, or is a multiple of by its name: `args.lr` of `args.lr * world_size`."""
    match rate:
        case Symbol():
            return rate if is_fixed(rate) else None
        case Arithmetic(op="float", operands=(operand,)):
            return named_rate(operand)
        case Arithmetic(op="*" | "/" as op, operands=operands):
            named = [named_rate(operand) for operand in (operands if op == "*" else operands[:1])]
            return next((each for each in named if each is not None and is_rate(each.name)), None)
        case _:
            return None


def _is_number(curve: Curve, value: float) -> bool:
    """Whether a function has this learning rate as a number in it, and goes up to it and no further."""
    if not 0 < value < _OFTEN_A_FACTOR or not curve.exact:
        return False
    top, marked = peak(curve), _marked(curve.results[0], value)
    if top is None or top > 1.02 * value or not has(marked, curve.parameter.key):
        return False
    return _is_multiple(marked, curve, _MARK.key)


_MARK = Symbol(key="the learning rate", name="lr", role="parameter")


def _marked(quantity: Quantity, value: float) -> Quantity:
    """The quantity with a symbol for each number of this value."""
    return _rewritten(quantity, lambda each: _MARK if number(each) == value else None)


def _rises_with(result: Quantity, curve: Curve, key: str) -> bool:
    """Whether a result is twice as much for twice the value of a symbol, at every step or at the first one."""
    return _is_multiple(result, curve, key) or (curve.exact and _begins_with(result, curve, key))


def _begins_with(result: Quantity, curve: Curve, key: str) -> bool:
    """Whether a result is a symbol at the first step, whatever the others are."""
    if not _is_given(result, key):
        return False
    return all(math.isclose(_tried(result, curve, 0, key, value) or 0, value) for value in _PLAIN)


def _is_given(result: Quantity, key: str) -> bool:
    """Whether a symbol is in a result, and no other that may be anything."""
    return has(result, key) and all(each.role == "step" or is_fixed(each) for each in symbols(result))


def _is_multiple(result: Quantity, curve: Curve, key: str) -> bool:
    """Whether a result is twice as much for twice the value of a symbol, at every step."""
    if not _is_given(result, key):
        return False
    courses = [[_tried(result, curve, step, key, value) for step in (0, 1, 2, 3, 10)] for value in _PLAIN]
    pairs = [(one, half) for one, half in zip(*courses, strict=True) if one is not None and half is not None]
    multiple = len(pairs) == len(courses[0]) and all(math.isclose(one, 2 * half, abs_tol=1e-9) for one, half in pairs)
    return multiple and any(one for one, _ in pairs)


def _tried(result: Quantity, curve: Curve, step: int, key: str, value: float) -> float | None:
    """A result at a step for a value of one symbol; all others that are not known are small numbers."""
    names = [each.key for each in symbols(result) if each.role not in FIRM]
    others = {name: 0.3 / (index + 2) for index, name in enumerate(dict.fromkeys(names))}
    return number(_filled(result, {**others, key: value, curve.parameter.key: step}))


def _filled(quantity: Quantity, values: Mapping[str, float]) -> Quantity:
    """The quantity with numbers for its symbols and lengths."""

    def value(each: Quantity) -> Quantity | None:
        if isinstance(each, Symbol) and each.key in values:
            return Literal(values[each.key])
        return Literal(50) if isinstance(each, Length) else None

    return _rewritten(quantity, value)


def _rewritten(quantity: Quantity, replace: Callable[[Quantity], Quantity | None]) -> Quantity:
    """The quantity with some of its parts replaced by others."""
    other = replace(quantity)
    if other is not None or not isinstance(quantity, Arithmetic):
        return other or quantity
    return Arithmetic(quantity.op, tuple(_rewritten(operand, replace) for operand in quantity.operands))


# --- a course, for the factor of a single step ------------------------------------------------------------------------


def is_course(curve: Curve, horizon: float | None) -> bool:
    """Whether a function goes one way over all its steps, as a whole schedule does and the factor of a single step does
    not: `0.95 ** step`, `1 - step / total`, and neither a test of the step nor a quotient of two steps.
    """
    step = curve.parameter.key
    leaves = list(_leaves(curve.results[0])) if curve.exact and len(curve.results) == 1 else []
    if not any(has(leaf, step) for leaf in leaves) or not all(_is_smooth(leaf, step) for leaf in leaves):
        return False
    end = 40 if horizon is None else max(2, min(400, int(horizon)))
    courses = [[_guessed(curve, each, guess) for each in range(1, end + 1)] for guess in _GUESSES]
    return all(_goes_one_way(course) for course in courses)


def _leaves(result: Quantity) -> Iterator[Quantity]:
    """What a function may give, apart from the tests that choose."""
    if isinstance(result, Arithmetic) and result.op == "choose":
        for operand in result.operands[1:]:
            yield from _leaves(operand)
    else:
        yield result


def _is_smooth(quantity: Quantity, step: str) -> bool:
    """Whether a quantity tests no step and divides by none."""
    if not isinstance(quantity, Arithmetic) or not has(quantity, step):
        return True
    divides = quantity.op in ("/", "//") and has(quantity.operands[-1], step)
    return (
        quantity.op not in (*_BREAKS, "choose") and not divides and all(_is_smooth(o, step) for o in quantity.operands)
    )


def _guessed(curve: Curve, step: int, guess: float) -> float | None:
    """What a function gives at a step, with a guess for each value that has no default."""
    result = defaulted(curve.results[0]) or curve.results[0]
    known_all = all(each.role == "step" or is_fixed(each) for each in symbols(result))
    open_ones = {each.key: guess for each in symbols(result) if each.role not in FIRM}
    return number(_filled(result, {**open_ones, curve.parameter.key: step})) if known_all else None


def _goes_one_way(course: list[float | None]) -> bool:
    """Whether numbers only rise or only fall."""
    found = [value for value in course if value is not None]
    if len(found) < len(course):
        return False
    changes = [after - before for before, after in pairwise(found)]
    return any(changes) and (all(change <= 0 for change in changes) or all(change >= 0 for change in changes))


def compounded(curve: Curve, steps: int) -> tuple[float, float] | None:
    """What a learning rate is multiplied by after so many steps that multiply what a function gives, and what the
    function itself gives; None where they are not known.
    """
    found = [factor(curve, step) for step in range(1, steps + 1)]
    values = [value for value in found if value is not None]
    return (math.prod(values), values[-1]) if values and len(values) == len(found) else None


# --- beyond the end of a decay ----------------------------------------------------------------------------------------


def goes_below(curve: Curve, steps: int) -> int | None:
    """The first step, less than `steps`, at which a factor that began above zero is negative, or no real number."""
    first = factor(curve, 0)
    if first is None or first <= 0 or not _is_below(curve, steps - 1):
        return None
    above, below = 0, steps - 1
    while below - above > 1:
        middle = (above + below) // 2
        above, below = (above, middle) if _is_below(curve, middle) else (middle, below)
    return below


def is_complex(curve: Curve, step: int) -> bool:
    """Whether a function takes a root of a negative number at a step."""
    return curve.exact and _has_root_of_negative(_at(curve, step))


def _is_below(curve: Curve, step: int) -> bool:
    value = factor(curve, step)
    return is_complex(curve, step) if value is None else value < 0


def _has_root_of_negative(quantity: Quantity) -> bool:
    match quantity:
        case Arithmetic(op="choose"):
            return False
        case Arithmetic(op=op, operands=(base, exponent)) if op in _POWERS:
            value, power = number(base), number(exponent)
            return value is not None and power is not None and value < 0 and power != int(power)
        case Arithmetic(operands=operands):
            return any(map(_has_root_of_negative, operands))
        case _:
            return False
