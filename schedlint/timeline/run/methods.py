"""Methods: of tracked objects (where events come from), of values, and of things that are not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schedlint import facts
from schedlint.knowledge import schema
from schedlint.program.symbols import Function
from schedlint.timeline.model import Bound, EventKind, ObjectKind
from schedlint.timeline.quantity import Arithmetic, Literal, Symbol, Text
from schedlint.timeline.run.expressions import as_written
from schedlint.timeline.run.saving import STATES
from schedlint.timeline.run.values import (
    TOO_MANY,
    BoundRoutine,
    FilePath,
    ForeignObject,
    Given,
    LambdaRoutine,
    Method,
    OpenFile,
    Option,
    Pack,
    Ref,
    Routine,
    Thing,
    Value,
    derived,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

SCHEDULER_EVENTS = {
    "step": EventKind.STEPPED,
    "step_update": EventKind.STEPPED,
    "get_lr": EventKind.LR_READ,
    "get_last_lr": EventKind.LR_READ,
    "state_dict": EventKind.STATE_SAVED,
    "load_state_dict": EventKind.STATE_LOADED,
}
OPTIMIZER_EVENTS = {
    "step": EventKind.OPTIMIZED,
    "add_param_group": EventKind.GROUP_ADDED,
    "state_dict": EventKind.STATE_SAVED,
    "load_state_dict": EventKind.STATE_LOADED,
}
HARMLESS = frozenset({"print_lr", "get_lr", "_get_lr", "__len__", "__str__", "__repr__"})
"""Methods of a scheduler that leave everything as it is."""

SAME_NUMBER = frozenset({"item", "detach", "clone", "cpu", "float", "mean", "sum", "numpy", "tolist"})
"""Methods of a tensor that, without arguments, give what it says in another form, or one number for all of it."""

LIBRARY_METHODS = {*SCHEDULER_EVENTS, *OPTIMIZER_EVENTS, "zero_grad"}


class Methods:
    """Calls methods whose receiver is no instance of a plain project class."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    # --- tracked objects ----------------------------------------------------------------------------------------------

    def is_library_method(self, ref: Ref, name: str) -> bool:
        """Whether a method of a project's own scheduler or optimizer means what the library's method means."""
        if name in LIBRARY_METHODS:
            return True
        instance = self._machine.instances[ref.id]
        return not isinstance(self._machine.program.method(instance.cls, name), Function)

    def on_tracked(
        self, options: Sequence[Option], name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value:
        """A method of an object that may be one of several tracked ones: one event for all of them."""
        machine = self._machine
        arguments = self._arguments(given)
        for kind, events in ((ObjectKind.SCHEDULER, SCHEDULER_EVENTS), (ObjectKind.OPTIMIZER, OPTIMIZER_EVENTS)):
            subjects = self._walk.making.subjects(tuple(options), kind)
            if not subjects:
                continue
            happens = None if name == "get_lr" and self._in_scheduler_class() else events.get(name)
            if happens is None and kind is ObjectKind.OPTIMIZER and name.endswith("step"):
                happens = EventKind.OPTIMIZED
            if kind is ObjectKind.OPTIMIZER and happens is EventKind.OPTIMIZED:
                self._call_closure(given, at)
            if happens is not None:
                parts = self._walk.saving.sources(given) if happens is EventKind.STATE_LOADED else ()
                machine.event(happens, at, subjects, receiver=spelled, method=name, arguments=arguments, parts=parts)
            elif kind is ObjectKind.SCHEDULER and name not in HARMLESS:
                self._walk.escapes.note_escape(tuple(options), f"used by `.{name}()`", at)
            if happens is None:
                self._walk.escapes.hand_on(given, f"{spelled}.{name}", at)
        return self._result(options, name, at, spelled)

    def _in_scheduler_class(self) -> bool:
        """Whether this is the code of a scheduler class, which may ask the one that it wraps."""
        owner = self._machine.frame.owner
        return owner is not None and self._walk.instances.role(owner) is ObjectKind.SCHEDULER

    def _call_closure(self, given: tuple[Given, ...], at: facts.Span) -> None:
        """A closure that an optimizer is given computes the loss, once or more."""
        for argument in given[:1]:
            for option in argument.value:
                if isinstance(option.thing, (Routine, BoundRoutine, LambdaRoutine)):
                    self._walk.caller.call_thing(option.thing, (), at, "closure")

    def _arguments(self, given: tuple[Given, ...]) -> tuple[Bound, ...]:
        evaluator = self._walk.evaluator
        return tuple(
            Bound(
                argument.keyword or str(position),
                tuple(evaluator.scalar(option.thing) for option in argument.value),
                spelling=None if argument.expression is None else as_written(argument.expression),
            )
            for position, argument in enumerate(given)
        )

    def _result(self, options: Sequence[Option], name: str, at: facts.Span, spelled: str) -> Value:
        machine = self._machine
        first = machine.tracked(options[0].thing)
        assert first is not None
        if name in ("get_last_lr", "get_lr", "_get_lr"):
            loop = machine.innermost
            return just(Pack((), just(Symbol(f"object{first.id}.lr", f"{spelled}.{name}()[...]", loop=loop))))
        if name == "state_dict":
            return self._walk.saving.state(options, at, spelled)
        if name == "__len__":
            return self._walk.evaluator.length(tuple(options), spelled)
        return just(machine.unknown(f"{spelled}.{name}()", f"what `{name}` returns is not followed", at))

    # --- values -------------------------------------------------------------------------------------------------------

    def on_value(self, thing: Thing, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        """A method of a constant, a tuple or another value by itself."""
        if isinstance(thing, Arithmetic):
            return self._on_number(thing, name, given, at, spelled)
        if isinstance(thing, Method) and (thing.name, name) == ("__dict__", "update"):
            return self._walk.settings.fill(thing.receiver, given, at)
        if (
            isinstance(thing, Literal)
            and isinstance(thing.value, str)
            and name in ("lower", "upper", "strip")
            and not given
        ):
            return just(Literal(getattr(thing.value, name)()))
        return just(self._machine.unknown(f"{name}()", f"the result of `{name}` on a value", at))

    def _on_number(self, thing: Arithmetic, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        """A method of what is computed from other values: a loss of several parts."""
        if name == "backward":
            return self.backward((just(thing),), at, spelled)
        if name in SAME_NUMBER and not given:
            return just(thing)
        return just(self._machine.unknown(f"{name}()", f"the result of `{name}` on a value", at))

    def backward(self, losses: Sequence[Value], at: facts.Span | None, spelled: str) -> Value:
        """Gradients are computed from one of these values, which are put on record."""
        arguments = self._arguments(tuple(Given(loss) for loss in losses))
        self._machine.event(EventKind.BACKWARD, at, (), receiver=spelled, method="backward", arguments=arguments)
        return just(self._machine.unknown("backward()", "", at))

    def on_file(
        self, thing: FilePath | OpenFile, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value:
        """A method of a path, or of an open file."""
        if isinstance(thing, OpenFile):
            return just(thing) if name == "read" and not given else self._walk.library.unknown_call(spelled, given, at)
        function = self._machine.knowledge.function(f"pathlib.Path.{name}")
        if function is not None:
            answer = self._walk.settings.effect(function, (Given(just(thing)), *given))
            if answer is not None:
                return answer
        return self._walk.library.unknown_call(f"{spelled}.{name}", given, at)

    # --- unknown receivers --------------------------------------------------------------------------------------------

    def by_name(
        self, receiver: Symbol, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value | None:
        """What a method's name alone says of an unknown receiver; None where it says nothing."""
        machine = self._machine
        view = machine.knowledge.method_view(name)
        if view is not None:
            return just(self._walk.library.view(view, given, just(receiver), name))
        if name == "backward":
            return self.backward((just(receiver), *(argument.value for argument in given[:1])), at, spelled)
        if name == "step":
            return self._step(receiver, given, at, spelled)
        if name in STATES:
            return self._walk.saving.of_unknown(receiver, name, given, at, spelled)
        if name == "prepare" and len(given) > 1 and any(self._holds(argument.value) for argument in given):
            function = schema.Function("prepare", schema.Effect.PASS_THROUGH, every=True)
            return self._walk.library.effect(function, given, at, spelled, receiver)
        return None

    def _holds(self, value: Value) -> bool:
        return any(self._walk.containers.holds(option.thing, 1) for option in value)

    def _step(self, receiver: Symbol, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value | None:
        """`something.step(...)`: the step of the optimizer it is given, or of an optimizer or scheduler by its name."""
        machine = self._machine
        result = just(machine.unknown(f"{spelled}.step()", "what a step returns", at))
        for argument in given[:1]:
            subjects = self._walk.making.subjects(argument.value, ObjectKind.OPTIMIZER)
            named = any(isinstance(o.thing, Symbol) and "optim" in o.thing.name.lower() for o in argument.value)
            if subjects or named:
                machine.event(EventKind.OPTIMIZED, at, subjects, receiver=spelled, method="step", likely=not subjects)
                return result
        last = (spelled if receiver.reason == TOO_MANY else receiver.name).lower().rpartition(".")[2]
        if "optim" in last or last in ("opt", "opts") or last.startswith("opt_"):
            machine.event(EventKind.OPTIMIZED, at, (), receiver=spelled, method="step", likely=True)
            return result
        if ("sched" in last or self._walk.machine.recorder.is_called(last)) and len(given) <= 1:
            machine.event(
                EventKind.STEPPED,
                at,
                (),
                receiver=spelled,
                method="step",
                arguments=self._arguments(given),
                likely=True,
            )
            return result
        return None

    def on_unknown(self, receiver: Symbol, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str) -> Value:
        """Any other method of an unknown receiver: tracked arguments are handed on."""
        machine = self._machine
        if name in SAME_NUMBER and not given:
            return just(derived(receiver, f".{name}()", machine.innermost))
        machine_made = self._walk.library.unknown_call(f"{spelled}.{name}", given, at)
        plain = not receiver.loop and all(
            isinstance(option.thing, Literal) for argument in given for option in argument.value
        )
        first = machine_made[0].thing
        if plain and isinstance(first, Symbol) and machine.tracked(first) is None:
            said = ", ".join(repr(o.thing.value) for a in given for o in a.value if isinstance(o.thing, Literal))
            return just(self._read(derived(receiver, f".{name}({said})"), receiver, name, given))
        return machine_made

    def _read(self, entry: Symbol, receiver: Symbol, name: str, given: tuple[Given, ...]) -> Symbol:
        """What a method reads from something unknown; an entry where it is a dict's: `checkpoint.get('optimizer')`."""
        if name in ("get", "pop") and given:
            self._walk.saving.note_entry(entry, receiver, only(given[0].value))
        if name == "split" and receiver.text is Text.WHOLE:
            return replace(entry, text=Text.LIST)
        return entry

    def on_foreign(
        self, receiver: ForeignObject, name: str, given: tuple[Given, ...], at: facts.Span, spelled: str
    ) -> Value:
        """A method of an instance of a library class, as the tables say."""
        machine = self._machine
        qualified = f"{receiver.qualified}.{name}"
        view = machine.knowledge.view(qualified)
        if view is not None:
            return just(self._walk.library.view(view, given, just(receiver), name))
        function = machine.knowledge.function(qualified)
        if function is not None:
            return self._walk.library.effect(function, given, at, f"{spelled}.{name}", receiver)
        if receiver.qualified == "argparse.Namespace" and name == "update":  # `vars(args).update(settings)`
            return self._walk.settings.fill(receiver, given, at)
        as_symbol = Symbol(receiver.key, spelled, reason=f"an object of {receiver.qualified}")
        answer = self.by_name(as_symbol, name, given, at, spelled)
        return answer if answer is not None else self.on_unknown(as_symbol, name, given, at, spelled)
