"""LRS101: a schedule that was written in epochs is stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import in_batches, once_per_epoch
from schedlint.checks.mismatch import TOO_OFTEN, because, counted, is_too_often, mismatch
from schedlint.checks.rule import Rule, called, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.model import LoopKind
from schedlint.timeline.quantity import spelled
from schedlint.timeline.rates import Rate, rate
from schedlint.timeline.reading import CadenceReading, HorizonReading, Reading

BATCHES, NOTHING = 1000, 1e-4
"""As many batches as an epoch may have, and what is as good as nothing of a learning rate."""


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
    for cadence in reading.cadences:
        horizon = reading.horizon(cadence.object)
        if horizon is None or not is_too_often(reading.timeline, cadence, horizon):
            continue
        about, event = reading.timeline.object(cadence.object), reading.timeline.event(cadence.event)
        near = event.place
        result = consequence(horizon, TOO_OFTEN[cadence.cadence], wraps=bool(about.children))
        yield mismatch(
            self,
            reading,
            cadence,
            f"`{called(about)}` counts epochs ({counted(horizon, near)}) but steps {cadence.cadence.value}"
            f"{because(cadence, near)}: {result}",
            horizon,
            once_per_epoch(reading, event) or in_batches(reading, event, about, horizon),
        )


def too_steep(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Schedules without a horizon whose rate leaves nothing of the learning rate."""
    for cadence in reading.cadences:
        found = fading(reading, cadence)
        if found is None:
            continue
        about, near = reading.timeline.object(cadence.object), reading.timeline.event(cadence.event).place
        part = "" if found.scheduler == about.id else f"`{called(reading.timeline.object(found.scheduler))}` in "
        yield mismatch(
            self,
            reading,
            cadence,
            f"{part}`{called(about)}` multiplies the learning rate by {found.factor:g} at every step and steps"
            f" {cadence.cadence.value}{because(cadence, near)}: after 100 {TOO_OFTEN[cadence.cadence]}"
            f" {found.factor**100:.2g} of it is left",
            remedy=once_per_epoch(reading, reading.timeline.event(cadence.event)),
        )


def fading(reading: Reading, cadence: CadenceReading) -> Rate | None:
    """The rate of a schedule that has no horizon, where it leaves nothing of the learning rate after an epoch of 1,000
    batches, each of which takes a step.
    """
    timeline, event = reading.timeline, reading.timeline.event(cadence.event)
    in_epochs = any(reading.loop(loop).kind is LoopKind.EPOCH for loop in event.loops)
    certain = cadence.cadence in TOO_OFTEN and cadence.confidence is not Confidence.POSSIBLE
    if not certain or not in_epochs or timeline.jumps(event):
        return None
    found = rate(reading, timeline.object(cadence.object))
    return found if found is not None and found.factor > 0 and found.factor**BATCHES < NOTHING else None


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
