"""Schedule functions: what a lambda given to LambdaLR computes, as a quantity over the number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from schedlint import facts
from schedlint.program.symbols import Module
from schedlint.program.walk import nodes
from schedlint.timeline.quantity import Arithmetic, Curve, Quantity, Symbol, symbols
from schedlint.timeline.run.prescan import bindings, returns_in_turn
from schedlint.timeline.run.values import BoundRoutine, Given, LambdaRoutine, Partial, Ref, Routine, Thing, just

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

_CONFIGURED = frozenset({"option", "field", "setting", "preset"})
"""Roles of values that are given to a program as it starts."""


class Schedules:
    """Reads schedule functions."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self.reading = False
        self._tests: list[Quantity] = []

    def note(self, test: Quantity) -> None:
        """A schedule function being read tests this."""
        if self.reading and any(symbol.role == "step" for symbol in symbols(test)):
            self._tests.append(test)

    def curve(self, thing: Thing) -> Curve | None:
        """The schedule that a callable is; None for what is not callable, or while another one is being read."""
        if self.reading or not self._callable(thing):
            return None
        parameter = Symbol(key="schedule:step", name=self._parameter(thing), role="step")
        machine = self._machine
        self.reading, machine.muted = True, machine.muted + 1
        mark, depth = machine.store.mark(), len(machine.guards)
        outside, loops, machine.loops = machine.condition, machine.loops, []
        try:
            value = self._walk.caller.call_thing(thing, (Given(just(parameter)),), None, parameter.name)
            results = tuple(self._walk.evaluator.scalar(option.thing) for option in value)
            tests = tuple(self._tests)
        finally:
            machine.store.undo(mark)
            del machine.guards[depth:]
            machine.condition, machine.loops = outside, loops
            self._tests = []
            self.reading, machine.muted = False, machine.muted - 1
        chosen = chosen_by(tests, results)
        exact = len(set(chosen)) == 1 and (len(set(results)) == 1 or returns_in_turn(self._body(thing)))
        return Curve(parameter, chosen, exact, exact and self._steady(thing, chosen[0]))

    @staticmethod
    def _routine(thing: Thing) -> Thing:
        """The function or lambda that is called in the end."""
        while isinstance(thing, (Partial, BoundRoutine)):
            thing = thing.target if isinstance(thing, Partial) else thing.routine
        return thing

    def _body(self, thing: Thing) -> tuple[facts.Statement, ...]:
        """The statements of a function or a lambda; none where it is not known which one is called."""
        routine = self._routine(thing)
        if isinstance(routine, LambdaRoutine):
            return (facts.Return(routine.node.body, routine.at),)
        return routine.function.node.body if isinstance(routine, Routine) else ()

    def _steady(self, thing: Thing, result: Quantity) -> bool:
        """Whether nothing that a function reads, its parameter apart, will have another value later."""
        if isinstance(result, Symbol) and result.role in _CONFIGURED:
            return True
        routine = self._routine(thing)
        if isinstance(routine, LambdaRoutine):
            module, frames, own = routine.module, routine.frames, {each.name for each in routine.node.parameters}
            read: tuple[Struct, ...] = (routine.node.body,)
        elif isinstance(routine, Routine):
            node, module, frames = routine.function.node, routine.function.module, routine.frames
            own, read = {*node.stores, *(each.name for each in node.parameters)}, node.body
        else:
            return False
        inside = [inner for each in read for inner in nodes(each)]
        if any(isinstance(each, (facts.Attribute, facts.Subscript, facts.Call)) for each in inside):
            return False
        names = {each.id for each in inside if isinstance(each, facts.Name)} - own
        return all(self._bound_once(name, module, frames) for name in names)

    def _bound_once(self, name: str, module: Module, frames: tuple[int, ...]) -> bool:
        """Whether a variable around a function is bound at one place."""
        for frame in frames:
            function = self._machine.frames[frame].function
            if function is not None and name in function.node.stores:
                return bindings(function.node.body, name) + (name in map(_name, function.node.parameters)) == 1
        return bindings(module.facts.body, name) == 1

    def _callable(self, thing: Thing) -> bool:
        if isinstance(thing, Ref):
            instance = self._machine.instances.get(thing.id)
            return (
                instance is not None
                and thing.id < 0
                and self._machine.program.method(instance.cls, "__call__") is not None
            )
        return isinstance(thing, (Routine, BoundRoutine, LambdaRoutine, Partial))

    @staticmethod
    def _parameter(thing: Thing) -> str:
        if isinstance(thing, LambdaRoutine):
            parameters = thing.node.parameters
        elif isinstance(thing, Routine):
            parameters = thing.function.node.parameters
        elif isinstance(thing, BoundRoutine):
            parameters = thing.routine.function.node.parameters[1:]
        else:
            parameters = ()
        return parameters[0].name if parameters else "step"


def _name(parameter: facts.Parameter) -> str:
    return parameter.name


def chosen_by(tests: tuple[Quantity, ...], results: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Results that tests of the step choose among, as one nested choice where there is one test for each but the
    last.
    """
    if not tests or len(results) != len(tests) + 1:
        return results
    chosen = results[-1]
    for test, result in zip(reversed(tests), reversed(results[:-1]), strict=True):
        chosen = Arithmetic("choose", (test, result, chosen))
    return (chosen,)
