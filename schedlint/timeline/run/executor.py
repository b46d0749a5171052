"""What statements mean: executed one after the other, branches joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from schedlint import facts
from schedlint.program.symbols import Class, Function
from schedlint.timeline.conditions import conjoin
from schedlint.timeline.model import Condition, EventKind, Guard, GuardKind, ObjectKind
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.run.branching import Side
from schedlint.timeline.run.flow import BREAK, CONTINUE, NORMAL, RAISE, RETURN
from schedlint.timeline.run.machine import Exit
from schedlint.timeline.run.members import decorator_names
from schedlint.timeline.run.store import Delta
from schedlint.timeline.run.values import (
    Foreign,
    ForeignObject,
    Option,
    Pack,
    ProjectClass,
    Routine,
    Value,
    alternatives,
    just,
    only,
)

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk


NAMED_ERRORS = frozenset({"TypeError", "ValueError"})
"""What a call with arguments that do not fit raises."""

ALL_ERRORS = frozenset({"Exception", "BaseException"})

EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "suppress"})
"""Context managers for code that is to raise."""


class Executor:
    """Executes statements. Each returns the set of ways in which it can be left (see `flow`)."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine
        self._ways: dict[type, Callable[[Any], int]] = {
            facts.Assign: self._assign,
            facts.AnnAssign: self._annotated,
            facts.AugAssign: self._augmented,
            facts.Do: self._do,
            facts.For: lambda statement: self._walk.looping.for_loop(statement),
            facts.While: lambda statement: self._walk.looping.while_loop(statement),
            facts.If: self._if,
            facts.Match: self._match,
            facts.Try: self._try,
            facts.With: self._with,
            facts.Return: self._return,
            facts.Raise: self._raise,
            facts.Assert: self._assert,
            facts.Delete: self._delete,
            facts.Break: lambda _: self._walk.looping.leave(BREAK),
            facts.Continue: lambda _: self._walk.looping.leave(CONTINUE),
            facts.Scope: self._scope,
            facts.FunctionDef: self._function,
            facts.ClassDef: self._class,
            facts.Import: self._import,
        }

    def block(self, statements: Sequence[facts.Statement]) -> int:
        """Execute statements in order, until one cannot be passed."""
        flow = 0
        for index, statement in enumerate(statements):
            left = self.statement(statement)
            flow |= left & ~NORMAL
            if not left & NORMAL:
                self._walk.idle.left_out(statement, statements[index + 1 :])
                return flow
        return flow | NORMAL

    def statement(self, statement: facts.Statement) -> int:
        """Execute one statement."""
        machine = self._machine
        machine.budget.step()
        outside = (machine.statement, machine.displays)
        machine.statement, machine.displays = id(statement), 0
        try:
            return self._ways[type(statement)](statement)
        finally:
            machine.statement, machine.displays = outside

    # --- assignments --------------------------------------------------------------------------------------------------

    def _assign(self, statement: facts.Assign) -> int:
        value = self._walk.evaluator.evaluate(statement.value)
        self._walk.names.note_made(statement.value, value)
        for target in statement.targets:
            self._walk.rebinding.note(target, value)
            self.assign(target, value)
        return NORMAL

    def _annotated(self, statement: facts.AnnAssign) -> int:
        if statement.value is not None:
            self.assign(statement.target, self._walk.evaluator.evaluate(statement.value))
        return NORMAL

    def _augmented(self, statement: facts.AugAssign) -> int:
        evaluator = self._walk.evaluator
        old, added = evaluator.evaluate(statement.target), evaluator.evaluate(statement.value)
        value = self._walk.containers.augmented(statement.op, old, added)
        if value is None:
            self._walk.escapes.let_go((*old, *added), f"an operand of `{statement.op}=`", None)
            value = evaluator.combine(statement.op, old, added)
        self.assign(statement.target, value)
        return NORMAL

    def assign(self, target: facts.Expr, value: Value) -> None:
        """Bind a target to a value."""
        match target:
            case facts.Name(id=name):
                self._walk.names.store(name, value)
            case facts.Attribute(value=base, attr=attr, at=at):
                self._walk.members.store_attribute(self._walk.evaluator.evaluate(base), attr, value, at)
            case facts.Subscript(value=base, index=index, at=at):
                evaluator = self._walk.evaluator
                if isinstance(index, facts.Slice):
                    self._walk.escapes.let_go(value, "stored to a slice", at)
                self._walk.members.store_item(evaluator.evaluate(base), evaluator.evaluate(index), value, at)
            case facts.Sequence(items=items):
                self._unpack(items, value)
            case facts.Starred(value=inner):
                self.assign(inner, value)
            case _:
                self._walk.evaluator.evaluate(target)

    def _unpack(self, targets: tuple[facts.Expr, ...], value: Value) -> None:
        columns = self._columns(targets, value)
        for index, target in enumerate(targets):
            self.assign(target, columns[index])

    def _columns(self, targets: tuple[facts.Expr, ...], value: Value) -> list[Value]:
        """What each of several targets gets from one value."""
        options = []
        for option in value:
            options.append((self._spread(targets, option), option.when))
        return [
            alternatives([(row[index], when) for row, when in options], f"unpacked {index}")
            for index in range(len(targets))
        ]

    def _spread(self, targets: tuple[facts.Expr, ...], option: Option) -> list[Value]:
        machine, count = self._machine, len(targets)
        pack = self._walk.containers.as_pack((option,))
        starred = next((i for i, target in enumerate(targets) if isinstance(target, facts.Starred)), None)
        if pack is not None and pack.whole:
            if starred is None and len(pack.items) == count:
                return list(pack.items)
            if starred is not None and len(pack.items) >= count - 1:
                after = count - starred - 1
                middle = Pack(pack.items[starred : len(pack.items) - after])
                return [*pack.items[:starred], just(middle), *pack.items[len(pack.items) - after :]]
        if pack is not None and pack.rest is not None and starred is None:
            return self._any_of(pack, count)
        thing = option.thing
        if isinstance(thing, Symbol):
            return [self._walk.members.item(just(thing), just(Literal(index)), None) for index in range(count)]
        return [
            just(machine.unknown(str(index), "unpacked from something that is not followed")) for index in range(count)
        ]

    def _any_of(self, pack: Pack, count: int) -> list[Value]:
        """What targets get from a sequence of unknown length: its item where all are alike, else nothing is known."""
        item = self._walk.containers.any_item(pack)
        tracked = [option for option in item or () if self._walk.containers.holds(option.thing, 1)]
        if item is not None and len(tracked) <= 1:
            return [item] * count
        self._walk.escapes.escape(item or (), "unpacked from a sequence of unknown length", None)
        return [just(self._machine.unknown(str(i), "unpacked from a sequence of unknown length")) for i in range(count)]

    def _do(self, statement: facts.Do) -> int:
        value = self._walk.evaluator.evaluate(statement.value)
        if isinstance(statement.value, facts.Call):
            self._throw_away(value, statement.value.at)
        elif isinstance(statement.value, facts.Attribute):
            self._walk.idle.not_called(statement.value)
        if not self._ends_program(statement.value):
            return NORMAL
        if not says_failure(statement.value):
            self._walk.looping.left_early(self._machine.loops)
        return RAISE

    def _throw_away(self, value: Value, at: facts.Span) -> None:
        """A scheduler that was just made and that nothing has a name for yet is lost as the result of a statement."""
        machine = self._machine
        made = self._walk.making.subjects(value, ObjectKind.SCHEDULER)
        lost = [subject for subject in made if not machine.recorder.objects[subject.object].name]
        if lost:
            machine.event(EventKind.THROWN_AWAY, at, lost, every=True)

    def _ends_program(self, expr: facts.Expr) -> bool:
        if not isinstance(expr, facts.Call) or not isinstance(expr.func, (facts.Name, facts.Attribute)):
            return False
        name = expr.func.id if isinstance(expr.func, facts.Name) else expr.func.attr
        if name not in ("exit", "_exit", "quit", "abort"):
            return False
        called = only(self._walk.evaluator.evaluate(expr.func))
        return isinstance(called, Foreign) and called.qualified in ("sys.exit", "os._exit", "os.abort", "exit", "quit")

    # --- branches -----------------------------------------------------------------------------------------------------

    def _if(self, statement: facts.If) -> int:
        verdict = self._walk.branching.assess(statement.test, statement.at)
        if verdict.outcome is not None:
            if verdict.outcome:
                self._walk.idle.other_side(statement.test, statement.orelse)
            return self.block(statement.body if verdict.outcome else statement.orelse)
        return self.branch([(verdict.then, statement.body), (verdict.orelse, statement.orelse)])

    def branch(self, sides: Sequence[tuple[Side, Sequence[facts.Statement]]]) -> int:
        """Execute the blocks one after the other from the same state, and join them."""
        machine = self._machine
        mark = machine.store.mark()
        flow = 0
        passed: list[tuple[Delta, Condition, Side]] = []
        stopped: list[int] = []
        for side, body in sides:
            with machine.assuming(side.tests, side.guards) as possible:
                if not possible:
                    continue
                self._walk.branching.narrow(side)
                left = self.block(body)
            flow |= left & ~NORMAL
            delta = machine.store.undo(mark)
            if left & NORMAL:
                passed.append((delta, side.tests, side))
            else:
                stopped.append(left)
        if not passed:
            return flow
        machine.store.join([(delta, tests if len(passed) > 1 else ()) for delta, tests, _ in passed])
        if stopped and len(passed) == 1:
            self._go_on_behind(passed[0][2], stopped)
        return flow | NORMAL

    def _go_on_behind(self, side: Side, stopped: Sequence[int]) -> None:
        """What follows an early exit runs only on the other side of its test: to the end of the loop body or
        function.
        """
        machine = self._machine
        both = conjoin(machine.condition, side.tests)
        machine.condition = machine.condition if both is None else both
        leaves_for_good = all(
            not left & (CONTINUE | RETURN) or (left & RETURN and machine.loops_in_frame()) for left in stopped
        )
        for guard in side.guards:
            machine.guards.append(self._softened(guard, leaves_for_good))

    @staticmethod
    def _softened(guard: Guard, leaves_for_good: bool) -> Guard:
        """Behind a `break`, a `raise` or a `return` out of a loop the code runs every time until the exit is taken,
        once.
        """
        if leaves_for_good:
            return replace(guard, kind=GuardKind.NEUTRAL)
        return guard

    def _match(self, statement: facts.Match) -> int:
        subject = self._walk.evaluator.evaluate(statement.subject)
        sides: list[tuple[Side, Sequence[facts.Statement]]] = []
        denied: Condition = ()
        for case in statement.cases:
            for name in case.names:
                self._walk.names.store(name, just(self._machine.unknown(name, "bound by a pattern")))
            verdict = self._walk.branching.case(statement.subject, subject, case)
            side = verdict.side
            tests = conjoin(denied, side.tests) if side is not None else None
            if side is not None and tests is not None:
                sides.append((Side(tests, side.guards, side.narrowed), case.body))
            denied = conjoin(denied, verdict.otherwise) or denied
            if verdict.last:
                break
        else:
            sides.append((Side(denied), ()))
        return self.branch(sides)

    def _try(self, statement: facts.Try) -> int:
        caught = [_is_dispatch(handler) for handler in statement.handlers]
        if not any(each is not None for each in caught):
            return self._tried(statement)
        with self._machine.attempting(everywhere=True in caught, deep=False):
            return self._tried(statement)

    def _tried(self, statement: facts.Try) -> int:
        """A try statement in all its ways."""
        machine = self._machine
        mark = machine.store.mark()
        flow = self.block(statement.body)
        if flow & NORMAL and statement.orelse:
            flow = (flow & ~NORMAL) | self.block(statement.orelse)
        whole = machine.store.undo(mark)
        ways: list[tuple[Delta, Condition]] = [(whole, ())] if flow & NORMAL else []
        for handler in statement.handlers:
            left = self._handler(handler, whole)
            delta = machine.store.undo(mark)
            flow |= left & ~NORMAL
            if left & NORMAL:
                ways.append((delta, ()))
        machine.store.join(ways or [(whole, ())])
        for imported in (each for each in statement.body if isinstance(each, facts.Import)):
            self._prefer_library(imported)
        flow = (flow & ~NORMAL) | (NORMAL if ways else 0)
        if statement.finalbody:
            last = self.block(statement.finalbody)
            flow = flow | (last & ~NORMAL) if last & NORMAL else last
        return flow

    def _prefer_library(self, statement: facts.Import) -> None:
        """`try: from library import Thing` with a class of the project's own as substitute means the library's."""
        store, frame = self._machine.store, self._machine.frame
        for alias in statement.names:
            key = (frame.id, alias.asname or alias.name.partition(".")[0])
            value = store.get(key) or ()
            if any(isinstance(option.thing, (ProjectClass, Routine)) for option in value):
                foreign = tuple(option for option in value if isinstance(option.thing, Foreign))
                if foreign:
                    store.put(key, foreign)

    def _handler(self, handler: facts.Handler, whole: Delta) -> int:
        """A handler begins with whatever part of the body was done: none of it, or all."""
        machine = self._machine
        machine.store.join([({}, ()), (whole, ())])
        if handler.name is not None:
            self._walk.names.store(handler.name, just(machine.unknown(handler.name, "an exception")))
        text = "an exception" if handler.type is None else f"except {getattr(handler.type, 'id', '...')}"
        guard = machine.guard(GuardKind.UNKNOWN, text, False, machine.place(getattr(handler.type, "at", None)))
        with machine.assuming((), (guard,)):
            return self.block(handler.body)

    def _with(self, statement: facts.With) -> int:
        for item in statement.items:
            value = self._walk.caller.entered(self._walk.evaluator.evaluate(item.value))
            if item.target is not None:
                self.assign(item.target, value)
        if any(map(_expects_error, statement.items)):
            with self._machine.attempting(everywhere=True, deep=True):
                return self.block(statement.body)
        return self.block(statement.body)

    # --- leaving ------------------------------------------------------------------------------------------------------

    def _return(self, statement: facts.Return) -> int:
        machine = self._machine
        value = self._walk.evaluator.evaluate(statement.value) if statement.value is not None else just(Literal(None))
        frame = machine.frame
        condition = tuple(test for test in machine.condition if test not in frame.condition)
        frame.exits.append(Exit(value, machine.store.changes(frame.mark), condition))
        self._walk.looping.left_early(machine.loops_in_frame())
        return RETURN

    def _raise(self, statement: facts.Raise) -> int:
        if statement.value is not None:
            self._walk.evaluator.evaluate(statement.value)
        return RAISE

    def _assert(self, statement: facts.Assert) -> int:
        verdict = self._walk.branching.assess(statement.test)
        self._walk.branching.narrow(verdict.then)
        return NORMAL

    def _delete(self, statement: facts.Delete) -> int:
        for target in statement.targets:
            if isinstance(target, facts.Name):
                self._machine.store.drop(
                    (self._machine.frame.elsewhere.get(target.id, self._machine.frame.id), target.id)
                )
            else:
                self._walk.evaluator.evaluate(target)
        return NORMAL

    # --- definitions --------------------------------------------------------------------------------------------------

    def _scope(self, statement: facts.Scope) -> int:
        self._walk.names.declare(statement)
        return NORMAL

    def _frames(self) -> tuple[int, ...]:
        frame = self._machine.frame
        return (frame.id, *frame.parents) if frame.names is not None else ()

    def _function(self, statement: facts.FunctionDef) -> int:
        frame = self._machine.frame
        function = Function(frame.module, statement, statement.at, None)
        if decorator_names(statement) & {"fixture"}:
            return NORMAL
        frames = self._frames()
        defaults = self._walk.binding.defaults(statement.parameters) if frames else ()
        made = just(Routine(function, frames, defaults))
        self._walk.names.store(statement.name, made)
        if any(map(self._registers, statement.decorators)):
            self._walk.escapes.escape(made, f"used in `{statement.name}`, which is registered", statement.at)
        return NORMAL

    def _registers(self, decorator: facts.Expr) -> bool:
        """Whether a decorator may keep the function: a method of something that is not followed is called for it."""
        if not isinstance(decorator, facts.Call) or not isinstance(decorator.func, facts.Attribute):
            return False
        receiver = self._walk.evaluator.evaluate(decorator.func.value)
        return any(isinstance(option.thing, (Symbol, ForeignObject)) for option in receiver)

    def _class(self, statement: facts.ClassDef) -> int:
        frame = self._machine.frame
        cls = Class(frame.module, statement, statement.at)
        self._walk.names.store(statement.name, just(ProjectClass(cls, self._frames())))
        return NORMAL

    def _import(self, statement: facts.Import) -> int:
        machine = self._machine
        module = machine.frame.module
        for alias in statement.names:
            if alias.name != "*":
                name = alias.asname or (alias.name if statement.module is not None else alias.name.partition(".")[0])
                symbols = machine.program.imported(module, statement, alias)
                self._walk.names.store(name, self._walk.names.meaning(symbols, name, f"{module.path}:{name}"))
        return NORMAL


def says_failure(call: facts.Expr) -> bool:
    """Whether the end of a program is that of one that went wrong (`sys.exit(1)` for a loss that is no number): like a
    `raise`, it is not how a run that works leaves its loops.
    """
    given = [one.value for one in call.arguments] if isinstance(call, facts.Call) else []
    return len(given) == 1 and isinstance(given[0], facts.Constant) and given[0].value not in (0, None)


def _is_dispatch(handler: facts.Handler) -> bool | None:
    """Whether a handler takes what a call with wrong arguments raises: by name, or (False) with all else."""
    types = handler.type.items if isinstance(handler.type, facts.Sequence) else (handler.type,)
    names = {getattr(each, "id", getattr(each, "attr", "")) for each in types if each is not None}
    if names & NAMED_ERRORS:
        return True
    return False if handler.type is None or names & ALL_ERRORS else None


def _expects_error(item: facts.WithItem) -> bool:
    """Whether a context manager is there for an error: `pytest.raises(...)`, `self.assertRaises(...)`, `suppress`."""
    func = item.value.func if isinstance(item.value, facts.Call) else None
    return getattr(func, "attr", getattr(func, "id", "")) in EXPECTING
