"""What rules about rhythm, order and absence share: where a step belongs, and what would put it there."""

from __future__ import annotations

from collections.abc import Iterable

from schedlint.checks.mismatch import FINER
from schedlint.knowledge.schema import Scheduler
from schedlint.place import Place
from schedlint.remedies import (
    After,
    Before,
    DropArgument,
    EndOf,
    Insert,
    Mirror,
    Move,
    Remedy,
    SetArgument,
    Spot,
    WrapArgument,
)
from schedlint.timeline.model import EVERY_ROUND, Event, EventKind, Guard, GuardKind, Loop, LoopKind, Object
from schedlint.timeline.reading import HorizonReading, Reading, Unit

SAVES = (EventKind.STATE_SAVED, EventKind.FILE_SAVED)


def position_of(table: Scheduler | None, parameter: str) -> int | None:
    """The index of a parameter among those that can be given by position; None where that is not known."""
    plain = [each.name for each in table.parameters if not each.keyword_only] if table is not None else []
    return plain.index(parameter) if parameter in plain else None


def without(reading: Reading, scheduler: Object, parameter: str) -> Remedy:
    """Leave an argument of a construction out."""
    position = position_of(reading.table(scheduler.id), parameter)
    return Remedy(f"leave `{parameter}` out", (DropArgument(scheduler.place, parameter, position),))


# --- moving a step ----------------------------------------------------------------------------------------------------


def is_plain(step: Event) -> bool:
    """Whether a step is `scheduler.step()`, of one scheduler, whatever the configuration is."""
    return step.method == "step" and len(step.subjects) == 1 and not step.arguments and not step.every


def in_every_round(step: Event, loop: Loop) -> bool:
    """Whether nothing between a loop and a step leaves out a round, or might."""
    return all(guard.kind in EVERY_ROUND for guard in step.guards if _is_inside(guard, step, loop))


def _is_inside(guard: Guard, step: Event, loop: Loop) -> bool:
    return guard.within is None or guard.within in step.loops[step.loops.index(loop.id) :]


def moved(step: Event, to: Spot, title: str) -> Remedy | None:
    """The step taken elsewhere in its function."""
    return Remedy(title, (Move(step.place, to),)) if is_plain(step) else None


def once_per_epoch(reading: Reading, step: Event) -> Remedy | None:
    """The step moved out of the batch loop to the end of the epoch, where both loops stand in one function."""
    loop = _epoch_loop(reading, step)
    if loop is None or not is_plain(step) or not in_every_round(step, loop):
        return None
    return moved(step, end_of(reading, loop), "step the scheduler at the end of the epoch")


def at_the_end(reading: Reading, step: Event, loop: Loop) -> Remedy | None:
    """The step moved to the end of the round of a loop that it stands in."""
    if not _stands_in(step, loop) or not in_every_round(step, loop):
        return None
    return moved(step, end_of(reading, loop), "step the scheduler at the end of the round")


def end_of(reading: Reading, loop: Loop) -> Spot:
    """The end of a round of a loop: before what saves a checkpoint behind the training, so that it has the step too."""
    inside = [event for event in reading.timeline.events if loop.id in event.loops]
    trained = [event.id for event in inside if event.kind is EventKind.OPTIMIZED]
    saves = (event for event in inside if event.kind in SAVES and trained and event.id > trained[-1])
    first = next(saves, None)
    return EndOf(loop.place) if first is None else Before(loop.place, _seen_from(first, loop))


def _seen_from(event: Event, loop: Loop) -> Place:
    """Where an event happens as the function of a loop has it: itself, or the call that leads to it."""
    return event.calls[len(loop.calls)] if len(event.calls) > len(loop.calls) else event.place


def into(reading: Reading, step: Event, loop: Loop, scheduler: Object) -> Remedy | None:
    """The step of a schedule in epochs moved into the epoch loop that stands beside it."""
    horizon = reading.horizon(scheduler.id)
    in_epochs = horizon is not None and horizon.unit is Unit.EPOCHS and reading.loop(loop.id).kind is LoopKind.EPOCH
    if not in_epochs or loop.calls != step.calls or loop.place.path != step.place.path:
        return None
    return moved(step, end_of(reading, loop), "step the scheduler at the end of the epoch")


