"""How states are put back: what is loaded into which object, and in which order schedulers are built and states loaded.

torch does not look at what it loads into a scheduler, and a scheduler that is built changes the learning rate of its
optimizer at once, whatever was loaded before.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.knowledge.schema import ConstructionEffect, Style
from schedlint.timeline.beginnings import Change, beginning
from schedlint.timeline.checkpoints import is_hidden, is_loaded, loads_of_optimizer
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Confidence, Event, EventKind, Form, Loop, Object, ObjectKind, Part, Timeline
from schedlint.timeline.names import pieces
from schedlint.timeline.quantity import Arithmetic, Literal, Symbol, symbols
from schedlint.timeline.reading import Cadence, Reading, weakest

OF_OPTIMIZER, OF_SCHEDULER = (
    ("optim", "optimizer", "optimizers", "optimiser", "opt"),
    ("sched", "scheduler", "schedulers"),
)

PER_EPOCH = (Cadence.EPOCH, Cadence.OUTER)


class Misplaced(Struct, frozen=True):
    """A state that is loaded into an object of another kind, under the last key of what it is read from ("": none)."""

    event: Event
    object: Object
    key: str
    confidence: Confidence


class Pickled(Struct, frozen=True):
    """A scheduler that is put into a file itself, without its optimizer."""

    file: Event
    object: Object
    part: Part


class Overwritten(Struct, frozen=True):
    """A scheduler that is built after the state of its optimizer was loaded, and whose own state is loaded then.

    `lasts` says that the learning rate stays wrong; else it is right again from the scheduler's next step on.
    """

    object: Object
    loaded: Event
    restored: Event
    lasts: bool


class Unprepared(Struct, frozen=True):
    """A scheduler that is built to go on from a position, on an optimizer that holds no `initial_lr`."""

    object: Object
    position: int
    confidence: Confidence


# --- what is loaded into what -----------------------------------------------------------------------------------------


def misplaced(reading: Reading) -> Iterator[Misplaced]:
    """Every state of an optimizer that is loaded into a scheduler, and the other way round."""
    timeline = reading.timeline
    for event in timeline.events:
        if event.kind is not EventKind.STATE_LOADED or not event.parts:
            continue
        for subject in event.subjects:
            about = timeline.object(subject.object)
            found = [_is_of_other_kind(timeline, about, part) for part in event.parts]
            sure = [each for each in found if each is not None]
            if len(sure) == len(found):
                key = event.parts[0].keys[-1] if event.parts[0].keys else ""
                yield Misplaced(event, about, key, weakest(about.confidence, event.confidence, *sure))


def _is_of_other_kind(timeline: Timeline, about: Object, part: Part) -> Confidence | None:
    """How sure it is that a part is the state of an object of another kind; None where it may be the right one."""
    kinds = {timeline.object(id).kind for id in part.objects}
    if part.form is Form.STATE:
        return Confidence.CERTAIN if about.kind not in kinds else None
    if part.form is not Form.OTHER or not part.keys:
        return None
    saved = _saved_under(timeline, part.keys[-1])
    if saved:
        return Confidence.CERTAIN if about.kind not in saved else None
    return Confidence.LIKELY if _named_for(part.keys[-1]) is other(about.kind) else None


def _saved_under(timeline: Timeline, key: str) -> set[ObjectKind]:
    """The kinds of objects whose states files hold under a key."""
    parts = [part for event in timeline.events if event.kind is EventKind.FILE_SAVED for part in event.parts]
    return {
        timeline.object(id).kind
        for part in parts
        if part.form is Form.STATE and part.keys and part.keys[-1] == key
        for id in part.objects
    }


def _named_for(key: str) -> ObjectKind | None:
    """The kind of object that the words of a key name; None where they name none, or both."""
    words = set(pieces(key))
    optimizer, scheduler = not words.isdisjoint(OF_OPTIMIZER), not words.isdisjoint(OF_SCHEDULER)
    if optimizer is scheduler or "lr" in words:
        return None
    return ObjectKind.OPTIMIZER if optimizer else ObjectKind.SCHEDULER


def other(kind: ObjectKind) -> ObjectKind:
    """The kind of object that a state of this kind is mistaken for."""
    return ObjectKind.OPTIMIZER if kind is ObjectKind.SCHEDULER else ObjectKind.SCHEDULER


def pickled(reading: Reading) -> Iterator[Pickled]:
    """Every scheduler that is put into a file itself, unless its optimizer goes with it."""
    timeline = reading.timeline
    for event in timeline.events:
        if event.kind is not EventKind.FILE_SAVED:
            continue
        whole = {id for part in event.parts if part.form is Form.OBJECT for id in part.objects}
        for part in event.parts:
            for id in part.objects if part.form is Form.OBJECT else ():
                about = timeline.object(id)
                if about.kind is ObjectKind.SCHEDULER and whole.isdisjoint(about.optimizers):
                    yield Pickled(event, about, part)


def restored_alone(construction: Construction) -> tuple[Made, Event] | None:
    """The load of a scheduler's state in a program that never loads the state of its optimizer."""
    for made in construction.made:
        timeline = made.reading.timeline
        if is_hidden(made, EventKind.STATE_LOADED) or next(loads_of_optimizer(made), None) is not None:
            return None
        if not made.object.optimizers or any(timeline.object(id).escapes for id in made.object.optimizers):
            return None
        if any(each.kind is EventKind.STATE_LOADED and not each.subjects for each in timeline.events):
            return None
    for made in construction.made:
        for event in made.reading.timeline.events_of(made.object.id, EventKind.STATE_LOADED):
            if all(part.form is Form.OTHER for part in event.parts) and is_loaded(made):
                return made, event
    return None


