"""How the schedulers in a composite one share its steps: side by side, or in turns that milestones end.

A scheduler in a sequence counts from where its turn begins: at step `t` of the sequence it is at its own step `t -
begins`. At the first step of its turn the sequence sets it to its own step 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.known import FIRM, Known, known
from schedlint.timeline.lengths import settled, told_length
from schedlint.timeline.model import Confidence, Object
from schedlint.timeline.polynomials import polynomial, written
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, symbols
from schedlint.timeline.reading import Reading, weakest

ASKED = frozenset({"option", "field", "preset"})
"""Roles of symbols that whoever starts a run may give another value than the default."""


class Turn(Struct, frozen=True):
    """The part of a sequence in which one scheduler sets the learning rate: from its step `begins` on, up to `ends`,
    which is the next one's (None: it is the last). `schedulers` are alternatives.
    """

    schedulers: tuple[Object, ...]
    begins: Quantity
    ends: Quantity | None = None

    @property
    def lasts(self) -> Quantity | None:
        """The number of steps of the sequence that the scheduler is in charge of; None where there is no end."""
        if self.ends is None or self.begins == Literal(0):
            return self.ends
        return written(polynomial(Arithmetic("-", (self.ends, self.begins))))

    def local(self, step: float) -> float | None:
        """The scheduler's own count at a step of the sequence; None before and after its turn, and where that is not
        known.
        """
        begins = number(self.begins)
        ends = None if self.ends is None else number(self.ends)
        if begins is None or step < begins or (self.ends is not None and (ends is None or step >= ends)):
            return None
        return step - begins


def is_sequence(table: Scheduler | None) -> bool:
    """Whether a scheduler steps those in it one after the other, each in its turn."""
    return table is not None and bool(table.children and table.horizon)


def turns(reading: Reading, composite: Object) -> tuple[Turn, ...]:
    """The turns of a sequence, in order; none where it is no sequence, or the schedulers or milestones in it are not
    all known.
    """
    table = reading.table(composite.id)
    if table is None or not is_sequence(table) or not composite.turns:
        return ()
    milestones = argument(table, composite, table.horizon[0])
    if not isinstance(milestones, Items) or not milestones.whole:
        return ()
    if len(milestones.items) != len(composite.turns) - 1:
        return ()
    begins, ends = (Literal(0), *milestones.items), (*milestones.items, None)
    members = (_members(reading, composite, ids) for ids in composite.turns)
    return tuple(Turn(*each) for each in zip(members, begins, ends, strict=True))


def side_by_side(reading: Reading, composite: Object) -> tuple[tuple[Object, ...], ...]:
    """The schedulers that a composite one steps all together, with alternatives for each; none where it is none of
    these.
    """
    table = reading.table(composite.id)
    if table is None or not table.children or is_sequence(table):
        return ()
    return tuple(_members(reading, composite, ids) for ids in composite.turns)


def _members(reading: Reading, composite: Object, ids: tuple[int, ...]) -> tuple[Object, ...]:
    """The schedulers that may stand at one place of the list, under the condition of what they are in."""
    found = map(reading.timeline.object, ids)
    return tuple(each for each in found if not contradicts(each.condition, composite.condition))


def sequences(reading: Reading) -> Iterator[tuple[Object, tuple[Turn, ...]]]:
    """Each sequence of which all turns are known."""
    for scheduler in reading.timeline.schedulers():
        found = turns(reading, scheduler)
        if found:
            yield scheduler, found


class Climb(Struct, frozen=True):
    """A way from one factor of the learning rate to another over so many steps, by one scheduler; a factor is None
    where it is not known, and `confidence` says whether options were taken to have their defaults. `holds` says that it
    stays at the first factor until the end.
    """

    scheduler: Object
    start: float | None
    end: float | None
    steps: Quantity
    parameter: str
    holds: bool = False
    confidence: Confidence = Confidence.CERTAIN

    @property
    def rises(self) -> bool:
        """Whether it brings the learning rate up to all of it: a warm-up."""
        return self.end == 1 and (self.start is None or self.start < 1)

    def at(self, step: float) -> float | None:
        """The factor at one of its own steps, options at their defaults; None where it is not known."""
        length = known(self.steps)
        steps = None if length is None else length.number
        if self.start is None or self.end is None or steps is None:
            return None
        if step >= steps > 0:
            return self.end
        if self.holds or steps <= 0:
            return self.start
        return self.start + (self.end - self.start) * step / steps


def climb(reading: Reading, scheduler: Object) -> Climb | None:
    """The way that a scheduler goes, where its class is one that goes from one factor to another and its length is
    known.
    """
    table = reading.table(scheduler.id)
    if table is None or table.ramp is None:
        return None
    (parameter,) = table.horizon
    steps = told_length(scheduler, table) or argument(table, scheduler, parameter)
    start = known(argument(table, scheduler, table.ramp.start))
    end = known(argument(table, scheduler, table.ramp.end)) if table.ramp.end else Known(1)
    if steps is None:
        return None
    confidence = weakest(Confidence.CERTAIN, *(each.confidence for each in (start, end) if each is not None))
    first, last = (None if each is None else each.number for each in (start, end))
    return Climb(scheduler, first, last, steps, parameter, table.ramp.holds, confidence)


def no_steps(reading: Reading, way: Climb) -> Known | None:
    """How long a way is that has no step to go, and so never leaves where it begins: less than one; None where it has
    one, or may have. A default counts where a user is asked for the value, and not that of a parameter.
    """
    exact = _constant(reading, way.steps)
    if exact is not None:
        return Known(exact) if 0 <= exact < 1 else None
    asked = [symbol for symbol in symbols(way.steps) if symbol.role not in FIRM]
    assumed = _constant(reading, defaulted(way.steps) or way.steps)
    if assumed is None or not 0 <= assumed < 1 or not asked or any(each.role not in ASKED for each in asked):
        return None
    return Known(assumed, asked[0])


def _constant(reading: Reading, quantity: Quantity) -> float | None:
    """The value of a quantity, with the lengths of loaders that are known."""
    value = polynomial(settled(quantity, reading.lengths)).constant
    return None if value is None else float(value)
