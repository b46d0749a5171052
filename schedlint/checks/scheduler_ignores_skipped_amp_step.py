"""LRS304: a scheduler is stepped although the gradient scaler may have skipped the step of its optimizer."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.skipped import steps_beside_skipped


@rule(
    code="LRS304",
    name="scheduler-ignores-skipped-amp-step",
    summary="The scheduler is stepped even where the gradient scaler has skipped the step of its optimizer.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="step the scheduler only if the scale was not lowered: `if scaler.get_scale() >= scale`",
)
def scheduler_ignores_skipped_amp_step(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is stepped once per step of the scaler, whatever that one does."""
    timeline = reading.timeline
    for found in steps_beside_skipped(reading):
        about, step, training = timeline.object(found.scheduler), found.step, found.optimizer_step
        at = where(training.place, step.place)
        yield self.finding(
            f"`{called(about)}` is stepped even where `{training.receiver}.step()`{at and f' ({at})'} skips the step "
            "of the optimizer because gradients overflow: the schedule runs ahead by one step each time",
            step.place,
            about=about,
            related=[Related("the step that may be skipped", training.place), *way(step)],
            confidence=least(about.confidence, step.confidence, training.confidence),
            condition=step.condition,
            call=step.place,
        )