# --- order ------------------------------------------------------------------------------------------------------------


def built_after_load(reading: Reading) -> Iterator[Overwritten]:
    """Every scheduler that overwrites the learning rate that was loaded, as it is built before its own load."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        creation = timeline.creation(scheduler.id)
        lasts = _harm(reading, scheduler)
        if creation is None or lasts is None or any(_resets(reading, each) for each in timeline.wrappers(scheduler.id)):
            continue
        before = _loads(timeline, scheduler.optimizers, scheduler, range(creation.id))
        family = (scheduler.id, *(each.id for each in timeline.wrappers(scheduler.id)))
        after = _loads(timeline, family, scheduler, range(creation.id, len(timeline.events) + 1))
        later = _loads(timeline, scheduler.optimizers, scheduler, range(creation.id, len(timeline.events) + 1))
        if before and after and not later:
            yield Overwritten(scheduler, before[-1], after[0], lasts)


def _loads(timeline: Timeline, objects: tuple[int, ...], scheduler: Object, when: range) -> list[Event]:
    """The loads of the state of one of these objects at this time, in a run that builds the scheduler."""
    return [
        event
        for id in objects
        for event in timeline.events_of(id, EventKind.STATE_LOADED)
        if event.id in when and not contradicts(event.condition, scheduler.condition)
        if not event.parts or any(part.form is Form.OTHER for part in event.parts)
    ]


def _harm(reading: Reading, scheduler: Object) -> bool | None:
    """Whether the learning rate that building a scheduler sets is there to stay, or until its next step, which comes
    after an epoch; None where it is the one that was loaded, or soon put right.
    """
    table = reading.table(scheduler.id)
    if table is None or any(bound.parameter == "last_epoch" for bound in scheduler.arguments):
        return None
    if _resets(reading, scheduler):
        return any(_is_recursive(reading, child) for child in scheduler.children) or None
    start = beginning(reading, scheduler)
    if table.style is Style.RECURSIVE:
        return True if start.change is Change.FACTOR and start.amount not in (None, 1) else None
    if table.style is not Style.ABSOLUTE:
        return None
    rhythm = {each.cadence for each in reading.cadences_of(scheduler.id)}
    return False if rhythm and rhythm.issubset(PER_EPOCH) else None


def _resets(reading: Reading, scheduler: Object) -> bool:
    """Whether building a scheduler sets the learning rate back to its first value: `SequentialLR`."""
    table = reading.table(scheduler.id)
    return table is not None and table.construction.effect is ConstructionEffect.FIRST_CHILD


def _is_recursive(reading: Reading, child: int) -> bool:
    table = reading.table(child)
    return table is not None and table.style is Style.RECURSIVE


# --- positions --------------------------------------------------------------------------------------------------------


def unprepared(reading: Reading) -> Iterator[Unprepared]:
    """Every scheduler that is built to go on from a position, on an optimizer that was only just built."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        creation, position = timeline.creation(scheduler.id), _position(scheduler)
        if creation is None or position is None or reading.table(scheduler.id) is None or not scheduler.optimizers:
            continue
        optimizers = [timeline.object(id) for id in scheduler.optimizers]
        if all(_is_fresh(timeline, each, creation, scheduler) for each in optimizers):
            sure = weakest(position[1], scheduler.confidence, *(each.confidence for each in optimizers))
            yield Unprepared(scheduler, position[0], sure)


