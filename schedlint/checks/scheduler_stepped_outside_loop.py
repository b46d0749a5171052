"""LRS206: a scheduler is stepped before or after the training, and never in it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import into
from schedlint.checks.rule import Rule, called, constructions, least, rule, way, where
from schedlint.checks.unstepped import outcome
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.constructions import Construction
from schedlint.timeline.outside_training import stepped_outside


@rule(
    code="LRS206",
    name="scheduler-stepped-outside-loop",
    summary="The scheduler is only stepped before or after the loop that trains, so its schedule is not followed.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=constructions,
    help="step the scheduler in the loop, after the training of each epoch, or of each batch if it counts batches",
)
def scheduler_stepped_outside_loop(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler all of whose steps are taken when the training is over, or before it begins."""
    found = stepped_outside(construction)
    if found is None:
        return
    made, step, about = found.made, found.step, found.made.object
    confidence = least(about.confidence, step.confidence, found.training.confidence)
    loop = made.reading.timeline.loop(found.loop)
    at = where(loop.place, step.place)
    result, severity = outcome(made, confidence)
    if found.after:
        said = f"only stepped when the training loop{at and f' of {at}'} is over: {result}"
    else:
        said = (
            f"stepped before the training loop{at and f' of {at}'} and never in it: "
            "the learning rate stays where that leaves it"
        )
        severity = Severity.WARNING
    yield self.finding(
        f"`{called(about)}` is {said}",
        step.place,
        about=about,
        related=[Related("this is the training loop", loop.place, essential=True), *way(step)],
        confidence=confidence,
        condition=step.condition,
        severity=severity,
        remedy=into(made.reading, step, loop, about),
    )
