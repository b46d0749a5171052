"""What a scheduler that reacts to a metric is given: the loss of one batch, or what was made of many of them.

The loss of a batch is what gradients are computed from in the batch loop itself. Whatever else a program makes of
losses (a mean so far, a moving average, the loss on other data) is another value, and so is all that is not understood.
"""

from __future__ import annotations

import re

from schedlint.knowledge.schema import Direction, Scheduler
from schedlint.timeline.arithmetic import KEEPING, number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Event, EventKind, Object, Timeline
from schedlint.timeline.quantity import Arithmetic, Length, Quantity, Symbol, symbols

_FORMS = re.compile(r"(\.\w+\(\)|\.data)+$")
"""What is read from a tensor and says the same: `.item()`, `.detach()`, `.mean()`."""

_SCALING = frozenset({"*", "/"})
_SUMS = frozenset({"+", "-"})
_OF_ONE = KEEPING | {"exp", "sqrt", "log"}


def is_batch_loss(timeline: Timeline, step: Event, loop: int) -> bool:
    """Whether a step is given the loss of the very batch that an iteration of this loop trains on."""
    trained = [event for event in timeline.events if event.kind is EventKind.BACKWARD and loop in event.loops]
    losses = [value for event in trained for bound in event.arguments for value in bound.values]
    made = {_FORMS.sub("", symbol.key) for loss in losses for symbol in symbols(loss) if symbol.loop}
    given = timeline.given(step)
    return bool(given) and not _is_all_data(timeline, loop) and all(_is_made_of(value, made) for value in given)


def _is_all_data(timeline: Timeline, loop: int) -> bool:
    """Whether the only batch of a loop is the whole dataset, whose loss has no noise."""
    loader = timeline.loop(loop).object
    arguments = timeline.object(loader).arguments if loader else ()
    sizes = [value for bound in arguments if bound.parameter == "batch_size" for value in bound.values]
    return any(isinstance(size, Length) for size in sizes)


def _is_made_of(value: Quantity, losses: set[str]) -> bool:
    """Whether a value is one of these losses, a multiple, a sum or another form of them, and nothing besides."""
    match value:
        case Symbol(key=key):
            return any(key == loss or key.startswith((f"{loss}.", f"{loss}[")) for loss in losses)
        case Arithmetic(op=op, operands=(operand,)) if op in _OF_ONE:
            return _is_made_of(operand, losses)
        case Arithmetic(op=op, operands=operands) if op in _SCALING:
            made = [_is_made_of(operand, losses) for operand in operands]
            others = [operand for operand, own in zip(operands, made, strict=True) if not own]
            return any(made) and not any(symbol.loop for other in others for symbol in symbols(other))
        case Arithmetic(op=op, operands=operands) if op in _SUMS:
            made = [_is_made_of(operand, losses) for operand in operands]
            plain = [number(operand) is not None for operand in operands]
            return any(made) and all(one or other for one, other in zip(made, plain, strict=True))
        case _:
            return False


def direction(ways: Direction, table: Scheduler, scheduler: Object) -> Known | None:
    """In which direction a scheduler is told that its metric gets better, where it is told one."""
    return known(argument(table, scheduler, ways.parameter))


def is_relative(table: Scheduler, scheduler: Object) -> bool:
    """Whether the difference that counts for a scheduler is a part of the metric itself."""
    told = [known(argument(table, scheduler, parameter)) for parameter in table.relative]
    return bool(told) and all(
        each is not None and each.value == value for each, value in zip(told, table.relative.values(), strict=True)
    )
