"""LRS106: a scheduler that raises beyond its end is stepped more often than it was told."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import many
from schedlint.checks.mending import with_length_of_loader
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Overrun
from schedlint.timeline.agreement import Gap, more, more_by_rests
from schedlint.timeline.arithmetic import number
from schedlint.timeline.lengths import told_length
from schedlint.timeline.model import Object
from schedlint.timeline.reading import CountReading, Reading


@rule(
    code="LRS106",
    name="one-cycle-overrun",
    summary="A schedule that raises beyond its end is stepped more often than it was told, so training stops.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the schedule with as many steps as are taken: `total_steps=epochs * len(loader)`",
)
def one_cycle_overrun(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that takes more steps than it has."""
    for count in reading.counts:
        about = reading.timeline.object(count.object)
        gap = overrun(reading, about, count)
        if gap is None:
            continue
        step = reading.timeline.event(count.events[0])
        confidence = least(gap.confidence, about.confidence)
        yield self.finding(
            f"`{called(about)}` has {steps(gap)}: {consequence(gap)}",
            step.place,
            about=about,
            related=[*evidence(gap.evidence), *stepped_elsewhere(reading, count), *way(step)],
            confidence=confidence,
            condition=count.condition,
            severity=graded(confidence),
            remedy=with_length_of_loader(reading, step, about),
        )


def overrun(reading: Reading, about: Object, count: CountReading) -> Gap | None:
    """How many more steps are taken than a scheduler has that raises beyond them."""
    table = reading.table(about.id)
    if table is None or table.overrun is not Overrun.ERROR:
        return None
    length = told_length(about, table)
    if length is None:
        return None
    return more(count, length, reading.lengths) or more_by_rests(count, length, reading.lengths)


def stepped_elsewhere(reading: Reading, count: CountReading) -> Iterator[Related]:
    """The other places that step the scheduler."""
    for event in count.events[1:]:
        yield Related("it is stepped here too", reading.timeline.event(event).place)


def steps(gap: Gap) -> str:
    """How many steps it has, and how many are taken."""
    if gap.by_rests:
        return (
            f"{many(gap.length)} steps, without the last batch of an epoch where that is not full, and the loader"
            f" gives that too, which makes up to {many(gap.by)} steps more"
        )
    return f"{many(gap.length)} steps but takes {many(gap.steps)}{' by default' if gap.by_default else ''}"


def consequence(gap: Gap) -> str:
    """What becomes of the training."""
    has = number(gap.length)
    call = "the call of `step()` after the last of them" if has is None else f"call number {has + 1:g} of `step()`"
    share = f"{1 / gap.ratio:.0%}" if gap.ratio else "100%"
    stops = "" if share == "100%" else f", {share} of the way through the training"
    return f"{call} raises ValueError{stops}, and the learning rate leaves the curve one call before"
