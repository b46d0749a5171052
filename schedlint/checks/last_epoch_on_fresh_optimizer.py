"""LRS503: a scheduler is built to go on from a position on an optimizer that was never scheduled, which raises."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import without
from schedlint.checks.rule import Rule, called, rule, timelines
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import unprepared


@rule(
    code="LRS503",
    name="last-epoch-on-fresh-optimizer",
    summary="`last_epoch` is 0 or more on an optimizer that was never scheduled, so building the scheduler raises.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="leave `last_epoch` out, and load `scheduler.state_dict()` to go on with a schedule",
)
def last_epoch_on_fresh_optimizer(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that begins at a later position although its optimizer's groups have no `initial_lr`."""
    for found in unprepared(reading):
        about = found.object
        optimizer = reading.timeline.object(about.optimizers[0])
        yield self.finding(
            f"`{called(about)}` is built with `last_epoch={found.position}` on an optimizer that is new: torch "
            "raises KeyError, as its groups have no 'initial_lr'; the default, `last_epoch=-1`, begins a schedule",
            about.place,
            about=about,
            related=[Related("the optimizer is built here", optimizer.place)],
            confidence=found.confidence,
            condition=about.condition,
            remedy=without(reading, about, "last_epoch"),
        )
