"""LRS204: a scheduler is overwritten by another one before anything steps it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, constructions, rule, where
from schedlint.checks.unstepped import unstepped
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.absence import trained_without
from schedlint.timeline.constructions import Construction
from schedlint.timeline.idle_steps import overwritten


@rule(
    code="LRS204",
    name="scheduler-shadowed",
    summary="A scheduler's variable is given another scheduler before anything steps the first, which is lost.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="keep the two in variables of their own, chain them, or leave the first one out",
)
def scheduler_shadowed(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler that is never stepped and whose name goes to another one of the same optimizer."""
    found, lost = trained_without(construction), overwritten(construction)
    if found is None or lost is None:
        return
    (_, training), (made, event, other) = found, lost
    at = where(event.place, made.object.place)
    said = f"`{called(made.object)}` is overwritten by `{called(other)}`{at and f' ({at})'} before anything steps it"
    overwriting = Related("its variable is given another scheduler here", event.place, essential=True)
    yield unstepped(self, made, training, said, related=[overwriting], successor=other)
