"""LRS201: a scheduler is built and nothing ever steps it, so that the learning rate stays where the schedule begins."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import stays
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.absence import trained_without
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.constructions import Construction, constructions
from schedlint.timeline.model import Object

UNUSED = "_"
"""What people call what they do not use."""


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
    about, start = made.object, beginning(made.reading, made.object)
    confidence = least(about.confidence, training.confidence)
    yield self.finding(
        f"`{called(about)}` is built and never stepped, while its optimizer is used"
        f" ({where(training.place, about.place)}): {stays(made.reading, about, start)}",
        about.place,
        about=about,
        related=[Related("the optimizer is used here", training.place)],
        confidence=confidence,
        condition=about.condition,
        severity=graded(confidence) if start.lowers else Severity.WARNING,
    )


def is_kept(scheduler: Object) -> bool:
    """Whether a variable, an attribute or a container keeps a scheduler, as far as that was seen."""
    return scheduler.name not in ("", UNUSED) or scheduler.contained
