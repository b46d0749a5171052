"""LRS403: a scheduler is built anew in each round of the training loop, so that its schedule begins again each time."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.model import LoopKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.remaking import Remade, remade

ROUNDS = {LoopKind.EPOCH: "epoch", LoopKind.BATCH: "batch"}


@rule(
    code="LRS403",
    name="scheduler-created-in-loop",
    summary="A scheduler is built anew in each round of the training loop, so its schedule begins again each time.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the scheduler once, before the loop",
)
def scheduler_created_in_loop(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is built in a training loop, outside which its optimizer lives."""
    for found in remade(reading):
        scheduler, loop = found.scheduler, reading.timeline.loop(found.loop)
        at = where(loop.place, scheduler.place)
        yield self.finding(
            f"`{called(scheduler)}` is built anew in each {ROUNDS[reading.loop(found.loop).kind]} (loop of"
            f" {at or f'`{loop.head}`'}): {consequence(reading, found)}",
            scheduler.place,
            about=scheduler,
            related=[
                Related("built in each round of this loop", loop.place),
                Related("stepped here", found.step.place),
                *way(found.step),
            ],
            confidence=found.confidence,
            condition=scheduler.condition,
            severity=graded(found.confidence),
        )


def consequence(reading: Reading, found: Remade) -> str:
    """What becomes of the schedule, and of the learning rate where building it lowers that each time."""
    start = beginning(reading, found.scheduler)
    far = "the schedule never gets beyond its first step" if found.once else "the schedule begins again each time"
    lowered = start.lowers and start.amount is not None and start.change.value == "factor" and 0 < start.amount < 1
    return far + (f", and each one multiplies the learning rate by {start.amount:.3g} again" if lowered else "")
