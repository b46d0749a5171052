"""LRS303: a plateau scheduler is told the metric of the epoch before."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.metrics import stale_metrics
from schedlint.timeline.reading import Reading


@rule(
    code="LRS303",
    name="plateau-before-validation",
    summary="A plateau scheduler is stepped before the metric of the epoch is computed, with that of the epoch before.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="step the scheduler after the validation of the epoch",
)
def plateau_before_validation(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every plateau scheduler that is stepped with what a variable held when the epoch began."""
    timeline = reading.timeline
    for found in stale_metrics(reading):
        about, step, loop = timeline.object(found.scheduler), found.step, timeline.loop(found.loop)
        at = where(loop.place, step.place)
        yield self.finding(
            f"`{called(about)}` is stepped with `{found.metric.name}` before the epoch{at and f' of the loop of {at}'} "
            "computes it: it is told the value of the epoch before, and the learning rate is lowered one epoch late",
            step.place,
            about=about,
            related=[Related("this is the epoch loop", loop.place), *way(step)],
            confidence=least(about.confidence, step.confidence),
            condition=step.condition,
        )
