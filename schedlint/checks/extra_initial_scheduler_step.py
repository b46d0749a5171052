"""LRS302: a scheduler is stepped once before the training, so that its schedule is one step ahead."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.checks.scheduler_before_optimizer import LOOPS, counts_by_one
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Shape
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.model import LoopKind, Object
from schedlint.timeline.order import initial_steps
from schedlint.timeline.reading import Reading


@rule(
    code="LRS302",
    name="extra-initial-scheduler-step",
    summary="The scheduler is stepped once before the training loop, so its schedule begins one step early.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="leave the step out: building a scheduler sets the first learning rate",
)
def extra_initial_scheduler_step(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler with a step of its own before the loop that steps it, unless that is to begin above 0."""
    timeline = reading.timeline
    for found in initial_steps(timeline):
        about, step = timeline.object(found.scheduler), timeline.event(found.step)
        if not counts_by_one(about, reading.table(about.id)) or begins_low(reading, about):
            continue
        kind, loop = reading.loop(found.loop).kind, timeline.loop(found.loop)
        per_epoch = kind is LoopKind.EPOCH
        at = where(loop.place, step.place)
        yield self.finding(
            f"`{called(about)}` is stepped once before the {LOOPS.get(kind, 'loop')}{at and f' of {at}'}: the first "
            f"value of the schedule is skipped, and every change of the learning rate comes one "
            f"{'epoch' if per_epoch else 'step'} early",
            step.place,
            about=about,
            related=[Related("this is the training loop", loop.place), *way(step)],
            confidence=least(about.confidence, step.confidence),
            condition=step.condition,
            severity=Severity.WARNING if per_epoch else Severity.INFO,
        )


def begins_low(reading: Reading, scheduler: Object) -> bool:
    """Whether a schedule is a warm-up or begins at 0, so that people step it first on purpose."""
    table = reading.table(scheduler.id)
    return beginning(reading, scheduler).amount == 0 or (table is not None and table.shape is Shape.WARM_UP)
