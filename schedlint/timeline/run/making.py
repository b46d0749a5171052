"""Making tracked objects: what a construction drives and wraps, its arguments, and objects known only by a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from msgspec.structs import replace

from schedlint import facts
from schedlint.knowledge import schema
from schedlint.place import Place
from schedlint.program.symbols import External, Function
from schedlint.timeline.model import Bound, Confidence, EventKind, Object, ObjectKind, Subject, Written
from schedlint.timeline.quantity import Items, Quantity, Symbol
from schedlint.timeline.run.groups import PARAMETERS, own_rates
from schedlint.timeline.run.values import (
    Foreign,
    Given,
    ProjectClass,
    Ref,
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


class Making:
    """Makes tracked objects."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    def bind(
        self, parameters: Sequence[schema.Parameter], given: tuple[Given, ...]
    ) -> tuple[tuple[str, Value, Written], ...]:
        """Arguments by parameter: name, value, and how it is written."""
        positional = [parameter for parameter in parameters if not parameter.keyword_only and not parameter.until]
        bound: list[tuple[str, Value, Written]] = []
        position = 0
        for argument in given:
            if argument.star:
                bound.append((argument.star, argument.value, Written.UNPACKED))
            elif argument.keyword is not None:
                bound.append((argument.keyword, argument.value, argument.written))
            else:
                name = positional[position].name if position < len(positional) else f"argument {position + 1}"
                bound.append((name, argument.value, argument.written))
                position += 1
        return tuple(bound)

    def make(
        self,
        kind: ObjectKind,
        classes: tuple[str, ...],
        bound: Sequence[tuple[str, Value, Written]],
        at: facts.Span | None,
        *,
        optimizer: str = "optimizer",
        children: str = "",
        class_reason: str = "",
        own_methods: tuple[str, ...] = (),
        resembles: str = "",
        confidence: Confidence = Confidence.CERTAIN,
        base: str = "",
    ) -> Ref:
        """Make a tracked object here, and record that it is made."""
        machine = self._machine
        place = machine.place(at)
        drives, reason = self._drives(kind, bound, optimizer)
        wrapped = self._children(kind, bound, children)
        drives = drives or self._inherited(wrapped)
        arguments = tuple(self.export(*each) for each in bound)
        ref = Ref(machine.recorder.object_id(machine.way(place)))
        made = Object(
            id=ref.id,
            kind=kind,
            place=place,
            name="",
            classes=classes,
            class_reason=class_reason,
            arguments=arguments,
            optimizers=drives,
            optimizer_reason="" if drives else reason,
            children=wrapped,
            turns=self._turns(bound, children) if wrapped and children else (),
            own_methods=own_methods,
            resembles=resembles,
            base=base,
        )
        if kind is ObjectKind.OPTIMIZER:
            made = replace(made, initial_rates=self._initial_rates(bound), own_rates=own_rates(self._walk, bound))
        machine.recorder.put_object(self._here(made, confidence))
        short = classes[0].rpartition(".")[2] if classes else ""
        machine.event(EventKind.CREATED, at, (Subject(ref.id),), method=short)
        return ref

    def _here(self, made: Object, confidence: Confidence) -> Object:
        """An object with where in the run it is made: in which loops, behind which tests, by which function."""
        machine = self._machine
        return replace(
            made,
            loops=tuple(machine.loops),
            guards=tuple(machine.guards),
            condition=machine.condition,
            calls=tuple(machine.calls),
            within=self._function(),
            confidence=Confidence.LIKELY if machine.likely else confidence,
            attempted=machine.attempted,
        )

    def _function(self) -> str:
        """The function that is run, with the class that it belongs to."""
        frame = self._machine.frame
        parts = (frame.owner, frame.function)
        return ".".join(part.node.name for part in parts if part is not None)

    def _initial_rates(self, bound: Sequence[tuple[str, Value, Written]]) -> bool | None:
        """Whether the parameters of an optimizer are groups that hold an `initial_lr`; None where that is not known."""
        thing = only(next((value for name, value, _ in bound if name in PARAMETERS), ()))
        if isinstance(thing, Stream) or (isinstance(thing, Symbol) and thing.name.endswith("parameters()")):
            return False
        pack = self._walk.containers.as_pack(just(thing)) if thing is not None else None
        if pack is None:
            return None
        tables = [self._walk.containers.table(item) for item in (*pack.items, *((pack.rest,) if pack.rest else ()))]
        if any("initial_lr" in dict(table.entries) for table in tables if table is not None):
            return True
        return None if any(table is not None and table.rest is not None for table in tables) else False

    def _inherited(self, children: Sequence[int]) -> tuple[int, ...]:
        """The optimizers of wrapped schedulers: a ChainedScheduler drives what its children drive."""
        objects = self._machine.recorder.objects
        return tuple(dict.fromkeys(optimizer for child in children for optimizer in objects[child].optimizers))

    def _drives(
        self, kind: ObjectKind, bound: Sequence[tuple[str, Value, Written]], parameter: str
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
                if self.is_a(ref, ObjectKind.OPTIMIZER)
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
        ids = tuple(self.adopt(symbol) for symbol in symbols)
        reasons = [machine.recorder.objects[id].class_reason for id in ids]
        return ids, reasons[0]

    def adopt(self, symbol: Symbol) -> int:
        """An optimizer for an unknown value that must be one; from here on the value is known as it."""
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
        machine.recorder.hold_object(id, machine.store.keys_of(symbol))
        return id

    def adopt_annotated(self, symbol: Symbol, annotation: facts.Expr, function: Function) -> None:
        """A parameter annotated with a class of optimizers, schedulers or loaders is one: likely."""
        named = self._annotated(annotation, function)
        if named is None or symbol.key in self._machine.known_as:
            return
        kind, base = named
        at = function.at
        place = Place(function.module.path, at.row, at.column, at.end_row, at.end_column)
        reason = f"`{symbol.name}` is known by its annotation alone"
        id = self._machine.recorder.object_id((0, place, hash_of(symbol.key)))
        made = Object(id, kind, place, symbol.name, (), class_reason=reason, optimizer_reason=reason)
        self._machine.recorder.put_object(replace(made, handed_in=True, confidence=Confidence.LIKELY, base=base))
        self._machine.known_as[symbol.key] = id

    def heed_annotation(self, value: Value, annotation: facts.Expr, function: Function) -> None:
        """Of a scheduler whose class is not known, the annotation of a parameter that it is given to says a base: an
        abstract one, as a class of its own may be asked for behind a test alone.
        """
        recorder = self._machine.recorder
        for option in value:
            ref = self._machine.tracked(option.thing)
            made = None if ref is None else recorder.objects.get(ref.id)
            if made is None or made.kind is not ObjectKind.SCHEDULER or made.classes or made.base:
                continue
            kind, base = self._annotated(annotation, function) or (None, "")
            table = self._machine.knowledge.scheduler(base) if kind is ObjectKind.SCHEDULER else None
            if table is not None and table.abstract:
                recorder.put_object(replace(made, base=base, confidence=Confidence.LIKELY))

    def _annotated(self, annotation: facts.Expr, function: Function) -> tuple[ObjectKind, str] | None:
        """The kind of object that an annotation names, and its class; `X | None` and `Optional[X]` name X."""
        match annotation:
            case facts.Binary(op="|", left=left, right=right):
                return self._annotated(left, function) or self._annotated(right, function)
            case facts.Subscript(value=facts.Name(id="Optional"), index=index):
                return self._annotated(index, function)
            case facts.Constant(value=str(quoted)) if all(part.isidentifier() for part in quoted.split(".")):
                return self._annotated(dotted_name(quoted), function)
            case facts.Name() | facts.Attribute():
                symbols = self._machine.program.expression(function.module, annotation)
            case _:
                return None
        knowledge = self._machine.knowledge
        for symbol in symbols:
            if isinstance(symbol, External) and knowledge.is_optimizer_base(symbol.qualified):
                return ObjectKind.OPTIMIZER, symbol.qualified
            if isinstance(symbol, External) and knowledge.is_scheduler_base(symbol.qualified):
                return ObjectKind.SCHEDULER, symbol.qualified
            if isinstance(symbol, External) and knowledge.is_loader_base(symbol.qualified):
                return ObjectKind.LOADER, symbol.qualified
        return None

    def _children(
        self, kind: ObjectKind, bound: Sequence[tuple[str, Value, Written]], parameter: str
    ) -> tuple[int, ...]:
        """The schedulers that a scheduler wraps: in the parameter the tables name, else in any argument."""
        if kind is not ObjectKind.SCHEDULER:
            return ()
        values = [value for name, value, _ in bound if not parameter or name == parameter]
        refs = [ref for value in values for option in value for ref in self._walk.containers.holds(option.thing, 3)]
        return tuple(dict.fromkeys(ref.id for ref in refs if self.is_a(ref, ObjectKind.SCHEDULER)))

    def _turns(self, bound: Sequence[tuple[str, Value, Written]], parameter: str) -> tuple[tuple[int, ...], ...]:
        """The schedulers at each place of the list that a scheduler wraps; none where the list is not known whole."""
        given = next((value for name, value, _ in bound if name == parameter), ())
        pack = self._walk.containers.as_pack(given)
        if pack is None or not pack.whole:
            return ()
        turns = [self._schedulers(item) for item in pack.items]
        return tuple(turns) if all(turns) else ()

    def _schedulers(self, item: Value) -> tuple[int, ...]:
        """What an item of a list may be, where that is always a scheduler."""
        refs = [self._machine.tracked(option.thing) for option in item]
        found = tuple(ref.id for ref in refs if ref is not None and self.is_a(ref, ObjectKind.SCHEDULER))
        return found if len(found) == len(refs) else ()

    def is_a(self, ref: Ref, kind: ObjectKind) -> bool:
        """Whether a tracked object is of this kind."""
        return self._machine.kind(ref) is kind

    def export(self, name: str, value: Value, written: Written = Written.KEYWORD, at: Place | None = None) -> Bound:
        """An argument as it goes into the timeline."""
        quantities = tuple(self._quantity(option.thing) for option in value)
        objects = [ref.id for option in value for ref in self._walk.containers.holds(option.thing, 2)]
        return Bound(name, quantities, tuple(dict.fromkeys(objects)), at, written=written)

    def _quantity(self, thing: Thing) -> Quantity:
        curve = self._walk.schedules.curve(thing)
        if curve is not None:
            return curve
        return self._functions(thing) or self._walk.evaluator.scalar(thing)

    def _functions(self, thing: Thing) -> Items | None:
        """A list of schedule functions, one for each parameter group."""
        pack = self._walk.containers.as_pack(just(thing))
        if pack is None or not pack.whole or not pack.items:
            return None
        functions = [only(item) for item in pack.items]
        curves = [self._walk.schedules.curve(each) for each in functions if each is not None]
        known = tuple(curve for curve in curves if curve is not None)
        return Items(known) if len(known) == len(pack.items) else None

    def of_unknown_class(
        self,
        kind: ObjectKind,
        given: tuple[Given, ...],
        at: facts.Span | None,
        reason: str,
        confidence: Confidence,
        base: str = "",
    ) -> Ref:
        """An object whose class is chosen where it cannot be followed; `base` is one that it derives from."""
        plain = [argument for argument in given if not argument.star]
        bound = [(each.keyword or f"argument {i}", each.value, each.written) for i, each in enumerate(plain, 1)]
        if kind is ObjectKind.SCHEDULER and bound:
            held = [self._holds_optimizer(value) for _, value, _ in bound]
            which = held.index(True) if True in held else 0
            bound[which] = ("optimizer", *bound[which][1:])
        return self.make(kind, (), bound, at, class_reason=reason, confidence=confidence, base=base)

    def _holds_optimizer(self, value: Value) -> bool:
        refs = [ref for option in value for ref in self._walk.containers.holds(option.thing, 1)]
        return any(self.is_a(ref, ObjectKind.OPTIMIZER) for ref in refs)

    def optimizer_in(self, given: tuple[Given, ...]) -> Ref | None:
        """An optimizer among the arguments."""
        for argument in given:
            for option in argument.value:
                for ref in self._walk.containers.holds(option.thing, 1):
                    if self.is_a(ref, ObjectKind.OPTIMIZER):
                        return ref
                if (
                    isinstance(option.thing, Symbol)
                    and argument.keyword in (None, "optimizer")
                    and "optim" in option.thing.name.lower()
                ):
                    return Ref(self.adopt(option.thing))
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
        if self.optimizer_in(given) is None:
            return value
        reason = f"`{spelled}` is not followed to a class" + (f": {thing.reason}" if thing.reason else "")
        return just(self.of_unknown_class(ObjectKind.SCHEDULER, given, at, reason, Confidence.LIKELY))

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

    def subjects(self, value: Value, kind: ObjectKind) -> tuple[Subject, ...]:
        """The tracked objects of a kind that a value may be."""
        found = []
        for option in value:
            ref = self._machine.tracked(option.thing)
            if ref is not None and self.is_a(ref, kind):
                found.append(Subject(ref.id, option.when))
        return tuple(found)


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
