"""Schedule functions: what a lambda given to LambdaLR computes, as a quantity over the number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schedlint.timeline.quantity import Arithmetic, Curve, Quantity, Symbol, symbols
from schedlint.timeline.run.values import BoundRoutine, Given, LambdaRoutine, Partial, Ref, Routine, Thing, just

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk


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
        return Curve(parameter, chosen_by(tests, results))

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
