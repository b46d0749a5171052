"""LRS507: a scheduler's state is loaded and its optimizer's is not, so the learning rate is the first one again."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_given
from schedlint.checks.rule import Rule, called, constructions, least, rule, way
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.schema import Style
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.restoring import restored_alone


@rule(
    code="LRS507",
    name="optimizer-state-missing",
    summary="A scheduler's state is loaded and its optimizer's is not, so the learning rate begins again.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="save and load the optimizer's state too: the learning rate is in there",
)
def optimizer_state_missing(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every load of a scheduler's state in a program that loads no state of its optimizer."""
    found = restored_alone(construction)
    if found is None:
        return
    made, event = found
    yield self.finding(
        f"the state of `{called(made.object)}` is loaded, that of its optimizer never is: {goes_on_from(made)}",
        event.place,
        about=made.object,
        related=way(event),
        confidence=least(made.object.confidence, event.confidence),
        condition=made.object.condition,
        severity=Severity.INFO if is_absolute(made) else Severity.WARNING,
        call=event.place,
    )


def is_absolute(made: Made) -> bool:
    """Whether a step sets the learning rate, whatever it was."""
    table = made.reading.table(made.object.id)
    return table is not None and table.style is Style.ABSOLUTE


def goes_on_from(made: Made) -> str:
    """What the learning rate is after a resume."""
    given = rate_given(made.reading, made.object)
    first = "what the optimizer was built with" if given is None else f"{given:g}"
    if is_absolute(made):
        return f"after a resume the learning rate is {first} until the scheduler's next step"
    return f"after a resume the schedule goes on from {first}, whatever it had come to"
