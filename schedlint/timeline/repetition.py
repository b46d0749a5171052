"""What is done twice: a scheduler that two places step in one round of a loop.

Whether the loop counts epochs or batches does not matter. Where a guard or a condition may keep the two apart, there is
no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from schedlint.timeline.model import Event, Guard, GuardKind, Object, Timeline
from schedlint.timeline.reading import Reading

ALWAYS_TAKEN = frozenset({GuardKind.NEUTRAL, GuardKind.LAST, GuardKind.FLAG})
"""Guards that let one step of each round through; settings among them, as the conditions of both steps are the same."""


@dataclass(frozen=True, slots=True)
class Twice:
    """Two steps of one scheduler, in program order, and the innermost loop around both."""

    scheduler: int
    first: Event
    second: Event
    loop: int


def stepped_twice(reading: Reading) -> Iterator[Twice]:
    """Every scheduler that two places step in the same round of a loop, with the first two of them."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        steps = [event for event in timeline.steps_of(scheduler.id) if not timeline.jumps(event)]
        pairs = (pair for pair in combinations(steps, 2) if _are_the_same(*pair))
        found = next(filter(None, (_twice(reading, scheduler, *pair) for pair in pairs)), None)
        if found is not None:
            yield found


def _are_the_same(first: Event, second: Event) -> bool:
    """Whether two steps move the same scheduler on, and not each another one of several."""
    if all(len(step.subjects) == 1 or step.every for step in (first, second)):
        return True
    one_name = first.receiver == second.receiver and "[" not in first.receiver
    return one_name and set(first.subjects) == set(second.subjects)


def _twice(reading: Reading, scheduler: Object, first: Event, second: Event) -> Twice | None:
    shared = [id for id in first.loops if id in second.loops and id not in scheduler.loops]
    if first.place == second.place or not shared or reading.loop(shared[-1]).visits:
        return None
    if set(first.condition) != set(second.condition):
        return None
    apart = set(first.guards).symmetric_difference(second.guards)
    if not all(_is_taken(reading.timeline, scheduler, guard) for guard in apart):
        return None
    return Twice(scheduler.id, first, second, shared[-1])


def _is_taken(timeline: Timeline, scheduler: Object, guard: Guard) -> bool:
    """Whether a guard that stands before one of two steps lets it through in every round that counts, if only at the
    pace of the optimizer itself.
    """
    if guard.kind in ALWAYS_TAKEN:
        return True
    updates = timeline.optimizer_steps_of(scheduler.id)
    return guard.kind is GuardKind.PERIODIC and bool(updates) and all(guard in update.guards for update in updates)
