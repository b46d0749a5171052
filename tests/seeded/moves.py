"""Edits that take a step elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.model import Event, EventKind, GuardKind, Loop, LoopKind
from schedlint.timeline.reading import Cadence, Unit
from tests.seeded.candidates import IN_BATCHES, Candidate, may_be
from tests.seeded.changes import Change, appended, before, behind, lines_behind, removal
from tests.seeded.names import bound_by, dotted, means_the_same, own, read_by
from tests.seeded.source import Block, Source, Sources, Statement, block_in, body_of
from tests.seeded.unfit import Unfit, require
from tests.seeded.ways import in_loop, parting, scope_of, unit, way

ALWAYS = (GuardKind.NEUTRAL, GuardKind.FLAG)
PER_BATCH = (Cadence.BATCH, Cadence.UPDATE)
UNORDERED = ("ReduceLROnPlateau", "GradualWarmup")
"""Classes, by the beginning of their names, for which a step before training is no mistake."""
NAMES = ("epoch_scheduler", "main_scheduler")
"""What a scheduler is called in a function in which its own name is taken."""


def into_batch_loop(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule in epochs, stepped behind every step of the optimizer.

    It is a mistake because the horizon is known to be in epochs, or because there is none and the rate leaves nothing
    of the learning rate after the batches of one epoch.
    """
    require_epochs(candidate)
    added, left = in_batch_loop(candidate, sources)
    return [*added, left]


def require_epochs(candidate: Candidate) -> None:
    """A schedule that is stepped per epoch, as it was written to be."""
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(unit_is(candidate, Unit.EPOCHS) or fades(candidate), "its horizon is not known to be in epochs")


def fades(candidate: Candidate) -> bool:
    """Whether the schedule has no horizon but a rate, of which nothing is left after 1,000 steps."""
    table = candidate.reading.table(candidate.scheduler.id)
    rate = number(argument(table, candidate.scheduler, table.rate)) if table is not None and table.rate else None
    return unit_is(candidate, Unit.NONE) and rate is not None and 0 < rate**1000 < 1e-4


def in_batch_loop(candidate: Candidate, sources: Sources) -> tuple[list[Change], Change]:
    """The step per epoch behind every step of the optimizer, and its removal from where it was.

    Where the batch loop is in a function of its own, the step is one that means the same there: it reads only `self`
    and globals; else the scheduler is handed on to it.
    """
    require_plain_step(candidate)
    training = candidate.training(candidate.loop)
    batches = innermost_batch_loop(candidate, training)
    require_nothing_else(candidate, len(candidate.loop.calls))
    here, there = sources[candidate.loop.place.path], sources[batches.place.path]
    epochs = block_in(here.loop(candidate.loop.place))
    moved = unit(here, in_loop(candidate.step, candidate.loop), bound_by([epochs]))
    anchor = last_training(there, batches, training)
    if is_known_in(moved, here, there, batches):
        return [behind(there, anchor, moved)], removal(here, moved)
    return handed_on(candidate, here, there, batches, anchor), removal(here, moved)


def is_known_in(moved: Statement, here: Source, there: Source, batches: Loop) -> bool:
    """Whether a statement means the same in the function of the batch loop."""
    if here is not there:
        return False
    scopes = here.scope(moved), here.scope(here.loop(batches.place))
    return all(means_the_same(name, here, *scopes) for name in roots(moved))


def handed_on(candidate: Candidate, here: Source, there: Source, batches: Loop, anchor: Statement) -> list[Change]:
    """The scheduler as one more argument of the function with the batch loop, which steps it."""
    depth = len(candidate.loop.calls)
    direct = len(batches.calls) == depth + 1 and len(candidate.step.calls) == depth
    require(direct, "its batch loop is more than one call away")
    receiver = here.call(candidate.step.place).func
    require(isinstance(receiver, cst.Attribute), "its step is called by another name")
    spelled = dotted(cst.ensure_type(receiver, cst.Attribute).value)
    require(spelled, "it is stepped under no name")
    call, function = here.call(batches.calls[-1]), there.scope(there.loop(batches.place))
    require(isinstance(function, cst.FunctionDef), "its batch loop is in no function")
    function = cst.ensure_type(function, cst.FunctionDef)
    require(dotted(call.func).rpartition(".")[2] == function.name.value, "its batch loop is called by another name")
    name = next((name for name in (spelled.rpartition(".")[2], *NAMES) if name not in own(function)), "")
    require(name, "its batch loop has something else of every name for it")
    require(call.args and takes_one_more(function), "its batch loop cannot be given one more argument")
    return [
        appended(here, call.args[-1].value, f", {name}={spelled}"),
        appended(there, end_of(function.params.params[-1]), f", {name}=None"),
        lines_behind(there, anchor, f"if {name} is not None:", f"    {name}.step()"),
    ]


