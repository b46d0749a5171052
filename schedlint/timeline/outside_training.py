"""Steps outside training: a scheduler that is only stepped before the loop that trains with it, or only after it.

Where anything may step the scheduler unseen, or it may outlive what the timeline shows, there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from schedlint.timeline.absence import is_never_stepped, moves, training
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import EVERY_ROUND, EntryKind, Event, EventKind
from schedlint.timeline.order import condition_of


@dataclass(frozen=True, slots=True)
class Outside:
    """A scheduler with a step of it, and a step of its optimizer in `loop`, the outermost one that trains with it.

    `after` says that all of its steps come when the training is over; else they all come before it begins.
    """

    made: Made
    step: Event
    training: Event
    loop: int
    after: bool


def stepped_outside(construction: Construction) -> Outside | None:
    """The steps of a construction's scheduler outside training, where it has no others in any timeline."""
    answers = [_outside(made) for made in construction.made if not is_never_stepped(made)]
    return answers[0] if answers and all(answers) else None


def _outside(made: Made) -> Outside | None:
    steps = _steps(made)
    if not steps or not _lives_here(made) or not _lives_as_long_as_its_optimizer(made):
        return None
    condition = condition_of(steps[0], made.object.id)
    found = [event for event in training(made) if _own(made, event) and not contradicts(event.condition, condition)]
    if not found:
        return None
    first, last = min(event.id for event in found), max(event.id for event in found)
    after = steps[0].id > last
    if not after and steps[-1].id > first:
        return None
    return Outside(made, steps[0], found[0], _own(made, found[0])[0], after)


def _steps(made: Made) -> tuple[Event, ...]:
    """The steps of a scheduler, where it has no others, all of them outside every loop in which it lives and each one
    on by one.
    """
    found = moves(made) or ()
    return found if all(_is_outside(made, event) for event in found) else ()


def _is_outside(made: Made, event: Event) -> bool:
    reading = made.reading
    stepped = event.kind is EventKind.STEPPED and any(each.object == made.object.id for each in event.subjects)
    inside = any(not reading.loop(loop).visits for loop in _own(made, event))
    return stepped and not inside and not reading.jumps(event, made.object.id)


def _own(made: Made, event: Event) -> tuple[int, ...]:
    """The loops around an event in which the scheduler is not made anew, outermost first."""
    return tuple(loop for loop in event.loops if loop not in made.object.loops)


def _lives_here(made: Made) -> bool:
    """Whether an entry makes the scheduler each time it runs, so that nobody steps it in a loop around all of it.

    What a function finds in the globals, and what belongs to an object with methods, lives on when it returns.
    """
    match made.reading.timeline.entry.kind:
        case EntryKind.SCRIPT:
            return True
        case EntryKind.FUNCTION:
            creation = made.reading.timeline.creation(made.object.id)
            return creation is not None and bool(creation.calls)
        case EntryKind.CLASS:
            return False


def _lives_as_long_as_its_optimizer(made: Made) -> bool:
    """Whether the optimizer is made with the scheduler; what is built anew for an optimizer that stays, in a loop or in
    a function that is handed it, has no training to itself, and what is built in some rounds of a loop lives through
    the others.
    """
    optimizers = [made.reading.timeline.object(id) for id in made.object.optimizers]
    if made.object.loops and any(guard.kind not in EVERY_ROUND for guard in made.object.guards):
        return False
    return all(not each.handed_in and set(made.object.loops) <= set(each.loops) for each in optimizers)
