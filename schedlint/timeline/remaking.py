"""Schedulers that are made anew in each round of a training loop, so that their schedule begins again each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.model import ONCE_A_ROUND, Confidence, Event, Guard, LoopKind, Object, Timeline
from schedlint.timeline.quantity import Literal, symbols
from schedlint.timeline.reading import HorizonReading, Reading, Unit, weakest

TRAINING = (LoopKind.EPOCH, LoopKind.BATCH)


@dataclass(frozen=True, slots=True)
class Remade:
    """A scheduler that is made in each round of `loop`, outside which its optimizer lives, and one of its steps there.

    `once` says that it is stepped once before the next one takes its place.
    """

    scheduler: Object
    loop: int
    step: Event
    once: bool
    confidence: Confidence


def remade(reading: Reading) -> Iterator[Remade]:
    """Every scheduler that is made in each round of a training loop and cannot get on with its schedule there."""
    for scheduler in reading.timeline.schedulers():
        found = _remade(reading, scheduler)
        if found is not None:
            yield found


def _remade(reading: Reading, scheduler: Object) -> Remade | None:
    timeline = reading.timeline
    creation = timeline.creation(scheduler.id)
    if creation is None or len(scheduler.optimizers) != 1 or not scheduler.classes or timeline.wrappers(scheduler.id):
        return None
    loop = _loop(reading, scheduler)
    if loop == 0 or not all(_is_every_round(timeline, guard, loop) for guard in creation.guards):
        return None
    if _is_told_where(reading, scheduler) or timeline.spent:
        return None
    return next(filter(None, (_step(reading, scheduler, loop, step) for step in timeline.steps_of(scheduler.id))), None)


def _loop(reading: Reading, scheduler: Object) -> int:
    """The innermost training loop in which it is made and its optimizer is not (0: none)."""
    optimizer = reading.timeline.object(scheduler.optimizers[0])
    inside = [id for id in scheduler.loops if id not in optimizer.loops]
    if not inside or (optimizer.handed_in and not optimizer.classes and not reading.timeline.entry.caller_known):
        return 0
    innermost = reading.loop(inside[-1])
    return inside[-1] if innermost.kind in TRAINING and innermost.confidence is not Confidence.POSSIBLE else 0


def _is_every_round(timeline: Timeline, guard: Guard, loop: int) -> bool:
    """Whether a guard lets the construction happen in every round of the loop, or stands outside it."""
    within = guard.within
    outside = within is not None and within != loop and loop not in _inside_of(timeline, within)
    return outside or guard.kind in ONCE_A_ROUND


def _inside_of(timeline: Timeline, within: int) -> tuple[int, ...]:
    return (within, *(each.id for each in timeline.ancestors(within))) if within else ()


def _is_told_where(reading: Reading, scheduler: Object) -> bool:
    """Whether it is given where to begin."""
    return any(
        bound.parameter == "last_epoch" and any(value != Literal(-1) for value in bound.values)
        for bound in scheduler.arguments
        if bound.explicit
    ) or any(bound.parameter.startswith("*") for bound in scheduler.arguments)


def _counts_from_its_making(reading: Reading, scheduler: Object, horizon: HorizonReading) -> bool:
    """Whether a new scheduler begins again: one of a library, or a project's own that leaves the counting to its base
    and has a horizon.
    """
    table = reading.table(scheduler.id)
    if table is not None:
        return not table.rate
    return "step" not in scheduler.own_methods and horizon.unit is not Unit.UNKNOWN


def _step(reading: Reading, scheduler: Object, loop: int, step: Event) -> Remade | None:
    """A step that gets the schedule nowhere: the only one of each object, or one of fewer than its horizon asks for."""
    if reading.timeline.jumps(step) or len(step.subjects) != 1 or loop not in step.loops:
        return None
    horizon = reading.horizon(scheduler.id)
    if horizon is None or horizon.unit is Unit.NONE or not _counts_from_its_making(reading, scheduler, horizon):
        return None
    around = reading.loop(loop)
    once = step.loops[-1] == loop or any(
        (each.event, each.loop) == (step.id, loop) for each in reading.cadences_of(scheduler.id)
    )
    if once and (horizon.amount is None or horizon.amount > 1):
        sure = weakest(around.confidence, step.confidence, scheduler.confidence)
        return Remade(scheduler, loop, step, True, sure)
    counted = {each.key for each in symbols(reading.timeline.loop(loop).bound)}
    spans = {each.key for each in symbols(horizon.quantity)} if horizon.quantity is not None else set()
    if around.kind is LoopKind.EPOCH and horizon.unit in (Unit.BATCHES, Unit.UPDATES) and counted & spans:
        sure = weakest(Confidence.LIKELY, around.confidence, step.confidence, scheduler.confidence)
        return Remade(scheduler, loop, step, False, sure)
    return None
