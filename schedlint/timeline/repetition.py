"""What is done twice: a scheduler that two places step in one round of a loop.

Whether the loop counts epochs or batches does not matter. Where a guard or a condition may keep the two apart, there is
no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from schedlint.place import Place
from schedlint.timeline.model import ONCE_A_ROUND, Event, Guard, GuardKind, Object, Timeline
from schedlint.timeline.reading import Reading

COUNTED = frozenset({GuardKind.PERIODIC, GuardKind.ONCE, GuardKind.FIRST, GuardKind.LATER})
"""Guards that test nothing but the counter of their loop: what they say holds for the whole round."""


@dataclass(frozen=True, slots=True)
class Twice:
    """Two steps of one scheduler, in program order, and the innermost loop around both."""

    scheduler: int
    first: Event
    second: Event
    loop: int

    @property
    def places(self) -> tuple[Place, Place]:
        """Where the two are written: the steps, or the calls at which their ways part where both lead to one step."""
        if self.first.place != self.second.place:
            return self.first.place, self.second.place
        return next(pair for pair in zip(self.first.calls, self.second.calls, strict=False) if pair[0] != pair[1])


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
    if not _are_apart(first, second) or not shared or reading.loop(shared[-1]).visits:
        return None
    if set(first.condition) != set(second.condition):
        return None
    if not all(_is_taken(reading.timeline, scheduler, guard) for guard in _differing(first, second, shared)):
        return None
    return Twice(scheduler.id, first, second, shared[-1])


def _are_apart(first: Event, second: Event) -> bool:
    """Whether two steps are written at two places, or at one that two calls lead to.

    Neither may have a loop of its own: two batch loops in one epoch share the batches of that epoch.
    """
    parted = any(one != other for one, other in zip(first.calls, second.calls, strict=False))
    nested = all(one == other for one, other in zip(first.loops, second.loops, strict=False))
    return nested and (parted or first.place != second.place)


def _differing(first: Event, second: Event, shared: list[int]) -> list[Guard]:
    """The guards of one of two steps that the other has not, not even as the same test at another place."""
    return [
        guard
        for one, other in ((first, second), (second, first))
        for guard in one.guards
        if guard not in other.guards and not any(_are_one_test(guard, each, shared) for each in other.guards)
    ]


def _are_one_test(guard: Guard, other: Guard, shared: list[int]) -> bool:
    """Whether two guards let the same rounds of a loop around both steps through."""
    same = (guard.kind, guard.text, guard.denied, guard.loop) == (other.kind, other.text, other.denied, other.loop)
    return same and guard.period == other.period and guard.kind in COUNTED and guard.loop in shared


def _is_taken(timeline: Timeline, scheduler: Object, guard: Guard) -> bool:
    """Whether a guard that stands before one of two steps lets it through in every round that counts, if only at the
    pace of the optimizer itself.
    """
    if guard.kind in ONCE_A_ROUND:  # settings among them, as the conditions of both steps are the same
        return True
    updates = timeline.optimizer_steps_of(scheduler.id)
    return guard.kind is GuardKind.PERIODIC and bool(updates) and all(guard in update.guards for update in updates)
