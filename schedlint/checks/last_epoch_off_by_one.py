"""LRS504: a scheduler is told the epoch that comes next as its last one, and runs one step ahead."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import ahead_by_one


@rule(
    code="LRS504",
    name="last-epoch-off-by-one",
    summary="`last_epoch` is the epoch that comes next, not the last one that was done, so the schedule runs ahead.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="pass the last epoch that was done, `start_epoch - 1`, or load the scheduler's state, which needs no number",
)
def last_epoch_off_by_one(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is given the first round of the loop that steps it as `last_epoch`."""
    for about, loop in ahead_by_one(reading.timeline):
        start = "" if loop.start is None else spelled(loop.start)
        at = where(loop.place, about.place)
        yield self.finding(
            f"`last_epoch={start}` is the epoch that the loop{at and f' of {at}'} begins with: `{called(about)}` takes "
            "it for the last one that was done, and every change of the learning rate comes one step early",
            about.place,
            about=about,
            related=[Related("training goes on here", loop.place)],
            confidence=least(Confidence.LIKELY, about.confidence),
            condition=about.condition,
        )
