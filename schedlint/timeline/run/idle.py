"""Steps that are written and never taken: without parentheses, behind what always leaves the block, or on the side of a
test that no scheduler passes.

Nothing of this is run: only the names that such a step is called on are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from schedlint import facts
from schedlint.program.walk import nodes, scope_statements
from schedlint.timeline.model import EventKind, ObjectKind, Subject
from schedlint.timeline.run.prescan import calls_something
from schedlint.timeline.run.spelling import source
from schedlint.timeline.run.values import Value

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
        for receiver, at in _steps(statements):
            subjects = self._subjects(receiver, ObjectKind.SCHEDULER) or self._subjects(receiver, ObjectKind.OPTIMIZER)
            if subjects:
                spelled = source(receiver)
                self._machine.event(EventKind.NOT_REACHED, at, subjects, receiver=spelled, method=STEP, behind=behind)

    def _subjects(self, expr: facts.Expr, kind: ObjectKind) -> tuple[Subject, ...]:
        """The objects of a kind that an expression without calls may be; nothing happens in looking it up."""
        return () if calls_something(expr) else self._walk.making.subjects(self._looked_up(expr), kind)

    def _looked_up(self, expr: facts.Expr) -> Value:
        machine = self._machine
        machine.muted += 1
        mark = machine.store.mark()
        try:
            return self._walk.evaluator.evaluate(expr)
        finally:
            machine.store.undo(mark)
            machine.muted -= 1


def _steps(statements: Sequence[facts.Statement]) -> Iterator[tuple[facts.Expr, facts.Span]]:
    """The calls of a method `step` in statements of one scope: what each is called on, and where."""
    for statement in scope_statements(tuple(statements)):
        if isinstance(statement, facts.Do):
            for node in nodes(statement.value):
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
