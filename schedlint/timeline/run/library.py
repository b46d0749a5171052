"""Calls out of the project, answered by the knowledge tables, and what they do to tracked objects."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.knowledge import schema
from schedlint.timeline.model import Confidence, EventKind, ObjectKind, Subject
from schedlint.timeline.quantity import Items, Literal, Quantity
from schedlint.timeline.run.builtin_calls import BuiltinCalls
from schedlint.timeline.run.evaluator import arithmetic
from schedlint.timeline.run.values import (
    Foreign,
    ForeignMember,
    ForeignObject,
    Given,
    Pack,
    Partial,
    Spread,
    Stream,
    Thing,
    Value,
    alternatives,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

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


FILES_AND_SETTINGS = frozenset(
    {schema.Effect.READ, schema.Effect.HOLD, schema.Effect.MERGE, schema.Effect.OPEN, schema.Effect.PATH}
)
"""What is answered where the file or the settings are known, and is a call like any other where they are not."""


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
            self._call_for_items(view, given, at, spelled)
            return just(self.view(view, given, None, spelled))
        pure = knowledge.arithmetic(qualified)
        if pure is not None:
            return self._arithmetic(pure, given)
        function = knowledge.function(qualified)
        if function is not None:
            return self.effect(function, given, at, spelled, None)
        if knowledge.is_not_scheduler(qualified):
            self._walk.escapes.hand_on(given, spelled, at)
            return just(self._machine.unknown(f"{spelled}()", f"`{spelled}` has nothing to do with learning rates", at))
        klass = knowledge.klass(qualified)
        if klass is not None and klass.kind == "settings":
            return self._walk.settings.make(klass.name, given)
        if klass is not None:
            self._walk.escapes.hand_on(given, spelled, at)
            return just(ForeignObject(qualified, self._machine.unknown(spelled, "", at).key))
        return self.unknown_call(spelled, given, at)

    def call_member(
        self, member: ForeignMember, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """Call a member of a foreign module that is chosen by name at run time."""
        by_default = self._walk.settings.named(member.name)
        chosen = self._machine.knowledge.canonical(f"{member.qualified}.{by_default}")
        if by_default and self.makes_objects(chosen):
            with self._machine.guessing():
                return self.call(chosen, given, at, spelled)
        reason = f"the class is chosen by name: {spelled}"
        if member.qualified in self._scheduler_modules and given:
            base = self._base_in(member.qualified)
            making = self._walk.making
            return just(making.of_unknown_class(ObjectKind.SCHEDULER, given, at, reason, Confidence.CERTAIN, base))
        if member.qualified in self._optimizer_modules:
            return just(self._walk.making.of_unknown_class(ObjectKind.OPTIMIZER, given, at, reason, Confidence.CERTAIN))
        return self.unknown_call(spelled, given, at)

    def _base_in(self, module: str) -> str:
        """The class that every scheduler of a module derives from; empty if the tables know none there."""
        schedulers = self._machine.knowledge.schedulers.values()
        return next((each.name for each in schedulers if each.abstract and each.name.rpartition(".")[0] == module), "")

    # --- constructions ------------------------------------------------------------------------------------------------

    def _scheduler(self, spec: schema.Scheduler, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        if spec.abstract and not given:
            return just(self._machine.unknown(spec.name, "an abstract scheduler", at))
        bound = self._walk.making.bind(spec.parameters, given)
        ref = self._walk.making.make(
            ObjectKind.SCHEDULER, (spec.name,), bound, at, optimizer=spec.optimizer, children=spec.children
        )
        if spec.in_tuple:
            return just(Pack((just(ref), just(self._machine.unknown("number of epochs", "returned by a factory", at)))))
        return just(ref)

    def _optimizer(self, spec: schema.Optimizer, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        bound = self._walk.making.bind(spec.parameters, given)
        if spec.wraps:
            wrapped = next((value for name, value, _ in bound if name == spec.wraps), None)
            if wrapped is not None and any(self._machine.tracked(option.thing) for option in wrapped):
                return wrapped
        return just(self._walk.making.make(ObjectKind.OPTIMIZER, (spec.name,), bound, at))

    def _loader(self, spec: schema.Loader, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        kind = ObjectKind.LOADER if spec.kind == "loader" else ObjectKind.DATASET
        ref = self._walk.making.make(kind, (spec.name,), self._walk.making.bind(spec.parameters, given), at)
        return just(Pack((), just(ref))) if spec.many else just(ref)

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
                loss = just(receiver) if receiver and function.argument < 0 else self._argument(function, given)
                self._walk.methods.backward(() if loss is None else (loss,), at, spelled)
            case schema.Effect.PASS_THROUGH:
                return self._passed_through(function, given, at)
            case schema.Effect.SAVE:
                self._walk.saving.saved(given, self._argument(function, given), at, spelled, states=function.states)
            case schema.Effect.LOAD if function.argument < 0 or function.states:
                self._walk.saving.loaded(self._argument(function, given), at, spelled)
            case schema.Effect.CALLS:
                return self._called_back(function, given, at, spelled)
            case schema.Effect.STEPS_SCHEDULER:
                for argument in given:
                    self._stepped_from_here(argument.value, at)
            case schema.Effect.INSTANTIATE:
                return self._instantiated(given, at, spelled)
            case effect if effect in FILES_AND_SETTINGS:
                answer = self._walk.settings.effect(function, given)
                return answer if answer is not None else self.unknown_call(spelled, given, at)
            case _:
                pass
        if function.returns:
            return just(ForeignObject(function.returns, self._machine.unknown(spelled, "", at).key))
        return just(self._machine.unknown(f"{spelled}()", f"what `{spelled}` returns is not followed", at))

    def _instantiated(self, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> Value:
        """An object of the class that a mapping of settings names, if it is one that matters."""
        target, arguments, is_partial = self._walk.settings.target(given)
        qualified = self._machine.knowledge.canonical(target)
        if not target or not (self.makes_objects(qualified) or self._machine.knowledge.loader(qualified)):
            return self.unknown_call(spelled, given, at)
        if is_partial:
            return just(Partial(Foreign(qualified), arguments))
        with self._machine.guessing():
            return self.call(qualified, arguments, at, spelled)

    def _called_back(
        self, function: schema.Function, given: tuple[Given, ...], at: facts.Span | None, spelled: str
    ) -> Value:
        """The library calls what it is given, with arguments of its own in front of those in a tuple."""
        by_name = {name: value for name, value, _ in self._walk.making.bind(function.parameters, given)}
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
        subjects = [Subject(ref.id) for ref in refs if self._walk.making.is_a(ref, ObjectKind.SCHEDULER)]
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
        subjects = self._walk.making.subjects(value or (), ObjectKind.OPTIMIZER)
        owner, _, method = spelled.rpartition(".")
        skips = function.may_skip
        self._machine.event(EventKind.OPTIMIZED, at, subjects, receiver=owner, method=method, may_skip=skips)
        return just(self._machine.unknown(f"{spelled}()", "what a step returns", at))

    def _passed_through(self, function: schema.Function, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        plain = [argument.value for argument in given if not argument.star]
        self._wrapped([argument.value for argument in given], at)
        if function.results:
            by_name = {name: value for name, value, _ in self._walk.making.bind(function.parameters, given)}
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

    def _wrapped(self, values: Sequence[Value], at: facts.Span | None) -> None:
        """Schedulers that a library hands back wrapped."""
        things = (option.thing for value in values for option in value)
        for ref in (ref for thing in things for ref in self._walk.containers.holds(thing)):
            if self._walk.making.is_a(ref, ObjectKind.SCHEDULER):
                self._machine.recorder.wrap_object(ref.id, self._machine.place(at))

    def _call_for_items(self, view: schema.View, given: tuple[Given, ...], at: facts.Span | None, spelled: str) -> None:
        """`map(function, items)`: the function is called with any item, as far as that matters to schedulers."""
        if not 0 <= view.calls < len(given) or view.argument >= len(given):
            return
        pack = self._walk.containers.as_pack(given[view.argument].value)
        item = self._walk.containers.any_item(pack) if pack is not None else None
        if item is None or not any(self._walk.containers.holds(option.thing, 2) for option in item):
            return
        for option in given[view.calls].value:
            self._walk.caller.call_thing(option.thing, (Given(item),), at, spelled)

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
        return Stream(shape, sources, spelled, view.endless, view.partial, self._first(view, given))

    def _first(self, view: schema.View, given: tuple[Given, ...]) -> Quantity | None:
        """What a view that counts begins with."""
        if view.item != "counted":
            return None
        plain = [argument.value for argument in given if argument.keyword is None]
        named = [argument.value for argument in given if argument.keyword == view.first]
        begun = named or plain[view.argument + 1 : view.argument + 2]
        return self._walk.evaluator.scalar_of(begun[0]) if begun else Literal(0)

    def _spread(self, values: Sequence[Value], endless: bool) -> Spread:
        numbers = [self._walk.evaluator.number_of(value) for value in values]
        if endless:
            return Spread(numbers[0] if numbers else None, None)
        if len(numbers) == 1:
            return Spread(None, numbers[0])
        if not numbers:
            return Spread(None, None)
        return Spread(numbers[0], numbers[1], strides=numbers[2:] not in ([], [Literal(1)]))

    def _arithmetic(self, pure: schema.Arithmetic, given: tuple[Given, ...]) -> Value:
        plain = [argument.value for argument in given if argument.keyword is None]
        numbers = [self._walk.evaluator.number_of(value) for value in plain]
        if (
            len(numbers) == 1
            and isinstance(numbers[0], Items)
            and numbers[0].whole
            and pure.op in ("min", "max", "sum")
        ):
            numbers = list(numbers[0].items)
        for argument in given:
            self._walk.escapes.let_go(argument.value, f"passed to `{pure.name}`", None)
        if len(plain) != 1 or len(plain[0]) == 1:
            return just(computed(pure.op, tuple(numbers)))
        each = [(just(computed(pure.op, (self._walk.evaluator.scalar(o.thing),))), o.when) for o in plain[0]]
        return alternatives(each, self._machine.unknown(pure.op, "").key)

    # --- what is not known --------------------------------------------------------------------------------------------

    def unknown_call(self, spelled: str, given: tuple[Given, ...], at: facts.Span | None) -> Value:
        """Call something that nobody knows: tracked arguments are handed on, the result is unknown."""
        value = just(self._machine.unknown(f"{spelled}()", f"`{spelled}` is not followed", at))
        made = self._walk.making.scheduler_from_factory(value, spelled, given, at)
        if made is value:
            self._walk.saving.handed_on(given, at, spelled)
            self._walk.escapes.hand_on(given, spelled, at)
        return made

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
