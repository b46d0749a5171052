"""LRS607: a scheduler is built with arguments that its class does not take."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Severity
from schedlint.remedies import Applicability, Remedy, RenameArgument
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading
from schedlint.timeline.signatures import Fault, faults


@rule(
    code="LRS607",
    name="scheduler-signature-mismatch",
    summary="A scheduler is built with arguments that its class does not take: an error at construction.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give the scheduler the arguments that its class takes",
)
def scheduler_signature_mismatch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """The first thing for which each construction of a known class raises."""
    for made in reading.timeline.schedulers():
        table = reading.table(made.id)
        fault = None if table is None else next(faults(reading.timeline, table, made), None)
        if fault is not None:
            yield self.finding(
                f"`{called(made)}` {fault.text}: building it raises {fault.error}",
                made.place,
                about=made,
                confidence=least(made.confidence, fault.confidence),
                condition=made.condition,
                help=f"did you mean `{fault.meant}`?" if fault.meant else "",
                remedy=renamed(made, fault),
            )


def renamed(made: Object, fault: Fault) -> Remedy | None:
    """The parameter that differs from what is written in the case of letters alone."""
    if not fault.meant or fault.meant.lower() != fault.parameter.lower():
        return None
    title = f"rename `{fault.parameter}` to `{fault.meant}`"
    return Remedy(title, (RenameArgument(made.place, fault.parameter, fault.meant),), Applicability.UNSAFE)
