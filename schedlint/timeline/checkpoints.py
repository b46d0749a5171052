"""Checkpoints: whose state is saved and loaded again, and for which schedule that is forgotten.

A schedule goes on after a resume where its state is restored, or its position: by `last_epoch`, by an argument of
`step()`, by stepping it as often as was trained before, by hand. Anything that hides a part of this makes the answer
None: an escape, code that was not reached, a file of which not everything is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.knowledge.schema import Style
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import (
    Confidence,
    Event,
    EventKind,
    Form,
    GuardKind,
    Iterated,
    Loop,
    LoopKind,
    Object,
    Part,
    Timeline,
)
from schedlint.timeline.quantity import Literal, Place, symbols
from schedlint.timeline.reading import weakest

TRAINING = (EventKind.OPTIMIZED, EventKind.BACKWARD, EventKind.HANDED_ON)
ROUNDS = (LoopKind.EPOCH, LoopKind.BATCH, LoopKind.FLAT)
BEFORE_ALL = (Literal(-1), Literal(None))
"""Values of `last_epoch` that begin a schedule; `Literal(0)` and more go on with one."""


class Taken(Struct, frozen=True):
    """Where the state of an object is put into a file (`place` is that of its `state_dict()`), and under which keys."""

    made: Made
    file: Event
    part: Part

    @property
    def place(self) -> Place:
        """Where the state is taken."""
        return self.part.place or self.file.place


class Restored(Struct, frozen=True):
    """Where the state of an object is loaded from a file; `event` is None where the run did not come there."""

    place: Place
    confidence: Confidence
    event: Event | None = None


class Lost(Struct, frozen=True):
    """A scheduler whose state is forgotten, and where that of its optimizer is saved and loaded.

    `own` is where the scheduler's own state is saved, if it is, or loaded.
    """

    made: Made
    saved: Taken
    loaded: Restored
    own: Place | None = None

    @property
    def confidence(self) -> Confidence:
        """How sure that is."""
        return weakest(self.made.object.confidence, self.saved.file.confidence, self.loaded.confidence)


# --- what is forgotten ------------------------------------------------------------------------------------------------


def never_saved(construction: Construction) -> Lost | None:
    """The scheduler whose optimizer's state is saved and loaded again, while its own state is in no file."""
    if any(is_saved(made) or is_hidden(made, EventKind.STATE_SAVED) or goes_on(made) for made in construction.made):
        return None
    if not is_stepped(construction):
        return None
    for made in construction.made:
        taken = next(_optimizer_states(made), None)
        if taken is None:
            continue
        if not all(_is_known(each.file) for each in _optimizer_states(made)):
            return None
        loaded = optimizer_loaded(construction, taken)
        own = next((event.place for event in _of_scheduler(made, EventKind.STATE_LOADED)), None)
        return Lost(made, taken, loaded, own) if loaded is not None else None
    return None


def never_loaded(construction: Construction) -> Lost | None:
    """The scheduler whose state is saved beside that of its optimizer, which is loaded again, while its own is not."""
    if any(is_loaded(made) or is_hidden(made, EventKind.STATE_LOADED) or goes_on(made) for made in construction.made):
        return None
    if not is_stepped(construction):
        return None
    for made in construction.made:
        for taken in _optimizer_states(made):
            own = next((part for part in taken.file.parts if is_state_of(part, made.object.id)), None)
            loaded = optimizer_loaded(construction, taken) if own is not None else None
            if own is not None and loaded is not None:
                return Lost(made, taken, loaded, own.place)
    return None


def optimizer_loaded(construction: Construction, taken: Taken) -> Restored | None:
    """Where training goes on with the saved state of an optimizer; None where it does not, as far as was seen."""
    found = [each for made in construction.made for each in loads_of_optimizer(made)]
    for each in found:
        if each.event is None or (_agrees(each.event, taken.part) and continues(taken.made, construction)):
            return each
    return None


def loads_of_optimizer(made: Made) -> Iterator[Restored]:
    """Where the state of a scheduler's optimizer is loaded from something that was read."""
    timeline = made.reading.timeline
    names = _names_of_optimizer(made)
    for event in timeline.events:
        if event.kind is not EventKind.STATE_LOADED or not _reads_file(event):
            continue
        if any(subject.object in made.object.optimizers for subject in event.subjects) or (
            not event.subjects and _last(event.receiver) in names
        ):
            yield Restored(event.place, event.confidence, event)
    for id in made.object.optimizers:
        for unseen in timeline.object(id).unseen:
            if unseen.kind is EventKind.STATE_LOADED and unseen.exact:
                yield Restored(unseen.place, Confidence.LIKELY)


