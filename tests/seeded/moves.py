"""Edits that take a step elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from schedlint.timeline.model import Event, EventKind, GuardKind, Loop, LoopKind
from schedlint.timeline.reading import Cadence, Unit
from tests.seeded.candidates import IN_BATCHES, Candidate, may_be
from tests.seeded.changes import Draft, before, behind, draft, removal
from tests.seeded.names import bound_by, means_the_same, read_by
from tests.seeded.source import Block, Source, Sources, Statement, block_in, body_of
from tests.seeded.unfit import Unfit, require
from tests.seeded.ways import in_loop, parting, scope_of, unit, way

ALWAYS = (GuardKind.NEUTRAL, GuardKind.FLAG)
PER_BATCH = (Cadence.BATCH, Cadence.UPDATE)
UNORDERED = ("ReduceLROnPlateau", "GradualWarmup")
"""Classes, by the beginning of their names, for which a step before training is no mistake."""


def into_batch_loop(candidate: Candidate, sources: Sources) -> Draft:
    """A schedule in epochs, stepped behind every step of the optimizer.

    It is a mistake because the horizon is known to be in epochs. The step must mean the same in the batch loop: it
    stands in the same function or reads only `self` and globals, and nothing that the epoch makes.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(unit_is(candidate, Unit.EPOCHS), "its horizon is not known to be in epochs")
    require_plain_step(candidate)
    training = candidate.training(candidate.loop)
    batches = innermost_batch_loop(candidate, training)
    source = sources[batches.place.path]
    place = in_loop(candidate.step, candidate.loop)
    require(place.path == batches.place.path, "its batch loop is in another file")
    require_nothing_else(candidate, len(candidate.loop.calls))
    inside = block_in(source.loop(batches.place))
    epochs = source.loop(candidate.loop.place)
    moved = unit(source, place, bound_by([block_in(epochs)]))
    here, there = source.scope(moved), source.scope(source.loop(batches.place))
    require(all(means_the_same(name, source, here, there) for name in roots(moved)), "its batch loop does not know it")
    anchor = last_training(source, inside, batches, training)
    return draft(source, behind(source, anchor, moved), removal(source, moved))


def out_of_batch_loop(candidate: Candidate, sources: Sources) -> Draft:
    """A schedule in batches or updates, stepped at the end of the epoch.

    It is a mistake because the horizon is known to be in batches or updates, and the batch loop is known to lie in an
    epoch loop. Where that is in another function, the step goes behind the batch loop.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    require(unit_is(candidate, *IN_BATCHES), "its horizon is not known to be in batches")
    require_plain_step(candidate)
    batches = candidate.loop
    epochs = epoch_loop_around(candidate, batches)
    place = in_loop(candidate.step, batches)
    require_nothing_else(candidate, len(batches.calls))
    source = sources[place.path]
    node = source.loop(batches.place)
    moved = unit(source, place, bound_by([node]))
    return draft(source, behind(source, end_of_epoch(source, batches, epochs), moved), removal(source, moved))


def end_of_epoch(source: Source, batches: Loop, epochs: Loop) -> Statement:
    """The last statement of the epoch that goes on: of the epoch loop's body, or else the batch loop."""
    node = source.loop(batches.place)
    if batches.calls == epochs.calls:
        last = body_of(block_in(source.loop(epochs.place)))[-1]
        if not leaves(last):
            return last
    require(batches.parent == epochs.id, "between its batch loop and the epoch loop is another one")
    return node


def leaves(statement: Statement) -> bool:
    """Whether control does not go on behind a statement."""
    ends = (cst.Return, cst.Break, cst.Continue, cst.Raise)
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], ends)


