"""Edits of what is saved and loaded when a training is interrupted and resumed."""

from __future__ import annotations

import libcst as cst

from schedlint.knowledge.schema import ConstructionEffect, Style
from schedlint.timeline.checkpoints import continues, goes_on
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Event, EventKind, Form
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, behind, removal, replacement
from tests.seeded.source import Source, Sources, body_of
from tests.seeded.unfit import Unfit, require


def state_not_saved(candidate: Candidate, sources: Sources) -> list[Change]:
    """The scheduler's state left out of the dict that is saved, which keeps that of the optimizer.

    It is a mistake where both are loaded again and the schedule is brought to its place in no other way.
    """
    require_resumed(candidate)
    taken, optimizers = only(candidate, EventKind.STATE_SAVED), of_optimizer(candidate, EventKind.STATE_SAVED)
    source = sources[taken.place.path]
    call = source.call(taken.place)
    parent = next(source.around(call))
    if isinstance(parent, cst.DictElement):
        display = next(each for each in source.around(parent) if isinstance(each, cst.Dict))
        require(source.holds(display, optimizers.place), "the optimizer's state is in another dict")
        kept = display.with_changes(elements=[each for each in display.elements if each is not parent])
        return [replacement(source, source.place(display), source.code(kept), faulty=True)]
    require(isinstance(parent, cst.Assign), "its state is no entry of a dict")
    return [removal(source, source.statement(taken.place)), unchanged(source, optimizers)]


def state_not_loaded(candidate: Candidate, sources: Sources) -> list[Change]:
    """The scheduler's state left where it was saved, while that of the optimizer is loaded.

    It is a mistake where the schedule is brought to its place in no other way.
    """
    require_resumed(candidate)
    own, optimizers = only(candidate, EventKind.STATE_LOADED), of_optimizer(candidate, EventKind.STATE_LOADED)
    source = sources[own.place.path]
    return [removal(source, source.statement(own.place)), unchanged(source, optimizers)]


def built_late(candidate: Candidate, sources: Sources) -> list[Change]:
    """The scheduler built once more, between the loads of the two states.

    It is a mistake for a class that changes the learning rate when it is built: for good, or for an epoch.
    """
    table = candidate.reading.table(candidate.scheduler.id)
    effects = (ConstructionEffect.FACTOR, ConstructionEffect.FIRST_CHILD)
    sets = table is not None and table.style is Style.ABSOLUTE and candidate.cadence.cadence is Cadence.EPOCH
    lasts = table is not None and table.construction.effect in effects
    require(sets or lasts, "building it does no lasting harm")
    require_resumed(candidate)
    own, optimizers = only(candidate, EventKind.STATE_LOADED), of_optimizer(candidate, EventKind.STATE_LOADED)
    require(candidate.scheduler.place.path == own.place.path, "it is loaded in another file than it is built in")
    source = sources[own.place.path]
    build, first, second = map(source.statement, (candidate.scheduler.place, optimizers.place, own.place))
    require(source.scope(build) is source.scope(first), "it is loaded in another function than it is built in")
    statements = body_of(source.block(first))
    require(second in statements, "the two states are loaded in different blocks")
    require(statements.index(first) < statements.index(second), "its state is loaded before that of the optimizer")
    return [behind(source, first, build)]


def require_resumed(candidate: Candidate) -> None:
    """Both states are saved in one file and loaded, and nothing else brings the schedule to its place."""
    timeline, scheduler = candidate.timeline, candidate.scheduler
    require(candidate.optimizer() is not None, "its optimizer is not known")
    made = Made(candidate.reading, scheduler)
    require(not goes_on(made), "something else may bring it to its place")
    require(continues(made, Construction(scheduler.place, (made,))), "training begins with its first epoch again")
    saved = [event for event in timeline.events if event.kind is EventKind.FILE_SAVED]
    together = {scheduler.id, *scheduler.optimizers}
    held = [{id for part in each.parts if part.form is Form.STATE for id in part.objects} for each in saved]
    require(any(together <= each for each in held), "its state is not saved beside that of its optimizer")


def only(candidate: Candidate, kind: EventKind) -> Event:
    """The one call that takes or loads the state of the scheduler."""
    return one_call(candidate, candidate.scheduler.id, kind, "its state")


def of_optimizer(candidate: Candidate, kind: EventKind) -> Event:
    """The one call that takes or loads the state of its optimizer, in the same file."""
    return one_call(candidate, candidate.scheduler.optimizers[0], kind, "the state of its optimizer")


def one_call(candidate: Candidate, object: int, kind: EventKind, what: str) -> Event:
    """The one call that takes or loads the state of an object. Raises Unfit if there are more, or none."""
    found = candidate.timeline.events_of(object, kind)
    calls = {event.place for event in found}
    if len(calls) != 1 or len(found[0].subjects) != 1:
        raise Unfit(f"{what} is not {kind.value.rpartition(' ')[2]} at one place")
    return found[0]


def unchanged(source: Source, event: Event) -> Change:
    """The call of an event as it is, where the mistake now shows."""
    require(event.place.path == source.path, "the optimizer's state is in another file")
    statement = source.statement(event.place)
    row, end = source.rows(statement)
    return Change(source.path, row, end, source.lines[row - 1 : end], faulty=True)
