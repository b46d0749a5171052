"""LRS101: a schedule that was written in epochs is stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import because, counted, graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Timeline
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit

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
    """Every scheduler with a horizon in epochs, at every site that steps it per batch or per update."""
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
