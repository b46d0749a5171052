"""LRS401: a scheduler drives another optimizer than the one that it is meant for."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.wiring import Astray, crossed, driving_none


@rule(
    code="LRS401",
    name="scheduler-on-wrong-optimizer",
    summary="A scheduler drives another optimizer than the one it is meant for, whose learning rate never changes.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the scheduler on the optimizer that it is meant for",
)
def scheduler_on_wrong_optimizer(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler of an optimizer that nothing steps, and every one that is called like another optimizer."""
    unused = list(driving_none(reading.timeline))
    for found in unused:
        at = where(found.training.place, found.scheduler.place)
        yield astray(
            self,
            found,
            f"`{called(found.scheduler)}` drives an optimizer that never takes a step, and the one that does"
            f"{at and f' ({at})'} has no schedule: its learning rate stays what it was given",
            found.step.confidence,
        )
    known = {found.scheduler.id for found in unused}
    for found in crossed(reading.timeline):
        if found.scheduler.id not in known:
            yield astray(self, found, exchanged(found), Confidence.LIKELY)


def exchanged(found: Astray) -> str:
    """What is said of a scheduler that is built on the wrong one of two optimizers."""
    scheduler, driven, meant = found.scheduler, found.driven, found.meant
    return (
        f"`{scheduler.name}` is built on `{driven.name}`, not on `{meant.name}`: the learning rate of `{driven.name}`"
        f" follows its schedule as well, and that of `{meant.name}` does not"
    )


def astray(rule: Rule, found: Astray, message: str, sure: Confidence) -> Finding:
    """The finding about a scheduler that drives the wrong optimizer, at its construction."""
    confidence = least(found.scheduler.confidence, found.step.confidence, found.training.confidence, sure)
    return rule.finding(
        message,
        found.scheduler.place,
        about=found.scheduler,
        related=[
            Related("this optimizer it drives", found.driven.place),
            Related("this optimizer has no schedule", found.meant.place, essential=True),
            Related("the scheduler is stepped here", found.step.place),
            *way(found.step),
        ],
        confidence=confidence,
        condition=found.scheduler.condition,
        severity=graded(confidence),
    )
