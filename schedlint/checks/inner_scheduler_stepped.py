"""LRS405: a scheduler is stepped by itself and by the one that it was given to."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.rivalry import stepped_inside


@rule(
    code="LRS405",
    name="inner-scheduler-stepped",
    summary="A scheduler is stepped by itself and by the one that it was given to, so its schedule runs ahead.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step only the scheduler that holds the others",
)
def inner_scheduler_stepped(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that takes a step of its own in a round in which the one around it is stepped."""
    for found in stepped_inside(reading):
        at = where(found.outer.place, found.step.place)
        confidence = least(found.scheduler.confidence, found.step.confidence, found.outer.confidence)
        yield self.finding(
            f"`{called(found.scheduler)}` is part of `{called(found.wrapper)}`, which steps it"
            f"{at and f' ({at})'}: stepped by itself as well, it takes two steps in each round and the learning rate"
            " runs ahead of the schedule",
            found.step.place,
            about=found.scheduler,
            related=[
                Related(f"`{called(found.wrapper)}` is built here", found.wrapper.place),
                Related(f"`{called(found.wrapper)}` is stepped here", found.outer.place, essential=True),
                *way(found.step),
            ],
            confidence=confidence,
            condition=found.step.condition,
            severity=graded(confidence),
        )
