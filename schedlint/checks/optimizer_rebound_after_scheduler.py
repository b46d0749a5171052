"""LRS402: the optimizer of a scheduler is replaced by a new one, and the scheduler goes on with the old one."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_of
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.place import Place
from schedlint.timeline.reading import Reading
from schedlint.timeline.wiring import Astray, made_at, replaced, telling_name


@rule(
    code="LRS402",
    name="optimizer-rebound-after-scheduler",
    summary="The optimizer is built anew after the scheduler, which goes on driving the old one.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the scheduler anew as well, after the optimizer",
)
def optimizer_rebound_after_scheduler(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is still stepped after a new optimizer took the place of its own."""
    for found in replaced(reading.timeline):
        scheduler, meant = found.scheduler, found.meant
        at = made_at(meant, found.driven)
        events = [event for event in (found.step, found.training) if event is not None]
        confidence = least(scheduler.confidence, meant.confidence, *(event.confidence for event in events))
        yield self.finding(
            f"`{telling_name(meant)}` is built anew here, but `{called(scheduler)}`"
            f"{built(found, at)} drives the old one: {stays(found)}",
            at,
            about=scheduler,
            related=[
                Related("the old optimizer", made_at(found.driven, meant)),
                *(Related("stepped here", event.place) for event in events),
            ],
            confidence=confidence,
            condition=meant.condition,
            severity=graded(confidence),
        )


def built(found: Astray, near: Place) -> str:
    """Where the scheduler is built."""
    at = where(found.scheduler.place, near)
    return at and f" ({at})"


def stays(found: Astray) -> str:
    """What becomes of the learning rate of the new optimizer."""
    if found.scheduled:
        return "its steps do nothing any more"
    rate = rate_of(found.meant)
    return "the learning rate of the new one stays " + ("what it was given" if rate is None else f"{rate:g}")
