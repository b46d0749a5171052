"""What a program does to an optimizer behind a schedule's back: groups added later, learning rates set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.knowledge.schema import LateGroup, Style
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Event, EventKind, GuardKind, Object, Timeline
from schedlint.timeline.order import condition_of
from schedlint.timeline.reading import Reading

GROUPS = "param_groups"
"""The method of an event in which a learning rate is read or written where the optimizer keeps it."""


DEFAULT = "defaults['lr']"
"""The method of an event in which the learning rate is set that groups are given which are added later."""


ASIDE = frozenset({"lr", "learning_rate", DEFAULT})
"""The methods of events in which a learning rate is set where no step of the optimizer reads it."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Something that happens to the optimizer of a scheduler (`event`), and a step of the scheduler it concerns."""

    scheduler: Object
    event: Event
    step: Event


def late_groups(reading: Reading) -> Iterator[tuple[Behind, LateGroup]]:
    """Every scheduler that is stepped after a parameter group was added which it does not know of, and what it does."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        effect = _effect(reading, scheduler)
        if effect is LateGroup.FINE:
            continue
        for added in _happening(timeline, scheduler, EventKind.GROUP_ADDED):
            step = _step_after(timeline, scheduler, added)
            if step is not None and not _is_rebuilt(timeline, scheduler, added):
                yield Behind(scheduler, added, step), effect
                break


def overwritten(reading: Reading) -> Iterator[Behind]:
    """Every scheduler that computes the learning rate anew at each step, in a loop in which it is also set by hand."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        table = reading.table(scheduler.id)
        if table is None or table.style is not Style.ABSOLUTE or timeline.wrappers(scheduler.id):
            continue
        written = (each for each in _happening(timeline, scheduler, EventKind.LR_WRITTEN) if each.method == GROUPS)
        pairs = ((event, step) for event in written for step in timeline.steps_of(scheduler.id))
        found = next((pair for pair in pairs if _in_every_round(reading, scheduler, *pair)), None)
        if found is not None:
            yield Behind(scheduler, *found)


def attributes_set(timeline: Timeline) -> Iterator[tuple[Object, Event]]:
    """Every place that sets an attribute of an optimizer for its learning rate, or its default for groups where none is
    added later, which changes nothing.
    """
    for event in timeline.events:
        if event.kind is EventKind.LR_WRITTEN and event.method in ASIDE and len(event.subjects) == 1:
            optimizer = timeline.object(event.subjects[0].object)
            if not (event.method == DEFAULT and timeline.events_of(optimizer.id, EventKind.GROUP_ADDED)):
                yield optimizer, event


def _effect(reading: Reading, scheduler: Object) -> LateGroup:
    """What a group that is added later does to a schedule; the worst of its parts for one that is made of several."""
    table = reading.table(scheduler.id)
    if table is None or {"step", "get_lr"} & set(scheduler.own_methods):
        return LateGroup.FINE
    effects = [table.late_group]
    if table.style is Style.COMPOSITE:
        effects = [_effect(reading, reading.timeline.object(child)) for child in scheduler.children]
    return max(effects, key=tuple(LateGroup).index, default=LateGroup.FINE)


def _happening(timeline: Timeline, scheduler: Object, kind: EventKind) -> Iterator[Event]:
    """What happens to the optimizer of a scheduler after it is built."""
    creation = timeline.creation(scheduler.id)
    if creation is None or len(scheduler.optimizers) != 1:
        return
    for event in timeline.events_of(scheduler.optimizers[0], kind):
        if event.id > creation.id and not contradicts(event.condition, scheduler.condition):
            yield event


def _step_after(timeline: Timeline, scheduler: Object, added: Event) -> Event | None:
    """A step of the scheduler after an event, or in a later round of a loop around it."""
    stepped = [scheduler.id, *(wrapper.id for wrapper in timeline.wrappers(scheduler.id))]
    for id in stepped:
        for step in timeline.steps_of(id):
            again = any(loop in step.loops and loop not in scheduler.loops for loop in added.loops)
            if (step.id > added.id or again) and not contradicts(condition_of(step, id), added.condition):
                return step
    return None


def _is_rebuilt(timeline: Timeline, scheduler: Object, added: Event) -> bool:
    """Whether another scheduler of the same optimizer is made after a group was added."""
    later = (timeline.creation(each.id) for each in timeline.rivals(scheduler.id))
    return any(each is not None and each.id > added.id for each in later)


def _in_every_round(reading: Reading, scheduler: Object, written: Event, step: Event) -> bool:
    """Whether the rate is set in each round of a loop in which the scheduler is stepped."""
    shared = [loop for loop in written.loops if loop in step.loops and loop not in scheduler.loops]
    if not shared or reading.timeline.jumps(step) or contradicts(step.condition, written.condition):
        return False
    apart = set(written.guards) - set(step.guards)
    return all(guard.kind is GuardKind.NEUTRAL for guard in apart)
