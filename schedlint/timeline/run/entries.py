"""Where runs begin: module bodies first, then what constructs, steps or reads a scheduler and was reached by none of
them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from schedlint.diagnostics import Failure
from schedlint.knowledge.tables import Knowledge
from schedlint.place import Place
from schedlint.program.program import Program
from schedlint.program.symbols import Class, Function, Module
from schedlint.timeline.model import Entry, EntryKind, Timeline
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.run.files import NO_FILES, Configurations
from schedlint.timeline.run.instances import all_methods, concrete, self_calls
from schedlint.timeline.run.loose_ends import note_loose_ends, note_unseen_states
from schedlint.timeline.run.machine import BEGUN_WITH, Budget, BudgetSpent, Frame, Instance, Machine
from schedlint.timeline.run.saving import STATES
from schedlint.timeline.run.values import Ref, Routine, just
from schedlint.timeline.run.walk import Walk

TOO_DEEP = "the program is nested too deeply to be analysed to its end"
SPENT = "the analysis took more steps than it may; what lies behind this point is not known"


Site = tuple[str, int, int]
"""A function by its file, row and column: the same one however it was linked."""


class Runs:
    """The runs over one program: each entry on its own machine, with one budget and one memory of what was reached.

    `failures` says which entries were lost to an error of the analysis itself. `files` reads what the program reads.
    """

    def __init__(
        self,
        program: Program,
        knowledge: Knowledge,
        budget: Budget,
        reached: set[Site],
        files: Configurations = NO_FILES,
    ) -> None:
        self.program = program
        self._knowledge = knowledge
        self._budget = budget
        self._reached = reached
        self._files = files
        self.failures: list[Failure] = []

    # --- one entry ----------------------------------------------------------------------------------------------------

    def script(self, path: str) -> Timeline | None:
        """Run a module body from its start; None where the file cannot be read."""
        module = self.program.module(path)
        if module is None:
            return None
        entry = Entry(EntryKind.SCRIPT, module.name, Place(module.path, 1, 1, 1, 1))

        def walk(machine: Machine, run: Walk) -> None:
            run.executor.block(module.facts.body)

        return self._run(entry, module, walk)

    def function(self, function: Function, around: Sequence[Function] = ()) -> Timeline:
        """Run a function whose caller is not known; `around` are the functions that it is defined in."""
        entry = Entry(EntryKind.FUNCTION, function.node.name, place_of(function))

        def walk(machine: Machine, run: Walk) -> None:
            frames = closed(machine, around)
            with run.binding.unknown_caller():
                value = run.caller.enter(Routine(function, frames), None, (), function.at)
            run.escapes.escape(value, f"returned by `{function.node.name}` to a caller that is not known", function.at)

        return self._run(entry, function.module, walk)

    def of_class(self, cls: Class, methods: Sequence[Function], around: Sequence[Function] = ()) -> Timeline:
        """Run the methods of a class that nobody was seen to use, on one instance that its own methods set up."""
        entry = Entry(EntryKind.CLASS, cls.node.name, place_of(cls))

        def walk(machine: Machine, run: Walk) -> None:
            frames = closed(machine, around)
            receiver = run.instances.prepared(cls, "entry", cls.at, frames)
            prepared = run.instances.preparing(cls)
            for method in methods:
                if method not in prepared and method.node.name != "__init__":
                    self._method(run, machine, receiver, method, frames if method.owner == cls else ())

        return self._run(entry, cls.module, walk)

    @staticmethod
    def _method(run: Walk, machine: Machine, receiver: Ref, method: Function, frames: tuple[int, ...]) -> None:
        assert isinstance(machine.instances[receiver.id], Instance)
        with run.binding.unknown_caller():
            value = run.caller.enter(Routine(method, frames), receiver, (), method.at)
        run.escapes.escape(value, f"returned by `{method.node.name}` to a caller that is not known", method.at)

    def _run(self, entry: Entry, module: Module, walk: Callable[[Machine, Walk], None]) -> Timeline:
        machine = Machine(self.program, self._knowledge, self._budget, self._files)
        run = Walk(machine)
        self._budget.begin_entry()
        frame: Frame = run.names.module_frame(module)
        machine.stack.append(frame)
        spent = ""
        try:
            walk(machine, run)
            note_loose_ends(machine)
            note_unseen_states(machine)
        except BudgetSpent:
            spent = SPENT
        except RecursionError:
            spent = TOO_DEEP
        except Exception as error:  # noqa: BLE001 - a failure in one entry loses that entry alone
            spent = f"internal error: {type(error).__name__}: {error}"
            message = f"the run of `{entry.name}` failed: {type(error).__name__}: {error}"
            self.failures.append(Failure(message, entry.place))
        self._reached |= {site(function) for function in machine.reached}
        return machine.recorder.timeline(entry, spent)

    # --- what was not reached -----------------------------------------------------------------------------------------

    def unreached(self, paths: Sequence[str]) -> Iterator[Timeline]:
        """Functions and classes of these files that matter and that no earlier run entered: callers before callees."""
        modules = [module for module in map(self.program.module, paths) if module is not None]
        for candidate in self._in_order(self._with_callers(modules)):
            if isinstance(candidate, Function):
                if site(candidate) not in self._reached:
                    yield self.function(candidate)
                continue
            for cls in dict.fromkeys((*concrete(self.program, candidate), candidate)):
                methods = self._open_methods(cls)
                if methods:
                    yield self.of_class(cls, methods)
        for module in modules:
            yield from self._local(module)

    def _local(self, module: Module) -> Iterator[Timeline]:
        """Functions and classes inside functions that no run of these came to call."""
        around = self.program.all_functions(module)
        for cls in self.program.all_classes(module):
            own = self.program.methods(cls)
            outer = around[own[0]] if own else ()
            if outer and any(map(self._begins, own)) and (methods := self._open_methods(cls)):
                yield self.of_class(cls, methods, outer)
        for function, outer in around.items():
            if outer and function.owner is None and self._begins(function):
                yield self.function(function, outer)

    def _with_callers(self, modules: Sequence[Module]) -> list[Function | Class]:
        """The candidates of the modules, and what calls a candidate, directly or through others."""
        found = dict.fromkeys(each for module in modules for each in self._candidates(module))
        others = [each for module in modules for each in self.program.functions(module) if each not in found]
        while True:
            names = {candidate.node.name for candidate in found}
            callers = [each for each in others if not names.isdisjoint(each.node.mentions) and self._is_open(each)]
            if not callers:
                return list(found)
            found |= dict.fromkeys(callers)
            others = [each for each in others if each not in found]

    def _is_open(self, function: Function) -> bool:
        return site(function) not in self._reached

    def _candidates(self, module: Module) -> list[Function | Class]:
        """The functions and classes of a module that themselves construct, step or read a scheduler or optimizer."""
        classes = [cls for cls in self.program.classes(module) if any(map(self._begins, self.program.methods(cls)))]
        return [*classes, *filter(self._begins, self.program.functions(module))]

    def _begins(self, function: Function) -> bool:
        words = self._knowledge.interesting | BEGUN_WITH
        return site(function) not in self._reached and not words.isdisjoint(function.node.mentions)

    def _in_order(self, candidates: list[Function | Class]) -> list[Function | Class]:
        """Those that no other one mentions come first: they are likely to be the callers."""
        mentions = {candidate: self._mentions(candidate) for candidate in candidates}
        counts = Counter(chain.from_iterable(mentions.values()))

        def is_mentioned(candidate: Function | Class) -> bool:
            name = candidate.node.name
            return counts[name] > (name in mentions[candidate])

        return sorted(candidates, key=is_mentioned)

    def _mentions(self, candidate: Function | Class) -> frozenset[str]:
        functions = [candidate] if isinstance(candidate, Function) else self.program.methods(candidate)
        return frozenset().union(*(function.node.mentions for function in functions))

    def _open_methods(self, cls: Class) -> tuple[Function, ...]:
        """The methods to begin with, inherited ones too: they matter, were not reached, and no other one calls them."""
        words = self._knowledge.interesting | BEGUN_WITH | frozenset(STATES)
        methods = [each for each in all_methods(self.program, cls) if self.program.is_relevant(each, words)]
        if not any(map(self._begins, methods)):
            return ()
        called = {name for method in methods for name in self_calls(method.node)}
        return tuple(m for m in methods if site(m) not in self._reached and m.node.name not in called)


def closed(machine: Machine, around: Sequence[Function]) -> tuple[int, ...]:
    """Frames for functions that are not run, innermost first, in which all of their names are unknown."""
    frames = []
    for function in reversed(around):
        id = machine.recorder.owner("around", (0, place_of(function), 0))
        for name in sorted({*function.node.stores, *(each.name for each in function.node.parameters)}):
            reason = f"`{name}` is a name of `{function.node.name}`, which is not run here"
            symbol = Symbol(
                f"{function.module.path}:{function.node.name}:{function.at.row}:{name}", name, reason=reason
            )
            machine.store.put((id, name), just(symbol))
        frames.append(id)
    return tuple(frames)


def site(function: Function) -> Site:
    """Where a function stands."""
    return (function.module.path, function.at.row, function.at.column)


def place_of(symbol: Function | Class) -> Place:
    """Where a definition stands."""
    at = symbol.at
    return Place(symbol.module.path, at.row, at.column, at.end_row, at.end_column)
