"""LRS702: every decay of a schedule lies behind the end of the training."""

from __future__ import annotations

import math
from collections.abc import Iterator

from schedlint.checks.consequences import rate_given
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading
from schedlint.timeline.unreached import Unreached, unreached


@rule(
    code="LRS702",
    name="decay-beyond-training",
    summary="Every decay of a schedule lies behind the end of the training, so the learning rate never changes.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="let the schedule decay within the steps that are taken, or leave it out",
)
def decay_beyond_training(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every schedule that takes fewer steps than its first decay needs."""
    for count in reading.counts:
        about, table = reading.timeline.object(count.object), reading.table(count.object)
        found = unreached(reading, about, count)
        if found is None or table is None:
            continue
        step = reading.timeline.event(count.events[0])
        yield self.finding(
            f"`{called(about)}` {first(table, found)}, and it takes {taken(found)}:"
            f" {consequence(reading, about, table, found)}",
            about.place,
            about=about,
            related=[Related("it is stepped here", step.place), *evidence(found.gap.evidence), *way(step)],
            confidence=least(about.confidence, found.gap.confidence, *(each.confidence for each in found.sources)),
            condition=count.condition,
        )


def first(table: Scheduler, found: Unreached) -> str:
    """When the schedule would first decay."""
    default = next((f" (the default of `{each.source.name}`)" for each in found.sources if each.source is not None), "")
    if table.patience:
        return f"waits for more than {found.first:g}{default} steps without a better metric"
    if table.drop:
        return f"first decays after {found.first:g}{default} steps"
    return f"comes down in {found.first:g}{default} steps"


def taken(found: Unreached) -> str:
    """The steps of the run."""
    return f"{found.steps:g} in the whole run{' by default' if found.gap.by_default else ''}"


def consequence(reading: Reading, about: Object, table: Scheduler, found: Unreached) -> str:
    """What the learning rate is all the time, or at the end of the training."""
    rate = rate_given(reading, about)
    if table.drop or table.patience:
        return "the learning rate never changes" if rate is None else f"the learning rate stays {rate:g}"
    rest = (1 + math.cos(math.pi * found.steps / found.first)) / 2
    return f"the training ends {1 - rest:.0%} of the way down"
