"""Steps that take turns: where there is a scheduler it is stepped, and its optimizer only where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.model import Event, EventKind, Guard, Object, Timeline
from schedlint.timeline.order import MAY_STEP


@dataclass(frozen=True, slots=True)
class Instead:
    """A step of a scheduler, and the step of its optimizer on the other side of the test that asks for a scheduler."""

    scheduler: int
    step: Event
    optimizer_step: Event


def stepped_instead(timeline: Timeline) -> Iterator[Instead]:
    """Every scheduler whose step takes the place of its optimizer's."""
    for scheduler in timeline.schedulers():
        for step in timeline.steps_of(scheduler.id):
            other = _other_side(timeline, scheduler, step) or _never(timeline, scheduler, step)
            if other is not None:
                yield Instead(scheduler.id, step, other)
                break


def _other_side(timeline: Timeline, scheduler: Object, step: Event) -> Event | None:
    """The optimizer's step, where each one stands on the other side of a test before the scheduler's."""
    training = timeline.optimizer_steps_of(scheduler.id)
    asking = [guard for guard in step.guards if _asks(guard, step)]
    for guard in asking:
        if training and all(any(_opposed(guard, other) for other in event.guards) for event in training):
            return training[0]
    return None


def _asks(guard: Guard, step: Event) -> bool:
    """Whether a guard lets a step through where what is stepped is there: `if s`, `if s is not None`."""
    return (guard.text, guard.denied) in ((step.receiver, False), (f"{step.receiver} is None", True))


def _opposed(one: Guard, other: Guard) -> bool:
    return (one.text, one.place) == (other.text, other.place) and one.denied is not other.denied


def _never(timeline: Timeline, scheduler: Object, step: Event) -> Event | None:
    """The optimizer's step behind a test that asks for the scheduler, which is there; nothing else steps it."""
    spelled = {step.receiver, f"{step.receiver} is not None", f"{step.receiver} != None"}
    if any(_may_train(event, scheduler) for event in timeline.events):
        return None
    for optimizer in scheduler.optimizers:
        for event in timeline.events_of(optimizer, EventKind.NOT_REACHED):
            if event.behind in spelled and event.loops == step.loops:
                return event
    return None


def _may_train(event: Event, scheduler: Object) -> bool:
    touched = {subject.object for subject in event.subjects}
    return event.kind in MAY_STEP and (not touched or not touched.isdisjoint(scheduler.optimizers))
