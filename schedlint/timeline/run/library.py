"""Calls out of the project, answered by the knowledge tables, and what they do to tracked objects."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec.structs import replace

from schedlint import facts
from schedlint.knowledge import schema
from schedlint.place import Place
from schedlint.program.symbols import External, Function
from schedlint.timeline.model import Bound, Confidence, EventKind, Object, ObjectKind, Subject
from schedlint.timeline.quantity import Items, Literal, Quantity, Symbol
from schedlint.timeline.run.builtin_calls import BuiltinCalls
from schedlint.timeline.run.evaluator import arithmetic
from schedlint.timeline.run.values import (
    Foreign,
    ForeignMember,
    ForeignObject,
    Given,
    Pack,
    ProjectClass,
    Ref,
    Spread,
    Stream,
    Thing,
    Value,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

FACTORY_WORDS = ("sched", "instantiate")
"""A function so called that is given an optimizer makes a scheduler."""

PURE: dict[str, Callable[[list[int | float]], int | float]] = {
    "int": lambda numbers: int(numbers[0]),
    "float": lambda numbers: float(numbers[0]),
    "round": lambda numbers: round(numbers[0]),
    "ceil": lambda numbers: math.ceil(numbers[0]),
    "floor": lambda numbers: math.floor(numbers[0]),
    "abs": lambda numbers: abs(numbers[0]),
    "min": min,
    "max": max,
    "sum": sum,
}


class Library:
    """Answers calls of foreign functions and classes."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._builtins = BuiltinCalls(walk)
        knowledge = walk.machine.knowledge
        self._scheduler_modules = frozenset(name.rpartition(".")[0] for name in knowledge.schedulers)
        self._optimizer_modules = frozenset(name.rpartition(".")[0] for name in knowledge.optimizers)

    def makes_objects(self, qualified: str) -> bool:
        """Whether a foreign name is a scheduler or optimizer class, or a module of them."""
        knowledge = self._machine.knowledge
        if qualified in self._scheduler_modules or qualified in self._optimizer_modules:
            return True
        return knowledge.scheduler(qualified) is not None or knowledge.optimizer(qualified) is not None

    # --- dispatch -----------------------------------------------------------------------------------------------------

    def call(self, qualified: str, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """Call something outside the project by its qualified name."""
        knowledge = self._machine.knowledge
        scheduler = knowledge.scheduler(qualified)
        if scheduler is not None:
            return self._scheduler(scheduler, given, at)
        optimizer = knowledge.optimizer(qualified)
        if optimizer is not None:
            return self._optimizer(optimizer, given, at)
        loader = knowledge.loader(qualified)
        if loader is not None:
            return self._loader(loader, given, at)
        answer = self._builtins.call(qualified, given, at, spelled)
        if answer is not None:
            return answer
        view = knowledge.view(qualified)
        if view is not None:
            return just(self.view(view, given, None, spelled))
        pure = knowledge.arithmetic(qualified)
        if pure is not None:
            return self._arithmetic(pure, given)
        function = knowledge.function(qualified)
        if function is not None:
            return self.effect(function, given, at, spelled, None)
        if knowledge.is_not_scheduler(qualified):
            self.hand_on(given, spelled, at)
            return just(self._machine.unknown(f"{spelled}()", f"`{spelled}` has nothing to do with learning rates", at))
        if knowledge.klass(qualified) is not None:
            self.hand_on(given, spelled, at)
            return just(ForeignObject(qualified, self._machine.unknown(spelled, "", at).key))
        return self.unknown_call(spelled, given, at)

    def call_member(
        self, member: ForeignMember, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """Call a member of a foreign module that is chosen by name at run time."""
        reason = f"the class is chosen by name: {spelled}"
        if member.qualified in self._scheduler_modules and given:
            return just(self._of_unknown_class(ObjectKind.SCHEDULER, given, at, reason, Confidence.CERTAIN))
        if member.qualified in self._optimizer_modules:
            return just(self._of_unknown_class(ObjectKind.OPTIMIZER, given, at, reason, Confidence.CERTAIN))
        return self.unknown_call(spelled, given, at)

    # --- objects ------------------------------------------------------------------------------------------------------

    def bind(
        self, parameters: Sequence[schema.Parameter], given: tuple[Given, ...]
    ) -> tuple[tuple[str, Value, bool], ...]:
        """Arguments by parameter: name, value, and whether it was given."""
        positional = [parameter for parameter in parameters if not parameter.keyword_only and not parameter.until]
        bound: list[tuple[str, Value, bool]] = []
        position = 0
        for argument in given:
            if argument.star:
                bound.append((argument.star, argument.value, True))
            elif argument.keyword is not None:
                bound.append((argument.keyword, argument.value, True))
            else:
                name = positional[position].name if position < len(positional) else f"argument {position + 1}"
                bound.append((name, argument.value, True))
                position += 1
        return tuple(bound)

    def make(
        self,
        kind: ObjectKind,
        classes: tuple[str, ...],
        bound: Sequence[tuple[str, Value, bool]],
        at: facts.Span | None,
        *,
        optimizer: str = "optimizer",
        children: str = "",
        class_reason: str = "",
        confidence: Confidence = Confidence.CERTAIN,
    ) -> Ref:
        """Make a tracked object here, and record that it is made."""
        machine = self._machine
        place = machine.place(at)
        drives, reason = self._drives(kind, bound, optimizer)
        wrapped = self._children(kind, bound, children, drives)
        arguments = tuple(self._export(name, value) for name, value, _ in bound)
        frame, _, lane = machine.way(place)
        ref = Ref(machine.recorder.object_id((frame, place, lane)))
        machine.recorder.put_object(
            Object(
                id=ref.id,
                kind=kind,
                place=place,
                name="",
                classes=classes,
                class_reason=class_reason,
                arguments=arguments,
                optimizers=drives or self._inherited(wrapped),
                optimizer_reason="" if drives or self._inherited(wrapped) else reason,
                children=wrapped,
                loops=tuple(machine.loops),
                guards=tuple(machine.guards),
                condition=machine.condition,
                calls=tuple(machine.calls),
                confidence=Confidence.LIKELY if machine.likely else confidence,
            )
        )
        machine.event(
            EventKind.CREATED, at, (Subject(ref.id),), method=classes[0].rpartition(".")[2] if classes else ""
        )
        return ref

    def _inherited(self, children: Sequence[int]) -> tuple[int, ...]:
        """The optimizers of wrapped schedulers: a ChainedScheduler drives what its children drive."""
        objects = self._machine.recorder.objects
        return tuple(dict.fromkeys(optimizer for child in children for optimizer in objects[child].optimizers))

    def _drives(
        self, kind: ObjectKind, bound: Sequence[tuple[str, Value, bool]], parameter: str
    ) -> tuple[tuple[int, ...], str]:
        """The optimizers that a scheduler is built on, or why they are not known."""
        if kind is not ObjectKind.SCHEDULER:
            return (), ""
        values = [value for name, value, _ in bound if name == parameter]
        values += [value for name, value, _ in bound if name != parameter and name not in ("*", "**")]
        for value in values:
            found = [
                ref
                for option in value
                for ref in self._walk.containers.holds(option.thing, 2)
                if self._is(ref, ObjectKind.OPTIMIZER)
            ]
            if found:
                return tuple(dict.fromkeys(ref.id for ref in found)), ""
        if any(name == parameter for name, _, _ in bound):
            return self._adopted(values[0])
        return (), "no optimizer is passed by name or position"

    def _adopted(self, value: Value) -> tuple[tuple[int, ...], str]:
        """What is passed as an optimizer is one, even if nothing else is known of it."""
        machine = self._machine
        symbols = [option.thing for option in value if isinstance(option.thing, Symbol)]
        if not symbols:
            return (), "what is passed as the optimizer is not followed"
        ids = tuple(self._adopt(symbol) for symbol in symbols)
        reasons = [machine.recorder.objects[id].class_reason for id in ids]
        return ids, reasons[0]

    def _adopt(self, symbol: Symbol) -> int:
        machine = self._machine
        place = symbol.place or machine.place(None)
        reason = symbol.reason or f"`{symbol.name}` is not followed to its construction"
        id = machine.recorder.object_id((0, place, hash_of(symbol.key)))
        machine.recorder.put_object(
            Object(
                id,
                ObjectKind.OPTIMIZER,
                place,
                symbol.name,
                (),
                class_reason=reason,
                handed_in=True,
                confidence=Confidence.LIKELY,
            )
        )
        machine.known_as[symbol.key] = id
        return id

    def adopt_annotated(self, symbol: Symbol, annotation: facts.Expr, function: Function) -> None:
        """A parameter annotated with a class of optimizers, schedulers or loaders is one: likely."""
        kind = self._annotated_kind(annotation, function)
        if kind is None or symbol.key in self._machine.known_as:
            return
        at = function.at
        place = Place(function.module.path, at.row, at.column, at.end_row, at.end_column)
        reason = f"`{symbol.name}` is known by its annotation alone"
        id = self._machine.recorder.object_id((0, place, hash_of(symbol.key)))
        made = Object(id, kind, place, symbol.name, (), class_reason=reason, optimizer_reason=reason)
        self._machine.recorder.put_object(replace(made, handed_in=True, confidence=Confidence.LIKELY))
        self._machine.known_as[symbol.key] = id

    def _annotated_kind(self, annotation: facts.Expr, function: Function) -> ObjectKind | None:
        """The kind of object that an annotation names; `X | None` and `Optional[X]` name X."""
        match annotation:
            case facts.Binary(op="|", left=left, right=right):
                return self._annotated_kind(left, function) or self._annotated_kind(right, function)
            case facts.Subscript(value=facts.Name(id="Optional"), index=index):
                return self._annotated_kind(index, function)
            case facts.Constant(value=str(quoted)) if all(part.isidentifier() for part in quoted.split(".")):
                return self._annotated_kind(dotted_name(quoted), function)
            case facts.Name() | facts.Attribute():
                symbols = self._machine.program.expression(function.module, annotation)
            case _:
                return None
        knowledge = self._machine.knowledge
        for symbol in symbols:
            if isinstance(symbol, External) and knowledge.is_optimizer_base(symbol.qualified):
                return ObjectKind.OPTIMIZER
            if isinstance(symbol, External) and knowledge.is_scheduler_base(symbol.qualified):
                return ObjectKind.SCHEDULER
            if isinstance(symbol, External) and knowledge.is_loader_base(symbol.qualified):
                return ObjectKind.LOADER
        return None

    def _children(
        self, kind: ObjectKind, bound: Sequence[tuple[str, Value, bool]], parameter: str, drives: tuple[int, ...]
    ) -> tuple[int, ...]:
        """The schedulers that a scheduler wraps: in the parameter the tables name, else in any argument."""
        if kind is not ObjectKind.SCHEDULER:
            return ()
        values = [value for name, value, _ in bound if not parameter or name == parameter]
        refs = [ref for value in values for option in value for ref in self._walk.containers.holds(option.thing, 3)]
        return tuple(dict.fromkeys(ref.id for ref in refs if self._is(ref, ObjectKind.SCHEDULER)))

    def _is(self, ref: Ref, kind: ObjectKind) -> bool:
        return self._machine.kind(ref) is kind

    def _export(self, name: str, value: Value) -> Bound:
        """An argument as it goes into the timeline."""
        quantities = tuple(self._quantity(option.thing) for option in value)
        objects = [ref.id for option in value for ref in self._walk.containers.holds(option.thing, 2)]
        return Bound(name, quantities, tuple(dict.fromkeys(objects)))

    def _quantity(self, thing: Thing) -> Quantity:
        curve = self._walk.schedules.curve(thing)
        return curve if curve is not None else self._walk.evaluator.scalar(thing)

    def _scheduler(self, spec: schema.Scheduler, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        if spec.abstract and not given:
            return just(self._machine.unknown(spec.name, "an abstract scheduler", at))
        bound = self.bind(spec.parameters, given)
        ref = self.make(ObjectKind.SCHEDULER, (spec.name,), bound, at, optimizer=spec.optimizer, children=spec.children)
        if spec.in_tuple:
            return just(Pack((just(ref), just(self._machine.unknown("number of epochs", "returned by a factory", at)))))
        return just(ref)

    def _optimizer(self, spec: schema.Optimizer, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        bound = self.bind(spec.parameters, given)
        if spec.wraps:
            wrapped = next((value for name, value, _ in bound if name == spec.wraps), None)
            if wrapped is not None and any(self._machine.tracked(option.thing) for option in wrapped):
                return wrapped
        return just(self.make(ObjectKind.OPTIMIZER, (spec.name,), bound, at))

    def _loader(self, spec: schema.Loader, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        kind = ObjectKind.LOADER if spec.kind == "loader" else ObjectKind.DATASET
        ref = self.make(kind, (spec.name,), self.bind(spec.parameters, given), at)
        return just(Pack((), just(ref))) if spec.many else just(ref)

    def _of_unknown_class(
        self, kind: ObjectKind, given: tuple[Given, ...], at: facts.Span | None, reason: str, confidence: Confidence
    ) -> Ref:
        plain = [argument for argument in given if not argument.star]
        bound = [(argument.keyword or f"argument {i}", argument.value, True) for i, argument in enumerate(plain, 1)]
        if kind is ObjectKind.SCHEDULER and bound:
            held = [self._holds_optimizer(value) for _, value, _ in bound]
            which = held.index(True) if True in held else 0
            bound[which] = ("optimizer", bound[which][1], True)
        return self.make(kind, (), bound, at, class_reason=reason, confidence=confidence)

    def _holds_optimizer(self, value: Value) -> bool:
        refs = [ref for option in value for ref in self._walk.containers.holds(option.thing, 1)]
        return any(self._is(ref, ObjectKind.OPTIMIZER) for ref in refs)

    def _optimizer_in(self, given: tuple[Given, ...]) -> Ref | None:
        """An optimizer among the arguments."""
        for argument in given:
            for option in argument.value:
                for ref in self._walk.containers.holds(option.thing, 1):
                    if self._is(ref, ObjectKind.OPTIMIZER):
                        return ref
                if (
                    isinstance(option.thing, Symbol)
                    and argument.keyword in (None, "optimizer")
                    and "optim" in option.thing.name.lower()
                ):
                    return Ref(self._adopt(option.thing))
        return None

    def scheduler_from_factory(
        self, value: Value, spelled: str, given: tuple[Given, ...], at: facts.Span | None
    ) -> Value:
        """What an unknown factory of schedulers returns when it is given an optimizer is a scheduler of unknown
        class.
        """
        thing = only(value)
        name = spelled.rpartition(".")[2].lower()
        if not isinstance(thing, Symbol) or not any(word in name for word in FACTORY_WORDS):
            return value
        if self._machine.tracked(thing) is not None or self._machine.knowledge.is_not_scheduler(spelled):
            return value
        if self._optimizer_in(given) is None:
            return value
        reason = f"`{spelled}` is not followed to a class" + (f": {thing.reason}" if thing.reason else "")
        return just(self._of_unknown_class(ObjectKind.SCHEDULER, given, at, reason, Confidence.LIKELY))

    def is_of_class(self, made: Object, cls: Foreign | ProjectClass) -> bool | None:
        """Whether a tracked object is an instance of a class; None where that is not known."""
        if not made.classes:
            return None
        knowledge = self._machine.knowledge
        if isinstance(cls, ProjectClass):
            instance = self._machine.instances.get(made.id)
            return instance is not None and cls.cls in self._machine.program.mro(instance.cls)
        wanted = knowledge.canonical(cls.qualified)
        known = {ancestor for name in made.classes for ancestor in (name, *knowledge.ancestors(name))}
        if wanted in known:
            return True
        return False if knowledge.is_scheduler_base(wanted) or knowledge.is_optimizer_base(wanted) else None

    # --- effects ------------------------------------------------------------------------------------------------------

    def effect(
        self,
        function: schema.Function,
        given: tuple[Given, ...],
        at: facts.Span | None,
        spelled: str,
        receiver: Thing | None,
    ) -> Value:
        """Do what the tables say that a function or method does."""
        match function.effect:
            case schema.Effect.OPTIMIZER_STEP:
                return self._optimizer_step(function, given, at, spelled, receiver)
            case schema.Effect.BACKWARD:
                self._machine.event(EventKind.BACKWARD, at, (), receiver=spelled, method="backward")
            case schema.Effect.PASS_THROUGH:
                return self._passed_through(function, given, at)
            case schema.Effect.SAVE:
                self._saved(given, at, spelled)
            case schema.Effect.CALLS:
                return self._called_back(function, given, at, spelled)
            case schema.Effect.STEPS_SCHEDULER:
                for argument in given:
                    self._stepped_from_here(argument.value, at)
            case _:
                pass
        if function.returns:
            return just(ForeignObject(function.returns, self._machine.unknown(spelled, "", at).key))
        return just(self._machine.unknown(f"{spelled}()", f"what `{spelled}` returns is not followed", at))

    def _called_back(
        self, function: schema.Function, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """The library calls what it is given, with arguments of its own in front of those in a tuple."""
        by_name = {name: value for name, value, _ in self.bind(function.parameters, given)}
        target = by_name.get(function.keyword, ())
        pack = self._walk.containers.as_pack(by_name.get(function.passes, ()))
        own = [
            just(self._machine.unknown(f"argument {i + 1}", f"given by `{spelled}`", at))
            for i in range(function.leading)
        ]
        passed = list(pack.items) if pack is not None and pack.whole else []
        arguments = tuple(Given(value) for value in (*own, *passed))
        for option in target:
            self._walk.caller.call_thing(option.thing, arguments, at, spelled)
        return just(self._machine.unknown(f"{spelled}()", f"what `{spelled}` returns is not followed", at))

    def _stepped_from_here(self, value: Value, at: facts.Span | None) -> None:
        """A library steps the schedulers in a value from here on."""
        refs = dict.fromkeys(ref for option in value for ref in self._walk.containers.holds(option.thing))
        subjects = [Subject(ref.id) for ref in refs if self._is(ref, ObjectKind.SCHEDULER)]
        if subjects:
            self._machine.event(EventKind.STEPPED_BY, at, subjects, every=True)

    def _argument(self, function: schema.Function, given: tuple[Given, ...]) -> Value | None:
        plain = [argument.value for argument in given if argument.keyword is None and not argument.star]
        named = [
            argument.value
            for argument in given
            if argument.keyword is not None and argument.keyword == function.keyword
        ]
        if named:
            return named[0]
        return plain[function.argument] if 0 <= function.argument < len(plain) else None

    def _optimizer_step(
        self,
        function: schema.Function,
        given: tuple[Given, ...],
        at: facts.Span | None,
        spelled: str,
        receiver: Thing | None,
    ) -> Value:
        value = self._argument(function, given)
        if value is None and receiver is not None and function.argument < 0:
            value = just(receiver)
        subjects = self.subjects(value or (), ObjectKind.OPTIMIZER)
        owner, _, method = spelled.rpartition(".")
        self._machine.event(EventKind.OPTIMIZED, at, subjects, receiver=owner, method=method)
        return just(self._machine.unknown(f"{spelled}()", "what a step returns", at))

    def subjects(self, value: Value, kind: ObjectKind) -> tuple[Subject, ...]:
        """The tracked objects of a kind that a value may be."""
        found = []
        for option in value:
            ref = self._machine.tracked(option.thing)
            if ref is not None and self._is(ref, kind):
                found.append(Subject(ref.id, option.when))
        return tuple(found)

    def _passed_through(self, function: schema.Function, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        plain = [argument.value for argument in given if not argument.star]
        if function.results:
            by_name = {name: value for name, value, _ in self.bind(function.parameters, given)}
            unknown = just(self._machine.unknown("result", "a result of a library call", at))
            items = [by_name.get(name, unknown) for name in function.results]
            if function.returns:
                items[0] = just(ForeignObject(function.returns, self._machine.unknown("result 1", "", at).key))
            self._stepped_from_here(by_name.get(function.steps, ()), at)
            return just(Pack(tuple(items)))
        if function.every:
            return plain[0] if len(plain) == 1 else just(Pack(tuple(plain)))
        value = self._argument(function, given)
        return value if value is not None else just(self._machine.unknown("result", "a result of a library call", at))

    def _saved(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> None:
        refs = [
            ref for argument in given for option in argument.value for ref in self._walk.containers.holds(option.thing)
        ]
        subjects = [Subject(ref.id) for ref in dict.fromkeys(refs)]
        arguments = tuple(self._export(argument.keyword or "", argument.value) for argument in given)
        self._machine.event(EventKind.FILE_SAVED, at, subjects, receiver=spelled, arguments=arguments, every=True)

    def view(self, view: schema.View, given: tuple[Given, ...], receiver: Value | None, spelled: str) -> Thing:
        """What iterating a view gives."""
        values = [argument.value for argument in given if argument.keyword is None]
        if view.item == "range":
            return self._spread(values, view.endless)
        named = [argument.value for argument in given if argument.keyword == view.keyword and view.keyword]
        sources: tuple[Value, ...]
        if view.argument < 0 and receiver is not None:
            sources = (receiver,)
        elif named:
            sources = (named[0],)
        elif view.every or view.item == "zipped":
            sources = tuple(values)
        else:
            sources = (values[view.argument],) if view.argument < len(values) else ()
        if not sources:
            return self._machine.unknown(f"{spelled}()", f"`{spelled}` over nothing that is known")
        shape = {"paired": "mapped"}.get(view.item, view.item)
        inner = only(sources[0])
        if (
            shape == "same"
            and not view.endless
            and inner is not None
            and self._walk.containers.as_pack(sources[0]) is not None
        ):
            return inner
        return Stream(shape, sources, spelled, view.endless)

    def _spread(self, values: Sequence[Value], endless: bool) -> Spread:
        numbers = [self._walk.evaluator.scalar_of(value) for value in values]
        if endless:
            return Spread(numbers[0] if numbers else None, None)
        if len(numbers) == 1:
            return Spread(None, numbers[0])
        return Spread(numbers[0], numbers[1]) if numbers else Spread(None, None)

    def _arithmetic(self, pure: schema.Arithmetic, given: tuple[Given, ...]) -> Value:
        numbers = [self._walk.evaluator.scalar_of(argument.value) for argument in given if argument.keyword is None]
        if (
            len(numbers) == 1
            and isinstance(numbers[0], Items)
            and numbers[0].whole
            and pure.op in ("min", "max", "sum")
        ):
            numbers = list(numbers[0].items)
        return just(computed(pure.op, tuple(numbers)))

    # --- what is not known --------------------------------------------------------------------------------------------

    def unknown_call(self, spelled: str, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        """Call something that nobody knows: tracked arguments are handed on, the result is unknown."""
        value = just(self._machine.unknown(f"{spelled}()", f"`{spelled}` is not followed", at))
        made = self.scheduler_from_factory(value, spelled, given, at)
        if made is value:
            self.hand_on(given, spelled, at)
        return made

    def hand_on(
        self, given: tuple[Given, ...], spelled: str, at: facts.Span | None, into_project: bool = False
    ) -> None:
        """Record that tracked objects go to code that is not understood."""
        if into_project:
            return
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

    def note_escape(self, value: Value, how: str, at: facts.Span | None) -> None:
        """Like `escape`, for a place that stays readable: nothing happens there, but others may see the object."""
        machine = self._machine
        for option in value:
            for ref in self._walk.containers.holds(option.thing, 3):
                if machine.kind(ref) in (ObjectKind.OPTIMIZER, ObjectKind.SCHEDULER):
                    machine.recorder.escape(ref.id, how, machine.place(at))

    # --- objects of library classes -----------------------------------------------------------------------------------

    def foreign_attribute(self, thing: ForeignObject, name: str, at: facts.Span | None) -> Value:
        """An attribute of an instance of a library class."""
        return self._builtins.attribute(thing, name, at)

    def on_parser(
        self, parser: ForeignObject, name: str, given: tuple[Given, ...], at: facts.Span | None
    ) -> Value | None:
        """A method of a command-line parser; None for any other object."""
        return self._builtins.on_parser(parser, name, given, at)


def computed(op: str, numbers: tuple[Quantity, ...]) -> Quantity:
    """A pure function of quantities, computed where all are literal."""
    values = [number.value for number in numbers if isinstance(number, Literal)]
    if len(values) == len(numbers) and values and all(isinstance(value, (int, float)) for value in values):
        plain = [value for value in values if isinstance(value, (int, float)) and abs(value) < 1e15]
        if op in PURE and len(plain) == len(values):
            return Literal(PURE[op](plain))
    return arithmetic(op, numbers)


def hash_of(key: str) -> int:
    """A number for a key that is the same in every run."""
    return crc32(key.encode())


def dotted_name(text: str) -> facts.Expr:
    """The expression that a quoted annotation holds: `"torch.optim.Optimizer"`."""
    nowhere = facts.Span(1, 1, 1, 1)
    first, *rest = text.split(".")
    expression: facts.Expr = facts.Name(first, nowhere)
    for part in rest:
        expression = facts.Attribute(expression, part, nowhere)
    return expression
