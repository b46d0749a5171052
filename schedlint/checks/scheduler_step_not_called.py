"""LRS203: `scheduler.step` without parentheses, which does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.checks.unstepped import outcome
from schedlint.diagnostics import Finding, Severity
from schedlint.remedies import AddParentheses, Remedy
from schedlint.timeline.absence import is_never_stepped
from schedlint.timeline.constructions import Made
from schedlint.timeline.model import EventKind
from schedlint.timeline.reading import Reading


@rule(
    code="LRS203",
    name="scheduler-step-not-called",
    summary="`scheduler.step` stands without parentheses, so the scheduler is not stepped there.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="call it: `scheduler.step()`",
)
def scheduler_step_not_called(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every `step` of a scheduler that is a statement and no call."""
    timeline = reading.timeline
    for event in timeline.events:
        if event.kind is not EventKind.NOT_CALLED:
            continue
        for subject in event.subjects:
            about = timeline.object(subject.object)
            confidence = least(about.confidence, event.confidence)
            made, measured = Made(reading, about), reading.takes_metric(about.id)
            result = outcome(made, confidence)[0] if is_never_stepped(made) else "nothing happens here"
            yield self.finding(
                f"`{event.receiver}.step` stands without parentheses, so `{called(about)}` is not stepped: {result}",
                event.place,
                about=about,
                related=way(event),
                confidence=confidence,
                condition=event.condition,
                help="call it, with the metric" if measured else "",
                remedy=None if measured else Remedy("call it", (AddParentheses(event.place),)),
            )
