"""Edits about gradient accumulation: the optimizer steps once in several batches, and the schedule does not fit."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import GuardKind, Loop
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import PRODUCT, Cadence
from tests.seeded.candidates import IN_BATCHES, Candidate
from tests.seeded.changes import Change, removal, replacement
from tests.seeded.horizons import A_LENGTH, LISTS, horizon_argument, is_epochs_by_batches
from tests.seeded.moves import ALWAYS, require_plain_step, unit_is
from tests.seeded.names import bound_by, dotted, own, read_by
from tests.seeded.one_cycle import argument_of, factor, is_length_of
from tests.seeded.source import Source, Sources, Statement, block_in, body_of
from tests.seeded.swaps import epochs_around
from tests.seeded.unfit import require
from tests.seeded.ways import in_loop, scope_of, unit

BATCHES = 4
"""How many batches an update takes after an edit."""
COUNTERS = ("i", "step", "batch_index")
BARS = ("tqdm", "track")
A_RESET = m.SimpleStatementLine(body=[m.Expr(m.Call(func=m.Attribute(attr=m.Name("zero_grad"))))])
A_DIVIDED_LENGTH = m.BinaryOperation(
    operator=m.FloorDivide() | m.Divide(), left=m.MatchIfTrue(lambda left: bool(m.findall(left, A_LENGTH)))
)


def accumulated(candidate: Candidate, sources: Sources) -> list[Change]:
    """The steps of the optimizer and of the scheduler in every fourth batch.

    It is a mistake because the horizon is the number of batches, with the length of the loader in it: at the end of the
    training a quarter of the schedule is done.
    """
    require_steps_in_batches(candidate, sources)
    batches = candidate.loop
    source = sources[batches.place.path]
    steps = training_in(source, candidate)
    moved = unit(source, in_loop(candidate.step, batches))
    require(source.block(moved) is source.block(steps[0]), "the optimizer is stepped in another block")
    return guarded(source, batches, [*steps, moved])


def updates_alone(candidate: Candidate, sources: Sources) -> list[Change]:
    """The step of the optimizer in every fourth batch, and a quarter of the horizon; the scheduler steps as before.

    It is a mistake because the horizon was the number of all batches: it is that of the updates then, and the schedule
    is over after a quarter of the training. Of a part of the training, a quarter may be what is meant.
    """
    require_steps_in_batches(candidate, sources)
    whole = is_length_of(candidate, epochs_around(candidate))
    require(whole, "its length is not known to be that of the training")
    here, there = sources[candidate.scheduler.place.path], sources[candidate.loop.place.path]
    value = batches_of(candidate, here)
    divided = f"{factor(here, value)} // {BATCHES}"
    guards = guarded(there, candidate.loop, training_in(there, candidate))
    return [replacement(here, here.place(value), divided, faulty=True), *guards]


def undivided(candidate: Candidate, sources: Sources) -> list[Change]:
    """A horizon of updates without its division by the number of batches that an update takes.

    It is a mistake because the scheduler steps once per update. The division must be the only one of a length by
    that number on the way to the construction.
    """
    require(candidate.cadence.cadence is Cadence.UPDATE, "it is not stepped once per update")
    require(unit_is(candidate, *IN_BATCHES), "its horizon is not known to be in batches")
    require_plain_step(candidate)
    found = divisions(candidate, sources)
    require(len(found) == 1, "its horizon is not divided where it is built")
    ((divided, source),) = found.items()
    return [replacement(source, source.place(divided), source.code(divided.left), faulty=True)]


def divisions(candidate: Candidate, sources: Sources) -> dict[cst.BinaryOperation, Source]:
    """The lengths that are divided by the batches of an update, in the functions on the way to the construction."""
    guards = [guard for guard in candidate.step.guards if guard.kind is GuardKind.PERIODIC]
    periods = {spelled(guard.period) for guard in guards if guard.period is not None}
    found = {}
    for place in (candidate.scheduler.place, *candidate.scheduler.calls):
        source = sources[place.path]
        for node in m.findall(scope_of(source, place), A_DIVIDED_LENGTH):
            divided = cst.ensure_type(node, cst.BinaryOperation)
            if source.code(divided.right) in periods:
                found[divided] = source
    return found


def require_steps_in_batches(candidate: Candidate, sources: Sources) -> None:
    """One step in each batch, and a horizon with the length of the loader in it; no library that accumulates."""
    require(candidate.cadence.cadence is Cadence.BATCH, "it is not stepped per batch")
    require_plain_step(candidate)
    require(all(guard.kind in ALWAYS for guard in candidate.step.guards), "a guard may leave out some steps")
    horizon = candidate.horizon
    counted = horizon is not None and (is_epochs_by_batches(horizon.quantity) or PRODUCT in horizon.parameter)
    require(counted, "its horizon is no product of a length")
    text = "".join(sources[candidate.loop.place.path].lines)
    require("ccelerat" not in text, "a library may accumulate")


def batches_of(candidate: Candidate, source: Source) -> cst.BaseExpression:
    """The argument that holds the number of batches."""
    horizon = candidate.horizon
    if horizon is not None and PRODUCT in horizon.parameter:
        return argument_of(candidate, source, horizon.parameter.split(PRODUCT)[-1])
    value = horizon_argument(candidate, source.call(candidate.scheduler.place))
    require(not isinstance(value, (*LISTS, cst.ListComp)), "its horizon is a list")
    return value


def training_in(source: Source, candidate: Candidate) -> list[Statement]:
    """The statements of the batch loop that step the optimizer, all in one block."""
    batches = candidate.loop
    training = candidate.training(batches)
    require(training, "its loop is not seen to train")
    require(all(len(event.calls) == len(batches.calls) for event in training), "its optimizer is stepped elsewhere")
    steps = list(dict.fromkeys(source.statement(event.place) for event in training))
    block = source.block(steps[0])
    if len(steps) > 1:
        block = block_in(source.loop(batches.place))
        steps = list(dict.fromkeys(source.child(block, event.place) for event in training))
    require(all(source.block(step) is block for step in steps), "its optimizer is stepped in several blocks")
    return steps


def guarded(source: Source, batches: Loop, statements: Sequence[Statement]) -> list[Change]:
    """Statements of one block, with all between them, under a test that holds in every fourth round of a loop.

    The gradients are forgotten there too, where a line of the block does that.
    """
    block = source.block(statements[0])
    among = body_of(block)
    forgotten = [one for one in among if m.matches(one, A_RESET) and one not in statements]
    counter, changes = counter_of(source, batches)
    for group in groups(among, statements):
        resets = [one for one in forgotten if one not in group]
        changes += [guard(source, counter, group, resets), *(removal(source, one) for one in resets)]
        forgotten = []
    return changes


def groups(among: Sequence[Statement], chosen: Sequence[Statement]) -> list[list[Statement]]:
    """Statements with all between them; each by itself where that makes what may be used later."""
    places = sorted(map(among.index, chosen))
    whole = list(among[places[0] : places[-1] + 1])
    if not bound_by(whole):
        return [whole]
    require(not bound_by(chosen), "what the steps make may be used later")
    return [[among[place]] for place in places]


def guard(source: Source, counter: str, group: Sequence[Statement], resets: Sequence[Statement]) -> Change:
    """A test in the place of statements, which holds them and the resets of the gradients."""
    indent = source.indent(group[0])
    lines = [f"{indent}if ({counter} + 1) % {BATCHES} == 0:{source.newline}"]
    for statement in (*group, *resets):
        lines += source.lines_at(statement, f"{indent}    ")
    return Change(source.path, source.rows(group[0])[0], source.rows(group[-1])[1], tuple(lines), faulty=True)


def counter_of(source: Source, batches: Loop) -> tuple[str, list[Change]]:
    """What counts the rounds of a loop, from 0, and the change of its head where nothing did."""
    loop = source.loop(batches.place)
    require(isinstance(loop, cst.For), "nothing counts its batches")
    loop = cst.ensure_type(loop, cst.For)
    target, over = loop.target, loop.iter
    if is_enumerated(over):
        require(isinstance(target, cst.Tuple), "nothing counts its batches")
        name = dotted(cst.ensure_type(target, cst.Tuple).elements[0].value)
        require(name, "nothing counts its batches")
        require(name not in bound_by([loop.body]), "what counts its batches is changed in the loop")
        return name, []
    taken = own(source.scope(loop)) | read_by(loop)
    free = next((name for name in COUNTERS if name not in taken), None)
    require(free, "no name is free to count its batches")
    items = source.code(target)
    items = f"({items})" if isinstance(target, cst.Tuple) and not target.lpar else items
    row, column = source.place(target)[:2]
    column -= isinstance(target, cst.Tuple) and bool(target.lpar)
    end_row, end_column = source.place(over)[2:]
    text = f"{free}, {items} in enumerate({source.code(over)})"
    return str(free), [replacement(source, (row, column, end_row, end_column), text)]


def is_enumerated(over: cst.BaseExpression) -> bool:
    """Whether a counter from 0 comes with each item."""
    while isinstance(over, cst.Call) and over.args:
        name = dotted(over.func).rpartition(".")[2]
        if name == "enumerate":
            start = over.args[1].value if len(over.args) > 1 else cst.Integer("0")
            require(m.matches(start, m.Integer(value="0")), "its batches are not counted from 0")
            return True
        if name not in BARS:
            return False
        over = over.args[0].value
    return False
