"""Edits that lose something: the step, the scheduler, the optimizer it drives, the learning rate in the log."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from schedlint.timeline.model import EventKind
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, behind, lines_behind, removal, replacement
from tests.seeded.names import dotted, read_by
from tests.seeded.source import Source, Sources, body_of
from tests.seeded.unfit import require
from tests.seeded.ways import own_line, unit


def deleted(candidate: Candidate, sources: Sources) -> list[Change]:
    """No step at all.

    It is a mistake because this is the only place that steps the scheduler, and no library is seen to step it.
    """
    require_no_other_step(candidate)
    source = sources[candidate.step.place.path]
    return [removal(source, unit(source, candidate.step.place))]


def not_assigned(candidate: Candidate, sources: Sources) -> list[Change]:
    """A scheduler that is built and bound to no name, with its step gone.

    The name must be used for nothing else in the file, or the program would fail instead.
    """
    require_no_other_step(candidate)
    require(candidate.scheduler.place.path == candidate.step.place.path, "it is stepped in another file")
    source = sources[candidate.step.place.path]
    name, built = assignment(source, source.call(candidate.scheduler.place))
    step = unit(source, candidate.step.place)
    require(uses(source.module, name) == 1 + uses(step, name), "its name is used for more than its step")
    return [replacement(source, source.place(built), source.code(built.value)), removal(source, step)]


def assignment(source: Source, call: cst.Call) -> tuple[str, cst.Assign]:
    """The name that a call alone is assigned to, and the assignment."""
    parent = next(source.around(call))
    require(isinstance(parent, cst.Assign) and parent.value is call, "it is not simply assigned")
    assert isinstance(parent, cst.Assign)
    require(len(parent.targets) == 1, "it is assigned to several names")
    name = dotted(parent.targets[0].target)
    require(name, "it is assigned to no name")
    return name, parent


def uses(node: cst.CSTNode, name: str) -> int:
    """How often the last part of a name stands in a piece of a file, in whatever sense."""
    return len(m.findall(node, m.Name(name.rpartition(".")[2])))


def rebound_optimizer(candidate: Candidate, sources: Sources) -> list[Change]:
    """The optimizer built anew behind the scheduler, by the same text.

    It is a mistake because training goes on with the new one, of which the scheduler knows nothing. Both are assigned
    in the same block, and nothing else gets the old one: what is given it before might be what trains.
    """
    optimizer = candidate.optimizer()
    require(optimizer is not None and not optimizer.handed_in, "its optimizer is not known")
    assert optimizer is not None
    require(optimizer.place.path == candidate.scheduler.place.path, "its optimizer is built in another file")
    source = sources[candidate.scheduler.place.path]
    call, made = source.call(candidate.scheduler.place), source.call(optimizer.place)
    require(source.scope(call) is source.scope(made), "its optimizer is built in another function")
    name, _ = assignment(source, made)
    require(name in read_by(call), "it is built with the optimizer under another name")
    again, anchor = source.statement(optimizer.place), source.statement(candidate.scheduler.place)
    require(isinstance(anchor, cst.SimpleStatementLine), "it is built in the head of a statement")
    statements = body_of(source.block(anchor))
    require(again in statements, "its optimizer is built in another block")
    between = statements[statements.index(again) + 1 : statements.index(anchor)]
    require(not any(name in read_by(one) for one in between), "its optimizer is used before it is built")
    require(candidate.timeline.optimizer_steps_of(candidate.scheduler.id), "its optimizer is not seen to step")
    return [behind(source, anchor, again)]


def get_lr(candidate: Candidate, sources: Sources) -> list[Change]:
    """The value for the log read with `get_lr()`: instead of `get_last_lr()`, or on a line behind the step.

    It is a mistake for the classes of torch; others may have a method of this name that is right.
    """
    classes = candidate.scheduler.classes
    require(classes and classes[0].startswith("torch."), "its class is not known to be torch's")
    for event in candidate.timeline.events_of(candidate.scheduler.id, EventKind.LR_READ):
        if event.method == "get_last_lr" and len(event.subjects) == 1 and event.place.path.endswith(".py"):
            source = sources[event.place.path]
            callee = cst.ensure_type(source.call(event.place).func, cst.Attribute)
            return [replacement(source, source.place(callee.attr), "get_lr", faulty=True)]
    source = sources[candidate.step.place.path]
    step = own_line(source, candidate.step.place)
    receiver = source.call(candidate.step.place).func
    require(isinstance(receiver, cst.Attribute), "its step is called by another name")
    text = source.code(cst.ensure_type(receiver, cst.Attribute).value)
    return [lines_behind(source, step, f"print({text}.get_lr())")]


def require_no_other_step(candidate: Candidate) -> None:
    """No library steps the scheduler, and no step of something unknown may be its."""
    for event in candidate.timeline.events:
        own = any(subject.object == candidate.scheduler.id for subject in event.subjects)
        require(not (event.kind is EventKind.STEPPED_BY and own), "a library steps it as well")
        unknown = event.kind is EventKind.STEPPED and not event.subjects
        require(not unknown, "something that is not known is stepped beside it")
