"""LRS102: a schedule that was written in batches is stepped once per epoch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import hardly_moves
from schedlint.checks.mending import once_per_update
from schedlint.checks.mismatch import FINER, because, counted, mismatch
from schedlint.checks.rule import Rule, called, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.arithmetic import number
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Loop, Object
from schedlint.timeline.quantity import Arithmetic, Quantity, spelled, symbols
from schedlint.timeline.reading import PRODUCT, Cadence, CadenceReading, HorizonReading, Reading

MANY = 1000
"""No training takes a good part of so many epochs."""

LITTLE = 0.1
"""Up to this share of its steps, a schedule hardly moves the learning rate."""

SELDOM = frozenset({Cadence.EPOCH, Cadence.ONCE, Cadence.OUTER})
"""How often the other steps of a scheduler may be taken for this one to be a mistake."""


@rule(
    code="LRS102",
    name="batch-scheduler-stepped-per-epoch",
    summary="A schedule whose horizon is in batches is stepped once per epoch, so it hardly begins.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step the scheduler after each `optimizer.step()`, in the batch loop, or write the schedule in epochs",
)
def batch_scheduler_stepped_per_epoch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler with a horizon in batches or updates, at every site that steps it per epoch."""
    for cadence in reading.cadences:
        horizon = reading.horizon(cadence.object)
        if horizon is None or not is_too_seldom(reading, cadence, horizon):
            continue
        about, event = reading.timeline.object(cadence.object), reading.timeline.event(cadence.event)
        near = event.place
        epochs = reading.timeline.loop(cadence.loop)
        yield mismatch(
            self,
            reading,
            cadence,
            f"`{called(about)}` counts {horizon.unit.value} ({counted(horizon, near)}) but steps once per epoch"
            f"{because(cadence, near)}: {steps_taken(horizon, epochs)}, so "
            f"{outcome(reading, about, share(horizon, epochs))}",
            horizon,
            once_per_update(reading, event, about),
        )


def is_too_seldom(reading: Reading, cadence: CadenceReading, horizon: HorizonReading) -> bool:
    """Whether a schedule in batches is moved on by this step, which is taken once per epoch, and by no other one."""
    timeline = reading.timeline
    event = timeline.event(cadence.event)
    return (
        cadence.cadence is Cadence.EPOCH
        and cadence.loop != 0
        and horizon.unit in FINER
        and Confidence.POSSIBLE not in (horizon.confidence, cadence.confidence)
        and (not timeline.jumps(event) or timeline.follows(event, cadence.loop))
        and not contradicts(horizon.condition, event.condition)
        and not takes_one_epoch(timeline.loop(cadence.loop))
        and not any(is_stepped_more_often(reading, other, cadence) for other in reading.cadences_of(cadence.object))
    )


def takes_one_epoch(loop: Loop) -> bool:
    """Whether there is only one epoch: its batches are then all there are, and one step says nothing of the rest."""
    return number(loop.bound) == 1


def is_stepped_more_often(reading: Reading, other: CadenceReading, cadence: CadenceReading) -> bool:
    """Whether another site steps the scheduler more often in the same configuration, or it is not known how often."""
    events = reading.timeline.event(other.event), reading.timeline.event(cadence.event)
    return other.cadence not in SELDOM and not contradicts(events[0].condition, events[1].condition)


def steps_taken(horizon: HorizonReading, epochs: Loop) -> str:
    """How many of its steps the schedule takes."""
    count = number(epochs.bound)
    if horizon.amount is not None and count is not None:
        return f"the {count:g} epochs take {count:g} of its {horizon.amount:g} steps"
    if horizon.quantity is None:
        return "it takes one step where it was to take one for each batch"
    return f"an epoch takes one of its `{spelled(horizon.quantity)}` steps"


def share(horizon: HorizonReading, epochs: Loop) -> float | None:
    """The share of its steps that a schedule takes in all epochs: 0 for one of many in each; None where not known."""
    count = number(epochs.bound)
    if horizon.amount and count is not None:
        return count / horizon.amount
    if horizon.amount and horizon.amount >= MANY:
        return 0.0
    counted = {each.key for each in symbols(epochs.bound)}
    spans_all = PRODUCT in horizon.parameter or not counted.isdisjoint(each.key for each in symbols(horizon.quantity))
    spans_all = spans_all or (count is not None and has_factor(horizon.quantity, count))
    return 0.0 if spans_all else None


def has_factor(quantity: Quantity | None, factor: float) -> bool:
    """Whether a number is one of the factors that a quantity is made of."""
    if number(quantity) == factor:
        return True
    return isinstance(quantity, Arithmetic) and any(has_factor(operand, factor) for operand in quantity.operands)


def outcome(reading: Reading, about: Object, taken: float | None) -> str:
    """How far the learning rate gets."""
    if taken is None:
        return "how far the learning rate gets hangs on how many batches an epoch has"
    return hardly_moves(reading, about) if taken <= LITTLE else f"the schedule ends {min(taken, 1):.0%} of the way"