def continues(made: Made, construction: Construction) -> bool:
    """Whether training may go on where it stopped: not where each loop that trains begins with its first round."""
    for each in construction.made:
        timeline = each.reading.timeline
        steps = timeline.optimizer_steps_of(each.object.id)
        outer = {step.loops[len(each.object.loops)] for step in steps if len(step.loops) > len(each.object.loops)}
        if not outer or not all(_from_the_start(timeline.loop(id)) for id in outer):
            return True
    return False


def _from_the_start(loop: Loop) -> bool:
    return loop.iterates is Iterated.RANGE and (loop.start is None or loop.start in (Literal(0), Literal(1)))


# --- what keeps a schedule going --------------------------------------------------------------------------------------


def is_saved(made: Made) -> bool:
    """Whether the state of a scheduler, or of what it is part of, is saved or may be, or itself is in a file."""
    family = _family(made)
    for event in made.reading.timeline.events:
        touched = {subject.object for subject in event.subjects}
        if event.kind is EventKind.STATE_SAVED and (not family.isdisjoint(touched) or _may_be_scheduler(event)):
            return True
        if event.kind is EventKind.FILE_SAVED:
            held = {id for part in event.parts for id in part.objects}
            if not family.isdisjoint(touched | held):
                return True
    return False


def is_loaded(made: Made) -> bool:
    """Whether the state of a scheduler, or of what it is part of, is loaded or may be."""
    family = _family(made)
    return any(
        event.kind is EventKind.STATE_LOADED
        and (not family.isdisjoint(subject.object for subject in event.subjects) or _may_be_scheduler(event))
        for event in made.reading.timeline.events
    )


def is_hidden(made: Made, kind: EventKind) -> bool:
    """Whether a part of what happens to the state of a scheduler was not seen, so that nothing can be said of it."""
    timeline, scheduler = made.reading.timeline, made.object
    if timeline.spent or scheduler.escapes or timeline.wrappers(scheduler.id):
        return True
    if any(unseen.kind is kind for unseen in scheduler.unseen):
        return True
    if timeline.events_of(scheduler.id, EventKind.STEPPED_BY):
        return True
    return any(each.kind is EventKind.FILE_SAVED and not each.parts and not each.whole for each in timeline.events)


def goes_on(made: Made) -> bool:
    """Whether something else than its state may bring a schedule to where it was."""
    timeline, scheduler = made.reading.timeline, made.object
    if timeline.events_of(scheduler.id, EventKind.LAST_EPOCH_WRITTEN) or needs_no_count(made):
        return True
    if any(made.reading.loop(loop).kind in ROUNDS for loop in scheduler.loops):
        return True  # it is built anew in each round, and begins each time, whatever is resumed
    if any(_sets_by_hand(timeline, event, scheduler) for event in timeline.events):
        return True
    if begins_later(scheduler) or knows_start(timeline, scheduler):
        return True
    return any(
        made.reading.jumps(step, scheduler.id) or _catches_up(timeline, step, scheduler)
        for step in timeline.steps_of(scheduler.id)
    )


def is_stepped(construction: Construction) -> bool:
    """Whether a scheduler is moved on at all, as far as is known; one that is not has another mistake."""
    return any(
        event.kind is EventKind.STEPPED
        and (not event.subjects or any(subject.object == made.object.id for subject in event.subjects))
        for made in construction.made
        for event in made.reading.timeline.events
    )


def needs_no_count(made: Made) -> bool:
    """Whether every step does the same to the learning rate, which is in the optimizer's state: `ExponentialLR`."""
    table = made.reading.table(made.object.id)
    return table is not None and table.style is Style.RECURSIVE and bool(table.rate)


def begins_later(scheduler: Object) -> bool:
    """Whether a scheduler is built to go on from a position."""
    given = [bound for bound in scheduler.arguments if bound.parameter == "last_epoch"]
    return any(value not in BEFORE_ALL for bound in given for value in bound.values)


