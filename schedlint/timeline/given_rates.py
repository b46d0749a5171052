"""The learning rates that an optimizer was given, which its schedule starts from."""

from __future__ import annotations

from schedlint.knowledge.schema import ConstructionEffect, Scheduler
from schedlint.timeline.beginnings import RATE, argument
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Event, EventKind, Object
from schedlint.timeline.quantity import Literal, Quantity
from schedlint.timeline.reading import Reading

LAST_EPOCH = "last_epoch"
"""The parameter of a scheduler that says where it goes on."""

_LEFT_TO_PARTS = (ConstructionEffect.CHILDREN, ConstructionEffect.FIRST_CHILD)
_CHANGING = frozenset({EventKind.LR_WRITTEN, EventKind.STATE_LOADED, EventKind.GROUP_ADDED})
"""What may give the parameter groups of an optimizer other learning rates than it was built with."""


def given_rates(reading: Reading, scheduler: Object) -> tuple[Quantity, ...] | None:
    """Every learning rate that some parameter group of the optimizer may have when a scheduler is built on it.

    None where that is not known: an optimizer that is handed in, groups that are not understood, a learning rate that
    was written or loaded before.
    """
    rates: list[Quantity] = []
    for id in scheduler.optimizers:
        optimizer = reading.timeline.object(id)
        rate, groups = _rate(reading, optimizer), optimizer.own_rates
        if rate is None or groups is None or optimizer.initial_rates or _changed(reading, optimizer, scheduler):
            return None
        rates += [*rate, *groups]
    return tuple(rates) or None


def known_rates(reading: Reading, scheduler: Object) -> tuple[Known, ...] | None:
    """The numbers that all of these learning rates are; None where one is not known."""
    rates = given_rates(reading, scheduler)
    found = [known(rate) for rate in rates or ()]
    numbers = tuple(each for each in found if each is not None and each.number is not None)
    return numbers if found and len(numbers) == len(found) else None


def single_rates(reading: Reading, scheduler: Object) -> tuple[Quantity, ...] | None:
    """What the one learning rate of all parameter groups may be; None where a group may have one of its own."""
    if any(reading.timeline.object(id).own_rates != () for id in scheduler.optimizers):
        return None
    return given_rates(reading, scheduler)


def is_alone(reading: Reading, scheduler: Object) -> bool:
    """Whether no other schedule drives, or may drive, an optimizer of this one in the same run, or is wrapped around
    it.
    """
    others = [each for each in reading.timeline.schedulers() if each.id != scheduler.id]
    return not any(
        scheduler.id in other.children
        or (
            not set(other.optimizers).isdisjoint(scheduler.optimizers)
            and not contradicts(other.condition, scheduler.condition)
        )
        for other in others
    )


def _rate(reading: Reading, optimizer: Object) -> tuple[Quantity, ...] | None:
    """What the argument for the learning rate of an optimizer may be, or its default."""
    table = reading.optimizers.get(optimizer.id)
    if table is None or optimizer.handed_in:
        return None
    given = next((bound for bound in optimizer.arguments if bound.parameter == RATE), None)
    if given is not None:
        return given.values
    if any(bound.parameter.startswith("*") for bound in optimizer.arguments):
        return None
    default = next((each for each in table.parameters if each.name == RATE), None)
    known_default = default is not None and not default.required and not default.opaque
    return (Literal(default.default),) if default is not None and known_default else None


def _changed(reading: Reading, optimizer: Object, scheduler: Object) -> bool:
    """Whether something may have set the learning rate of an optimizer before a scheduler is built on it."""
    for event in reading.timeline.events:
        if event.kind is EventKind.CREATED and _is_of(event, scheduler):
            return False
        if event.kind in _CHANGING and _is_of(event, optimizer):
            return True
    return False


def _is_of(event: Event, thing: Object) -> bool:
    return any(subject.object == thing.id for subject in event.subjects)


def goes_on(reading: Reading, scheduler: Object) -> bool:
    """Whether another schedule may come after this one, as after a warm-up, or may start it elsewhere: one beside it,
    or the one that it is a part of, if it is not the last part of a row.
    """
    around = [other for other in reading.timeline.schedulers() if scheduler.id in other.children]
    if not around:
        return not is_alone(reading, scheduler)
    return any(other.children[-1] != scheduler.id or not _only_steps(reading, other) for other in around)


def _only_steps(reading: Reading, composite: Object) -> bool:
    """Whether a schedule made of others leaves the learning rates to them."""
    table = reading.table(composite.id)
    return table is not None and table.construction.effect in _LEFT_TO_PARTS


def starts_there(table: Scheduler, scheduler: Object) -> bool:
    """Whether a schedule starts from the learning rate that its optimizer was given, and not from a position."""
    return argument(table, scheduler, LAST_EPOCH) in (None, Literal(-1))
