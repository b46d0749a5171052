"""When a schedule decays, by how much, and what its numbers make of the learning rate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.arithmetic import defaulted, greatest
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import EventKind, GuardKind, Object, Timeline
from schedlint.timeline.quantity import Items, Quantity, Symbol, symbols
from schedlint.timeline.reading import Reading

MOST_STEPS = 10**6
"""A decay that comes later than this never comes."""


class Given(Struct, frozen=True):
    """What an argument was given, or one of several things that it may be (`alone` is False); `quantity` as written."""

    parameter: str
    quantity: Quantity
    value: Known
    alone: bool

    @property
    def number(self) -> float | None:
        """The value, where it is a number."""
        return self.value.number

    @property
    def said(self) -> str:
        """The argument in words."""
        written = f"`{self.parameter}={self.value.value!r}`"
        source = self.value.source
        return written if source is None else f"{written} (the default of `{source.name}`)"


def given(scheduler: Object, parameter: str) -> Iterator[Given]:
    """What was given for a parameter, where it is known; nothing where it is left at its default."""
    for bound in scheduler.arguments:
        if parameter and bound.parameter == parameter:
            for quantity in bound.values:
                value = known(quantity)
                if value is not None:
                    yield Given(parameter, quantity, value, alone=len(bound.values) == 1)


def interval(table: Scheduler) -> str:
    """The parameter for the number of steps between two decays, of a schedule that has one ("" if not)."""
    return next((name for name in table.integral if table.drop and name in table.recurring), "")


def period(size: float) -> int | None:
    """Every how many steps a schedule decays that does so wherever the count of steps is a multiple of a number, which
    may be broken; None if it never does.

    A float is the binary fraction that it is: 7.5 has a multiple that is whole at 15, and 0.1 has none that is reached.
    """
    steps = abs(Fraction(size).numerator)
    return steps if 0 < steps <= MOST_STEPS else None


def is_drawn(timeline: Timeline, scheduler: Object) -> bool:
    """Whether a scheduler is stepped only to see its curve: its optimizer never is, nor handed to anybody."""
    lost = scheduler.escapes or any(timeline.object(id).escapes for id in scheduler.optimizers)
    handed = any(timeline.events_of(id, EventKind.HANDED_ON) for id in scheduler.optimizers)
    trained = any(event.kind in (EventKind.OPTIMIZED, EventKind.BACKWARD) for event in timeline.events)
    return bool(timeline.steps_of(scheduler.id)) and not lost and not handed and not trained


def is_passing(timeline: Timeline, scheduler: Object) -> bool:
    """Whether a scheduler is stepped at the beginning of training alone, as a warm-up is."""
    steps = timeline.steps_of(scheduler.id)
    return bool(steps) and all(any(guard.kind is GuardKind.FIRST for guard in step.guards) for step in steps)


SEARCHES = ("find_lr", "lr_find", "findlr", "lrfind", "range_test", "find_learning_rate", "learning_rate_find")
"""Names of functions, classes and files that try learning rates, from low to high."""


def is_search(timeline: Timeline, scheduler: Object) -> bool:
    """Whether a scheduler is made to try learning rates."""
    places = (scheduler.place.path, timeline.entry.place.path)
    names = (scheduler.within, timeline.entry.name, *(path.rpartition("/")[2] for path in places))
    plain = [name.lower().replace("-", "_") for name in names]
    return any(word in name for name in plain for word in SEARCHES)


def is_shared(timeline: Timeline, scheduler: Object, source: Symbol | None) -> bool:
    """Whether an option is meant for another scheduler too, so that its default may be right for that one alone; or for
    whoever calls a function, where it is its parameter.
    """
    others = (other for other in timeline.schedulers() if other.place != scheduler.place)
    bounds = (bound for other in others for bound in other.arguments)
    named = (symbol.key for bound in bounds for value in bound.values for symbol in symbols(value))
    return source is not None and (source.role == "parameter" or source.key in set(named))


def steps_taken(reading: Reading, scheduler: Object) -> Known | None:
    """The least number of steps that a scheduler takes over the run, where that is a number by literals or defaults;
    of several conditions the greatest.
    """
    taken = [_least(count.least) for count in reading.counts_of(scheduler.id)]
    return max((each for each in taken if each is not None), key=lambda each: each.number or 0, default=None)


def _least(count: Quantity | None) -> Known | None:
    """The value of a number of steps; a list in it stands for its sum, which is no less than its greatest item."""
    value = known(count)
    if value is not None and value.number is not None:
        return value
    number = greatest(defaulted(count))
    source = next((symbol for symbol in symbols(count) if symbol.default is not None), None)
    return None if number is None or source is None else Known(number, source)


def steps_of_wrapper(reading: Reading, scheduler: Object) -> Known | None:
    """The number of steps of the scheduler around one that may be stepped to the end: it is wrapped beside others, or
    as the last one.
    """
    for wrapper in reading.timeline.wrappers(scheduler.id):
        table = reading.table(wrapper.id)
        if table is not None and (
            not table.horizon or wrapper.children[-1] == scheduler.id or _is_open(wrapper, table)
        ):
            return steps_taken(reading, wrapper)
    return None


def _is_open(wrapper: Object, table: Scheduler) -> bool:
    """Whether it is not known in which order a scheduler steps what it wraps."""
    bounds = [bound for bound in wrapper.arguments if bound.parameter == table.children]
    return any(not isinstance(value, Items) or not value.whole for bound in bounds for value in bound.values)


def steps_in_row(reading: Reading, scheduler: Object) -> float | None:
    """How many steps a wrapped scheduler has until the next one takes over, infinity for the last one and those that
    are wrapped side by side; None where that is not known.
    """
    for wrapper in reading.timeline.wrappers(scheduler.id)[:1]:
        table = reading.table(wrapper.id)
        if table is None or _is_open(wrapper, table) or scheduler.id not in wrapper.children:
            return None
        taken = steps_taken(reading, wrapper)
        whole = math.inf if taken is None or taken.number is None else taken.number
        marks = [0.0, *_milestones(wrapper, table), whole] if table.horizon else [0.0, whole]
        place = wrapper.children.index(scheduler.id) if table.horizon else 0
        return marks[place + 1] - marks[place] if place + 1 < len(marks) else None
    return None


def _milestones(wrapper: Object, table: Scheduler) -> list[float]:
    """The numbers of steps after which one scheduler takes over from another; none where they are not all known."""
    bound = next((bound for bound in wrapper.arguments if bound.parameter in table.horizon), None)
    if bound is None or len(bound.values) != 1 or not isinstance(bound.values[0], Items):
        return []
    values = [known(item) for item in bound.values[0].items]
    numbers = [value.number for value in values if value is not None and value.number is not None]
    return numbers if len(numbers) == len(values) else []
