"""LRS509: a checkpoint counts an epoch as done and is saved before the scheduler's step, which is lost on a resume."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import saved_before_step


@rule(
    code="LRS509",
    name="checkpoint-before-step",
    summary="A checkpoint of an epoch is saved before the scheduler's step in it, so a resumed schedule is one behind.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="step the scheduler first, then save",
)
def checkpoint_before_step(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every file that counts the round of a loop as done and is saved before the scheduler's step in it."""
    for about, file, step in saved_before_step(reading):
        at = where(step.place, file.place)
        yield self.finding(
            f"the checkpoint counts this epoch as done, and is saved before `{called(about)}` is stepped"
            f"{at and f' ({at})'}: after a resume the schedule is one step behind",
            file.place,
            about=about,
            related=[Related("the scheduler is stepped here", step.place, essential=True)],
            confidence=least(about.confidence, file.confidence, step.confidence),
            condition=about.condition,
            call=file.place,
        )
