"""A terse way to write timelines by hand: loops are `with` blocks, everything else is a line in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline import model
from schedlint.timeline.model import (
    Bound,
    Condition,
    Confidence,
    Entry,
    EntryKind,
    Event,
    EventKind,
    Form,
    Guard,
    GuardKind,
    Iterated,
    Loop,
    Object,
    ObjectKind,
    Part,
    Subject,
    Timeline,
)
from schedlint.timeline.quantity import Arithmetic, Items, Length, Literal, Place, Quantity, Symbol, spelled
from schedlint.timeline.readings import read
from schedlint.timeline.understood import Understood

Value = Quantity | int | float | str | None | list[int] | list[float] | list[str]

Argument = Value | tuple[Value, ...]

TORCH = "torch.optim.lr_scheduler."

LOADER_LENGTH = Length("loader", "train_loader")


def place(row: int) -> Place:
    return Place("train.py", row, 1, row, 9)


def quantity(value: Value) -> Quantity:
    """A quantity from a plain Python value."""
    if isinstance(value, list):
        return Items(tuple(map(quantity, value)))
    return Literal(value) if value is None or isinstance(value, int | float | str) else value


def named(name: str, reason: str = "") -> Symbol:
    """A symbol that is identified by its name."""
    return Symbol(key=name, name=name, reason=reason)


def option(name: str, default: Value = None, help: str = "") -> Symbol:
    return Symbol(key=name, name=name, role="option", default=None if default is None else quantity(default), help=help)


def op(operator: str, *operands: Value) -> Arithmetic:
    return Arithmetic(operator, tuple(map(quantity, operands)))


def given(value: Value, parameter: str = "0") -> Bound:
    """An argument of a call."""
    return Bound(parameter, (quantity(value),))


def index(loop: int, name: str = "i") -> Symbol:
    """The counter of a loop."""
    return Symbol(key=f"loop{loop}:index", name=name, role="index", loop=loop)


def equals(name: str, constant: str | int | None, positive: bool = True) -> model.Test:
    return model.Test(name, "==", constant, positive, f"{name} == {constant!r}")


@dataclass
class Story:
    """A timeline being written. Rows count up with every line, so that places differ."""

    kind: EntryKind = EntryKind.SCRIPT
    loops: list[Loop] = field(default_factory=list)
    objects: list[Object] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    row: int = 0

    def timeline(self) -> Timeline:
        entry = Entry(self.kind, "train", place(1))
        return Timeline(entry, tuple(self.loops), tuple(self.objects), tuple(self.events))

    def next(self) -> Place:
        self.row += 1
        return place(self.row)

    # loops

    @contextmanager
    def loop(
        self,
        variable: str,
        source: str,
        iterates: Iterated,
        bound: Value = None,
        start: Value = None,
        is_while: bool = False,
        first: Value = None,
        length: Quantity | None = None,
    ) -> Iterator[int]:
        id = len(self.loops) + 1
        parent = self.stack[-1] if self.stack else 0
        limits = [None if value is None else quantity(value) for value in (bound, start)]
        at = self.next()
        made = Loop(id, parent, at, (), iterates, variable, "", source, limits[0], limits[1], 0, is_while)
        self.loops.append(replace(made, first=None if first is None else quantity(first), length=length))
        self.stack.append(id)
        yield id
        self.stack.pop()

    def range(self, variable: str, bound: Value, start: Value = None) -> AbstractContextManager[int]:
        source = f"range({spelled(quantity(bound))})"
        return self.loop(variable, source, Iterated.RANGE, bound, start, first=0 if start is None else start)

    def loader(self, source: str = "train_loader") -> AbstractContextManager[int]:
        """A loop over a loader whose batches are counted from 0."""
        return self.loop("x, y", source, Iterated.LOADER, first=0, length=Length("loader", source))

    def items(self, variable: str, source: str) -> AbstractContextManager[int]:
        return self.loop(variable, source, Iterated.ITEMS)

    def unclear(self, variable: str, source: str) -> AbstractContextManager[int]:
        return self.loop(variable, source, Iterated.UNKNOWN)

    def while_(self, variable: str, source: str, bound: Value = None) -> AbstractContextManager[int]:
        return self.loop(variable, source, Iterated.COUNT, bound, is_while=True)

    # objects

    def make(self, kind: ObjectKind, name: str, classes: tuple[str, ...], **more: object) -> int:
        id = len(self.objects) + 1
        made = Object(id, kind, self.next(), name, classes, loops=tuple(self.stack), **more)  # type: ignore[arg-type]
        self.objects.append(made)
        if not made.handed_in:
            self.happen(EventKind.CREATED, id)
        return id

    def optimizer(self, name: str = "optimizer", lr: Value = None) -> int:
        given = () if lr is None else (Bound("lr", (quantity(lr),)),)
        return self.make(ObjectKind.OPTIMIZER, name, ("torch.optim.SGD",), arguments=given)

    def scheduler(
        self,
        cls: str,
        optimizer: int = 1,
        *,
        children: tuple[int, ...] = (),
        condition: Condition = (),
        **arguments: Argument,
    ) -> int:
        """A scheduler; a tuple as argument stands for several possible values."""
        return self.schedule(cls, arguments, optimizer, children, condition)

    def schedule(
        self,
        cls: str,
        arguments: Mapping[str, Argument],
        optimizer: int = 1,
        children: tuple[int, ...] = (),
        condition: Condition = (),
    ) -> int:
        """A scheduler with its arguments in a mapping."""
        bounds = tuple(
            Bound(name, tuple(map(quantity, value)) if isinstance(value, tuple) else (quantity(value),))
            for name, value in arguments.items()
        )
        classes = (cls if "." in cls else TORCH + cls,)
        return self.make(
            ObjectKind.SCHEDULER,
            "scheduler",
            classes,
            arguments=bounds,
            optimizers=(optimizer,),
            children=children,
            condition=condition,
        )

    def amend(self, id: int, **changes: object) -> None:
        """Change what is known of an object."""
        self.objects[id - 1] = replace(self.objects[id - 1], **changes)

    # events

    def happen(
        self,
        kind: EventKind,
        *objects: int,
        receiver: str = "",
        guards: tuple[Guard, ...] = (),
        condition: Condition = (),
        every: bool = False,
        confidence: Confidence = Confidence.CERTAIN,
    ) -> Event:
        event = Event(
            len(self.events) + 1, kind, self.next(), tuple(map(Subject, objects)), receiver, kind.value,
            tuple(self.stack), guards, condition, every=every, confidence=confidence,
        )  # fmt: skip
        self.events.append(event)
        return event

    def step(self, scheduler: int, *guards: Guard, condition: Condition = (), receiver: str = "scheduler") -> Event:
        return self.happen(EventKind.STEPPED, scheduler, receiver=receiver, guards=guards, condition=condition)

    def step_with(self, scheduler: int, argument: Value, *guards: Guard, method: str = "step") -> Event:
        """A step that is given an argument."""
        step = self.step(scheduler, *guards)
        self.events[-1] = replace(step, method=method, arguments=(given(argument),))
        return self.events[-1]

    def optimize(self, optimizer: int = 1, *guards: Guard, receiver: str = "optimizer", loss: Value = None) -> Event:
        backward = self.happen(EventKind.BACKWARD, receiver="loss", guards=guards)
        self.events[-1] = replace(backward, arguments=() if loss is None else (given(loss),))
        return self.happen(EventKind.OPTIMIZED, optimizer, receiver=receiver, guards=guards)

    # checkpoints

    def save(self, *parts: Part, whole: bool = True, condition: Condition = ()) -> Event:
        """`torch.save` of what holds these parts."""
        saved = self.happen(EventKind.FILE_SAVED, receiver="torch.save", condition=condition)
        self.events[-1] = replace(saved, parts=parts, whole=whole)
        return self.events[-1]

    def state(self, object: int, key: str) -> Part:
        """The state of an object, taken here, for a file in which it stands under a key."""
        taken = self.happen(EventKind.STATE_SAVED, object, receiver=self.objects[object - 1].name)
        return Part((key,), (object,), Form.STATE, taken.place)

    def load(self, object: int, *keys: str, receiver: str = "") -> Event:
        """`load_state_dict(checkpoint[...])`; an object that is not known is 0 and has a receiver."""
        subjects = (object,) if object else ()
        self.happen(EventKind.STATE_LOADED, *subjects, receiver=receiver or self.objects[object - 1].name)
        self.events[-1] = replace(self.events[-1], parts=(Part(keys),))
        return self.events[-1]

    def load_back(self, object: int) -> Event:
        """Load a state that was taken in the same run."""
        self.load(object)
        self.events[-1] = replace(self.events[-1], parts=(Part((), (object,), Form.STATE),))
        return self.events[-1]

    def events_of(self, object: int, kind: EventKind) -> list[Event]:
        """What happens to an object."""
        return [each for each in self.events if each.kind is kind and Subject(object) in each.subjects]

    def give(self, event: Event, *values: Value) -> None:
        """Pass arguments to the call of an event."""
        given = tuple(Bound(str(index), (quantity(value),)) for index, value in enumerate(values))
        self.events[event.id - 1] = replace(event, arguments=given)

    def hand_on(self, optimizer: int = 1) -> Event:
        return self.happen(EventKind.HANDED_ON, optimizer)


def understood(*stories: Story) -> Understood:
    """What is understood of programs that do this, with the tables that are shipped."""
    return Understood(tuple(read(story.timeline(), load()) for story in stories))


def guard(
    kind: GuardKind,
    text: str = "ok",
    loop: int = 0,
    period: Value = None,
    within: int | None = None,
    denied: bool = False,
    limit: Value = None,
) -> Guard:
    bounds = [None if value is None else quantity(value) for value in (period, limit)]
    return Guard(kind, text, denied, place(99), loop, bounds[0], within, bounds[1])
