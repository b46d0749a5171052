"""LRS104: a scheduler is stepped at two places in one round of a loop, so that its schedule runs ahead."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.model import LoopKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.repetition import Twice, stepped_twice

ROUNDS = {LoopKind.EPOCH: "epoch", LoopKind.BATCH: "batch"}


@rule(
    code="LRS104",
    name="scheduler-stepped-twice",
    summary="A scheduler is stepped at two places in one round of a loop, so its schedule runs ahead.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step the scheduler at one of the two places",
)
def scheduler_stepped_twice(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler with two steps in one round."""
    for found in stepped_twice(reading):
        about = reading.timeline.object(found.scheduler)
        confidence = least(about.confidence, found.first.confidence, found.second.confidence)
        first, second = found.places
        at = where(first, second)
        yield self.finding(
            f"`{called(about)}` is stepped a second time in the same {round_of(reading, found)}"
            f"{at and f' (the first is {at})'}: {consequence(found)}",
            second,
            about=about,
            related=[Related("it is stepped here first", first, essential=True), *way(found.second)],
            confidence=confidence,
            condition=found.second.condition,
            severity=graded(confidence),
        )


def round_of(reading: Reading, found: Twice) -> str:
    """What one round of the loop around both steps is."""
    return ROUNDS.get(reading.loop(found.loop).kind, "round of the loop")


def consequence(found: Twice) -> str:
    """What happens to the schedule."""
    if found.first.loops == found.second.loops:
        return "every change of the learning rate comes in half the time"
    return "the schedule runs ahead by one step in each round"
