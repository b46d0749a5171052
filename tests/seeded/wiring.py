"""Edits that wire a scheduler wrongly: built anew in each round, or on another optimizer than its own."""

from __future__ import annotations

from schedlint.timeline.model import EventKind, Object, ObjectKind
from schedlint.timeline.reading import Cadence, Unit
from schedlint.timeline.wiring import belongs_to
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, before, removal, replacement
from tests.seeded.losses import assignment
from tests.seeded.moves import require_plain_step
from tests.seeded.names import dotted, read_by
from tests.seeded.source import Sources, block_in, body_of
from tests.seeded.unfit import require


def built_in_epoch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A scheduler that is built at the top of every epoch and stepped once in it.

    It is a mistake because it has a horizon of more than one step, in epochs, of which each one takes the first.
    Nothing else may use it, between where it was built and the loop.
    """
    horizon = candidate.horizon
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(horizon is not None and horizon.unit is Unit.EPOCHS, "its horizon is not known to be in epochs")
    assert horizon is not None
    require(horizon.amount is None or horizon.amount > 1, "its horizon is one step")
    require(horizon.amount is not None or horizon.quantity is not None, "its horizon is not known")
    require_plain_step(candidate)
    path = candidate.scheduler.place.path
    require(path == candidate.loop.place.path, "it is built in another file than its epoch loop")
    made = candidate.scheduler
    require(not made.guards and not made.loops, "it is built under a condition, or in a loop")
    require(not candidate.timeline.wrappers(candidate.scheduler.id), "another one steps it")
    source = sources[path]
    call, loop = source.call(candidate.scheduler.place), source.loop(candidate.loop.place)
    require(source.scope(call) is source.scope(loop), "it is built in another function than its epoch loop")
    name, _ = assignment(source, call)
    built, around = source.statement(candidate.scheduler.place), source.statement(candidate.loop.place)
    statements = body_of(source.block(around))
    require(built in statements, "it is built in another block than its epoch loop")
    between = statements[statements.index(built) + 1 : statements.index(around)]
    require(not any(name in read_by(one) for one in between), "it is used before the loop")
    behind = statements[statements.index(around) + 1 :]
    require(not any(name in read_by(one) for one in behind), "it is used after the loop")
    return [before(source, body_of(block_in(loop))[0], built), removal(source, built)]


def on_other_optimizer(candidate: Candidate, sources: Sources) -> list[Change]:
    """A scheduler that is built on the other optimizer of a pair.

    It is a mistake where both optimizers are stepped in one loop, each has a schedule of its own, and the names of both
    pairs say which belong together.
    """
    own, other = pair(candidate)
    source = sources[candidate.scheduler.place.path]
    require(own.place.path == source.path, "its optimizer is built in another file")
    call = source.call(candidate.scheduler.place)
    right, _ = assignment(source, source.call(own.place))
    wrong, _ = assignment(source, source.call(other.place))
    require(right != wrong, "the two optimizers are built in one variable")
    require(
        bool(call.args) and dotted(call.args[0].value) == right, "it is built with the optimizer under another name"
    )
    require(whose(assignment(source, call)[0]) == whose(right), "its name does not say whose it is")
    return [replacement(source, source.place(call.args[0].value), wrong, faulty=True)]


def pair(candidate: Candidate) -> tuple[Object, Object]:
    """The optimizer of a scheduler, and the one beside it."""
    timeline, own = candidate.timeline, candidate.optimizer()
    require(own is not None, "its optimizer is not known")
    assert own is not None
    others = [one for one in timeline.objects if one.kind is ObjectKind.OPTIMIZER and one.id != own.id]
    require(len(others) == 1 and others[0].place.path == own.place.path, "there is no pair of optimizers")
    other = others[0]
    loops = [
        {loop for event in timeline.events_of(one.id, EventKind.OPTIMIZED) for loop in event.loops}
        for one in (own, other)
    ]
    require(bool(loops[0] & loops[1]), "the two optimizers are not stepped in one loop")
    require(any(other.id in one.optimizers for one in timeline.schedulers()), "the other optimizer has no schedule")
    return own, other


def whose(name: str) -> tuple[str, ...]:
    """What a name says of whose a scheduler or optimizer is."""
    found = belongs_to(name)
    require(bool(found), "a name does not say whose it is")
    return found
