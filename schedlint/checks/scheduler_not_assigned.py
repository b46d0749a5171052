"""LRS202: a scheduler is built and thrown away at once, so that nothing can ever step it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, constructions, rule
from schedlint.checks.unstepped import UNUSED, unstepped
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.absence import trained_without
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import EventKind


@rule(
    code="LRS202",
    name="scheduler-not-assigned",
    summary="A scheduler is built and kept nowhere, so nothing can step it.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="keep the scheduler in a variable and step it in the training loop, or leave it out",
)
def scheduler_not_assigned(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler that nothing keeps whose optimizer is stepped later on."""
    found = trained_without(construction)
    if found is None or not is_thrown_away(found[0]):
        return
    made, training = found
    said = f"`{called(made.object)}` is built and kept nowhere, so nothing can step it"
    yield unstepped(self, made, training, said)


def is_thrown_away(made: Made) -> bool:
    """Whether the result of the construction goes nowhere."""
    lost = made.reading.timeline.events_of(made.object.id, EventKind.THROWN_AWAY)
    return made.object.name == UNUSED or bool(lost and not made.object.name)
