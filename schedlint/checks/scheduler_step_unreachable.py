"""LRS207: a scheduler's only steps stand behind a `break`, `continue` or `return` that always leaves."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, constructions, rule, way
from schedlint.checks.unstepped import unstepped
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.absence import trained_without
from schedlint.timeline.constructions import Construction
from schedlint.timeline.idle_steps import unreached_step


@rule(
    code="LRS207",
    name="scheduler-step-unreachable",
    summary="The scheduler's step stands behind a `break`, `continue` or `return` and is never reached.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=constructions,
    help="put the step in front of what leaves",
)
def scheduler_step_unreachable(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler that is never stepped although its step is written, where no run comes to."""
    trained, found = trained_without(construction), unreached_step(construction)
    if trained is None or found is None:
        return
    made, step = found
    said = (
        f"`{step.receiver}.step()` stands behind a `{step.behind}` that always leaves, so nothing steps "
        f"`{called(made.object)}`"
    )
    yield unstepped(self, made, trained[1], said, place=step.place, related=way(step))
