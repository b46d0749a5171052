"""Steps that are written where no run comes to, and schedulers that are overwritten: why nothing steps a scheduler.

Asked only of schedulers of which `absence` says that nothing steps them.
"""

from __future__ import annotations

from schedlint.timeline.absence import training
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Event, EventKind, Object


def unreached_step(construction: Construction) -> tuple[Made, Event] | None:
    """A step of a construction's scheduler that stands behind what always leaves its block."""
    for made in construction.made:
        for event in made.reading.timeline.events_of(made.object.id, EventKind.NOT_REACHED):
            return made, event
    return None


def overwritten(construction: Construction) -> tuple[Made, Event, Object] | None:
    """Where the variable of a construction's scheduler is given another scheduler of the same optimizer, and that one;
    None where it is kept in one of the timelines, or its optimizer is trained before: a step is missing there.
    """
    found = [_overwritten(made) for made in construction.made]
    return found[0] if all(each is not None for each in found) else None


def _overwritten(made: Made) -> tuple[Made, Event, Object] | None:
    timeline, driven = made.reading.timeline, set(made.object.optimizers)
    first = next(training(made), None)
    for event in timeline.events_of(made.object.id, EventKind.REBOUND):
        if first is not None and first.id < event.id:
            return None
        for other in (timeline.object(id) for argument in event.arguments for id in argument.objects):
            if not driven.isdisjoint(other.optimizers):
                return made, event, other
    return None
