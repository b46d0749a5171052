"""Schedule functions: what the step is divided by, compared with, subtracted from (`1 - step / (len(loader) *
epochs)`).

The name of the step parameter is no evidence (`lambda epoch:` is what everybody writes), so it is left as an unknown
that the other quantities in the function determine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from schedlint.timeline import dimensions
from schedlint.timeline.arithmetic import KEEPING, number, substituted
from schedlint.timeline.quantity import Arithmetic, Curve, Literal, Quantity, Symbol, spelled, symbols
from schedlint.timeline.scale import NUMBER, Measure, Scale, multiplied, quotient, unknown
from schedlint.timeline.sums import Sum, added, crossing, falls, has, is_floor, latest, summed, written

_ALIKE = frozenset({"+", "-", "min", "max", "or", "sum"})
_COMPARISONS = frozenset({"compare", "<", "<=", ">", ">=", "==", "!="})
_TESTS = frozenset({"and", "not"})
_DIVISIONS = frozenset({"/", "//", "%"})


@dataclass(frozen=True, slots=True)
class Demand:
    """What the step is set against: its measure, and its value where that is a bare number. `ramp` says that it
    divides the step.
    """

    quantity: Quantity
    measure: Measure
    ramp: bool

    @property
    def value(self) -> float | None:
        """The bare number that the step is set against."""
        return number(self.quantity) if self.measure.is_number else None


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of the function: whether the step is a factor of it, what it counts apart from that, whether a number
    scales it.
    """

    step: bool
    rest: Measure = NUMBER
    scaled: bool = False
    quantity: Quantity | None = None


@dataclass(slots=True)
class Reader:
    """Walks one schedule function and collects what it demands of its step.

    `ends` are the steps at which a ramp is over or a comparison changes (None: somewhere else, or it is not clear
    where), `divisors` what the step is divided by, all greater than zero.
    """

    scale: Scale
    parameter: str
    demands: list[Demand] = field(default_factory=list)
    loose: list[Symbol] = field(default_factory=list)
    ends: list[Sum | None] = field(default_factory=list)
    divisors: list[Sum] = field(default_factory=list)

    @property
    def end(self) -> Quantity | None:
        """The number of steps after which the function has nothing more to do, where that is certain."""
        known = [end for end in self.ends if end is not None]
        last = latest(known, self.divisors) if len(known) == len(self.ends) else None
        return None if last is None else written(last)

    def term(self, quantity: Quantity) -> _Term:
        """A part of the function, understood; what it demands of the step is collected on the way."""
        if isinstance(quantity, Symbol) and quantity.key == self.parameter:
            return _Term(step=True)
        if not has(quantity, self.parameter):
            return _Term(step=False, rest=self.scale.measure(quantity), quantity=quantity)
        return self._arithmetic(quantity) if isinstance(quantity, Arithmetic) else _Term(step=False)

    def _arithmetic(self, quantity: Arithmetic) -> _Term:
        if quantity.op == "choose":
            self.term(quantity.operands[0])
            return self._alike([self.term(operand) for operand in quantity.operands[1:]])
        parts = [self.term(operand) for operand in quantity.operands]
        if quantity.op in KEEPING:
            return parts[0]
        self._note_end(quantity, parts)
        if quantity.op in _ALIKE:
            return self._alike(parts)
        if quantity.op in _COMPARISONS:
            self._alike(parts)
            return _Term(step=False)
        if quantity.op == "*":
            return self._product(parts)
        if quantity.op in _DIVISIONS:
            return self._divided(quantity.op, parts)
        if quantity.op not in ("**", "pow") and quantity.op not in _TESTS:
            self._note(parts)
        return _Term(step=False)

    def _alike(self, parts: list[_Term]) -> _Term:
        """Parts that are added or compared: those without the step count what the one with it counts."""
        stepped = next((part for part in parts if part.step), None)
        if stepped is None:
            self._note(parts)
            return _Term(step=False)
        for part in parts:
            if not part.step and part.quantity is not None:
                self._set_against(stepped, part.rest, part.quantity, ramp=False)
        return stepped

    def _note_end(self, quantity: Arithmetic, parts: list[_Term]) -> None:
        """Remember where a comparison, a division or `total - step` comes to its end."""
        if len(parts) != 2 or parts[0].step == parts[1].step:
            return
        op, (left, right) = quantity.op, quantity.operands
        limits = op in _COMPARISONS or (op == "min" and not any(is_floor(operand) for operand in quantity.operands))
        if limits:
            self.ends.append(crossing(added(self._sum(left), self._sum(right), -1), self.parameter))
        elif op in ("//", "%") and parts[0].step:
            self.ends.append(None)  # it begins again, or goes down in stairs without end
        elif op == "/" and parts[0].step:
            ramp, divisor = self._sum(left), self._sum(right)
            self.divisors.append(divisor)
            whole = ramp if falls(ramp, self.parameter) else added(ramp, divisor, -1)
            self.ends.append(crossing(whole, self.parameter))
        elif op == "-" and falls(self._sum(quantity), self.parameter):
            self.ends.append(crossing(self._sum(quantity), self.parameter))

    def _sum(self, quantity: Quantity) -> Sum:
        """A part of the function as a sum; `pi` and other plain factors of the step do not move its end."""
        while isinstance(quantity, Arithmetic) and quantity.op == "*":
            stepped = [operand for operand in quantity.operands if has(operand, self.parameter)]
            others = [operand for operand in quantity.operands if not has(operand, self.parameter)]
            if len(stepped) != 1 or not all(self._is_plain(other) for other in others):
                break
            quantity = stepped[0]
        return summed(quantity, self.parameter)

    def _is_plain(self, factor: Quantity) -> bool:
        return self.scale.measure(factor).is_number and (number(factor) is None or _is_half_a_wave(factor))

    def _product(self, parts: list[_Term]) -> _Term:
        stepped = next((part for part in parts if part.step), None)
        if stepped is None:
            self._note(parts)
            return _Term(step=False)
        rest, scaled = stepped.rest, stepped.scaled
        for part in parts:
            if part is not stepped:
                rest, scaled = multiplied(rest, part.rest), scaled or _scales(part)
                self._note([part])
        return _Term(step=True, rest=rest, scaled=scaled)

    def _divided(self, op: str, parts: list[_Term]) -> _Term:
        top, bottom = parts[0], parts[-1]
        if not top.step or bottom.quantity is None:
            self._note(parts)
            return _Term(step=False)
        self._set_against(top, bottom.rest, bottom.quantity, ramp=op == "/")
        if op == "%":
            return top
        return _Term(step=True, rest=quotient(top.rest, bottom.rest), scaled=top.scaled or bottom.rest.is_number)

    def _set_against(self, stepped: _Term, other: Measure, quantity: Quantity, *, ramp: bool) -> None:
        if not other.is_number:
            measure = other if stepped.rest.is_number else quotient(other, stepped.rest)
            self.demands.append(Demand(quantity, measure, ramp))
            return
        value = number(quantity)
        if value is not None and abs(value) > 1 and not stepped.scaled and stepped.rest.is_number:
            self.demands.append(Demand(quantity, NUMBER, ramp))

    def _note(self, parts: list[_Term]) -> None:
        """Remember values that are neither plain numbers nor set against the step."""
        for part in parts:
            if part.quantity is not None and not part.rest.is_number:
                self.loose.extend(symbols(part.quantity))


