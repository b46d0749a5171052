"""LRS406: a parameter group is added to an optimizer whose scheduler does not know of it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import LateGroup
from schedlint.timeline.hands import late_groups
from schedlint.timeline.model import GuardKind
from schedlint.timeline.reading import Reading

OUTCOMES = {
    LateGroup.OVERSHOOTS: "the warm-up multiplies its learning rate although it was not lowered at the start, so"
    " that it ends above what it was given",
    LateGroup.LEFT_OUT: "the next change of the learning rate raises a ValueError (before torch 2.10 the group keeps"
    " its learning rate for ever)",
    LateGroup.LACKS: "the next step raises a KeyError, because the group lacks what building the scheduler sets",
}


@rule(
    code="LRS406",
    name="parameter-group-added-after-scheduler",
    summary="A parameter group is added after the scheduler was built, which cannot schedule it.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="add the group before the scheduler is built, or build the scheduler anew after it",
)
def parameter_group_added_after_scheduler(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that goes on after a group was added which it cannot schedule."""
    for found, effect in late_groups(reading):
        guarded = any(guard.kind is not GuardKind.NEUTRAL for guard in found.event.guards)
        sure = Confidence.CERTAIN if effect is LateGroup.LACKS and not guarded else Confidence.LIKELY
        confidence = least(sure, found.scheduler.confidence, found.event.confidence, found.step.confidence)
        yield self.finding(
            f"this parameter group is added after `{called(found.scheduler)}` was built, which knows only the groups of"
            f" then: {OUTCOMES[effect]}",
            found.event.place,
            about=found.scheduler,
            related=[Related("the scheduler is stepped here", found.step.place), *way(found.event)],
            confidence=confidence,
            condition=found.event.condition,
            severity=Severity.WARNING if effect is LateGroup.OVERSHOOTS else Severity.ERROR,
        )