def _position(scheduler: Object) -> tuple[int, Confidence] | None:
    """The `last_epoch` that a scheduler is given, if it is 0 or more: a number, or the default of an option."""
    given = next((bound for bound in scheduler.arguments if bound.parameter == "last_epoch"), None)
    value = given.values[0] if given is not None and len(given.values) == 1 else None
    confidence = Confidence.CERTAIN
    if isinstance(value, Symbol):
        value, confidence = value.default, Confidence.LIKELY
    if isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return (value.value, confidence) if value.value >= 0 else None
    return None


def _is_fresh(timeline: Timeline, optimizer: Object, creation: Event, scheduler: Object) -> bool:
    """Whether nothing can have put an `initial_lr` into the groups of an optimizer before a scheduler is built."""
    if optimizer.handed_in or optimizer.escapes or optimizer.initial_rates is not False:
        return False
    before = [event for event in timeline.events_of(optimizer.id) if event.id < creation.id]
    if any(event.kind in (EventKind.STATE_LOADED, EventKind.GROUP_ADDED, EventKind.LR_WRITTEN) for event in before):
        return False
    if any(unseen.kind is EventKind.STATE_LOADED for unseen in optimizer.unseen):
        return False
    others = [each for each in timeline.rivals(scheduler.id) if each.id not in scheduler.children]
    return not any(made.id < creation.id for each in others if (made := timeline.creation(each.id)) is not None)


# --- positions and horizons that do not fit what is left --------------------------------------------------------------


def ahead_by_one(timeline: Timeline) -> Iterator[tuple[Object, Loop]]:
    """Every scheduler that is told the first round of a loop that steps it as the position that it has reached.

    `last_epoch` is the last round that was done, which is one less: building the scheduler takes the step to the next.
    """
    for scheduler in timeline.schedulers():
        given = next((bound for bound in scheduler.arguments if bound.parameter == "last_epoch"), None)
        if given is None or len(given.values) != 1 or not isinstance(given.values[0], Symbol):
            continue
        for step in timeline.steps_of(scheduler.id):
            rounds = [timeline.loop(loop) for loop in step.loops if loop not in scheduler.loops]
            if rounds and rounds[0].start == given.values[0]:
                yield scheduler, rounds[0]
                break


def saved_before_step(reading: Reading) -> Iterator[tuple[Object, Event, Event]]:
    """Every scheduler whose state is saved in a round of a loop before its step in that round, with the save and the
    step. The step that is still to come is not in the file.
    """
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        steps = timeline.steps_of(scheduler.id)
        for event in timeline.events:
            if event.kind is not EventKind.FILE_SAVED or not event.loops or len(steps) != 1:
                continue
            held = any(part.form is Form.STATE and scheduler.id in part.objects for part in event.parts)
            if held and event.id < steps[0].id and event.loops == steps[0].loops and counts_next(event):
                yield scheduler, event, steps[0]


def counts_next(file: Event) -> bool:
    """Whether a file says that the round in which it is saved is done: its number of rounds is one more."""
    return any(
        isinstance(part.value, Arithmetic)
        and part.value.op == "+"
        and any(isinstance(each, Symbol) and each.role == "index" for each in part.value.operands)
        for part in file.parts
    )


def frozen_horizons(reading: Reading) -> Iterator[tuple[Object, Event, Symbol]]:
    """Every scheduler whose horizon is an option and whose state is loaded, which brings the horizon of before."""
    timeline = reading.timeline
    for scheduler in timeline.schedulers():
        horizon = reading.horizon(scheduler.id)
        option = next((each for each in symbols(horizon.quantity) if each.role == "option"), None) if horizon else None
        loads = timeline.events_of(scheduler.id, EventKind.STATE_LOADED)
        if option is not None and loads and reading.table(scheduler.id) is not None:
            yield scheduler, loads[0], option
