"""LRS409: building a scheduler gives momentum to an optimizer that was built without."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.beginnings import momentum_set
from schedlint.timeline.reading import Reading


@rule(
    code="LRS409",
    name="one-cycle-overrides-optimizer",
    summary="Building the scheduler gives momentum to an optimizer that was built without.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    default=False,
    help="pass `cycle_momentum=False`, or give the optimizer the momentum that it is to have",
)
def one_cycle_overrides_optimizer(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that cycles the momentum of an optimizer which was built without any."""
    for scheduler in reading.timeline.schedulers():
        found = momentum_set(reading, scheduler)
        if found is None:
            continue
        value = "" if found.value is None else f" {found.value:g}"
        yield self.finding(
            f"`{called(found.optimizer)}` is built without momentum, but building `{called(scheduler)}` sets it"
            f"{value and f' to{value}'} and cycles it from then on",
            scheduler.place,
            about=scheduler,
            related=[Related("the optimizer is built here", found.optimizer.place)],
            confidence=least(scheduler.confidence, found.optimizer.confidence),
            condition=scheduler.condition,
        )
