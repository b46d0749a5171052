"""LRS301: a scheduler is stepped before its optimizer, so the first value of the schedule is skipped."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import at_the_end, behind, is_only_update
from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.remedies import Remedy
from schedlint.timeline.model import Event, Loop, LoopKind, Object
from schedlint.timeline.order import steps_before_optimizer
from schedlint.timeline.reading import Reading

LOOPS = {LoopKind.EPOCH: "epoch loop", LoopKind.BATCH: "batch loop"}


@rule(
    code="LRS301",
    name="scheduler-before-optimizer",
    summary="The scheduler is stepped before its optimizer, so the first value of the schedule is never used.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="step the scheduler after `optimizer.step()`, at the end of the same round of the loop",
)
def scheduler_before_optimizer(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler whose first step in a training loop comes before the first step of its optimizer."""
    timeline = reading.timeline
    for found in steps_before_optimizer(timeline):
        about, step = timeline.object(found.scheduler), timeline.event(found.step)
        if not counts_by_one(about, reading.table(about.id)):
            continue
        optimizer_step = timeline.event(found.optimizer_step)
        kind = reading.loop(found.loop).kind
        loop = where(timeline.loop(found.loop).place, step.place)
        per_epoch = kind is LoopKind.EPOCH
        yield self.finding(
            f"`{called(about)}` is stepped before its optimizer in the {LOOPS.get(kind, 'loop')}"
            f"{loop and f' of {loop}'}: the first value of the schedule is skipped, and every change of "
            f"the learning rate comes one {'epoch' if per_epoch else 'step'} early",
            step.place,
            about=about,
            related=[Related("the optimizer is stepped only here", optimizer_step.place, essential=True), *way(step)],
            confidence=least(about.confidence, step.confidence),
            condition=step.condition,
            severity=Severity.WARNING if per_epoch else Severity.INFO,
            remedy=remedy(reading, about, step, optimizer_step, timeline.loop(found.loop)),
        )


def remedy(reading: Reading, about: Object, step: Event, optimizer_step: Event, loop: Loop) -> Remedy | None:
    """The step moved behind that of the optimizer, or to the end of the round where that is taken further inside."""
    beside = optimizer_step.loops[-1] == loop.id and optimizer_step.calls == step.calls
    if beside and is_only_update(reading, optimizer_step, about):
        return behind(step, optimizer_step)
    return at_the_end(reading, step, loop)


def counts_by_one(about: Object, table: Scheduler | None) -> bool:
    """Whether a step moves on by one from the value that building the scheduler set, as torch's own do: those that it
    warns about. A class with a `step()` of its own may do anything.
    """
    return "step" not in about.own_methods and (table is None or table.warns_on_order)
