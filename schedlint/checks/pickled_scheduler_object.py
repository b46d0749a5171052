"""LRS508: a scheduler itself is put into a file; what is read from it drives another optimizer."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import pickled


@rule(
    code="LRS508",
    name="pickled-scheduler-object",
    summary="A scheduler itself is saved, so the one that is loaded drives a copy of the optimizer.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="save `scheduler.state_dict()`, and load it into a scheduler that is built as before",
)
def pickled_scheduler_object(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is written to a file as an object, without its optimizer."""
    for found in pickled(reading):
        key = f" (under {found.part.keys[-1]!r})" if found.part.keys else ""
        yield self.finding(
            f"`{called(found.object)}` itself is saved here{key}, and a copy of its optimizer with it: "
            "the scheduler that is loaded moves the learning rate of that copy, and the one that trains stays as it is",
            found.file.place,
            about=found.object,
            confidence=least(found.object.confidence, found.file.confidence),
            condition=found.object.condition,
            call=found.file.place,
        )