def top_of_epoch(candidate: Candidate, sources: Sources) -> Draft:
    """A step per epoch, taken before the training of the epoch.

    It is a mistake where the loop trains in every iteration, nothing steps the optimizer before the loop, no guard
    leaves out the first epoch, and the class counts from its first step on.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    epochs = candidate.loop
    training = candidate.training(epochs)
    require_order_matters(candidate, training)
    depth = parting(candidate.step, training)
    require_nothing_else(candidate, depth)
    place = way(candidate.step)[depth]
    source = sources[place.path]
    if depth == len(epochs.calls):
        block, skip = block_in(source.loop(epochs.place)), 0
    else:
        block = block_in(scope_of(source, place))
        skip = has_docstring(block)
    moved = unit(source, place, bound_by(body_of(block)))
    first = body_of(block)[skip]
    require(first is not moved, "it stands at the top")
    return draft(source, before(source, first, moved), removal(source, moved))


def has_docstring(block: Block) -> bool:
    """Whether a block begins with a text of its own."""
    first = body_of(block)[0]
    line = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    return isinstance(line, cst.Expr) and isinstance(line.value, (cst.SimpleString, cst.ConcatenatedString))


def before_optimizer(candidate: Candidate, sources: Sources) -> Draft:
    """A step per batch, taken right before the step of the optimizer in the same body.

    It is a mistake where nothing stepped the optimizer before, no guard leaves out the first batch, and the class
    counts from its first step on.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    training = candidate.training(candidate.loop)
    require_order_matters(candidate, training)
    depth = parting(candidate.step, training)
    require_nothing_else(candidate, depth)
    place = way(candidate.step)[depth]
    source = sources[place.path]
    moved = unit(source, place)
    block = source.block(moved)
    anchors = [source.child(block, way(event)[depth]) for event in training]
    anchor = min(anchors, key=lambda statement: source.rows(statement))
    between = body_of(block)[body_of(block).index(anchor) : body_of(block).index(moved)]
    require(between, "it does not stand behind the step of its optimizer")
    unit(source, place, bound_by(between))
    return draft(source, before(source, anchor, moved), removal(source, moved))


# --- what all of them ask ---------------------------------------------------------------------------------------------


def unit_is(candidate: Candidate, *units: Unit) -> bool:
    """Whether the horizon is known to be in one of some units."""
    return candidate.horizon is not None and candidate.horizon.unit in units


def require_plain_step(candidate: Candidate) -> None:
    """Steps with an argument go where it says; a scheduler built in a loop begins anew there."""
    require(not candidate.step.arguments, "its step is given an argument")
    require(not candidate.scheduler.loops, "it is built in a loop")


def require_nothing_else(candidate: Candidate, depth: int) -> None:
    """A call that is moved with the step in it must not train as well."""
    calls = candidate.step.calls[: depth + 1]
    if len(calls) > depth:
        inside = [event for event in candidate.timeline.events if event.calls[: depth + 1] == calls]
        trains = any(event.kind in (EventKind.OPTIMIZED, EventKind.BACKWARD) for event in inside)
        require(not trains, "the call that steps it also trains")


def require_order_matters(candidate: Candidate, training: Sequence[Event]) -> None:
    """The first step must be taken in the first round, before anything else could have moved the optimizer on."""
    require_plain_step(candidate)
    require(training, "its loop is not seen to train")
    require(not candidate.class_name.startswith(UNORDERED), "its class may be stepped first")
    apart = [guard for guard in candidate.step.guards if not all(guard in event.guards for event in training)]
    require(all(guard.kind in ALWAYS for guard in apart), "a guard may leave out its first step")
    moved_on = candidate.timeline.events_of(candidate.scheduler.id, EventKind.LAST_EPOCH_WRITTEN)
    require(not moved_on, "its position is set by hand")
    first = next(event for event in candidate.timeline.events if candidate.loop.id in event.loops)
    earlier = candidate.timeline.events[: first.id - 1]
    stepping = (EventKind.OPTIMIZED, EventKind.STEPPED_BY)
    trained = any(one.kind in stepping and may_be(one, candidate.scheduler.optimizers) for one in earlier)
    require(not trained, "its optimizer is stepped before the loop")


def innermost_batch_loop(candidate: Candidate, training: Sequence[Event]) -> Loop:
    """The one batch loop in which the optimizer is stepped."""
    loops = {
        next((id for id in reversed(event.loops) if candidate.reading.loop(id).kind is LoopKind.BATCH), 0)
        for event in training
    }
    require(len(loops) == 1 and loops != {0}, "the batch loop that trains is not known")
    (found,) = loops
    require(candidate.loop in candidate.timeline.ancestors(found), "the batch loop that trains is not in its loop")
    return candidate.timeline.loop(found)


def epoch_loop_around(candidate: Candidate, batches: Loop) -> Loop:
    """The epoch loop that a batch loop lies in."""
    for loop in candidate.timeline.ancestors(batches.id):
        if candidate.reading.loop(loop.id).kind is LoopKind.EPOCH:
            return loop
    raise Unfit("no epoch loop is seen around its batch loop")


def last_training(source: Source, inside: Block, batches: Loop, training: Sequence[Event]) -> Statement:
    """The statement behind which the optimizer has been stepped: its step, or what holds all of its steps."""
    places = {in_loop(event, batches) for event in training if batches.id in event.loops}
    steps = {id(step): step for step in (source.statement(place) for place in places)}
    if len(steps) == 1:
        return next(iter(steps.values()))
    return max((source.child(inside, place) for place in places), key=lambda statement: source.rows(statement))


def roots(moved: Statement) -> set[str]:
    """The names, without their attributes, that a statement reads."""
    return {name.partition(".")[0] for name in read_by(moved)}
