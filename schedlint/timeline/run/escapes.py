"""Escapes: objects that leave what is understood, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.timeline.model import EventKind, ObjectKind, Subject
from schedlint.timeline.run.values import (
    Given,
    Pack,
    Ref,
    Stream,
    Thing,
    Value,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk


class Escapes:
    """Records what is handed to code that is not followed."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    def hand_on(self, given: tuple[Given, ...], spelled: str, at: facts.Span | None) -> None:
        """Record that tracked objects go to code that is not understood."""
        for argument in given:
            self.escape(argument.value, f"passed to `{spelled}`", at, method=spelled)

    def escape(self, value: Value, how: str, at: facts.Span | None, method: str = "") -> None:
        """Record that whatever the value holds left what is understood."""
        machine = self._machine
        refs = dict.fromkeys(ref for option in value for ref in self._walk.containers.captured(option.thing))
        moved = [ref for ref in refs if machine.kind(ref) in (ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER)]
        if not moved or machine.muted:
            return
        for ref in moved:
            machine.recorder.escape(ref.id, how, machine.place(at))
        machine.event(
            EventKind.HANDED_ON, at, [Subject(ref.id) for ref in moved], receiver=how, method=method, every=True
        )

    def let_go(self, value: Value, how: str, at: facts.Span | None) -> None:
        """Note that what a list, tuple, set or dict holds may be reached from a result that is not followed."""
        self.note_escape(tuple(option for option in value if self._is_container(option.thing)), how, at)
        for option in value:
            for source in option.thing.sources if isinstance(option.thing, Stream) else ():
                self.let_go(source, how, at)

    def _is_container(self, thing: Thing) -> bool:
        return isinstance(thing, Pack) or (isinstance(thing, Ref) and thing.id in self._machine.containers)

    def note_escape(self, value: Value, how: str, at: facts.Span | None) -> None:
        """Like `escape`, for a place that stays readable: nothing happens there, but others may see the object."""
        machine = self._machine
        if machine.muted:
            return
        for option in value:
            for ref in self._walk.containers.holds(option.thing, 3):
                if machine.kind(ref) in (ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER):
                    machine.recorder.escape(ref.id, how, machine.place(at))
