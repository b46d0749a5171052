"""The way from a loop to an event, through calls: in which function, and in which statement there, something happens.

A step may stand in the loop itself or in a function that is called there; moving it then means moving the call.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from schedlint.place import Place
from schedlint.timeline.model import Event, Loop
from tests.seeded.names import depends, read_by
from tests.seeded.source import Scope, Source, Statement, body_of
from tests.seeded.unfit import Unfit, require


def way(event: Event) -> tuple[Place, ...]:
    """The calls that lead to an event, from the entry on, and its own place."""
    return (*event.calls, event.place)


def in_loop(event: Event, loop: Loop) -> Place:
    """The place in the function of a loop at which an event happens, or the call that leads to it."""
    return way(event)[len(loop.calls)]


def parting(one: Event, others: Sequence[Event]) -> int:
    """How many calls an event shares with all of some others."""
    shared = 0
    for places in zip(*(event.calls for event in (one, *others)), strict=False):
        if len(set(places)) > 1:
            break
        shared += 1
    return shared


def own_line(source: Source, place: Place) -> cst.SimpleStatementLine:
    """The line that is a call at a place and nothing else."""
    statement = source.statement(place)
    single = isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1
    require(single, "its step shares its line")
    assert isinstance(statement, cst.SimpleStatementLine)
    line = statement.body[0]
    require(isinstance(line, cst.Expr) and isinstance(line.value, cst.Call), "its step is no statement of its own")
    return statement


def unit(source: Source, place: Place, bound: set[str] | None = None) -> Statement:
    """The step at a place with the statements that only hold it: `if scheduler is not None:`, a loop over schedulers.

    It may stand where the names in `bound` are others: only as much is taken as does not read them. Raises Unfit if
    the step itself does.
    """
    statement: Statement = own_line(source, place)
    around = [statement, *_holders(source, statement)]
    fit = [piece for piece in around if not depends(read_by(piece), bound or set())]
    require(fit, "its step needs what is made in the loop")
    return fit[-1]


def _holders(source: Source, statement: Statement) -> list[Statement]:
    """The `if` and `for` statements that hold this one and nothing else, from the inside."""
    found: list[Statement] = []
    while True:
        block = source.block(statement)
        owner = source.owner(block)
        if len(body_of(block)) > 1 or not isinstance(owner, (cst.If, cst.For)) or owner.orelse is not None:
            return found
        try:
            source.block(owner)
        except Unfit:  # an `elif`
            return found
        statement = owner
        found.append(owner)


def scope_of(source: Source, place: Place) -> Scope:
    """The function that a place is in."""
    return source.scope(source.statement(place))
