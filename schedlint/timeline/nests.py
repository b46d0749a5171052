"""The surroundings of each loop: what is around it, what happens in it, what is made in it.

Facts of a timeline, gathered once for all its loops; what they mean is in `loops`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from schedlint.timeline import names
from schedlint.timeline.model import Event, EventKind, Iterated, Loop, Object, ObjectKind, Timeline

_TRAINING = frozenset({EventKind.BACKWARD, EventKind.OPTIMIZED})
_HELD = frozenset({EventKind.OPTIMIZED, EventKind.STEPPED})


@dataclass(frozen=True, slots=True)
class Nest:
    """A loop with its surroundings.

    `around` are the loops around it, innermost first, and `below` those inside it, both without loops that only visit
    things; `own` is what happens in it and in no loop below it, `inside` what happens in it at all; `made` are the
    objects made in `own`.
    """

    loop: Loop
    visits: bool
    around: tuple[int, ...]
    below: tuple[int, ...]
    own: tuple[Event, ...]
    inside: tuple[Event, ...]
    made: tuple[Object, ...]

    @property
    def id(self) -> int:
        """The loop's id."""
        return self.loop.id

    @property
    def updates(self) -> bool:
        """Whether an optimizer is stepped by the loop itself."""
        return self.has(EventKind.OPTIMIZED)

    @property
    def trains(self) -> bool:
        """Whether something is trained anywhere in it."""
        return any(event.kind in _TRAINING for event in self.inside)

    @property
    def hands_on(self) -> bool:
        """Whether something in it goes to code that is not understood, which may train."""
        return any(event.kind is EventKind.HANDED_ON for event in self.inside)

    def has(self, kind: EventKind) -> bool:
        """Whether an event of this kind happens in the loop itself."""
        return any(event.kind is kind for event in self.own)

    def makes(self, *kinds: ObjectKind) -> bool:
        """Whether the loop itself makes an object of one of these kinds."""
        return any(object.kind in kinds and not object.handed_in for object in self.made)

    @property
    def collection(self) -> bool:
        """Whether it goes over a collection, or something that may be one."""
        return self.loop.iterates in (Iterated.ITEMS, Iterated.UNKNOWN)


def nests(timeline: Timeline) -> tuple[Nest, ...]:
    """The nest of each loop, in the order of the loops."""
    inside: defaultdict[int, list[Event]] = defaultdict(list)
    for event in timeline.events:
        for loop in event.loops:
            inside[loop].append(event)
    made: defaultdict[int, list[Object]] = defaultdict(list)
    for object in timeline.objects:
        for loop in object.loops:
            made[loop].append(object)
    visiting = {loop.id for loop in timeline.loops if _visits(timeline, loop, inside[loop.id])}
    around = {loop.id: _outside(timeline, loop, visiting) for loop in timeline.loops}
    below: defaultdict[int, list[int]] = defaultdict(list)
    for id, outer in around.items():
        for other in outer if id not in visiting else ():
            below[other].append(id)
    return tuple(
        Nest(
            loop=loop,
            visits=loop.id in visiting,
            around=around[loop.id],
            below=tuple(below[loop.id]),
            own=tuple(event for event in inside[loop.id] if _innermost(event.loops, loop.id, visiting)),
            inside=tuple(inside[loop.id]),
            made=tuple(object for object in made[loop.id] if _innermost(object.loops, loop.id, visiting)),
        )
        for loop in timeline.loops
    )


def _outside(timeline: Timeline, loop: Loop, visiting: set[int]) -> tuple[int, ...]:
    return tuple(outer.id for outer in timeline.ancestors(loop.id) if outer.id not in visiting)


def _innermost(stack: tuple[int, ...], id: int, visiting: set[int]) -> bool:
    """Whether a loop is the innermost of a stack, loops that only visit things aside."""
    return all(inner in visiting for inner in stack[stack.index(id) + 1 :])


def _visits(timeline: Timeline, loop: Loop, inside: list[Event]) -> bool:
    """Whether a loop only goes over a few things side by side: optimizers, schedulers, the phases of an epoch."""
    if loop.iterates not in (Iterated.ITEMS, Iterated.UNKNOWN):
        return False
    if names.is_phase(loop.variable, loop.source) and not names.is_loader(loop.source):
        return bool(loop.parent) or any(other.parent == loop.id for other in timeline.loops)
    held = [event for event in inside if event.kind in _HELD]
    return bool(held) and all(event.loops[-1] == loop.id and is_item(event, loop) for event in held)


def is_item(event: Event, loop: Loop) -> bool:
    """Whether an event happens to each item of a loop (`for s in schedulers: s.step()`)."""
    receiver = event.receiver.split(".")[0].split("[")[0]
    return event.every or receiver in {part.strip(" ()*") for part in loop.variable.split(",")}
