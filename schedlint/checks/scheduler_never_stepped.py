"""LRS201: a scheduler is built and nothing ever steps it, so that the learning rate stays where the schedule begins."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import stepped
from schedlint.checks.rule import Rule, called, constructions, rule, where
from schedlint.checks.unstepped import UNUSED, unstepped
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.absence import trained_without
from schedlint.timeline.constructions import Construction
from schedlint.timeline.model import Object


@rule(
    code="LRS201",
    name="scheduler-never-stepped",
    summary="A scheduler is built and never stepped, so the learning rate stays where the schedule begins.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="step the scheduler in the training loop, after `optimizer.step()`, or leave it out",
)
def scheduler_never_stepped(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler that is kept and not stepped anywhere although its optimizer is."""
    found = trained_without(construction)
    if found is None or not is_kept(found[0].object):
        return
    made, training = found
    at = where(training.place, made.object.place)
    said = f"`{called(made.object)}` is built and never stepped, while its optimizer is used{at and f' ({at})'}"
    yield unstepped(self, made, training, said, remedy=stepped(made.reading, made.object))


def is_kept(scheduler: Object) -> bool:
    """Whether a variable, an attribute or a container keeps a scheduler, as far as that was seen."""
    return scheduler.name not in ("", UNUSED) or scheduler.contained
