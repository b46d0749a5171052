"""LRS407: the learning rate is set by hand in a loop in which a scheduler sets it anew at each step."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.hands import overwritten
from schedlint.timeline.reading import Reading


@rule(
    code="LRS407",
    name="manual-lr-overwritten",
    summary="The learning rate is set by hand, but a scheduler sets it anew at its next step.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    default=False,
    help="put the change into the schedule, or leave the scheduler out",
)
def manual_lr_overwritten(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every place in a training loop that sets the learning rate of an optimizer whose scheduler overwrites it."""
    for found in overwritten(reading):
        at = where(found.step.place, found.event.place)
        yield self.finding(
            f"the learning rate that is set here lasts until the next step of `{called(found.scheduler)}`"
            f"{at and f' ({at})'}, which sets it anew from what the optimizer was given",
            found.event.place,
            about=found.scheduler,
            related=[Related("the scheduler is stepped here", found.step.place, essential=True), *way(found.event)],
            confidence=least(Confidence.LIKELY, found.scheduler.confidence, found.event.confidence),
            condition=found.event.condition,
        )
