"""LRS401: a scheduler drives another optimizer than the one that it is meant for."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.wiring import Astray, crossed, driving_none, made_at, telling_name


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
        yield astray(self, found, unused_drive(found), Confidence.CERTAIN)
    known = {found.scheduler.id for found in unused}
    for found in crossed(reading.timeline):
        if found.scheduler.id not in known:
            yield astray(self, found, exchanged(found), Confidence.LIKELY)


def unused_drive(found: Astray) -> str:
    """What is said of a scheduler whose optimizer is not the one that is trained."""
    at = where(found.training.place, found.scheduler.place) if found.training is not None else ""
    return (
        f"`{called(found.scheduler)}` drives an optimizer that never takes a step, and the one that does"
        f"{at and f' ({at})'} has no schedule: its learning rate stays what it was given"
    )


def exchanged(found: Astray) -> str:
    """What is said of a scheduler that is built on the wrong one of two optimizers."""
    driven, meant = f"`{telling_name(found.driven)}`", f"`{telling_name(found.meant)}`"
    return (
        f"`{telling_name(found.scheduler)}` is built on {driven}, not on {meant}: it changes the learning rate of"
        f" {driven}, and not that of {meant}"
    )


def astray(rule: Rule, found: Astray, message: str, sure: Confidence) -> Finding:
    """The finding about a scheduler that drives the wrong optimizer, at its construction."""
    events = [event for event in (found.step, found.training) if event is not None]
    confidence = least(sure, found.scheduler.confidence, *(event.confidence for event in events))
    return rule.finding(
        message,
        found.scheduler.place,
        about=found.scheduler,
        related=[
            Related("this optimizer it drives", made_at(found.driven, found.meant)),
            Related("this optimizer was meant", made_at(found.meant, found.driven), essential=True),
            *(Related("stepped here", event.place) for event in events),
        ],
        confidence=confidence,
        condition=found.scheduler.condition,
        severity=graded(confidence),
    )
