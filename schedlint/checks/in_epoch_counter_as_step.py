"""LRS107: a schedule is told the number of the batch within its epoch, so that it starts again with every epoch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import TOO_OFTEN, graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.arithmetic import number
from schedlint.timeline.model import Loop
from schedlint.timeline.positions import epochs_around, lasts_one_epoch, sets_position, starts_again
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import CadenceReading, Reading


@rule(
    code="LRS107",
    name="in-epoch-counter-as-step",
    summary="A schedule is told the number of the batch within its epoch, so it starts again with every epoch.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give the step a position that goes on from epoch to epoch: `epoch + i / len(loader)` in epochs, or "
    "`epoch * len(loader) + i` in batches",
)
def in_epoch_counter_as_step(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every step in a batch loop whose argument is the position of the schedule, worked out from the counter of that
    loop alone, although more than one epoch runs.
    """
    timeline = reading.timeline
    for cadence in reading.cadences:
        epochs = epochs_that_repeat(reading, cadence)
        if epochs is None:
            continue
        event, about = timeline.event(cadence.event), timeline.object(cadence.object)
        confidence = least(cadence.confidence, about.confidence, event.confidence, reading.loop(epochs.id).confidence)
        position = spelled(timeline.given(event)[0])
        at = where(timeline.loop(cadence.loop).place, event.place)
        yield self.finding(
            f"`{called(about)}` is told its position by the counter of the batch loop alone "
            f"(`{event.method}({position})`{at and f', in the loop of {at}'}): "
            f"the schedule starts again with each epoch, so {outcome(epochs)}",
            event.place,
            about=about,
            related=[Related("the epoch loop", epochs.place), *evidence(cadence.evidence), *way(event)],
            confidence=confidence,
            condition=event.condition,
            severity=graded(confidence),
        )


def epochs_that_repeat(reading: Reading, cadence: CadenceReading) -> Loop | None:
    """The loop over the epochs in which a schedule takes the same values again and again; None where it does not."""
    timeline = reading.timeline
    event, about = timeline.event(cadence.event), timeline.object(cadence.object)
    table = reading.table(cadence.object)
    told = (
        table is not None
        and cadence.cadence in TOO_OFTEN
        and cadence.confidence is not Confidence.POSSIBLE
        and sets_position(table, about, event)
        and starts_again(timeline, event, cadence.loop)
        and not lasts_one_epoch(reading, reading.horizon(cadence.object))
    )
    return epochs_around(reading, about, event) if told else None


def outcome(epochs: Loop) -> str:
    """What the learning rate does in all epochs."""
    count = number(epochs.bound)
    every = "every epoch has" if count is None else f"all {count:g} epochs have"
    return f"{every} the learning rates of the first one, and the schedule never gets further"