def behind(step: Event, other: Event) -> Remedy | None:
    """The step moved right behind another event in its function."""
    if step.calls != other.calls or step.place.path != other.place.path:
        return None
    return moved(step, After(other.place), "step the scheduler after the optimizer")


def once_per_update(reading: Reading, step: Event, scheduler: Object) -> Remedy | None:
    """The step moved into the batch loop, behind the step of its optimizer or to the end."""
    loop = _epoch_loop(reading, step)
    update = None if loop is None else _update(reading, scheduler, loop)
    horizon = reading.horizon(scheduler.id)
    if loop is None or update is None or horizon is None or not in_every_round(step, loop):
        return None
    if step.calls != update.calls or step.place.path != update.place.path:
        return None
    return moved(step, _after_update(reading, update, scheduler, horizon), "step the scheduler after the optimizer")


def is_only_update(reading: Reading, update: Event, scheduler: Object) -> bool:
    """Whether no other place in its loop steps the optimizer of a scheduler, and this one does in every round."""
    inner = reading.timeline.loop(update.loops[-1])
    others = [each for each in reading.timeline.optimizer_steps_of(scheduler.id) if inner.id in each.loops]
    inside = [guard for guard in update.guards if _is_inside(guard, update, inner)]
    return others == [update] and all(guard.kind is GuardKind.NEUTRAL for guard in inside)


def _after_update(reading: Reading, update: Event, scheduler: Object, horizon: HorizonReading) -> Spot:
    """Where a schedule in batches or updates is to be stepped: with the optimizer if it counts updates, or if that is
    stepped in every round, else at the end of the round.
    """
    if horizon.unit is Unit.UPDATES or is_only_update(reading, update, scheduler):
        return After(update.place)
    return EndOf(reading.timeline.loop(update.loops[-1]).place)


def _epoch_loop(reading: Reading, step: Event) -> Loop | None:
    """The epoch loop around a step in its own function."""
    loops = [loop for loop in reading.timeline.nest(step) if reading.loop(loop.id).kind is LoopKind.EPOCH]
    return loops[-1] if loops and _stands_in(step, loops[-1]) else None


def _stands_in(step: Event, loop: Loop) -> bool:
    return loop.id in step.loops and loop.calls == step.calls and loop.place.path == step.place.path


def _update(reading: Reading, scheduler: Object, epoch: Loop) -> Event | None:
    """The one place in an epoch at which the optimizer of a scheduler is stepped, once per batch or update."""
    events = [each for each in reading.timeline.optimizer_steps_of(scheduler.id) if epoch.id in each.loops]
    if len(events) != 1 or reading.loop(events[0].loops[-1]).kind is not LoopKind.BATCH:
        return None
    return events[0]


def without_argument(reading: Reading, step: Event, scheduler: Object, title: str) -> Remedy | None:
    """`step()` in place of a step that is given something, where nothing hangs on that: it comes after the training of
    its round, no other schedule is on the optimizer, and training is not resumed.
    """
    timeline = reading.timeline
    trained = [each.id for each in timeline.optimizer_steps_of(scheduler.id) if set(step.loops[-1:]) & set(each.loops)]
    loaded = [timeline.events_of(id, EventKind.STATE_LOADED) for id in scheduler.optimizers]
    if not trained or trained[-1] > step.id or any(loaded) or timeline.rivals(scheduler.id):
        return None
    return Remedy(title, (DropArgument(step.place, step.arguments[0].parameter, 0),))


# --- a step that is missing -------------------------------------------------------------------------------------------


def stepped(reading: Reading, scheduler: Object) -> Remedy | None:
    """A step where the unit of the horizon asks for it: at the end of the epoch, or behind the optimizer's step."""
    horizon, updates = reading.horizon(scheduler.id), reading.timeline.optimizer_steps_of(scheduler.id)
    if horizon is None or len(updates) != 1 or reading.takes_metric(scheduler.id) or not _is_always_there(scheduler):
        return None
    name = beside(reading, updates[0].receiver, scheduler)
    spot = _spot(reading, updates[0], scheduler, horizon)
    if spot is None or not name:
        return None
    return Remedy("step the scheduler", (Insert(f"{name}.step()", spot),))


