"""Edits of one-cycle schedules, which are told how long the training is: for less than that, or stepped too seldom."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import EventKind, Loop
from schedlint.timeline.quantity import Arithmetic, Length, Quantity
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, replacement
from tests.seeded.horizons import is_tight, written
from tests.seeded.moves import ALWAYS, require_plain_step
from tests.seeded.source import Source, Sources
from tests.seeded.swaps import epochs_around, to_one_cycle_of_batches
from tests.seeded.unfit import Unfit, require

NAME = "OneCycleLR"


def per_epoch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all batches in place of what is stepped per epoch; the step stays where it is.

    It is a mistake because the schedule takes as many steps as there are epochs, of as many as there are batches.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require_plain_step(candidate)
    return to_one_cycle_of_batches(candidate, sources)


def fewer_steps(candidate: Candidate, sources: Sources) -> list[Change]:
    """Half of `total_steps`.

    It is a mistake because the whole length is known to be that of the training, each round of which takes a step: the
    schedule raises in the middle.
    """
    require_whole_run(candidate, sources)
    return halved(candidate, sources, "total_steps")


def fewer_batches(candidate: Candidate, sources: Sources) -> list[Change]:
    """Half of `steps_per_epoch`, for the same reasons."""
    require_whole_run(candidate, sources)
    return halved(candidate, sources, "steps_per_epoch")


def fewer_epochs(candidate: Candidate, sources: Sources) -> list[Change]:
    """One less than `epochs`. It is a mistake because the schedule raises in the last epoch."""
    require_whole_run(candidate, sources)
    source = sources[candidate.scheduler.place.path]
    value = argument_of(candidate, source, "epochs")
    return [replacement(source, source.place(value), f"{operand(source, value)} - 1")]


def halved(candidate: Candidate, sources: Sources, parameter: str) -> list[Change]:
    """Half of what a parameter is given."""
    source = sources[candidate.scheduler.place.path]
    value = argument_of(candidate, source, parameter)
    return [replacement(source, source.place(value), f"{factor(source, value)} // 2")]


def operand(source: Source, value: cst.BaseExpression) -> str:
    """The text of a value as an operand of a sum."""
    tight = is_tight(value) or isinstance(value, cst.BinaryOperation)
    return source.code(value) if tight else f"({source.code(value)})"


def factor(source: Source, value: cst.BaseExpression) -> str:
    """The text of a value as the first operand of a division."""
    tight = is_tight(value) or m.matches(value, m.BinaryOperation(operator=m.Multiply() | m.FloorDivide()))
    return source.code(value) if tight else f"({source.code(value)})"


def argument_of(candidate: Candidate, source: Source, parameter: str) -> cst.BaseExpression:
    """What the construction gives a parameter."""
    call = source.call(candidate.scheduler.place)
    require(not any(argument.star for argument in call.args), "its arguments are handed on with a star")
    for name, argument in zip(written(candidate.scheduler), call.args, strict=False):
        if (argument.keyword.value if argument.keyword is not None else name) == parameter:
            return argument.value
    raise Unfit(f"it is given no `{parameter}`")


# --- when a schedule is as long as the training -----------------------------------------------------------------------


def require_whole_run(candidate: Candidate, sources: Sources) -> None:
    """Every round of the loops takes a step, and the schedule was written for as many as there are."""
    require(candidate.class_name == NAME, "it is no one-cycle schedule")
    require_plain_step(candidate)
    cadence = candidate.cadence.cadence
    require(cadence in (Cadence.EPOCH, Cadence.BATCH), "it is stepped once per update")
    require(all(guard.kind in ALWAYS for guard in candidate.step.guards), "a guard may leave out some steps")
    moved_on = candidate.timeline.events_of(candidate.scheduler.id, EventKind.LAST_EPOCH_WRITTEN)
    require(not moved_on, "its position is set by hand")
    epochs = epochs_around(candidate)
    require(is_length_of(candidate, epochs), "its length is not known to be that of the training")
    loops = {sources[loop.place.path].loop(loop.place) for loop in (epochs, candidate.loop)}
    require(not any(map(may_end_early, loops)), "its loop may be left early")


class _Breaks(cst.CSTVisitor):
    """Finds a `break` outside of inner loops and functions."""

    def __init__(self) -> None:
        self.found = False

    def visit_For(self, node: cst.For) -> bool:
        return False

    def visit_While(self, node: cst.While) -> bool:
        return False

    def visit_Break(self, node: cst.Break) -> None:
        self.found = True


def may_end_early(loop: cst.For | cst.While) -> bool:
    """Whether a `break` of its own leaves a loop."""
    breaks = _Breaks()
    loop.body.visit(breaks)
    return breaks.found


def is_length_of(candidate: Candidate, epochs: Loop) -> bool:
    """Whether the horizon is the number of rounds of the epoch loop, times the batches where those are counted."""
    horizon = candidate.horizon
    parts = factors(horizon.quantity) if horizon is not None and horizon.quantity is not None else []
    lengths = [part for part in parts if isinstance(part, Length) and part.kind == "loader"]
    counted = int(candidate.cadence.cadence is Cadence.BATCH)
    return len(lengths) == counted and [part for part in parts if part not in lengths] == [epochs.bound]


def factors(quantity: Quantity) -> list[Quantity]:
    """What a product is made of."""
    if isinstance(quantity, Arithmetic) and quantity.op == "*":
        return [part for one in quantity.operands for part in factors(one)]
    return [quantity]
