"""Steps that are written and never taken: without parentheses, behind what always leaves the block, or on the side of a
test that no scheduler passes.

Nothing of this is run: only the names that such a step is called on are looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.program.walk import nodes, scope_statements
from schedlint.timeline.model import EventKind, ObjectKind, Subject
from schedlint.timeline.run.prescan import calls_something
from schedlint.timeline.run.spelling import source

if TYPE_CHECKING:
    from schedlint.timeline.run.walk import Walk

STEP = "step"
LEAVING = {facts.Break: "break", facts.Continue: "continue", facts.Return: "return"}
"""Statements that leave a block whatever happens; a `raise` there is how people switch code off on purpose."""


class Idle:
    """Records steps that are never taken."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._machine = walk.machine

    def not_called(self, named: facts.Attribute) -> None:
        """`scheduler.step` as a statement: the method is looked up and not called."""
        if named.attr == STEP:
            subjects = self._subjects(named.value, ObjectKind.SCHEDULER)
            if subjects:
                receiver = source(named.value)
                self._machine.event(EventKind.NOT_CALLED, named.at, subjects, receiver=receiver, method=STEP)

    def left_out(self, leaving: facts.Statement, behind: Sequence[facts.Statement]) -> None:
        """The steps in the statements behind one that leaves their block."""
        word = LEAVING.get(type(leaving))
        if word is not None and behind:
            self._record(behind, word)

    def other_side(self, test: facts.Expr, orelse: Sequence[facts.Statement]) -> None:
        """The steps in the `else` of a test that asks whether there is a scheduler, where there is one."""
        asked = _asked(test) if orelse else None
        if asked is not None and self._subjects(asked, ObjectKind.SCHEDULER):
            self._record(orelse, source(test))

    def _record(self, statements: Sequence[facts.Statement], behind: str) -> None:
        self._read(each for statement in scope_statements(tuple(statements)) for each in _looked_at(statement))
        with self._looking():
            steps = list(self._steps(statements))
        for receiver, at, subjects in steps:
            spelled = source(receiver)
            self._machine.event(EventKind.NOT_REACHED, at, subjects, receiver=spelled, method=STEP, behind=behind)

    def _read(self, looked_at: Iterable[facts.Expr]) -> None:
        """Read the names in expressions once: what a global holds may be made by it, and must not be forgotten."""
        for expr in looked_at:
            for node in nodes(expr):
                if isinstance(node, facts.Name):
                    self._walk.names.read(node.id, node.at)

    def _steps(
        self, statements: Sequence[facts.Statement]
    ) -> Iterator[tuple[facts.Expr, facts.Span, tuple[Subject, ...]]]:
        """The steps in statements of one scope: what each is called on, where, and what that may be."""
        for statement in scope_statements(tuple(statements)):
            if isinstance(statement, facts.For) and not calls_something(statement.iterable):
                self._walk.looping.bind_item(statement.target, self._walk.evaluator.evaluate(statement.iterable))
            for receiver, at in _called(statement):
                for kind in (ObjectKind.SCHEDULER, ObjectKind.OPTIMIZER):
                    if subjects := self._subjects(receiver, kind):
                        yield receiver, at, subjects

    def _subjects(self, expr: facts.Expr, kind: ObjectKind) -> tuple[Subject, ...]:
        """The objects of a kind that an expression without calls may be."""
        if calls_something(expr):
            return ()
        with self._looking():
            return self._walk.making.subjects(self._walk.evaluator.evaluate(expr), kind)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Look names up; nothing happens by it, and what is bound on the way is forgotten."""
        machine = self._machine
        machine.muted += 1
        mark = machine.store.mark()
        try:
            yield
        finally:
            machine.store.undo(mark)
            machine.muted -= 1


def _looked_at(statement: facts.Statement) -> Iterator[facts.Expr]:
    """The expressions in a statement that say what is stepped."""
    if isinstance(statement, facts.For):
        yield statement.iterable
    yield from (receiver for receiver, _ in _called(statement))


def _called(statement: facts.Statement) -> Iterator[tuple[facts.Expr, facts.Span]]:
    """The calls of a method `step` in an expression that is a statement: what each is called on, and where."""
    for node in nodes(statement.value) if isinstance(statement, facts.Do) else ():
        if isinstance(node, facts.Call) and isinstance(node.func, facts.Attribute) and node.func.attr == STEP:
            yield node.func.value, node.at


def _asked(test: facts.Expr) -> facts.Expr | None:
    """What a test asks to be there: `x` of `if x`, `if x is not None`, `if x != None`."""
    match test:
        case facts.Name() | facts.Attribute():
            return test
        case facts.Compare(left=left, operators=("is not" | "!=",), comparators=(facts.Constant(value=None),)):
            return left
        case _:
            return None