def _is_always_there(scheduler: Object) -> bool:
    """Whether a scheduler is built whatever the configuration is, and in every round."""
    return not scheduler.condition and all(guard.kind is GuardKind.NEUTRAL for guard in scheduler.guards)


def _spot(reading: Reading, update: Event, scheduler: Object, horizon: HorizonReading) -> Spot | None:
    if horizon.unit in FINER and horizon.unit is not Unit.ITERATIONS:
        return _after_update(reading, update, scheduler, horizon) if update.loops else None
    loops = [loop for loop in reading.timeline.nest(update) if reading.loop(loop.id).kind is LoopKind.EPOCH]
    return end_of(reading, loops[-1]) if loops and horizon.unit is Unit.EPOCHS else None


def beside(reading: Reading, receiver: str, scheduler: Object) -> str:
    """How a scheduler is spelled where its optimizer is spelled `receiver`: `self.scheduler` beside `self.optimizer`.

    "" where that cannot be told.
    """
    owner, _, name = receiver.rpartition(".")
    own, _, variable = scheduler.name.rpartition(".")
    optimizers = [reading.timeline.object(id) for id in scheduler.optimizers]
    if len(optimizers) != 1 or name not in optimizers[0].names or bool(owner) != bool(own):
        return ""
    return f"{owner}.{variable}" if owner else variable


# --- the length of a schedule -----------------------------------------------------------------------------------------


def in_batches(reading: Reading, step: Event, scheduler: Object, horizon: HorizonReading) -> Remedy | None:
    """The horizon multiplied by the length of the loader whose batches step the scheduler."""
    table, timeline = reading.table(scheduler.id), reading.timeline
    loaders = [timeline.object(loop.object) for loop in timeline.nest(step) if loop.object]
    if table is None or table.children or table.warm_up or not is_plain(step) or not loaders:
        return None
    names = [bound.parameter for bound in scheduler.arguments if bound.parameter in (*table.horizon, *table.product)]
    if names != [horizon.parameter] or not loaders[-1].name.isidentifier():
        return None
    change = WrapArgument(
        scheduler.place,
        horizon.parameter,
        f"{{}} * len({loaders[-1].name})",
        position_of(table, horizon.parameter),
        each=horizon.parameter in table.lists,
    )
    return Remedy("write the schedule in batches", (change,))


def with_length_of_loader(reading: Reading, step: Event, scheduler: Object) -> Remedy | None:
    """The number of steps in an epoch set to the length of the loader whose batches step the scheduler."""
    table, timeline = reading.table(scheduler.id), reading.timeline
    loaders = [timeline.object(loop.object) for loop in timeline.nest(step) if loop.object]
    given = [bound.parameter for bound in scheduler.arguments]
    if table is None or not table.product or not loaders or not loaders[-1].name.isidentifier():
        return None
    parameter, length = table.product[-1], f"len({loaders[-1].name})"
    if parameter not in given or any(name in given for name in table.horizon):
        return None
    change = SetArgument(scheduler.place, parameter, length, position_of(table, parameter))
    return Remedy(f"give `{parameter}={length}`", (change,))


# --- states -----------------------------------------------------------------------------------------------------------


def with_the_optimizers(reading: Reading, scheduler: Object, places: Iterable[Place], title: str) -> Remedy | None:
    """The state of a scheduler saved, or loaded, at each of these places, at which its optimizer's is."""
    kinds = (EventKind.STATE_SAVED, EventKind.STATE_LOADED)
    events = [event for id in scheduler.optimizers for event in reading.timeline.events_of(id, *kinds)]
    receivers = {event.place: beside(reading, event.receiver, scheduler) for event in events}
    changes = tuple(Mirror(place, receivers.get(place, "")) for place in places)
    return Remedy(title, changes) if all(change.receiver for change in changes) else None
