"""Gradient accumulation: schedulers that step at the pace of the optimizer, and whose length is in batches, or the
reverse.

A length is in batches where it is the number of all batches by its arithmetic, or by its unit with nothing divided in
it; in updates where it is divided by what the optimizer waits for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Confidence, Event, Guard, GuardKind
from schedlint.timeline.polynomials import Polynomial, divides, polynomial, unrounded
from schedlint.timeline.quantity import Arithmetic, Items, Quantity
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit, weakest
from schedlint.timeline.rounds import fresh


@dataclass(frozen=True, slots=True)
class Unequal:
    """A step whose scheduler counts in batches while it steps once per update (`late`), or the reverse.

    `period` is the number of batches per update, and `factor` its value where that is known, if only by default.
    """

    cadence: CadenceReading
    horizon: HorizonReading
    guard: Guard
    update: Event
    period: Quantity
    factor: float | None
    late: bool
    confidence: Confidence


def unequal(reading: Reading) -> Iterator[Unequal]:
    """Every step site at which the pace of a scheduler and the unit of its length are not the same."""
    for cadence in reading.cadences:
        horizon, event = reading.horizon(cadence.object), reading.timeline.event(cadence.event)
        if cadence.cadence not in (Cadence.UPDATE, Cadence.BATCH, Cadence.FLAT) or cadence.loop == 0:
            continue
        if horizon is None or horizon.quantity is None or not _counts_on(reading, cadence, horizon):
            continue
        pace = _pace(reading, cadence)
        if pace is not None:
            found = _judged(reading, cadence, horizon, *pace, shared=_has(event, pace[0]))
            if found is not None:
                yield found


def _counts_on(reading: Reading, cadence: CadenceReading, horizon: HorizonReading) -> bool:
    """Whether a step moves its scheduler on by one, and this horizon is the one that it moves towards."""
    timeline, event = reading.timeline, reading.timeline.event(cadence.event)
    prepared = timeline.object(cadence.object).wrapped_at is not None
    return not prepared and not timeline.jumps(event) and not contradicts(horizon.condition, event.condition)


def _pace(reading: Reading, cadence: CadenceReading) -> tuple[Guard, Event] | None:
    """The guard that all updates in the loop wait for, with one of them."""
    updates = [
        event for event in reading.timeline.optimizer_steps_of(cadence.object) if cadence.loop in event.loops
    ]  # fmt: skip
    for guard in updates[0].guards if updates else ():
        every = guard.kind is GuardKind.PERIODIC and guard.period is not None and guard.loop == cadence.loop
        if every and all(_has(update, guard) for update in updates):
            return guard, updates[0]
    return None


def _has(event: Event, guard: Guard) -> bool:
    """Whether an event waits as a guard says."""
    return any(
        other.kind is GuardKind.PERIODIC and (other.loop, other.period) == (guard.loop, guard.period)
        for other in event.guards
    )


def _judged(
    reading: Reading, cadence: CadenceReading, horizon: HorizonReading, guard: Guard, update: Event, *, shared: bool
) -> Unequal | None:
    if guard.period is None or horizon.quantity is None:
        return None
    factor = number(defaulted(guard.period))
    told = fresh(horizon.quantity)
    length, period = unrounded(polynomial(told)), polynomial(guard.period)
    if factor == 1 or (not shared and cadence.cadence is Cadence.UPDATE):
        return None
    sure = _by_arithmetic(reading, cadence, horizon, length, period, shared=shared)
    if sure is None:
        sure = _by_unit(cadence, horizon, length, period, shared=shared)
    if sure is None:
        return None
    if number(guard.period) is None or told != horizon.quantity:
        sure = weakest(sure, Confidence.LIKELY)
    return Unequal(cadence, horizon, guard, update, guard.period, factor, shared, sure)


def _by_arithmetic(
    reading: Reading,
    cadence: CadenceReading,
    horizon: HorizonReading,
    length: Polynomial,
    period: Polynomial,
    *,
    shared: bool,
) -> Confidence | None:
    """How sure it is that the length is the number of steps times the period, or a part of them by it; of the steps of
    a whole run, where it may go on from another one or end early.
    """
    counts = [count for count in reading.counts_of(cadence.object) if count.events == (cadence.event,)]
    if len(counts) != 1 or counts[0].most is None or (horizon.recurs and length.constant is not None):
        return None  # a cycle of some number of steps may well be a part of the run
    if not shared and period.constant is not None and float(period.constant) not in _divisors(horizon.quantity):
        return None  # a share of all steps, such as half of them, is no division by the batches per update
    steps = unrounded(polynomial(counts[0].most))
    agree = steps * period == length if shared else length * period == steps
    sure = Confidence.LIKELY if counts[0].exact is None else Confidence.CERTAIN
    return weakest(sure, counts[0].confidence) if agree else None


def _by_unit(
    cadence: CadenceReading, horizon: HorizonReading, length: Polynomial, period: Polynomial, *, shared: bool
) -> Confidence | None:
    """How sure it is by the unit of the length, and by what is divided in it."""
    sure = weakest(horizon.confidence, cadence.confidence)
    divided = divides(period, length)
    if shared:
        right = horizon.unit is Unit.BATCHES and not divided and not _is_shared_out(horizon.quantity, length)
    else:
        right = horizon.unit is Unit.UPDATES and divided and period.constant is None
    return sure if right and sure is not Confidence.POSSIBLE else None


def _is_shared_out(quantity: Quantity | None, length: Polynomial) -> bool:
    """Whether something is divided by a number, which may be the period under another name."""
    return any(count.denominator > 1 for _, count in length.terms) or bool(_divisors(quantity))


def _divisors(quantity: Quantity | None) -> frozenset[float]:
    """The numbers by which something is divided in a quantity."""
    match quantity:
        case Arithmetic(op=op, operands=parts):
            divisor = number(parts[1]) if op in ("/", "//") and len(parts) == 2 else None
            inside = frozenset[float]().union(*map(_divisors, parts))
            return inside if divisor is None else inside | {divisor}
        case Items(items=items):
            return frozenset[float]().union(*map(_divisors, items))
        case _:
            return frozenset()
