"""Two schedules of one optimizer that undo each other, and a schedule that is stepped beside the one that wraps it.

Schedules that multiply the current learning rate combine. One that overwrites it, computed anew from the rate that the
optimizer was given, undoes at each of its steps whatever another one did. Where a guard or a condition may keep two
steps apart, there is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from schedlint.knowledge.schema import Style
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import ONCE_A_ROUND, Event, Guard, GuardKind, Object, Timeline
from schedlint.timeline.order import condition_of
from schedlint.timeline.reading import Reading

ALWAYS_TAKEN = ONCE_A_ROUND - {GuardKind.FLAG}
"""Guards that let one step of each round through, whatever the settings are."""

MULTIPLYING = frozenset({Style.RECURSIVE, Style.MEASURED})


@dataclass(frozen=True, slots=True)
class Rivalry:
    """Two schedules of one optimizer: `absolute` overwrites at `overwriting` what `other` did at `undone`.

    `both` says that the other one overwrites too, so that the last step of a round decides alone. For two schedulers
    inside a third one the events are its steps.
    """

    absolute: Object
    other: Object
    overwriting: Event
    undone: Event
    both: bool


@dataclass(frozen=True, slots=True)
class Inner:
    """A scheduler that is stepped by the program (`step`) and by the one that wraps it (`outer`)."""

    scheduler: Object
    wrapper: Object
    step: Event
    outer: Event


def rivalries(reading: Reading) -> Iterator[Rivalry]:
    """Every pair of schedules of one optimizer of which one overwrites what the other does, in the same round."""
    timeline = reading.timeline
    for one, other in combinations(timeline.schedulers(), 2):
        if _on_one_optimizer(one, other) and not _wraps(timeline, one, other):
            pairs = ((a, b) for a in timeline.steps_of(one.id) for b in timeline.steps_of(other.id))
            yield from _first(filter(None, (_rivalry(reading, one, other, a, b) for a, b in pairs)))
    for composite in timeline.schedulers():
        yield from _first(_inside(reading, composite))


def _first(found: Iterator[Rivalry]) -> Iterator[Rivalry]:
    first = next(found, None)
    if first is not None:
        yield first


def _on_one_optimizer(one: Object, other: Object) -> bool:
    return (
        len(one.optimizers) == 1
        and one.optimizers == other.optimizers
        and not contradicts(one.condition, other.condition)
        and one.place != other.place
    )


def _wraps(timeline: Timeline, one: Object, other: Object) -> bool:
    return bool(timeline.wrappers(one.id) or timeline.wrappers(other.id))


def _rivalry(reading: Reading, one: Object, other: Object, a: Event, b: Event) -> Rivalry | None:
    if not _in_one_round(reading, one, other, a, b):
        return None
    return _judged(reading, one, other, a, b) or _judged(reading, other, one, b, a)


def _judged(reading: Reading, one: Object, other: Object, a: Event, b: Event) -> Rivalry | None:
    """The rivalry in which `one` overwrites; of two that overwrite it is the one whose step comes last."""
    styles = [_style(reading, each) for each in (one, other)]
    if styles[0] is not Style.ABSOLUTE or (styles[1] is Style.ABSOLUTE and a.id < b.id):
        return None
    if styles[1] is Style.ABSOLUTE or styles[1] in MULTIPLYING:
        return Rivalry(one, other, a, b, both=styles[1] is Style.ABSOLUTE)
    return None


def _style(reading: Reading, scheduler: Object) -> Style | None:
    """How a scheduler computes the next learning rate; None where its class does that itself, or is not known."""
    table = reading.table(scheduler.id)
    return None if table is None or {"step", "get_lr"} & set(scheduler.own_methods) else table.style


def _in_one_round(reading: Reading, one: Object, other: Object, a: Event, b: Event) -> bool:
    """Whether both are stepped in each round of a loop: no guard and no condition keeps one of the two steps out."""
    shared = [id for id in a.loops if id in b.loops and id not in (*one.loops, *other.loops)]
    if (
        a.place == b.place
        or not shared
        or reading.loop(shared[-1]).visits
        or not (_is_sure(reading, one, a) and _is_sure(reading, other, b))
    ):
        return False
    if set(condition_of(a, one.id)) != set(condition_of(b, other.id)):
        return False
    apart = _guards(one, a).symmetric_difference(_guards(other, b))
    return all(guard.kind in ALWAYS_TAKEN for guard in apart)


def _guards(scheduler: Object, step: Event) -> set[Guard]:
    """What a step waits for: also for a scheduler that is built in some rounds only, as a warm-up is."""
    return {*step.guards, *(guard for guard in scheduler.guards if guard.kind is not GuardKind.FLAG)}


def _is_sure(reading: Reading, scheduler: Object, step: Event) -> bool:
    """Whether a step moves just one scheduler on by one."""
    return (len(step.subjects) == 1 or step.every) and not reading.jumps(step, scheduler.id)


def _inside(reading: Reading, composite: Object) -> Iterator[Rivalry]:
    """Schedulers that another one steps one after the other in the same round."""
    table, steps = reading.table(composite.id), reading.timeline.steps_of(composite.id)
    if table is None or table.style is not Style.COMPOSITE or table.horizon or not steps:
        return
    children = [reading.timeline.object(id) for id in composite.children]
    for index, absolute in enumerate(children):
        if _style(reading, absolute) is not Style.ABSOLUTE:
            continue
        for other in children[:index]:
            if (style := _style(reading, other)) is not None and style is not Style.COMPOSITE:
                yield Rivalry(absolute, other, steps[0], steps[0], both=style is Style.ABSOLUTE)


def stepped_inside(reading: Reading) -> Iterator[Inner]:
    """Every scheduler that is stepped by itself and through the one that it was given to."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        found = next(_inner_steps(reading, scheduler), None)
        if found is not None:
            yield found


def _inner_steps(reading: Reading, scheduler: Object) -> Iterator[Inner]:
    timeline = reading.timeline
    for wrapper in timeline.wrappers(scheduler.id):
        if _style(reading, wrapper) is None:
            continue  # its own code may be what steps the inner one
        for step in timeline.steps_of(scheduler.id):
            for outer in timeline.steps_of(wrapper.id):
                if _in_one_round(reading, scheduler, wrapper, step, outer):
                    yield Inner(scheduler, wrapper, step, outer)
