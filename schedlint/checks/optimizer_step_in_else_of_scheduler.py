"""LRS205: where there is a scheduler, it is stepped in place of its optimizer."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.alternation import stepped_instead
from schedlint.timeline.reading import Reading


@rule(
    code="LRS205",
    name="optimizer-step-in-else-of-scheduler",
    summary="The optimizer is only stepped where there is no scheduler, so with one nothing is learned.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step the optimizer whether or not there is a scheduler, and the scheduler after it",
)
def optimizer_step_in_else_of_scheduler(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler whose step stands on one side of a test for it, and all steps of its optimizer on the other."""
    timeline = reading.timeline
    for found in stepped_instead(timeline):
        about, step, other = timeline.object(found.scheduler), found.step, found.optimizer_step
        at = where(other.place, step.place)
        yield self.finding(
            f"`{called(about)}` is stepped in place of its optimizer, which is only stepped where there is no scheduler"
            f"{at and f' ({at})'}: the learning rate changes and the weights never do",
            step.place,
            about=about,
            related=[Related("the optimizer is stepped only here", other.place, essential=True), *way(step)],
            confidence=least(about.confidence, step.confidence, other.confidence),
            condition=step.condition,
        )
