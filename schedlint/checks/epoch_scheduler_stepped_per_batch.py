"""LRS101: a schedule that was written in epochs is stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import because, counted, graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import LoopKind, Timeline
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit

BATCHES, NOTHING = 1000, 1e-4
"""As many batches as an epoch may have, and what is as good as nothing of a learning rate."""

TOO_OFTEN = {Cadence.BATCH: "batches", Cadence.UPDATE: "updates"}


@rule(
    code="LRS101",
    name="epoch-scheduler-stepped-per-batch",
    summary="A schedule whose horizon is in epochs is stepped once per batch, so it is over within the first epoch.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step the scheduler once per epoch, after the batch loop, or write the schedule in batches",
)
def epoch_scheduler_stepped_per_batch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler with a horizon in epochs, or that decays fast at each step, at every site that steps it per batch
    or per update.
    """
    yield from too_long(self, reading)
    yield from too_steep(self, reading)


def too_long(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Schedules with a horizon in epochs."""
    timeline = reading.timeline
    for cadence in reading.cadences:
        horizon = reading.horizon(cadence.object)
        if horizon is None or not is_too_often(timeline, cadence, horizon):
            continue
        event, about = timeline.event(cadence.event), timeline.object(cadence.object)
        confidence = least(horizon.confidence, cadence.confidence, about.confidence, event.confidence)
        result = consequence(horizon, TOO_OFTEN[cadence.cadence], wraps=bool(about.children))
        yield self.finding(
            f"`{called(about)}` counts epochs ({counted(horizon, event.place)}) but steps {cadence.cadence.value}"
            f"{because(cadence, event.place)}: {result}",
            event.place,
            about=about,
            related=[*evidence(horizon.evidence), *evidence(cadence.evidence), *way(event)],
            confidence=confidence,
            condition=event.condition,
            severity=graded(confidence),
        )


def too_steep(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Schedules without a horizon whose rate leaves nothing of the learning rate."""
    timeline = reading.timeline
    for cadence in reading.cadences:
        rate = fading(reading, cadence)
        if rate is None:
            continue
        event, about = timeline.event(cadence.event), timeline.object(cadence.object)
        confidence = least(Confidence.LIKELY, cadence.confidence, about.confidence, event.confidence)
        yield self.finding(
            f"`{called(about)}` multiplies the learning rate by {rate:g} at every step and steps"
            f" {cadence.cadence.value}{because(cadence, event.place)}: after 100 {TOO_OFTEN[cadence.cadence]}"
            f" {rate**100:.2g} of it is left",
            event.place,
            about=about,
            related=[*evidence(cadence.evidence), *way(event)],
            confidence=confidence,
            condition=event.condition,
            severity=graded(confidence),
        )


def fading(reading: Reading, cadence: CadenceReading) -> float | None:
    """The factor of a schedule that has none but a rate, where it leaves nothing of the learning rate after an epoch of
    1,000 batches, each of which takes a step.
    """
    timeline, table = reading.timeline, reading.table(cadence.object)
    horizon, event = reading.horizon(cadence.object), timeline.event(cadence.event)
    if table is None or not table.rate or horizon is None or horizon.unit is not Unit.NONE:
        return None
    rate = number(argument(table, timeline.object(cadence.object), table.rate))
    in_epochs = any(reading.loop(loop).kind is LoopKind.EPOCH for loop in event.loops)
    certain = cadence.cadence in TOO_OFTEN and cadence.confidence is not Confidence.POSSIBLE
    fades = rate is not None and rate > 0 and rate**BATCHES < NOTHING
    return rate if fades and certain and in_epochs and not timeline.jumps(event) else None


def is_too_often(timeline: Timeline, cadence: CadenceReading, horizon: HorizonReading) -> bool:
    """Whether a schedule in epochs is moved on by this step, which is taken many times per epoch."""
    event = timeline.event(cadence.event)
    return (
        cadence.cadence in TOO_OFTEN
        and horizon.unit is Unit.EPOCHS
        and Confidence.POSSIBLE not in (horizon.confidence, cadence.confidence)
        and not timeline.jumps(event)
        and not contradicts(horizon.condition, event.condition)
    )


def consequence(horizon: HorizonReading, steps: str, *, wraps: bool = False) -> str:
    """What happens to the learning rate. Only the end of the whole schedule is called so."""
    if horizon.quantity is None or wraps:
        return f"the schedule takes as many {steps} as it was to have epochs"
    known = horizon.amount is not None
    length = f"{horizon.amount:g}" if known else f"`{spelled(horizon.quantity)}`"
    epochs = f"{length} epochs" if known else "as many epochs"
    if horizon.recurs:
        return f"what was to take {length} epochs takes {length} {steps}"
    return f"the schedule is over after {length} {steps} instead of {epochs}"
