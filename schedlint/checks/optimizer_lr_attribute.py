"""LRS408: the learning rate is set as an attribute of an optimizer, which does not read it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, least, rule, timelines, way
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.hands import DEFAULT, attributes_set
from schedlint.timeline.model import Event
from schedlint.timeline.reading import Reading


def readers(event: Event) -> str:
    """Who reads what is set."""
    return "read where a group is added, and none is" if event.method == DEFAULT else "an attribute that nothing reads"


@rule(
    code="LRS408",
    name="optimizer-lr-attribute",
    summary="The learning rate is set as an attribute of the optimizer, which does not read it.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help='set it in every group: `for group in optimizer.param_groups: group["lr"] = ...`',
)
def optimizer_lr_attribute(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every store to an attribute of an optimizer that is called like the learning rate."""
    for optimizer, event in attributes_set(reading.timeline):
        yield self.finding(
            f"`.{event.method}` of an optimizer is {readers(event)}: the learning rate stays what it is, in the"
            " optimizer's parameter groups",
            event.place,
            about=optimizer,
            related=way(event),
            confidence=least(optimizer.confidence, event.confidence),
            condition=event.condition,
            call=event.place,
        )
