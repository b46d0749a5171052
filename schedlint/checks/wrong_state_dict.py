"""LRS506: the state of an optimizer is loaded into a scheduler, which takes it without a word; or the other way."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, rule, timelines, way
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.model import ObjectKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import Misplaced, misplaced, other


@rule(
    code="LRS506",
    name="wrong-state-dict",
    summary="An optimizer's state is loaded into a scheduler, which takes it silently, or the other way round.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="load the state that `state_dict()` of the same object gave",
)
def wrong_state_dict(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every load of a state that an object of the other kind gave."""
    for found in misplaced(reading):
        yield self.finding(
            told(found),
            found.event.place,
            about=found.object,
            related=way(found.event),
            confidence=found.confidence,
            condition=found.object.condition,
            severity=graded(found.confidence),
            call=found.event.place,
        )


def told(found: Misplaced) -> str:
    """What is loaded into what, and what comes of it."""
    kind = other(found.object.kind).value
    source = f" (`{found.key}`)" if found.key else ""
    article = "an" if kind == ObjectKind.OPTIMIZER.value else "a"
    said = f"the state of {article} {kind}{source} is loaded into `{called(found.object)}`"
    if found.object.kind is ObjectKind.SCHEDULER:
        return f"{said}, which takes anything: its schedule begins again at step 0, and nothing warns of it"
    return f"{said}: torch raises KeyError, as it has no 'param_groups'"
