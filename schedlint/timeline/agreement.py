"""Whether a scheduler takes more steps, or fewer, than some length; and by how much.

Two numbers are compared as polynomials, as they are written. Where that leaves it open, options are taken to have their
defaults, and the answer is no more than likely. What the defaults deny is not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.model import Confidence
from schedlint.timeline.polynomials import Polynomial, is_positive, polynomial, spare, written
from schedlint.timeline.quantity import Quantity, spelled, symbols
from schedlint.timeline.reading import CountReading, Evidence, weakest


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a number of steps is from a length.

    `steps` and `length` are what was compared, `by` is how much the greater one is above the other, and `ratio` is how
    many times the length the number of steps is, where that is one number. `by_default` says that options were taken
    to have their defaults.
    """

    steps: Quantity
    length: Quantity
    by: Quantity
    ratio: float | None
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    by_default: bool = False


def more(count: CountReading, length: Quantity) -> Gap | None:
    """How many more steps are taken than a length has; None where it is not known that there are more."""
    return None if count.least is None else _gap(count, count.least, length, 1)


def fewer(count: CountReading, length: Quantity) -> Gap | None:
    """How many fewer steps are taken than a length has; None where it is not known that there are fewer."""
    return None if count.most is None else _gap(count, count.most, length, -1)


def _gap(count: CountReading, steps: Quantity, length: Quantity, sign: int) -> Gap | None:
    plain = _difference(steps, length, sign)
    assumed = _difference(_by_default(steps), _by_default(length), sign)
    denied = assumed.constant is not None and assumed.constant <= 0
    if is_positive(plain) and not denied:
        return _found(count, steps, length, plain)
    if not is_positive(assumed):
        return None
    found = _found(count, _by_default(steps), _by_default(length), assumed)
    reasons = dict.fromkeys((*_defaults(steps), *_defaults(length)))
    evidence = (*found.evidence, *reasons)
    return replace(
        found, confidence=weakest(Confidence.LIKELY, found.confidence), evidence=evidence, by_default=True
    )  # fmt: skip


def _difference(steps: Quantity, length: Quantity, sign: int) -> Polynomial:
    return polynomial(steps) - polynomial(length) if sign > 0 else polynomial(length) - polynomial(steps)


def _found(count: CountReading, steps: Quantity, length: Quantity, by: Polynomial) -> Gap:
    ratio = polynomial(steps).ratio(polynomial(length))
    times = None if ratio is None else float(ratio)
    return Gap(steps, length, written(by), times, count.confidence, count.evidence)


def _by_default(quantity: Quantity) -> Quantity:
    return defaulted(quantity) or quantity


def _defaults(quantity: Quantity) -> list[Evidence]:
    """What was taken for granted of the options in a quantity."""
    known = [symbol for symbol in symbols(quantity) if symbol.role != "constant" and number(symbol.default) is not None]
    return [Evidence(f"`{each.name}` is {spelled(_by_default(each))} by default", each.place) for each in known]


def more_by_rests(count: CountReading, length: Quantity, lengths: Mapping[int, Quantity]) -> Gap | None:
    """How many more steps may be taken than a length has, where the loaders keep a last batch that the length leaves
    out; None where it is not just that.
    """
    if count.least is None:
        return None
    over = spare(polynomial(count.least, lengths) - polynomial(length, lengths))
    if over is None:
        return None
    return Gap(
        count.least, length, written(over), None, weakest(Confidence.LIKELY, count.confidence), count.evidence
    )  # fmt: skip