def _scales(part: _Term) -> bool:
    """Whether a factor makes another number of the step; the one of half a wave does not."""
    return part.rest.is_number and not _is_half_a_wave(part.quantity)


def _is_half_a_wave(factor: Quantity | None) -> bool:
    """Whether a factor is one or pi, as people write it: what it is divided by is where the wave has gone down."""
    value = number(factor)
    return value is not None and any(math.isclose(value, plain, rel_tol=1e-3) for plain in (1, math.pi))


def read_curve(curve: Curve, scale: Scale) -> Reader:
    """What a schedule function demands of its step."""
    reader = Reader(scale, curve.parameter.key)
    for result in curve.results:
        part = reader.term(result)
        if not part.step and part.quantity is not None and not part.rest.is_number:
            reader.loose.extend(symbols(part.quantity))
    return reader


def decays(curve: Curve, amount: float) -> bool:
    """Whether a function of nothing but numbers is lower after so many steps than at its beginning."""
    if len(set(curve.results)) != 1:
        return False
    first, last = (
        number(substituted(curve.results[0], curve.parameter.key, Literal(step))) for step in (0, round(amount))
    )
    return first is not None and last is not None and last < first


def not_understood(reader: Reader, curve: Curve) -> Measure | None:
    """Why nothing can be said of a function that demands nothing of its step; None if it has no horizon at all."""
    if len(set(curve.results)) > 1:
        return unknown(f"it is not known on which test `{spelled(curve)}` depends")
    for symbol in reader.loose:
        why = symbol.reason or "how it bears on the step is not understood"
        return unknown(f"`{spelled(curve)}` uses `{symbol.name}`: {why}")
    return None


def is_dimension(measure: Measure) -> bool:
    """Whether a measure says what is counted."""
    return measure.dimension not in (None, dimensions.PURE)
