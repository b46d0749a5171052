"""LRS510: a scheduler's state brings the horizon that it was saved with, whatever the options say now."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import frozen_horizons


@rule(
    code="LRS510",
    name="horizon-frozen-in-checkpoint",
    summary="A loaded scheduler keeps the horizon that it was saved with, even if the training is now longer.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="keep the length of a training when it is resumed, or set the scheduler's attribute after the load",
)
def horizon_frozen_in_checkpoint(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every load of a scheduler's state where its horizon is an option that may be another one now."""
    for about, load, option in frozen_horizons(reading):
        yield self.finding(
            f"loading the state of `{called(about)}` brings back its horizon too: `{option.name}` has no effect on the "
            "schedule of a training that is resumed, and a longer one runs past the end of the old schedule",
            load.place,
            about=about,
            confidence=least(about.confidence, load.confidence),
            condition=about.condition,
            call=load.place,
        )
