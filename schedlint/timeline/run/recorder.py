"""The tables that an abstract run fills: loops, objects, events.

Identity is by the way to a place, not by the time of arrival: walking a loop body a second time finds the same loops
and objects again. What was recorded since a mark can be taken back, for a body that is walked once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from msgspec.structs import replace

from schedlint.timeline.model import Entry, Escape, Event, Loop, Object, ObjectKind, Timeline, Unseen
from schedlint.timeline.quantity import Place

Way = tuple[int, Place, int]
"""How something was reached: the frame, the place in it, and a number where one place makes several."""


class Mark(NamedTuple):
    """A point in the recording to come back to."""

    events: int
    sequence: int


class Recorder:
    """Loops, objects and events in the order in which they were first met.

    `holders` are the variables and attributes that ever held an object. Loops and objects count from 1. Everything
    else that owns names in the store (frames, instances, lists) counts down from -1, so that no two owners share a
    number.
    """

    def __init__(self) -> None:
        self.objects: dict[int, Object] = {}
        self.events: list[Event] = []
        self._prologue: list[Event] = []
        self._loops: dict[tuple[int, Way], Loop] = {}
        self._loop_keys: dict[int, tuple[int, Way]] = {}
        self._object_ids: dict[Way, int] = {}
        self.holders: dict[int, set[tuple[int, str]]] = {}
        self._owner_ids: dict[tuple[str, Way], int] = {}
        self._sequence = 0

    def owner(self, kind: str, way: Way) -> int:
        """The number of a frame, instance or container that is made this way: the same one each time."""
        return self._owner_ids.setdefault((kind, way), -len(self._owner_ids) - 1)

    def object_id(self, way: Way) -> int:
        """The number of a tracked object that is made this way: the same one each time."""
        return self._object_ids.setdefault(way, len(self._object_ids) + 1)

    def loop(self, parent: int, way: Way, make: Callable[[int], Loop]) -> Loop:
        """The loop reached this way inside `parent`; made when it is met for the first time."""
        key = (parent, way)
        if key not in self._loops:
            self._loops[key] = make(len(self._loops) + 1)
            self._loop_keys[len(self._loops)] = key
        return self._loops[key]

    def known_loop(self, id: int) -> Loop:
        """What is known of a loop so far."""
        return self._loops[self._loop_keys[id]]

    def amend_loop(self, loop: Loop) -> None:
        """Replace a loop by what is now known of it."""
        self._loops[self._loop_keys[loop.id]] = loop

    def put_object(self, made: Object) -> None:
        """Enter an object, or what is now known of it (what was known of its escapes is kept)."""
        known = self.objects.get(made.id)
        if known is not None:
            kept = {"escapes": known.escapes, "contained": known.contained, "wrapped_at": known.wrapped_at}
            made = replace(made, name=known.name or made.name, **kept)
        self.objects[made.id] = made

    def name_object(self, object_id: int, name: str, owner: int) -> None:
        """Say that the program calls an object `name`, which is a variable of a frame or an attribute of `owner`."""
        made = self.objects[object_id]
        self.holders.setdefault(object_id, set()).add((owner, name.rpartition(".")[2]))
        if not made.name:
            self.objects[object_id] = replace(made, name=name)

    def contain_object(self, object_id: int) -> None:
        """Say that a container holds an object."""
        self.objects[object_id] = replace(self.objects[object_id], contained=True)

    def wrap_object(self, object_id: int, place: Place) -> None:
        """Say that a library handed an object back wrapped."""
        self.objects[object_id] = replace(self.objects[object_id], wrapped_at=place)

    def is_called(self, name: str) -> bool:
        """Whether some scheduler is or was called so (in small letters), on its own or as an attribute."""
        schedulers = (id for id in self.holders if self.objects[id].kind is ObjectKind.SCHEDULER)
        return any(name == known.lower() for id in schedulers for _, known in self.holders[id])

    def escape(self, object_id: int, how: str, place: Place) -> None:
        """Say that an object left what is understood."""
        made = self.objects[object_id]
        escape = Escape(how, place)
        if escape not in made.escapes:
            self.objects[object_id] = replace(made, escapes=(*made.escapes, escape))

    def hold_object(self, object_id: int, keys: Iterable[tuple[int, str]]) -> None:
        """Say which variables and attributes hold an object that was not known before."""
        self.holders.setdefault(object_id, set()).update(keys)

    def unsee(self, object_id: int, places: Iterable[Unseen]) -> None:
        """Say that the state of an object is or may be saved or loaded at places where the run did not come."""
        made = self.objects[object_id]
        self.objects[object_id] = replace(made, unseen=tuple(dict.fromkeys((*made.unseen, *places))))

    def event(self, make: Callable[[int], Event]) -> None:
        """Record an event."""
        self._sequence += 1
        self.events.append(make(self._sequence))

    def mark(self) -> Mark:
        """A point to come back to."""
        return Mark(len(self.events), self._sequence)

    def take_back(self, mark: Mark) -> None:
        """Forget the events since the mark."""
        del self.events[mark.events :]
        self._sequence = mark.sequence

    def before_all(self, make: Callable[[int], Event]) -> None:
        """Record an event that happens when a module is imported: once, before what the entry does."""
        event = make(0)
        if event not in self._prologue:
            self._prologue.append(event)

    def _named(self, made: Object) -> Object:
        """An object with all its names."""
        names = sorted({name for _, name in self.holders.get(made.id, ())})
        return replace(made, names=tuple(names))

    def _all_events(self) -> list[Event]:
        return [*self._prologue, *self.events]

    def timeline(self, entry: Entry, spent: str) -> Timeline:
        """The finished tables."""
        return Timeline(
            entry=entry,
            loops=tuple(self._loops.values()),
            objects=tuple(self._named(self.objects[id]) for id in sorted(self.objects)),
            events=tuple(replace(event, id=number) for number, event in enumerate(self._all_events(), 1)),
            spent=spent,
        )
