"""What comes first: a scheduler's step or its optimizer's.

torch warns at a scheduler's first step by the user if the optimizer was not stepped since the scheduler was built
(`LRScheduler.step`, torch 2.13). The same question is asked here, in program order; where anything on the way may have
stepped the optimizer, or the first step is not taken in the first round, there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Condition, Event, EventKind, Guard, GuardKind, Object, Timeline
from schedlint.timeline.quantity import Literal, Symbol

MAY_STEP = (EventKind.OPTIMIZED, EventKind.HANDED_ON, EventKind.STEPPED_BY)
TAKEN_AT_FIRST = (GuardKind.NEUTRAL, GuardKind.FLAG, GuardKind.FIRST)


@dataclass(frozen=True, slots=True)
class Precedence:
    """A scheduler's first step (`step`) and the first step of its optimizer after it, and the innermost loop around
    both.
    """

    scheduler: int
    step: int
    optimizer_step: int
    loop: int


def steps_before_optimizer(timeline: Timeline) -> Iterator[Precedence]:
    """Every scheduler that is first stepped before its optimizer within one loop."""
    for scheduler in timeline.schedulers():
        found = _precedence(timeline, scheduler)
        if found is not None:
            yield found


def initial_steps(timeline: Timeline) -> Iterator[Precedence]:
    """Every scheduler that is stepped once before the loop in which its optimizer and it are stepped."""
    for scheduler in timeline.schedulers():
        found = _initial(timeline, scheduler)
        if found is not None:
            yield found


def _initial(timeline: Timeline, scheduler: Object) -> Precedence | None:
    """The first step of a scheduler, where it is taken by itself before all training, whenever that comes."""
    creation, steps = timeline.creation(scheduler.id), timeline.steps_of(scheduler.id)
    if creation is None or len(steps) < 2 or timeline.jumps(steps[0]) or steps[0].id < creation.id:
        return None
    first, condition = steps[0], condition_of(steps[0], scheduler.id)
    before = [event for event in timeline.events if creation.id < event.id < first.id]
    if any(loop not in scheduler.loops for loop in first.loops):
        return None
    if any(_may_have_stepped(event, scheduler, first, condition) for event in before):
        return None
    for step in steps[1:]:
        training = _training(timeline, scheduler, step, condition)
        if training is None or training.id < first.id or timeline.jumps(step):
            continue
        if all(_lets_through_what_is_built(guard, creation) or guard in training.guards for guard in first.guards):
            return Precedence(scheduler.id, first.id, training.id, _shared(training, step, scheduler)[-1])
    return None


def _lets_through_what_is_built(guard: Guard, creation: Event) -> bool:
    """Whether a guard is passed whenever a scheduler is built: the same setting decides of both, or none does."""
    if guard.kind is GuardKind.FLAG:
        return (guard.text, guard.denied) in {(other.text, other.denied) for other in creation.guards}
    return guard.kind is GuardKind.NEUTRAL or guard in creation.guards


def _precedence(timeline: Timeline, scheduler: Object) -> Precedence | None:
    creation = timeline.creation(scheduler.id)
    if creation is None or not scheduler.optimizers:
        return None
    for step in timeline.steps_of(scheduler.id):
        condition = condition_of(step, scheduler.id)
        training = _training(timeline, scheduler, step, condition)
        if step.id > creation.id and training is not None:
            return _judged(timeline, scheduler, creation, step, training)
    return None


def _training(timeline: Timeline, scheduler: Object, step: Event, condition: Condition) -> Event | None:
    """The first step of the optimizer in a loop that also holds this step of the scheduler."""
    for event in timeline.events:
        if event.kind is not EventKind.OPTIMIZED or contradicts(event.condition, condition):
            continue
        touched = {subject.object for subject in event.subjects}
        if (not touched or not touched.isdisjoint(scheduler.optimizers)) and _shared(event, step, scheduler):
            return event
    return None


def _shared(event: Event, step: Event, scheduler: Object) -> tuple[int, ...]:
    """The loops around both events in which the scheduler is not made anew, outermost first."""
    return tuple(loop for loop in event.loops if loop in step.loops and loop not in scheduler.loops)


def _judged(timeline: Timeline, scheduler: Object, creation: Event, step: Event, training: Event) -> Precedence | None:
    """The precedence, unless the optimizer may have been stepped before, or the step is not taken at first."""
    if timeline.jumps(step) or training.id < step.id:
        return None
    if not all(taken_at_first(timeline, guard) or guard in training.guards for guard in step.guards):
        return None
    condition = condition_of(step, scheduler.id)
    before = [event for event in timeline.events if creation.id < event.id < step.id]
    if any(_may_have_stepped(event, scheduler, step, condition) for event in before):
        return None
    return Precedence(scheduler.id, step.id, training.id, _shared(training, step, scheduler)[-1])


def taken_at_first(timeline: Timeline, guard: Guard) -> bool:
    """Whether what stands behind the guard happens in the first round of its loop."""
    if guard.kind is GuardKind.LATER and guard.loop:
        start, bound = timeline.loop(guard.loop).start, guard.period
        if isinstance(bound, Symbol):
            bound = bound.default
        first = start.value if isinstance(start, Literal) else 0
        return isinstance(bound, Literal) and _is_below(bound.value, first)
    return guard.kind in TAKEN_AT_FIRST


def _is_below(bound: object, first: object) -> bool:
    return isinstance(bound, (int, float)) and isinstance(first, (int, float)) and bound < first


def condition_of(event: Event, object: int) -> Condition:
    """When an event happens to this one of its subjects."""
    own = next((subject.condition for subject in event.subjects if subject.object == object), ())
    return event.condition + tuple(test for test in own if test not in event.condition)


def _may_have_stepped(event: Event, scheduler: Object, step: Event, condition: Condition) -> bool:
    """Whether an event before the step makes it no mistake: the optimizer may have been stepped, or the position set.

    An optimizer that is handed to unknown code is taken to be stepped there only in the loop that trains.
    """
    touched = {subject.object for subject in event.subjects}
    if event.kind is EventKind.LAST_EPOCH_WRITTEN:
        return scheduler.id in touched
    if event.kind not in MAY_STEP or contradicts(event.condition, condition):
        return False
    if event.kind is EventKind.HANDED_ON and not _shared(event, step, scheduler):
        return False
    return not event.subjects or not touched.isdisjoint(scheduler.optimizers)
