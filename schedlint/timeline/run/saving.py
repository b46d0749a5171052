"""States of objects: where they are taken and put back, and what is written to files.

The state that `state_dict()` gives, and what is read from a file, are unknown values whose keys are remembered in
`Machine.parts`, so that it is known where they come from when they are saved or loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.timeline.model import EventKind, Form, ObjectKind, Part, Subject
from schedlint.timeline.quantity import Arithmetic, Literal, Symbol
from schedlint.timeline.run.values import (
    CHOSEN_BY_NAME,
    BoundRoutine,
    Given,
    Method,
    Option,
    Pack,
    Ref,
    Table,
    Thing,
    Value,
    just,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

MOST_PARTS = 64
DEEPEST = 4

STATES = {"state_dict": EventKind.STATE_SAVED, "load_state_dict": EventKind.STATE_LOADED}

SAVING = ("save", "checkpoint", "ckpt", "snapshot")
"""In the name of a function that is not followed and is given a state: it writes it to a file."""

NAMED = ("sched", "optim")
"""In the name of what is a scheduler or an optimizer."""

KEPT = (ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER)


def _as_state(part: Part) -> Part:
    """The state of an object in place of the object."""
    return replace(part, form=Form.STATE) if part.form is Form.OBJECT else part


class Saving:
    """Follows states from objects into files, and from files into objects."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    # --- taking and putting back --------------------------------------------------------------------------------------

    def state(self, options: Sequence[Option], at: facts.Span, spelled: str) -> Value:
        """What `state_dict()` of a tracked object, or of one of several, gives."""
        machine = self._machine
        refs = [ref for option in options if (ref := machine.tracked(option.thing)) is not None]
        ids, place = tuple(dict.fromkeys(ref.id for ref in refs)), machine.place(at)
        key = f"object{'|'.join(map(str, ids))}.state:{place.path}:{place.row}:{place.column}"
        machine.parts[key] = Part((), ids, Form.STATE, place)
        return just(Symbol(key, f"{spelled}.state_dict()", reason="a state dictionary"))

    def note_entry(self, entry: Symbol, around: Symbol, key: Thing | None) -> None:
        """Remember that a value is an entry of another one that is not known: `checkpoint['optimizer']`."""
        outer = self._machine.parts.get(around.key, Part())
        if isinstance(key, Literal) and isinstance(key.value, str) and outer.form is Form.OTHER:
            self._machine.parts[entry.key] = Part((*outer.keys, key.value))

    def sources(self, given: Sequence[Given]) -> tuple[Part, ...]:
        """What a state is loaded from: one part for each thing that the argument may be."""
        return tuple(self._source(option.thing) for argument in given[:1] for option in argument.value)

    def _source(self, thing: Thing) -> Part:
        return self._machine.parts.get(thing.key, Part()) if isinstance(thing, Symbol) else Part()

    def of_unknown(
        self, receiver: Symbol, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value | None:
        """`state_dict()` or `load_state_dict(...)` of something unknown that may be a scheduler, or an optimizer by its
        name; None for any other.
        """
        machine = self._machine
        names = {each.lower().rpartition(".")[2] for each in (spelled, receiver.name)}
        known = any(word in name for word in NAMED for name in names) or any(map(machine.recorder.is_called, names))
        if not known and receiver.reason != CHOSEN_BY_NAME:
            return None
        parts = self.sources(given) if name == "load_state_dict" else ()
        machine.event(STATES[name], at, (), receiver=spelled, method=name, likely=True, parts=parts)
        return just(machine.unknown(f"{spelled}.{name}()", "a state of something that is not followed", at))

    # --- files --------------------------------------------------------------------------------------------------------

    def saved(
        self,
        given: tuple[Given, ...],
        value: Value | None,
        at: facts.Span | None,
        spelled: str,
        *,
        states: bool = False,
    ) -> None:
        """Record that a value is written to a file; without one, that more is than what is said.

        With `states`, the states of the objects in the value are written, not the objects.
        """
        walk, machine = self._walk, self._machine
        refs = [ref for each in given for option in each.value for ref in walk.containers.holds(option.thing)]
        arguments = tuple(walk.making.export(argument.keyword or "", argument.value) for argument in given)
        machine.event(
            EventKind.FILE_SAVED,
            at,
            [Subject(ref.id) for ref in dict.fromkeys(refs)],
            receiver=spelled,
            arguments=arguments,
            every=True,
            parts=tuple(_as_state(part) if states else part for part in self._parts(value or ())),
            whole=value is not None and all(self._is_whole(option.thing) for option in value),
        )

    def loaded(self, value: Value | None, at: facts.Span | None, spelled: str) -> None:
        """Record that a library loads the states of the objects in a value; without one, of what it has."""
        owner, _, method = spelled.rpartition(".")
        refs = [ref for option in value or () for ref in self._walk.containers.holds(option.thing)]
        for kind in KEPT if value is not None else ():
            subjects = [Subject(ref.id) for ref in dict.fromkeys(refs) if self._machine.kind(ref) is kind]
            if subjects:
                self._machine.event(
                    EventKind.STATE_LOADED, at, subjects, receiver=owner, method=method, every=True, parts=(Part(),)
                )
        if value is None:
            self._machine.event(EventKind.STATE_LOADED, at, (), receiver=owner, method=method)

    def handed_on(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> None:
        """A function that is not followed, and by its name saves something, is given a state."""
        name = spelled.rpartition(".")[2].lower()
        telling = [argument.value for argument in given if self.holds_state(argument.value)]
        if telling and any(word in name for word in SAVING):
            parts = tuple(part for value in telling for part in self._parts(value))
            whole = all(self._is_whole(option.thing) for value in telling for option in value)
            self._machine.event(
                EventKind.FILE_SAVED, at, (), receiver=spelled, every=True, parts=parts, whole=whole, likely=True
            )

    def holds_state(self, value: Value) -> bool:
        """Whether the state of a tracked object is in a value."""
        return any(part.form is Form.STATE for part in self._parts(value))

    def _parts(self, value: Value) -> tuple[Part, ...]:
        """What is in a value, key by key."""
        return tuple(dict.fromkeys(islice(self._inside(value, ()), MOST_PARTS)))

    def _inside(self, value: Value, keys: tuple[str, ...]) -> Iterator[Part]:
        for option in value:
            entries = self._entries(option.thing) if len(keys) < DEEPEST else None
            if entries is None:
                yield self._part(option.thing, keys)
            else:
                for key, held in entries:
                    yield from self._inside(held, (*keys, key))

    def _entries(self, thing: Thing) -> list[tuple[str, Value]] | None:
        """The entries of a container with their keys; None for anything else."""
        content = self._content(thing)
        if isinstance(content, Table):
            entries = [(str(key), value) for key, value in content.entries]
        elif isinstance(content, Pack):
            entries = [(str(index), value) for index, value in enumerate(content.items)]
        else:
            return None
        return entries if content.rest is None else [*entries, ("*", content.rest)]

    def _content(self, thing: Thing) -> Pack | Table | None:
        if isinstance(thing, Ref) and thing.id in self._machine.containers:
            return self._walk.containers.content(thing)
        return thing if isinstance(thing, (Pack, Table)) else None

    def _part(self, thing: Thing, keys: tuple[str, ...]) -> Part:
        machine = self._machine
        if isinstance(thing, Symbol) and thing.key in machine.parts and machine.tracked(thing) is None:
            known = machine.parts[thing.key]
            return Part(keys, known.objects, known.form, known.place)
        ref = machine.tracked(thing)
        if ref is not None:
            return Part(keys, (ref.id,), Form.OBJECT) if machine.kind(ref) in KEPT else Part(keys)
        receiver = thing.receiver if isinstance(thing, (BoundRoutine, Method)) else thing
        held = [ref.id for ref in self._walk.containers.holds(receiver) if machine.kind(ref) in KEPT]
        if held:
            return Part(keys, tuple(held), Form.INSIDE)
        return Part(keys, value=thing if isinstance(thing, (Literal, Symbol, Arithmetic)) else None)

    def _is_whole(self, thing: Thing) -> bool:
        """Whether nothing can be in a file beside what is known: no dict that was filled from elsewhere."""
        if isinstance(thing, Symbol):
            return thing.key in self._machine.parts and self._machine.parts[thing.key].form is Form.STATE
        content = self._content(thing)
        if isinstance(content, Table):
            return content.rest is None
        return content is not None or not (isinstance(thing, Ref) and thing.id in self._machine.containers)
