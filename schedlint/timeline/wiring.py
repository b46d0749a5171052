"""Which optimizer a schedule really drives: one that is trained with, one that was replaced, or another one's.

A scheduler holds on to the object that it is built on, whatever the variable is bound to afterwards. What is asked here
is whether that object is the one that takes the steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Condition, Event, EventKind, Object, ObjectKind, Timeline
from schedlint.timeline.names import pieces
from schedlint.timeline.order import condition_of
from schedlint.timeline.quantity import Place

USES = (EventKind.OPTIMIZED, EventKind.HANDED_ON, EventKind.STEPPED_BY)
"""What may be a step of an optimizer."""

SAME_FOR_ALL = frozenset(
    {"lr", "learning", "rate", "sched", "scheduler", "schedule", "optimizer", "optim", "opt", "self"}
)
"""Words in the name of a scheduler or optimizer that say nothing of whose it is."""


@dataclass(frozen=True, slots=True)
class Astray:
    """A scheduler of the optimizer `driven` that belongs to the optimizer `meant`.

    `step` is a step of the scheduler and `training` one of the optimizer that was meant, where these show it;
    `scheduled` says that this one has another schedule.
    """

    scheduler: Object
    driven: Object
    meant: Object
    step: Event | None
    training: Event | None
    scheduled: bool = False


def made_at(thing: Object, other: Object) -> Place:
    """Where the making of one object parts from that of another: its own place, or a call that leads there."""
    apart = [call for call, beside in zip_longest(thing.calls, other.calls) if call is not None and call != beside]
    return apart[0] if apart else thing.place


def replaced(timeline: Timeline) -> Iterator[Astray]:
    """Every scheduler whose optimizer's variable is bound to a new optimizer after it was built: the new one takes the
    steps, the schedule still drives the old one.
    """
    for scheduler in timeline.schedulers():
        for meant in _later_optimizers(timeline, scheduler):
            found = _left_behind(timeline, scheduler, meant)
            if found is not None and not set(found.driven.names).isdisjoint(meant.names):
                yield found
                break


def driving_none(timeline: Timeline) -> Iterator[Astray]:
    """Every scheduler that drives an optimizer which takes no step, while one that no schedule drives takes them."""
    known = {astray.scheduler.id for astray in replaced(timeline)}
    for scheduler in timeline.schedulers():
        if scheduler.id in known:
            continue
        for meant in _optimizers(timeline):
            found = _left_behind(timeline, scheduler, meant, ever=True)
            if found is not None:
                yield found
                break


def crossed(timeline: Timeline) -> Iterator[Astray]:
    """Every scheduler that drives another optimizer than the one that is called as it is: `sched_d` of `optimizer_g`,
    beside `optimizer_d`; and one of two of the same class on one optimizer, where a second one beside it has none.
    """
    for scheduler in timeline.schedulers():
        pair = _named_like(timeline, scheduler) or _second_of_two(timeline, scheduler)
        if pair is not None:
            yield Astray(scheduler, *pair, None, None)


def _optimizers(timeline: Timeline) -> list[Object]:
    return [each for each in timeline.objects if each.kind is ObjectKind.OPTIMIZER and not each.handed_in]


def _later_optimizers(timeline: Timeline, scheduler: Object) -> Iterator[Object]:
    """The optimizers that are made after a scheduler."""
    built = timeline.creation(scheduler.id)
    for each in _optimizers(timeline):
        made = timeline.creation(each.id)
        if built is not None and made is not None and made.id > built.id:
            yield each


def _left_behind(timeline: Timeline, scheduler: Object, meant: Object, *, ever: bool = False) -> Astray | None:
    """A scheduler that is stepped while `meant` is trained and its own optimizer is not: never again after `meant` is
    made, or with `ever` not at all.
    """
    driven = [timeline.object(id) for id in scheduler.optimizers]
    made, built = timeline.creation(meant.id), timeline.creation(scheduler.id)
    if not driven or made is None or built is None or timeline.spent or not _can_be_judged(scheduler, driven, meant):
        return None
    others = _drivers(timeline, meant)
    if others is None or (ever and others):
        return None
    since = 0 if ever else made.id
    step = _first(timeline, scheduler.id, (EventKind.STEPPED,), max(since, built.id), meant.condition, but=others)
    training = _first(timeline, meant.id, (EventKind.OPTIMIZED,), max(since, built.id), scheduler.condition)
    used = any(_may_be_used(timeline, each, meant, since) for each in driven)
    if step is None or training is None or used:
        return None
    return Astray(scheduler, driven[0], meant, step, training, scheduled=bool(others))


def _can_be_judged(scheduler: Object, driven: list[Object], meant: Object) -> bool:
    """Whether all three are known, exist at once, and have nothing to do with each other."""
    apart = all(one.id != meant.id and not one.handed_in and _are_apart(one, meant) for one in driven)
    return apart and _is_plain(scheduler) and not contradicts(meant.condition, scheduler.condition)


def _is_plain(thing: Object) -> bool:
    """Whether a scheduler can move nothing but the learning rate of its own optimizer."""
    return not thing.handed_in and len(thing.classes) > 0


def _are_apart(driven: Object, meant: Object) -> bool:
    """Whether two optimizers share nothing: neither was made of the other."""
    inside = {id for bound in (*driven.arguments, *meant.arguments) for id in bound.objects}
    return driven.id not in inside and meant.id not in inside


def _drivers(timeline: Timeline, optimizer: Object) -> frozenset[int] | None:
    """The schedules that may be moved on and drive an optimizer; None where one may of which that is not known."""
    moved = [
        each
        for each in timeline.schedulers()
        if each.escapes or timeline.wrappers(each.id) or timeline.steps_of(each.id)
    ]
    if any(not each.optimizers for each in moved):
        return None
    return frozenset(each.id for each in moved if optimizer.id in each.optimizers)


def _first(
    timeline: Timeline,
    object: int,
    kinds: tuple[EventKind, ...],
    since: int,
    condition: Condition,
    but: frozenset[int] = frozenset(),
) -> Event | None:
    """The first such event of an object after `since` that can happen under a condition, and not to one of `but`."""
    return next(
        (
            event
            for event in timeline.events_of(object, *kinds)
            if event.id > since
            and not contradicts(condition_of(event, object), condition)
            and but.isdisjoint(subject.object for subject in event.subjects)
        ),
        None,
    )


def _may_be_used(timeline: Timeline, driven: Object, meant: Object, since: int) -> bool:
    """Whether the old optimizer may take a step by itself where the other one is in use.

    A step of "one of the two" is none: after the variable was bound anew it is the new one's.
    """
    for event in timeline.events:
        if event.kind not in USES or event.id <= since:
            continue
        touched = {subject.object for subject in event.subjects}
        alone = not touched or (driven.id in touched and (event.every or meant.id not in touched))
        if alone and not contradicts(condition_of(event, driven.id), meant.condition):
            return True
    return bool(driven.escapes) and since == 0


def _named_like(timeline: Timeline, scheduler: Object) -> tuple[Object, Object] | None:
    """The optimizer that a scheduler drives and the one that is called as it is, where these are two."""
    whose = _whose(scheduler)
    driven = [timeline.object(id) for id in scheduler.optimizers]
    if len(whose) != 1 or not driven or not all(_is_another(each, whose) for each in driven):
        return None
    others = [each for each in _optimizers(timeline) if each.id not in scheduler.optimizers]
    meant = [each for each in others if _whose(each) == whose and not contradicts(each.condition, scheduler.condition)]
    return (driven[0], meant[0]) if meant and all(_are_apart(one, two) for one in driven for two in meant) else None


def _is_another(optimizer: Object, whose: set[tuple[str, ...]]) -> bool:
    """Whether an optimizer is called as something else's."""
    own = _whose(optimizer)
    return len(own) == 1 and own != whose and not optimizer.handed_in


