"""LRS102: a schedule that was written in batches is stepped once per epoch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import hardly_moves
from schedlint.checks.mismatch import because, counted, graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.arithmetic import number
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Loop
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit

FINER = frozenset({Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS})
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
    timeline = reading.timeline
    for cadence in reading.cadences:
        horizon = reading.horizon(cadence.object)
        if horizon is None or not is_too_seldom(reading, cadence, horizon):
            continue
        event, about = timeline.event(cadence.event), timeline.object(cadence.object)
        confidence = least(horizon.confidence, cadence.confidence, about.confidence, event.confidence)
        yield self.finding(
            f"`{called(about)}` counts {horizon.unit.value} ({counted(horizon, event.place)}) but steps once per epoch"
            f"{because(cadence, event.place)}: {steps_taken(horizon, timeline.loop(cadence.loop))}, so "
            f"{hardly_moves(reading, about)}",
            event.place,
            about=about,
            related=[*evidence(horizon.evidence), *evidence(cadence.evidence), *way(event)],
            confidence=confidence,
            condition=event.condition,
            severity=graded(confidence),
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
