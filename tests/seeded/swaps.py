"""Another schedule in place of the one that a program has, as long as the training is."""

from __future__ import annotations

import builtins

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import Loop
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, appended, replacement
from tests.seeded.horizons import is_bound_before, loader_known_at
from tests.seeded.moves import PER_BATCH, epoch_loop_around, require_plain_step
from tests.seeded.names import dotted, means_the_same, read_by
from tests.seeded.source import Source, Sources
from tests.seeded.unfit import require

TORCH = "torch.optim.lr_scheduler"
RANGES = ("range", "trange")


def cosine_per_batch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A cosine over all epochs in place of what is stepped per batch; the step stays where it is.

    It is a mistake because the schedule takes as many batches as it was to have epochs, again and again.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    require_plain_step(candidate)
    return to_cosine_of_epochs(candidate, sources)


def to_one_cycle_of_batches(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all batches of all epochs."""
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    epochs, loader = epochs_known_at(candidate, sources, call), loader_known_at(candidate, source, call)
    return swapped(candidate, source, "OneCycleLR", f"max_lr=0.1, epochs={epochs}, steps_per_epoch=len({loader})")


def to_one_cycle_of_epochs(candidate: Candidate, sources: Sources) -> list[Change]:
    """A one-cycle schedule of all epochs."""
    source = sources[candidate.scheduler.place.path]
    epochs = epochs_known_at(candidate, sources, source.call(candidate.scheduler.place))
    return swapped(candidate, source, "OneCycleLR", f"max_lr=0.1, total_steps={epochs}")


def to_cosine_of_epochs(candidate: Candidate, sources: Sources) -> list[Change]:
    """A cosine over all epochs."""
    source = sources[candidate.scheduler.place.path]
    epochs = epochs_known_at(candidate, sources, source.call(candidate.scheduler.place))
    return swapped(candidate, source, "CosineAnnealingLR", f"T_max={epochs}")


def swapped(candidate: Candidate, source: Source, name: str, arguments: str) -> list[Change]:
    """A construction of another class of torch; that is imported beside the one in whose place it stands."""
    call = source.call(candidate.scheduler.place)
    require(not candidate.scheduler.contained, "it is one of several")
    own = candidate.scheduler.classes == (f"{TORCH}.{candidate.class_name}",)
    require(own and candidate.class_name != name, "its class is no other one of torch")
    around = candidate.timeline.wrappers(candidate.scheduler.id)
    require(not around and not candidate.scheduler.children, "it is part of another schedule")
    spelled = dotted(call.func)
    require(spelled.rpartition(".")[2] == candidate.class_name, "its class is called by another name")
    given = [one.value for one in call.args if not one.star and (one.keyword is None or is_named(one, "optimizer"))]
    require(given, "its optimizer is not written in its construction")
    callee = f"{spelled.rpartition('.')[0]}.{name}".lstrip(".")
    text = f"{callee}({source.code(given[0])}, {arguments})"
    return [replacement(source, source.place(call), text), *imported(source, spelled, name)]


def is_named(argument: cst.Arg, name: str) -> bool:
    """Whether an argument is given by a keyword."""
    return argument.keyword is not None and argument.keyword.value == name


def imported(source: Source, beside: str, name: str) -> list[Change]:
    """The import of a class, where another one is imported by its name alone."""
    if "." in beside:
        return []
    aliases = m.findall(source.module, m.ImportAlias(asname=None))
    known = {dotted(alias.name): alias.name for alias in aliases if isinstance(alias, cst.ImportAlias)}
    require(beside in known, "its class is not imported by its name")
    return [] if name in known else [appended(source, known[beside], f", {name}")]


def epochs_around(candidate: Candidate) -> Loop:
    """The epoch loop in which it is stepped."""
    if candidate.cadence.cadence is Cadence.EPOCH:
        return candidate.loop
    return epoch_loop_around(candidate, candidate.loop)


def epochs_known_at(candidate: Candidate, sources: Sources, call: cst.Call) -> str:
    """The number of epochs, as the head of the epoch loop says it, where that can be said of the construction too."""
    loop = epochs_around(candidate).place
    there, source = sources[loop.path], sources[candidate.scheduler.place.path]
    count = rounds(there.loop(loop))
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
    plus_one = m.matches(end, m.BinaryOperation(operator=m.Add(), right=m.Integer(value="1")))
    if m.matches(start, m.Integer(value="1")):
        require(plus_one, "its loop begins with 1")
        return cst.ensure_type(end, cst.BinaryOperation).left
    require(not plus_one, "its loop may begin with 1")
    require(not isinstance(start, cst.Integer) or start.value == "0", "its loop begins with another number")
    return end
