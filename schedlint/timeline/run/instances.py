"""Making objects of project classes: plain instances, and the project's own schedulers, optimizers, loaders and
datasets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.knowledge.schema import Scheduler
from schedlint.program.program import Program
from schedlint.program.symbols import Class, External, Function
from schedlint.program.walk import nodes
from schedlint.timeline.model import Condition, ObjectKind, Test, Written
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.run.machine import Instance
from schedlint.timeline.run.members import decorator_names
from schedlint.timeline.run.methods import LIBRARY_METHODS
from schedlint.timeline.run.values import Given, Option, ProjectClass, Ref, Routine, Super, Value, just

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

CLOSED_BASES = frozenset("abc.ABC typing.Generic typing.Protocol typing.NamedTuple enum.Enum threading.Thread".split())
"""Bases outside the project that leave what their objects hold alone."""

MOST_GUESSES = 4
"""An unknown receiver that may have more classes than these is taken for an instance of their common base."""


class Instances:
    """Constructs instances of project classes."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._roles: dict[Class, ObjectKind | None] = {}
        self._likenesses: dict[Class, str] = {}
        self._guessed: dict[str, Value] = {}

    def role(self, cls: Class) -> ObjectKind | None:
        """Which kind of tracked object the instances of a class are, by the library classes it derives from."""
        if cls not in self._roles:
            self._roles[cls] = self._find_role(cls)
        return self._roles[cls]

    def _find_role(self, cls: Class) -> ObjectKind | None:
        knowledge = self._machine.knowledge
        for base in self.known_bases(cls):
            if knowledge.is_not_scheduler(base):
                return None
            if knowledge.is_scheduler_base(base):
                return ObjectKind.SCHEDULER
            if knowledge.is_optimizer_base(base):
                return ObjectKind.OPTIMIZER
            if knowledge.is_loader_base(base):
                return ObjectKind.LOADER
            if knowledge.is_dataset_base(base):
                return ObjectKind.DATASET
        return ObjectKind.SCHEDULER if self.likeness(cls) else None

    def likeness(self, cls: Class) -> str:
        """The scheduler class of a library that one of the project is a copy of, or derives from a copy of; "" if none.

        It has that class's name, its kind of base, and the parameters that tell it.
        """
        if cls not in self._likenesses:
            self._likenesses[cls] = ""  # what its bases are asked for may lead back here
            self._likenesses[cls] = self._find_likeness(cls)
        return self._likenesses[cls]

    def _find_likeness(self, cls: Class) -> str:
        knowledge = self._machine.knowledge
        for base in self._machine.program.mro(cls):
            if isinstance(base, Class) and base.node.name in knowledge.vendored:
                entry = knowledge.resembling(base.node.name, self._parameters(base))
                if entry and set(entry.horizon) <= set(self._parameters(cls)) and self._has_base_of(cls, entry):
                    return entry.name
        return ""

    def _has_base_of(self, cls: Class, entry: Scheduler) -> bool:
        """Whether a class derives from what the class that it resembles derives from: a scheduler, or a copy of one."""
        if not entry.base or any(map(self._machine.knowledge.is_scheduler_base, self.library_bases(cls))):
            return True
        bases = [base for base in self._machine.program.mro(cls)[1:] if isinstance(base, Class)]
        return any(self.likeness(base) == entry.base for base in bases)

    def _parameters(self, cls: Class) -> list[str]:
        """The names of the parameters that a class is built with, in order."""
        found = self._machine.program.method(cls, "__init__")
        kinds = ("normal", "positional", "keyword")
        return [p.name for p in found.node.parameters[1:] if p.kind in kinds] if isinstance(found, Function) else []

    def library_bases(self, cls: Class) -> tuple[str, ...]:
        """The qualified names of the library classes that a project class derives from."""
        return tuple(base.qualified for base in self._machine.program.mro(cls) if isinstance(base, External))

    def known_bases(self, cls: Class) -> tuple[str, ...]:
        """The classes in the tables that it derives from, itself included: the library's, and those that the user's own
        tables name.
        """
        if not self._machine.knowledge.own:
            return self.library_bases(cls)
        known = (
            base.qualified if isinstance(base, External) else self._walk.own.name(base)
            for base in self._machine.program.mro(cls)
            if isinstance(base, (External, Class))
        )
        return tuple(filter(None, known))

    # --- construction -------------------------------------------------------------------------------------------------

    def construct(self, thing: ProjectClass, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """`Class(...)`."""
        role = self.role(thing.cls)
        if role is None:
            return just(self._plain(thing, given, at))
        return just(self._tracked(thing, role, given, at))

    def _plain(self, thing: ProjectClass, given: tuple[Given, ...], at: facts.Span | None) -> Ref:
        machine = self._machine
        way = machine.way(machine.place(at))
        ref = Ref(machine.recorder.owner(f"instance {thing.cls.node.name}", way))
        machine.instances[ref.id] = Instance(thing.cls, thing.frames)
        self._initialize(ref, thing, given, at)
        return ref

    def _initialize(self, ref: Ref, thing: ProjectClass, given: tuple[Given, ...], at: facts.Span | None) -> None:
        found = self._machine.program.method(thing.cls, "__init__")
        if isinstance(found, Function) and self.is_module(thing.cls):
            self._walk.caller.maybe_enter(Routine(found, thing.frames), ref, given, at, thing.cls.node.name)
        elif isinstance(found, Function):
            self._walk.caller.enter(Routine(found, thing.frames), ref, given, at)
        else:
            self._store_fields(ref, thing.cls, given)

    def is_module(self, cls: Class) -> bool:
        """Whether instances of a class are neural networks, whose constructors build layers."""
        return any(map(self._machine.knowledge.is_module_base, self.library_bases(cls)))

    def is_open(self, cls: Class) -> bool:
        """Whether a class derives from something that is not read and may use the attributes of its objects.

        Networks and data sets do not: their bases know nothing of schedulers.
        """
        knowledge, program = self._machine.knowledge, self._machine.program
        known = (knowledge.is_module_base, knowledge.is_dataset_base, knowledge.is_scheduler_base)

        def is_closed(name: str) -> bool:
            return name in CLOSED_BASES or name.startswith("builtins.") or any(is_one(name) for is_one in known)

        outside = [base for base in program.mro(cls) if not isinstance(base, Class)]
        return not all(isinstance(base, External) and is_closed(base.qualified) for base in outside)

    def _store_fields(self, ref: Ref, cls: Class, given: tuple[Given, ...]) -> None:
        """A dataclass or named tuple: arguments go to the annotated fields, in order."""
        fields = self._fields(cls)
        plain = [argument.value for argument in given if argument.keyword is None and not argument.star]
        for name, value in zip(fields, plain, strict=False):
            self._machine.store.put((ref.id, name), value)
        for argument in given:
            if argument.keyword is not None:
                self._machine.store.put((ref.id, argument.keyword), argument.value)
        after = self._machine.program.method(cls, "__post_init__")
        if isinstance(after, Function):
            self._walk.caller.maybe_enter(Routine(after), ref, (), after.at, "__post_init__")

    def _fields(self, cls: Class) -> list[str]:
        """The names of a dataclass's fields, those of its bases first."""
        bases = [base for base in reversed(self._machine.program.mro(cls)) if isinstance(base, Class)]
        return list(dict.fromkeys(name for base in bases for name, _ in annotated_fields(base)))

    def _tracked(self, thing: ProjectClass, role: ObjectKind, given: tuple[Given, ...], at: facts.Span | None) -> Ref:
        """An object of the project's own scheduler, optimizer, loader or dataset class."""
        machine = self._machine
        own, bases = self._walk.own.name(thing.cls), self.known_bases(thing.cls)
        classes = bases if own else (f"{thing.cls.module.name}.{thing.cls.node.name}", *bases)
        entry = machine.knowledge.scheduler(own) if own else None
        ref = self._walk.making.make(
            role,
            classes,
            self._bound(thing.cls, given),
            at,
            optimizer=entry.optimizer if entry is not None else "optimizer",
            children=entry.children if entry is not None else "",
            own_methods=self._own_methods(thing.cls),
            resembles="" if own else self.likeness(thing.cls),
        )
        machine.instances[ref.id] = Instance(thing.cls, thing.frames)
        if role is not ObjectKind.SCHEDULER:  # a scheduler knows the schedulers that it wraps as its children
            for argument in given:
                self._walk.escapes.note_escape(argument.value, f"kept by `{thing.cls.node.name}`", at)
        machine.muted += 1
        try:
            self._initialize(ref, thing, given, at)
        finally:
            machine.muted -= 1
        return ref

    def hand_up(self, called: Super, given: tuple[Given, ...], at: facts.Span | None) -> None:
        """Note what a scheduler of the project gives to the constructor of the library's class that it derives from,
        where it does so in any case.
        """
        machine, ref = self._machine, called.receiver
        if not isinstance(ref, Ref) or ref.id not in machine.instances or machine.tracked(ref) is None:
            return
        made, cls = machine.recorder.objects[ref.id], machine.instances[ref.id].cls
        above = machine.program.method(cls, "__init__", called.after)
        name = above.qualified.rpartition(".")[0] if isinstance(above, External) else ""
        entry = machine.knowledge.scheduler(name)
        always = machine.condition == made.condition and tuple(machine.guards) == made.guards
        if entry is None or made.handed_up or not always:
            return
        bound = self._walk.making.bind(entry.parameters, given)
        place = machine.place(at)
        exported = tuple(self._walk.making.export(*each, place) for each in bound if each[0] != entry.optimizer)
        machine.recorder.put_object(replace(made, handed_up=exported))

    def _own_methods(self, cls: Class) -> tuple[str, ...]:
        """The library's methods that the project's class defines itself."""
        program = self._machine.program
        return tuple(name for name in sorted(LIBRARY_METHODS) if isinstance(program.method(cls, name), Function))

    def _bound(self, cls: Class, given: tuple[Given, ...]) -> tuple[tuple[str, Value, Written], ...]:
        """The arguments by the names of `__init__`'s parameters."""
        found = self._machine.program.method(cls, "__init__")
        names: list[str] = []
        if isinstance(found, Function):
            names = [p.name for p in found.node.parameters[1:] if p.kind in ("normal", "positional")]
        bound, position = [], 0
        for argument in given:
            if argument.keyword is not None:
                bound.append((argument.keyword, argument.value, argument.written))
            elif not argument.star:
                name = names[position] if position < len(names) else f"argument {position + 1}"
                bound.append((name, argument.value, argument.written))
                position += 1
        return tuple(bound)

    # --- receivers that nobody made -----------------------------------------------------------------------------------

    def guessed(self, receiver: Symbol, cls: Class, at: facts.Span | None) -> Value:
        """Instances for an unknown receiver that must be of this class family, one for each class that is no base.

        They are made once for each receiver, as their classes prepare them.
        """
        known = self._guessed.get(receiver.key)
        if known is None or not any(cls in self._machine.program.family(made) for made in self._classes_of(known)):
            chosen = concrete(self._machine.program, cls)
            known = tuple(
                Option(
                    self._prepared_before(each, f"guess {receiver.key}", at),
                    self._is_one(receiver, each) if len(chosen) > 1 else (),
                )
                for each in chosen
            )
            self._guessed[receiver.key] = known
        return known

    @staticmethod
    def _is_one(receiver: Symbol, cls: Class) -> Condition:
        """That the receiver is of this class, which excludes the others that it may have."""
        name = cls.node.name
        return (Test(f"class of {receiver.key}", "==", name, True, f"{receiver.name} is a {name}"),)

    def _classes_of(self, value: Value) -> list[Class]:
        return [self._machine.instances[option.thing.id].cls for option in value if isinstance(option.thing, Ref)]

    def _prepared_before(self, cls: Class, kind: str, at: facts.Span | None) -> Ref:
        """An instance that somebody set up before: of what its methods do, only what they make is told."""
        machine = self._machine
        with machine.at_import(self._walk.names.module_frame(cls.module)):
            machine.preparing += 1
            try:
                return self.prepared(cls, kind, at)
            finally:
                machine.preparing -= 1

    def prepared(self, cls: Class, kind: str, at: facts.Span | None, frames: tuple[int, ...] = ()) -> Ref:
        """An instance of a class as its own methods set it up: `__init__` with unknown arguments, then what fills
        attributes. `frames` are those of the functions around a class that is defined inside them.
        """
        machine = self._machine
        place = machine.place(at)
        ref = Ref(machine.recorder.owner(f"{kind} {cls.node.name}", machine.way(place)))
        machine.instances[ref.id] = Instance(cls, frames)
        init = machine.program.method(cls, "__init__")
        for method in (*((init,) if isinstance(init, Function) else ()), *self.preparing(cls)):
            with self._walk.binding.unknown_caller():
                self._walk.caller.enter(Routine(method, frames if method.owner == cls else ()), ref, (), method.at)
        return ref

    def preparing(self, cls: Class) -> tuple[Function, ...]:
        """The methods that fill attributes with objects and that no other method of the class calls."""
        program, words = self._machine.program, self._machine.words
        methods = [each for each in all_methods(program, cls) if program.is_relevant(each, words)]
        called = {name for method in methods for name in self_calls(method.node)}
        return tuple(
            method
            for method in methods
            if method.node.name not in called and method.node.name != "__init__" and fills_attributes(method.node)
        )

    def dataclass_field(self, cls: Class, name: str) -> bool:
        """Whether the name is an annotated field of a dataclass, whose class-level value is only its default."""
        return bool(decorator_names(cls.node) & {"dataclass", "dataclasses"}) and name in self._fields(cls)


def concrete(program: Program, cls: Class) -> list[Class]:
    """The classes that a class of the project is used as: the few that derive from it and are no base, else itself."""
    leaves = [each for each in program.subclasses(cls) if not program.subclasses(each)]
    return leaves if 1 <= len(leaves) <= MOST_GUESSES else [cls]


def all_methods(program: Program, cls: Class) -> tuple[Function, ...]:
    """The methods that instances of the class have, those of project bases included, nearest definition first."""
    found: dict[str, Function] = {}
    for base in program.mro(cls):
        if isinstance(base, Class):
            for method in program.methods(base):
                found.setdefault(method.node.name, method)
    return tuple(found.values())


def annotated_fields(cls: Class) -> list[tuple[str, facts.Expr | None]]:
    """The annotated names of a class body, in order, with their values."""
    return [
        (statement.target.id, statement.value)
        for statement in cls.node.body
        if isinstance(statement, facts.AnnAssign) and isinstance(statement.target, facts.Name)
    ]


def self_calls(method: facts.FunctionDef) -> set[str]:
    """The names of the methods that a method calls on its own object."""
    own = method.parameters[0].name if method.parameters else ""
    return {
        node.func.attr
        for node in nodes(method)
        if isinstance(node, facts.Call)
        and isinstance(node.func, facts.Attribute)
        and isinstance(node.func.value, facts.Name)
        and node.func.value.id == own
    }


def fills_attributes(method: facts.FunctionDef) -> bool:
    """Whether a method stores the result of a call to an attribute of its own object."""
    own = method.parameters[0].name if method.parameters else ""
    for node in nodes(method):
        if isinstance(node, facts.Assign) and not isinstance(node.value, facts.Constant):
            for target in node.targets:
                items = target.items if isinstance(target, facts.Sequence) else (target,)
                if any(
                    isinstance(i, facts.Attribute) and isinstance(i.value, facts.Name) and i.value.id == own
                    for i in items
                ):
                    return True
    return False
