"""Edits that leave the step in the program and take it out of the training."""

from __future__ import annotations

import libcst as cst

from schedlint.timeline.model import EntryKind, Iterated
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, behind, removal, replacement
from tests.seeded.losses import assignment, require_no_other_step
from tests.seeded.moves import require_nothing_else, require_plain_step
from tests.seeded.names import bound_by
from tests.seeded.source import Sources, block_in, body_of
from tests.seeded.unfit import require
from tests.seeded.ways import in_loop, own_line, unit


def after_loop(candidate: Candidate, sources: Sources) -> list[Change]:
    """A step per epoch, taken once behind the loop over the epochs.

    It is a mistake where all of the training is in this loop, no loop is around it, and the scheduler lives no longer
    than the program, or the function, that runs it.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require_plain_step(candidate)
    require_no_other_step(candidate)
    epochs = candidate.loop
    require(not candidate.timeline.ancestors(epochs.id), "a loop is around its epoch loop")
    require(epochs.iterates is not Iterated.COUNT or epochs.bound is not None, "its epoch loop may have no end")
    training = candidate.timeline.optimizer_steps_of(candidate.scheduler.id)
    require(training, "its optimizer is not seen to step")
    require(all(epochs.id in event.loops for event in training), "its optimizer is stepped outside its loop")
    require(lives_here(candidate), "it may live longer than its loop")
    require_nothing_else(candidate, len(epochs.calls))
    place = in_loop(candidate.step, epochs)
    source = sources[place.path]
    loop = source.loop(epochs.place)
    moved = unit(source, place, bound_by([loop]))
    return [behind(source, loop, moved), removal(source, moved)]


def lives_here(candidate: Candidate) -> bool:
    """Whether the entry builds the scheduler itself, each time it runs."""
    entry, creation = candidate.timeline.entry, candidate.timeline.creation(candidate.scheduler.id)
    in_function = entry.kind is EntryKind.FUNCTION and creation is not None and bool(creation.calls)
    return entry.caller_known or in_function


def uncalled(candidate: Candidate, sources: Sources) -> list[Change]:
    """The step without its parentheses.

    It is a mistake wherever it stands, and the only step is lost by it.
    """
    require_no_other_step(candidate)
    source = sources[candidate.step.place.path]
    own_line(source, candidate.step.place)
    call = source.call(candidate.step.place)
    require(isinstance(call.func, cst.Attribute), "its step is called by another name")
    return [replacement(source, source.place(call), source.code(call.func), faulty=True)]


def behind_continue(candidate: Candidate, sources: Sources) -> list[Change]:
    """A `continue` in front of the step at the end of its loop.

    It is a mistake because nothing else is cut off by it: the step is the last statement of the loop's body.
    """
    require_no_other_step(candidate)
    loop, place = candidate.loop, candidate.step.place
    require(len(candidate.step.calls) == len(loop.calls), "it is stepped in another function than its loop")
    source = sources[place.path]
    step = unit(source, place)
    require(body_of(block_in(source.loop(loop.place)))[-1] is step, "its step is not the last of its loop")
    indent, (first, last) = source.indent(step), source.rows(step)
    lines = (f"{indent}continue{source.newline}", *source.lines_at(step, indent))
    return [Change(source.path, first, last, lines, faulty=True)]


def shadowed(candidate: Candidate, sources: Sources) -> list[Change]:
    """The scheduler built once more, by the same text and under the same name.

    It is a mistake because the first one is lost, after it has changed the learning rate. What it wraps would be the
    second one's, and may be stepped by itself.
    """
    require(not candidate.scheduler.children, "it wraps others")
    source = sources[candidate.scheduler.place.path]
    assignment(source, source.call(candidate.scheduler.place))
    built = source.statement(candidate.scheduler.place)
    require(isinstance(built, cst.SimpleStatementLine), "it is built in the head of a statement")
    return [behind(source, built, built)]