def knows_start(timeline: Timeline, scheduler: Object) -> bool:
    """Whether an argument of a scheduler says where training goes on: the start of a loop that trains, or what it is
    made from.
    """
    starts = {symbol.key for loop in timeline.loops for symbol in symbols(loop.start)}
    used = {symbol.key for bound in scheduler.arguments for value in bound.values for symbol in symbols(value)}
    return not starts.isdisjoint(used)


def _sets_by_hand(timeline: Timeline, event: Event, scheduler: Object) -> bool:
    """Whether the learning rate is set in each round of the training, or outside it."""
    if event.kind is not EventKind.LR_WRITTEN or not any(
        each.object in scheduler.optimizers for each in event.subjects
    ):
        return False
    plain = all(guard.kind is GuardKind.NEUTRAL for guard in event.guards)
    return plain or _trains_nothing(timeline, event, scheduler)


def _catches_up(timeline: Timeline, step: Event, scheduler: Object) -> bool:
    """Whether a step is taken in a loop in which nothing is trained: as often as was trained before."""
    return set(step.loops) > set(scheduler.loops) and _trains_nothing(timeline, step, scheduler)


def _trains_nothing(timeline: Timeline, event: Event, scheduler: Object) -> bool:
    """Whether no loop around an event trains, other than those in which the scheduler is built."""
    inner = {loop for loop in event.loops if loop not in scheduler.loops}
    return not any(each.kind in TRAINING and not inner.isdisjoint(each.loops) for each in timeline.events)


# --- states in files --------------------------------------------------------------------------------------------------


def _optimizer_states(made: Made) -> Iterator[Taken]:
    """Where the state of a scheduler's optimizer is put into a file, once the scheduler is built."""
    timeline, scheduler = made.reading.timeline, made.object
    creation = timeline.creation(scheduler.id)
    for event in timeline.events:
        if event.kind is not EventKind.FILE_SAVED or contradicts(event.condition, scheduler.condition):
            continue
        if creation is None or event.id > creation.id:
            for part in event.parts:
                if part.form is Form.STATE and not set(part.objects).isdisjoint(scheduler.optimizers):
                    yield Taken(made, event, part)


def is_state_of(part: Part, object: int) -> bool:
    """Whether a part of a file is the state of an object."""
    return part.form is Form.STATE and object in part.objects


def _is_known(file: Event) -> bool:
    """Whether everything in a file is known, and nothing in it is called a scheduler's."""
    return file.whole and not any("sched" in key.lower() for part in file.parts for key in part.keys)


def _agrees(loaded: Event, saved: Part) -> bool:
    """Whether a state may be loaded from where it was saved: under the same key, as far as both are known."""
    keys = [part.keys[-1] for part in loaded.parts if part.keys]
    return not keys or not saved.keys or saved.keys[-1] in keys


def _reads_file(event: Event) -> bool:
    """Whether a state is loaded that was not taken in the same run."""
    return not event.parts or any(part.form is Form.OTHER for part in event.parts)


# --- names ------------------------------------------------------------------------------------------------------------


def _family(made: Made) -> set[int]:
    """A scheduler, those that it wraps, those that wrap it, and those of which a variable holds one."""
    timeline, scheduler = made.reading.timeline, made.object
    beside = {
        subject.object for event in timeline.events_of(scheduler.id) if not event.every for subject in event.subjects
    }
    wrappers = {wrapper.id for wrapper in timeline.wrappers(scheduler.id)}
    return {scheduler.id, *scheduler.children, *wrappers, *beside}


def _of_scheduler(made: Made, kind: EventKind) -> tuple[Event, ...]:
    return made.reading.timeline.events_of(made.object.id, kind)


def _may_be_scheduler(event: Event) -> bool:
    """Whether an event of something unknown may be one of a scheduler."""
    name = _last(event.receiver)
    return not event.subjects and ("optim" not in name or "sched" in name)


def _names_of_optimizer(made: Made) -> set[str]:
    """What the optimizer of a scheduler is called where its state is taken."""
    timeline = made.reading.timeline
    taken = (event for id in made.object.optimizers for event in timeline.events_of(id, EventKind.STATE_SAVED))
    return {_last(event.receiver) for event in taken} - {""}


def _last(receiver: str) -> str:
    """The last name of a receiver, in small letters."""
    return receiver.rpartition(".")[2].partition("[")[0].lower()
