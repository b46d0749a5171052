"""What never happens: a scheduler that is built, and that nothing ever steps.

Absence is claimed only where everything that could happen to the object was seen. Whatever hides a part of its life
makes the answer None: an escape, a run that stopped early, a step of something that is not known and is called the
same.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Confidence, Event, EventKind, Object
from schedlint.timeline.reading import weakest

MOVES = frozenset({EventKind.STEPPED, EventKind.STEPPED_BY, EventKind.HANDED_ON, EventKind.LAST_EPOCH_WRITTEN})
"""What may move a schedule on."""

TRAINING = ("train", "fit")
"""In the name of a function or class that is given an optimizer: it trains."""


def trained_without(construction: Construction) -> tuple[Made, Event] | None:
    """The scheduler of a construction that nothing ever steps, and a step of its optimizer that is taken after it is
    built; None where it is stepped, may be, or nothing is trained.
    """
    if not all(is_never_stepped(made) for made in construction.made):
        return None
    return next(((made, step) for made in construction.made for step in training(made)), None)


def is_never_stepped(made: Made) -> bool:
    """Whether in its timeline nothing can step a scheduler: neither directly, nor through one that it is part of."""
    return moves(made) == ()


def moves(made: Made) -> tuple[Event, ...] | None:
    """Everything in its timeline that may move a scheduler on; None where a part of its life is hidden."""
    timeline, scheduler = made.reading.timeline, made.object
    if timeline.spent or scheduler.escapes or timeline.wrappers(scheduler.id):
        return None
    parts = {scheduler.id, *scheduler.children}
    return tuple(event for event in timeline.events if _may_move(event, parts, scheduler))


def _may_move(event: Event, parts: set[int], scheduler: Object) -> bool:
    if event.kind not in MOVES:
        return False
    if event.subjects:
        return any(subject.object in parts for subject in event.subjects)
    return event.kind is EventKind.STEPPED and _last(event.receiver) in ("", _last(scheduler.name))


def _last(spelled: str) -> str:
    """The last name of a receiver as it is spelled: `scheduler` of `self.trainer.scheduler`."""
    return spelled.rpartition(".")[2].partition("[")[0]


def training(made: Made) -> Iterator[Event]:
    """The steps of the scheduler's optimizer that are taken after it is built, in a loop around which it is not; and
    where it is handed to what trains with it by its name.
    """
    timeline, scheduler = made.reading.timeline, made.object
    creation = timeline.creation(scheduler.id)
    if creation is None:
        return
    for event in timeline.optimizer_steps_of(scheduler.id):
        again = any(loop not in scheduler.loops for loop in event.loops) or not timeline.entry.caller_known
        if event.id > creation.id and again:
            yield event
    for optimizer in scheduler.optimizers:
        for event in timeline.events_of(optimizer, EventKind.HANDED_ON):
            if event.id > creation.id and _trains(event.method):
                yield replace(event, confidence=weakest(event.confidence, Confidence.LIKELY))


def _trains(function: str) -> bool:
    name = function.rpartition(".")[2].lower()
    return any(word in name for word in TRAINING)
