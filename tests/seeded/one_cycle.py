"""Edits of one-cycle schedules, which are told how long the training is: for less than that, or stepped too seldom."""

from __future__ import annotations

import builtins

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import Loop
from schedlint.timeline.quantity import Arithmetic, Length, Quantity
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, appended, replacement
from tests.seeded.horizons import is_bound_before, is_tight, loader_known_at, written
from tests.seeded.moves import ALWAYS, epoch_loop_around, require_plain_step
from tests.seeded.names import dotted, means_the_same, read_by
from tests.seeded.source import Source, Sources
from tests.seeded.unfit import Unfit, require

NAME = "OneCycleLR"
TORCH = "torch.optim.lr_scheduler"
RANGES = ("range", "trange")


def per_epoch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all batches in place of what is stepped per epoch; the step stays where it is.

    It is a mistake because the schedule takes as many steps as there are epochs, of as many as there are batches.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    return in_batches(candidate, sources)


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
    epochs = candidate.loop if cadence is Cadence.EPOCH else epoch_loop_around(candidate, candidate.loop)
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


# --- another schedule in place of the one there is --------------------------------------------------------------------


def in_batches(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all batches of all epochs."""
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    epochs, loader = epochs_known_at(candidate, sources, call), loader_known_at(candidate, source, call)
    return one_cycle(candidate, source, call, f"epochs={epochs}, steps_per_epoch=len({loader})")


def in_epochs(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all epochs."""
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    return one_cycle(candidate, source, call, f"total_steps={epochs_known_at(candidate, sources, call)}")


def one_cycle(candidate: Candidate, source: Source, call: cst.Call, length: str) -> list[Change]:
    """A one-cycle schedule of some length in place of a construction; its class is imported beside the other one."""
    require_plain_step(candidate)
    own = candidate.scheduler.classes == (f"{TORCH}.{candidate.class_name}",)
    require(own and candidate.class_name != NAME, "its class is no other one of torch")
    around = candidate.timeline.wrappers(candidate.scheduler.id)
    require(not around and not candidate.scheduler.children, "it is part of another schedule")
    spelled = dotted(call.func)
    require(spelled.rpartition(".")[2] == candidate.class_name, "its class is called by another name")
    given = [one.value for one in call.args if not one.star and (one.keyword is None or is_named(one, "optimizer"))]
    require(given, "its optimizer is not written in its construction")
    name = f"{spelled.rpartition('.')[0]}.{NAME}".lstrip(".")
    text = f"{name}({source.code(given[0])}, max_lr=0.1, {length})"
    return [replacement(source, source.place(call), text), *imported(source, spelled)]


def is_named(argument: cst.Arg, name: str) -> bool:
    """Whether an argument is given by a keyword."""
    return argument.keyword is not None and argument.keyword.value == name


def imported(source: Source, spelled: str) -> list[Change]:
    """The import of the class, where that in whose place it stands is imported by its name."""
    if "." in spelled:
        return []
    aliases = m.findall(source.module, m.ImportAlias(asname=None))
    known = {dotted(cst.ensure_type(alias, cst.ImportAlias).name): alias for alias in aliases}
    require(spelled in known, "its class is not imported by its name")
    return (
        [] if NAME in known else [appended(source, cst.ensure_type(known[spelled], cst.ImportAlias).name, f", {NAME}")]
    )


def epochs_known_at(candidate: Candidate, sources: Sources, call: cst.Call) -> str:
    """The number of epochs, as the head of the epoch loop says it, where that can be said of the construction too."""
    there = sources[candidate.loop.place.path]
    count, source = rounds(there.loop(candidate.loop.place)), sources[candidate.scheduler.place.path]
    known = all(is_known_at(name, source, call, there, count) for name in read_by(count))
    require(known, "the number of epochs is not known where it is built")
    return there.code(count)


def is_known_at(name: str, source: Source, call: cst.Call, there: Source, count: cst.CSTNode) -> bool:
    """Whether a name is bound before a construction, and the same there as in the head of the loop."""
    root = name.partition(".")[0]
    if hasattr(builtins, root) or name == "self" or (root != "self" and name != root):
        return True  # names without their attributes are among those asked for
    scope = source.scope(call)
    return (
        source is there
        and means_the_same(root, source, scope, source.scope(count))
        and is_bound_before(name, source, scope, call)
    )


def rounds(loop: cst.For | cst.While) -> cst.BaseExpression:
    """How often a loop over a range goes round when it begins at its beginning."""
    require(isinstance(loop, cst.For), "its loop runs over no range")
    over: cst.BaseExpression = cst.ensure_type(loop, cst.For).iter
    while isinstance(over, cst.Call) and dotted(over.func) not in RANGES and over.args:
        over = over.args[0].value
    require(isinstance(over, cst.Call) and dotted(over.func) in RANGES, "its loop runs over no range")
    given = [argument.value for argument in cst.ensure_type(over, cst.Call).args]
    if len(given) == 1:
        return given[0]
    require(len(given) == 2, "its loop leaves out numbers")
    start, end = given
    if m.matches(start, m.Integer(value="1")):
        plus_one = m.matches(end, m.BinaryOperation(operator=m.Add(), right=m.Integer(value="1")))
        require(plus_one, "its loop begins with 1")
        return cst.ensure_type(end, cst.BinaryOperation).left
    require(not isinstance(start, cst.Integer) or start.value == "0", "its loop begins with another number")
    return end