def end_of(parameter: cst.Param) -> cst.CSTNode:
    """The last thing that is written of a parameter."""
    annotation = parameter.annotation.annotation if parameter.annotation is not None else None
    return parameter.default or annotation or parameter.name


def takes_one_more(function: cst.FunctionDef) -> bool:
    """Whether a parameter can be written behind the last one."""
    every = function.params
    stars = every.kwonly_params or every.star_kwarg or not isinstance(every.star_arg, cst.MaybeSentinel)
    return bool(every.params) and not stars


def out_of_batch_loop(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule in batches or updates, stepped at the end of the epoch.

    It is a mistake because the horizon is known to be in batches or updates, and the batch loop is known to lie in an
    epoch loop.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    require(unit_is(candidate, *IN_BATCHES), "its horizon is not known to be in batches")
    source, anchor, moved = to_end_of_epoch(candidate, sources)
    return [behind(source, anchor, moved), removal(source, moved)]


def to_end_of_epoch(candidate: Candidate, sources: Sources) -> tuple[Source, Statement, Statement]:
    """The file, the last statement of an epoch, and the step per batch that may stand behind it.

    Where the batch loop is in another function than the epoch loop, it is the batch loop.
    """
    require_plain_step(candidate)
    batches = candidate.loop
    epochs = epoch_loop_around(candidate, batches)
    require(epochs.id not in candidate.scheduler.loops, "it is built in the epoch, and ends with it")
    place = in_loop(candidate.step, batches)
    require_nothing_else(candidate, len(batches.calls))
    source = sources[place.path]
    moved = unit(source, place, bound_by([source.loop(batches.place)]))
    return source, end_of_epoch(source, batches, epochs), moved


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


def top_of_epoch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A step per epoch, taken before the training of the epoch.

    It is a mistake where the loop trains in every iteration, nothing steps the optimizer before the loop, no guard
    leaves out the first epoch, and the class counts from its first step on.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require_order_matters(candidate, candidate.training(candidate.loop))
    source, first, moved = to_top_of_epoch(candidate, sources)
    require(first is not moved, "it stands at the top")
    return [before(source, first, moved), removal(source, moved)]


def to_top_of_epoch(candidate: Candidate, sources: Sources) -> tuple[Source, Statement, Statement]:
    """The file, the first statement of an epoch in the function that steps and trains, and the step there."""
    epochs = candidate.loop
    depth = parting(candidate.step, candidate.training(epochs))
    require_nothing_else(candidate, depth)
    place = way(candidate.step)[depth]
    source = sources[place.path]
    if depth == len(epochs.calls):
        block, skip = block_in(source.loop(epochs.place)), 0
    else:
        block = block_in(scope_of(source, place))
        skip = has_docstring(block)
    return source, body_of(block)[skip], unit(source, place, bound_by(body_of(block)))


def has_docstring(block: Block) -> bool:
    """Whether a block begins with a text of its own."""
    first = body_of(block)[0]
    line = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    return isinstance(line, cst.Expr) and isinstance(line.value, (cst.SimpleString, cst.ConcatenatedString))


def before_optimizer(candidate: Candidate, sources: Sources) -> list[Change]:
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
    return [before(source, anchor, moved), removal(source, moved)]


# --- what all of them ask ---------------------------------------------------------------------------------------------


def unit_is(candidate: Candidate, *units: Unit) -> bool:
    """Whether the horizon is known to be in one of some units."""
    return candidate.horizon is not None and candidate.horizon.unit in units


def require_plain_step(candidate: Candidate) -> None:
    """Steps with an argument go where it says; a scheduler built in a loop begins anew there, so that its steps must
    be in the same round.
    """
    require(not candidate.step.arguments, "its step is given an argument")
    around = {loop.id for loop in candidate.timeline.ancestors(candidate.loop.id)}
    anew = around.issuperset(candidate.scheduler.loops) and not candidate.scheduler.contained
    require(anew or not candidate.scheduler.loops, "it is built in a loop")


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


def last_training(source: Source, batches: Loop, training: Sequence[Event]) -> Statement:
    """The statement behind which the optimizer has been stepped: its step, or what holds all of its steps."""
    places = {in_loop(event, batches) for event in training if batches.id in event.loops}
    steps = {id(step): step for step in (source.statement(place) for place in places)}
    if len(steps) == 1:
        return next(iter(steps.values()))
    inside = block_in(source.loop(batches.place))
    return max((source.child(inside, place) for place in places), key=lambda statement: source.rows(statement))


def roots(moved: Statement) -> set[str]:
    """The names, without their attributes, that a statement reads."""
    return {name.partition(".")[0] for name in read_by(moved)}
