"""The position that a step is given: which steps set one, and when it starts again with every epoch."""

from __future__ import annotations

from schedlint.knowledge.schema import Scheduler, StepArgument, Style
from schedlint.timeline import dimensions
from schedlint.timeline.arithmetic import KEEPING, defaulted, number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.model import EVERY_ROUND, Confidence, Event, GuardKind, Loop, LoopKind, Object, Timeline
from schedlint.timeline.quantity import Arithmetic, Literal, Quantity, Symbol, symbols
from schedlint.timeline.reading import HorizonReading, Reading
from schedlint.timeline.scale import scale

_PER_EPOCH = (dimensions.BATCHES_PER_EPOCH, dimensions.UPDATES_PER_EPOCH, dimensions.ITERATIONS_PER_EPOCH)
_IN_FIRST_EPOCHS = frozenset({GuardKind.FIRST, GuardKind.ONCE})


def sets_position(table: Scheduler, scheduler: Object, step: Event) -> bool:
    """Whether the learning rate after a step with an argument is that of the position given, whatever came before.

    In torch 2.13 a class without a closed form multiplies what it has once more. In timm, `step` or `step_update` does
    nothing, whichever of the two the schedule does not count in.
    """
    if table.step is StepArgument.POSITION_REQUIRED:
        per_update = bool(table.update_method) and step.method == table.update_method
        return argument(table, scheduler, table.units) == Literal(not per_update)
    if table.step is StepArgument.POSITION:
        return True
    return table.step is StepArgument.EPOCH and (table.closed_form or table.style is Style.ABSOLUTE)


def starts_again(timeline: Timeline, step: Event, loop: int) -> bool:
    """Whether a step is given a position that is worked out from the counter of this loop and nothing that changes
    besides.
    """
    given = timeline.given(step)
    begins_anew = timeline.loop(loop).start is None or number(timeline.loop(loop).start) is not None
    return begins_anew and bool(given) and all(_is_counted_by(value, loop) for value in given)


def _is_counted_by(value: Quantity, loop: int) -> bool:
    match value:
        case Symbol(role="index", loop=counted):
            return counted == loop
        case Arithmetic(op=op, operands=(operand,)) if op in KEEPING:
            return _is_counted_by(operand, loop)
        case Arithmetic(op="+" | "-", operands=(operand, Literal())):
            return _is_counted_by(operand, loop)
        case Arithmetic(op="*" | "/" | "//", operands=(operand, factor)):
            return _is_counted_by(operand, loop) and not any(symbol.loop for symbol in symbols(factor))
        case _:
            return False


def epochs_around(reading: Reading, scheduler: Object, step: Event) -> Loop | None:
    """The loop over several epochs in which a step is taken and comes again; None where there is none, or only one
    epoch, or where each has a scheduler of its own, or only the first ones take the step.
    """
    timeline = reading.timeline
    epochs = [loop for loop in timeline.nest(step) if reading.loop(loop.id).kind is LoopKind.EPOCH]
    if not epochs or reading.loop(epochs[-1].id).confidence is Confidence.POSSIBLE:
        return None
    loop = epochs[-1]
    windowed = any(guard.kind in _IN_FIRST_EPOCHS and guard.loop == loop.id for guard in step.guards)
    once = number(defaulted(loop.bound)) == 1
    return None if windowed or once or loop.id in scheduler.loops else loop


def lasts_one_epoch(reading: Reading, horizon: HorizonReading | None) -> bool:
    """Whether a schedule is as long as one epoch, so that it is to start again with each."""
    if horizon is None or horizon.quantity is None:
        return False
    measured = scale(reading.timeline, reading.loops).measure(horizon.quantity)
    per_epoch = measured.dimension in _PER_EPOCH and not _is_several_times(horizon.quantity)
    return per_epoch or number(horizon.quantity) == 1


def _is_several_times(length: Quantity) -> bool:
    """Whether a length is a multiple of another one, by a plain number."""
    match length:
        case Arithmetic(op=op, operands=(operand,)) if op in KEEPING:
            return _is_several_times(operand)
        case Arithmetic(op="*", operands=operands):
            return any((number(operand) or 0) > 1 for operand in operands)
        case _:
            return False


def ahead(reading: Reading, scheduler: Object, step: Event) -> int | None:
    """By how many epochs the position that a step sets is ahead of the epoch whose training comes next; None where that
    is not told by the counter of the epoch loop, or where it is not known which epoch comes next.
    """
    loop = reading.timeline.loop(step.loops[-1]) if step.loops else None
    given = [_offset(value, loop.id) for value in reading.timeline.given(step)] if loop is not None else []
    if loop is None or reading.loop(loop.id).kind is not LoopKind.EPOCH or len(given) != 1 or given[0] is None:
        return None
    first, trained = number(loop.first), reading.timeline.optimizer_steps_of(scheduler.id)
    before = [step.id < each.id for each in trained if loop.id in each.loops]
    if first is None or len(set(before)) != 1 or any(guard.kind not in EVERY_ROUND for guard in step.guards):
        return None
    return round(first) + given[0] - (0 if before[0] else 1)


def _offset(value: Quantity, loop: int) -> int | None:
    """What is added to the counter of a loop; None for any other value."""
    match value:
        case Symbol(role="index", loop=counted) if counted == loop:
            return 0
        case Arithmetic(op="+" | "-" as op, operands=(operand, Literal(value=int(amount)))):
            inner = _offset(operand, loop)
            return None if inner is None else inner + (amount if op == "+" else -amount)
        case _:
            return None
