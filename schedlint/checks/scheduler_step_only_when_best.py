"""LRS208: a scheduler is only stepped in epochs that turn out well, or that fail."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.skipped import seldom_stepped


@rule(
    code="LRS208",
    name="scheduler-step-only-when-best",
    summary="The scheduler is only stepped when a metric is the best so far, so its schedule stands still in between.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="step the scheduler in every epoch",
)
def scheduler_step_only_when_best(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that a test for the best value, or an exception, keeps from going on."""
    timeline = reading.timeline
    for found in seldom_stepped(reading):
        about, step = timeline.object(found.scheduler), found.step
        yield self.finding(
            f"`{called(about)}` is only stepped if `{found.guard.text}`: in all other rounds the schedule stands "
            "still, and how far it gets depends on how the training goes",
            step.place,
            about=about,
            related=[Related("this decides", found.guard.place), *way(step)],
            confidence=least(about.confidence, step.confidence),
            condition=step.condition,
        )
