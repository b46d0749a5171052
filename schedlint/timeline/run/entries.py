"""Where runs begin: module bodies first, then what constructs, steps or reads a scheduler and was reached by none of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import Class, Function, Module
from schedlint.timeline.model import Entry, EntryKind, Timeline
from schedlint.timeline.run.instances import self_calls
from schedlint.timeline.run.machine import BEGUN_WITH, Budget, BudgetSpent, Frame, Instance, Machine
from schedlint.timeline.run.values import Ref, Routine
from schedlint.timeline.run.walk import Walk

SPENT = "the analysis took more steps than it may; what lies behind this point is not known"


Site = tuple[str, int, int]
"""A function by its file, row and column: the same one however it was linked."""


class Runs:
    """The runs over one program: each entry on its own machine, with one budget and one memory of what was reached."""

    def __init__(self, program: Program, knowledge: Knowledge, budget: Budget, reached: set[Site]) -> None:
        self._program = program
        self._knowledge = knowledge
        self._budget = budget
        self._reached = reached

    # --- one entry ----------------------------------------------------------------------------------------------------

    def script(self, path: str) -> Timeline | None:
        """Run a module body from its start; None where the file cannot be read."""
        module = self._program.module(path)
        if module is None:
            return None
        entry = Entry(EntryKind.SCRIPT, module.name, Place(module.path, 1, 1, 1, 1))

        def walk(machine: Machine, run: Walk) -> None:
            run.executor.block(module.facts.body)

        return self._run(entry, module, walk)

    def function(self, function: Function) -> Timeline:
        """Run a function whose caller is not known."""
        entry = Entry(EntryKind.FUNCTION, function.node.name, place_of(function))

        def walk(machine: Machine, run: Walk) -> None:
            value = run.caller.enter(Routine(function), None, (), function.at)
            run.library.escape(value, f"returned by `{function.node.name}` to a caller that is not known", function.at)

        return self._run(entry, function.module, walk)

    def of_class(self, cls: Class, methods: Sequence[Function]) -> Timeline:
        """Run the methods of a class that nobody was seen to use, on one instance that its own methods set up."""
        entry = Entry(EntryKind.CLASS, cls.node.name, place_of(cls))

        def walk(machine: Machine, run: Walk) -> None:
            receiver = run.instances.prepared(cls, "entry", cls.at)
            prepared = run.instances.preparing(cls)
            for method in methods:
                if method not in prepared and method.node.name != "__init__":
                    self._method(run, machine, receiver, method)

        return self._run(entry, cls.module, walk)

    @staticmethod
    def _method(run: Walk, machine: Machine, receiver: Ref, method: Function) -> None:
        assert isinstance(machine.instances[receiver.id], Instance)
        value = run.caller.enter(Routine(method), receiver, (), method.at)
        run.library.escape(value, f"returned by `{method.node.name}` to a caller that is not known", method.at)

    def _run(self, entry: Entry, module: Module, walk: Callable[[Machine, Walk], None]) -> Timeline:
        machine = Machine(self._program, self._knowledge, self._budget)
        run = Walk(machine)
        self._budget.begin_entry()
        frame: Frame = run.names.module_frame(module)
        machine.stack.append(frame)
        spent = ""
        try:
            walk(machine, run)
        except BudgetSpent:
            spent = SPENT
        self._reached |= {site(function) for function in machine.reached}
        return machine.recorder.timeline(entry, spent)

    # --- what was not reached -----------------------------------------------------------------------------------------

    def unreached(self, path: str) -> Iterator[Timeline]:
        """Functions and classes of a file that matter and that no earlier run entered."""
        module = self._program.module(path)
        if module is None:
            return
        words = self._knowledge.interesting | BEGUN_WITH
        for cls in self._program.classes(module):
            methods = self._open_methods(cls)
            if methods:
                yield self.of_class(cls, methods)
        for function in self._program.functions(module):
            if site(function) not in self._reached and direct(function, words):
                yield self.function(function)

    def _open_methods(self, cls: Class) -> tuple[Function, ...]:
        """The methods of a class to begin with: those that matter, were not reached, and are not called by another
        one.
        """
        own = self._program.methods(cls)
        words = self._knowledge.interesting | BEGUN_WITH
        if not any(site(method) not in self._reached and direct(method, words) for method in own):
            return ()
        called = {name for method in own for name in self_calls(method.node)}
        return tuple(
            method
            for method in own
            if site(method) not in self._reached
            and method.node.name not in called
            and self._program.is_relevant(method, words)
        )


def site(function: Function) -> Site:
    """Where a function stands."""
    return (function.module.path, function.at.row, function.at.column)


def direct(function: Function, words: frozenset[str]) -> bool:
    """Whether a function itself mentions something that constructs, steps or reads a scheduler or optimizer."""
    return not words.isdisjoint(function.node.mentions)


def place_of(symbol: Function | Class) -> Place:
    """Where a definition stands."""
    at = symbol.at
    return Place(symbol.module.path, at.row, at.column, at.end_row, at.end_column)
