"""What happens to the learning rate, in words: shared by the messages of several rules."""

from __future__ import annotations

from schedlint.checks.rule import called
from schedlint.knowledge.schema import Overrun, Scheduler, Style
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import Beginning, Change, beginning
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.hands import ASIDE
from schedlint.timeline.model import Event, EventKind, Object, Timeline
from schedlint.timeline.quantity import Quantity, spelled
from schedlint.timeline.reading import Reading

AFTERWARDS = {
    Overrun.ERROR: ", where the next call of `step()` raises ValueError",
    Overrun.CLIMBS: ", and the learning rate climbs again from there",
    Overrun.HOLDS: ", and the learning rate stays where it ends",
    Overrun.OPEN: "",
}


def beyond(table: Scheduler | None) -> str:
    """What becomes of the learning rate where a schedule is over before the training is."""
    return "" if table is None else AFTERWARDS[table.overrun]


def many(steps: Quantity) -> str:
    """A number of steps."""
    known = number(steps)
    return f"`{spelled(steps)}`" if known is None else f"{known:g}"


def stays(reading: Reading, scheduler: Object, start: Beginning, successor: Object | None = None) -> str:
    """Where the learning rate stays when the schedule is never moved on from its beginning. Of others of the same
    optimizer, which are, the first one is named, or the `successor`.
    """
    rivals = reading.timeline.rivals(scheduler.id) if successor is None else (successor,)
    others = [other for other in rivals if is_beside(reading.timeline, other, scheduler)]
    if others:
        return beside(others[0], reading.table(others[0].id), start)
    given = rate_given(reading, scheduler)
    if start.change is Change.UNKNOWN or (start.amount is None and not start.harmless):
        return "the learning rate stays where the schedule begins"
    if start.harmless:
        return "the learning rate stays " + ("what the optimizer was given" if given is None else f"{given:g}")
    assert start.amount is not None
    if start.amount == 0:
        return "the learning rate is 0 from the start and stays 0, so nothing is learned"
    if start.change is Change.VALUE:
        return f"building it sets the learning rate to {start.amount:g}, where it stays"
    result = "where it stays" if given is None else f"so that it stays at {given * start.amount:g}"
    return f"building it multiplies the learning rate by {start.amount:.3g}, {result}"


def set_by_hand(timeline: Timeline, scheduler: Object) -> Event | None:
    """Where the program itself sets the learning rate of a scheduler's optimizer, after the scheduler is built."""
    creation = timeline.creation(scheduler.id)
    events = [event for id in scheduler.optimizers for event in timeline.events_of(id, EventKind.LR_WRITTEN)]
    written = [event for event in events if event.method not in ASIDE]
    later = (event for event in written if creation is not None and event.id > creation.id)
    return next((event for event in later if not contradicts(event.condition, scheduler.condition)), None)


def is_beside(timeline: Timeline, other: Object, scheduler: Object) -> bool:
    """Whether another schedule is moved on in a run in which this one is built."""
    steps = [step for step in timeline.steps_of(other.id) if not contradicts(step.condition, scheduler.condition)]
    return bool(steps) and not contradicts(other.condition, scheduler.condition)


def beside(other: Object, table: Scheduler | None, start: Beginning) -> str:
    """What a schedule that is never moved on does beside another one of the same optimizer, which is."""
    if start.harmless or (table is not None and table.style is Style.ABSOLUTE):
        return f"it has no effect, and `{called(other)}` alone decides the learning rate"
    changed = "" if start.amount is None or start.change is not Change.FACTOR else f" (times {start.amount:.3g})"
    return f"building it may change the learning rate{changed}, and `{called(other)}` goes on from there"


def hardly_moves(reading: Reading, scheduler: Object) -> str:
    """Where the learning rate is all the time when the schedule is moved on far too seldom."""
    start, given = beginning(reading, scheduler), rate_given(reading, scheduler)
    if start.change is Change.UNKNOWN or (start.amount is None and not start.harmless):
        return "the learning rate hardly moves from where the schedule begins"
    if start.harmless:
        return "the learning rate hardly moves" + ("" if given is None else f" from {given:g}")
    assert start.amount is not None
    if start.amount == 0:
        return "the learning rate stays close to 0"
    if start.change is Change.VALUE:
        return f"the learning rate stays close to {start.amount:g}, where the schedule begins"
    result = f"{start.amount:.3g} times what the optimizer was given" if given is None else f"{given * start.amount:g}"
    return f"the learning rate stays close to {result}, where the schedule begins"


def rate_given(reading: Reading, scheduler: Object) -> float | None:
    """The learning rate that the optimizer of a scheduler was built with, where it is one number."""
    optimizers = [reading.timeline.object(id) for id in scheduler.optimizers]
    return rate_of(optimizers[0]) if len(optimizers) == 1 else None


def rate_of(optimizer: Object) -> float | None:
    """The learning rate that an optimizer was built with, where it is one number."""
    values = next((bound.values for bound in optimizer.arguments if bound.parameter == "lr"), ())
    return number(values[0]) if len(values) == 1 else None
