"""Whether a scheduler takes more steps, or fewer, than some length; and by how much.

Two numbers are compared as polynomials, as they are written. Where that leaves it open, options are taken to have their
defaults, and the answer is no more than likely. What the defaults deny is not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.model import Confidence
from schedlint.timeline.polynomials import Polynomial, is_positive, polynomial, spare, written
from schedlint.timeline.quantity import Quantity, spelled, symbols
from schedlint.timeline.reading import CountReading, Evidence, weakest
from schedlint.timeline.rounds import fresh

Lengths: TypeAlias = Mapping[int, Quantity]
"""What the lengths of objects are made of."""

ALONE: Lengths = {}


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a number of steps is from a length.

    `steps` and `length` are what was compared, `by` is how much the greater one is above the other, and `ratio` is how
    many times the length the number of steps is, where that is one number. `by_default` says that options were taken
    to have their defaults, `by_rests` that it is only a last batch of an epoch, which may be full.
    """

    steps: Quantity
    length: Quantity
    by: Quantity
    ratio: float | None
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    by_default: bool = False
    by_rests: bool = False


def more(count: CountReading, length: Quantity, lengths: Lengths = ALONE) -> Gap | None:
    """How many more steps are taken than a length has; None where it is not known that there are more.

    `lengths` says what the lengths of loaders are made of, for where that must be known.
    """
    return None if count.least is None else _gap(count, count.least, length, 1, lengths)


def fewer(count: CountReading, length: Quantity, lengths: Lengths = ALONE) -> Gap | None:
    """How many fewer steps are taken than a length has; None where it is not known that there are fewer."""
    return None if count.most is None else _gap(count, count.most, length, -1, lengths)


def longer(length: Quantity, other: Quantity, lengths: Lengths = ALONE) -> Gap | None:
    """By how much one length is above another; None where it is not known to be."""
    return more(CountReading(0, length, length, Confidence.CERTAIN), other, lengths)


def _gap(count: CountReading, steps: Quantity, length: Quantity, sign: int, lengths: Lengths) -> Gap | None:
    for known in (ALONE, lengths):
        plain = _difference(steps, length, sign, known)
        assumed = _difference(_by_default(steps), _by_default(length), sign, known)
        denied = assumed.constant is not None and assumed.constant <= 0
        if is_positive(plain) and not denied:
            return _found(count, steps, length, plain)
        if is_positive(assumed):
            found = _found(count, _by_default(steps), _by_default(length), assumed)
            return _supposed(found, (*_defaults(steps), *_defaults(length)))
    return None


def _supposed(gap: Gap, defaults: tuple[Evidence, ...]) -> Gap:
    """What is so only if options have their defaults."""
    evidence = (*gap.evidence, *dict.fromkeys(defaults))
    return replace(gap, confidence=weakest(Confidence.LIKELY, gap.confidence), evidence=evidence, by_default=True)


def _difference(steps: Quantity, length: Quantity, sign: int, lengths: Lengths) -> Polynomial:
    one, other = polynomial(steps, lengths), polynomial(length, lengths)
    return one - other if sign > 0 else other - one


def _found(count: CountReading, steps: Quantity, length: Quantity, by: Polynomial) -> Gap:
    ratio = polynomial(steps).ratio(polynomial(length))
    times = None if ratio is None else float(ratio)
    return Gap(steps, length, written(by), times, count.confidence, count.evidence)


def _by_default(quantity: Quantity) -> Quantity:
    """A quantity in a run that goes on from no other one, with the options at their defaults."""
    known = fresh(quantity)
    return quantity if known == quantity and defaulted(known) in (None, known) else _simple(defaulted(known) or known)


def _simple(quantity: Quantity) -> Quantity:
    """A quantity with its numbers added up, where that leaves no more to read."""
    computed = written(polynomial(quantity))
    return computed if len(spelled(computed)) <= len(spelled(quantity)) else quantity


def _defaults(quantity: Quantity) -> list[Evidence]:
    """What was taken for granted of the options in a quantity."""
    known = [symbol for symbol in symbols(quantity) if symbol.role != "constant" and number(symbol.default) is not None]
    return [Evidence(f"`{each.name}` is {spelled(_by_default(each))} by default", each.place) for each in known]


def more_by_rests(count: CountReading, length: Quantity, lengths: Lengths) -> Gap | None:
    """How many more steps may be taken than a length has, where the loaders keep a last batch that the length leaves
    out; None where it is not just that.
    """
    if count.least is None:
        return None
    over = spare(polynomial(count.least, lengths) - polynomial(length, lengths))
    if over is None:
        return None
    confidence = weakest(Confidence.LIKELY, count.confidence)
    return Gap(count.least, length, written(over), None, confidence, count.evidence, by_rests=True)