def _second_of_two(timeline: Timeline, scheduler: Object) -> tuple[Object, Object] | None:
    """The optimizer that a scheduler shares with an earlier one of its class, and the only other one of the loop,
    which no schedule drives.
    """
    others = [each for each in _optimizers(timeline) if _drivers(timeline, each) == frozenset()]
    if len(scheduler.optimizers) != 1 or len(others) != 1 or len(_optimizers(timeline)) != 2:
        return None
    rivals = [each for each in timeline.rivals(scheduler.id) if each.id < scheduler.id]
    twins = [each for each in rivals if _are_twins(timeline, each, scheduler)]
    if not twins or not _step_in_one_loop(timeline, timeline.object(scheduler.optimizers[0]), others[0]):
        return None
    return timeline.object(scheduler.optimizers[0]), others[0]


def _are_twins(timeline: Timeline, one: Object, other: Object) -> bool:
    """Whether two schedulers have the same class and arguments, exist at once and are both stepped by the program."""
    alike = bool(one.classes) and one.classes == other.classes and _given(one) == _given(other)
    apart = contradicts(one.condition, other.condition) or one.name == other.name
    wrapped = timeline.wrappers(one.id) or timeline.wrappers(other.id)
    stepped = timeline.steps_of(one.id) and timeline.steps_of(other.id)
    return bool(alike and stepped and not apart and not wrapped)


def _given(scheduler: Object) -> dict[str, object]:
    return {bound.parameter: bound.values for bound in scheduler.arguments if not bound.objects}


def _step_in_one_loop(timeline: Timeline, one: Object, other: Object) -> bool:
    loops = [
        {loop for event in timeline.events_of(each.id, EventKind.OPTIMIZED) for loop in event.loops}
        for each in (one, other)
    ]
    return bool(loops[0] & loops[1])


def telling_name(thing: Object) -> str:
    """The name of a scheduler or optimizer that says whose it is, where one does."""
    return next((name for name in thing.names if belongs_to(name)), thing.name)


def _whose(thing: Object) -> set[tuple[str, ...]]:
    """What its names say of whose it is: `d` of `self.lr_scheduler_D`, nothing of `scheduler`."""
    return {whose for name in thing.names if (whose := belongs_to(name))}


def belongs_to(name: str) -> tuple[str, ...]:
    """The words in the name of a scheduler or optimizer that say whose it is: `d` of `lr_scheduler_D`."""
    return tuple(word for word in pieces(name) if word not in SAME_FOR_ALL)
