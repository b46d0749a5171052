"""What happens where a sequence of schedulers comes to one that does not begin anew: which learning rate it takes over,
or gives to those before it.

What a class does in its turn is in the knowledge tables (`InTurn`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise, product

from msgspec import Struct

from schedlint.knowledge.schema import InTurn, Scheduler, Style
from schedlint.timeline.beginnings import RATE, argument
from schedlint.timeline.composites import Turn, climb
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.known import known
from schedlint.timeline.model import Confidence, Object
from schedlint.timeline.quantity import Literal, Quantity, Symbol
from schedlint.timeline.reading import Reading, weakest

NEAR = 0.95
"""A learning rate of at least so much of another one is as good as that one."""


class Handover(Struct, frozen=True):
    """A turn that passes from one scheduler to another at the step `begins`, and goes wrong.

    `reached` is what the one before leaves: a factor of the learning rate, or a rate where `given`, the one that the
    optimizer was given, is known. `own` is the rate that the other one sets by itself.
    """

    before: Object
    taker: Object
    begins: Quantity
    how: InTurn
    confidence: Confidence
    reached: float | None = None
    own: float | None = None
    given: float | None = None


def handovers(reading: Reading, turns: Sequence[Turn]) -> Iterator[Handover]:
    """The handovers of a sequence that go wrong; of alternatives before the same scheduler the first."""
    for turn, following in pairwise(turns):
        told: set[int] = set()
        for taker, before in product(following.schedulers, turn.schedulers):
            table = reading.table(taker.id)
            if table is None or taker.id in told or contradicts(before.condition, taker.condition):
                continue
            found = _KINDS[table.in_turn](reading, turn, before, taker)
            if found is not None:
                told.add(taker.id)
                yield found


def _fine(reading: Reading, turn: Turn, before: Object, taker: Object) -> None:
    return None


def _fails(reading: Reading, turn: Turn, before: Object, taker: Object) -> Handover:
    return Handover(before, taker, turn.ends or Literal(0), InTurn.FAILS, Confidence.CERTAIN)


def _onward(reading: Reading, turn: Turn, before: Object, taker: Object) -> Handover | None:
    """One that multiplies what it finds, after a warm-up that is not over. One with a horizon comes to a rate of its
    own from anywhere.
    """
    table = reading.table(taker.id)
    left = _left(reading, turn, before)
    if table is None or table.horizon or left is None or left[0] >= NEAR:
        return None
    rate, sure = _given(reading, taker)
    reached = left[0] if rate is None else left[0] * rate
    confidence = left[1] if rate is None else weakest(left[1], sure)
    return Handover(before, taker, turn.ends or Literal(0), InTurn.ONWARD, confidence, reached, given=rate)


def _left(reading: Reading, turn: Turn, before: Object) -> tuple[float, Confidence] | None:
    """The factor of the learning rate at the last step of a warm-up's turn."""
    way = climb(reading, before)
    if way is None or not way.rises or turn.lasts is None:
        return None
    if way.holds and way.start is not None and way.steps == turn.lasts:
        return way.start, way.confidence
    steps, lasts = known(way.steps), known(turn.lasts)
    reached = None if lasts is None or lasts.number is None else way.at(max(lasts.number - 1, 0))
    if steps is None or lasts is None or reached is None:
        return None
    return reached, weakest(way.confidence, steps.confidence, lasts.confidence)


def _own(reading: Reading, turn: Turn, before: Object, taker: Object) -> Handover | None:
    """One that sets a rate below the one that a warm-up has come to. Where it was built before the warm-up, its rate is
    the one that the warm-up goes up to.
    """
    way, own, (rate, sure) = climb(reading, before), _sets(reading, taker), _given(reading, taker)
    if way is None or not way.rises or own is None or rate is None or taker.id < before.id:
        return None
    left = _left(reading, turn, before)
    reached = rate if left is None else rate * left[0]
    if own[0] >= NEAR * reached:
        return None
    confidence = weakest(own[1], sure, Confidence.CERTAIN if left is None else left[1])
    return Handover(before, taker, turn.ends or Literal(0), InTurn.OWN, confidence, reached, own[0], rate)


def _rebases(reading: Reading, turn: Turn, before: Object, taker: Object) -> Handover | None:
    """One that was built with a rate of its own, from which the others in the sequence compute theirs as well."""
    table, own, (rate, sure) = reading.table(before.id), _sets(reading, taker), _given(reading, taker)
    if table is None or table.style is not Style.RECURSIVE:
        return None
    ends = turn.ends or Literal(0)
    if own is not None and rate is not None:
        same = NEAR < own[0] / rate < 1 / NEAR if rate else True
        confidence = weakest(own[1], sure)
        return None if same else Handover(before, taker, ends, InTurn.REBASES, confidence, None, own[0], rate)
    confidence = Confidence.CERTAIN if _is_part_of_given(reading, taker) else Confidence.LIKELY
    return Handover(before, taker, ends, InTurn.REBASES, confidence, None, None if own is None else own[0])


def _is_part_of_given(reading: Reading, taker: Object) -> bool:
    """Whether the rate that a scheduler sets is a part of the very one that the optimizer was given."""
    table = reading.table(taker.id)
    rates = _rates(reading, taker)
    if table is None or len(rates) != 1 or not isinstance(rates[0], Symbol):
        return False
    divisor = known(argument(table, taker, table.construction.divisor)) if table.construction.divisor else None
    return argument(table, taker, table.construction.parameter) == rates[0] and divisor is not None


def _sets(reading: Reading, scheduler: Object) -> tuple[float, Confidence] | None:
    """The learning rate that building a scheduler sets."""
    table = reading.table(scheduler.id)
    if table is None:
        return None
    value = known(argument(table, scheduler, table.construction.parameter))
    divisor = known(_divisor(table, scheduler))
    if value is None or value.number is None or divisor is None or not divisor.number:
        return None
    return value.number / divisor.number, weakest(value.confidence, divisor.confidence)


def _divisor(table: Scheduler, scheduler: Object) -> Quantity | None:
    return argument(table, scheduler, table.construction.divisor) if table.construction.divisor else Literal(1)


def _rates(reading: Reading, scheduler: Object) -> tuple[Quantity, ...]:
    """What the optimizer of a scheduler was given as its learning rate."""
    if len(scheduler.optimizers) != 1:
        return ()
    optimizer = reading.timeline.object(scheduler.optimizers[0])
    return next((bound.values for bound in optimizer.arguments if bound.parameter == RATE), ())


def _given(reading: Reading, scheduler: Object) -> tuple[float | None, Confidence]:
    """The learning rate that the optimizer of a scheduler was given, where it is one number."""
    rates = _rates(reading, scheduler)
    value = known(rates[0]) if len(rates) == 1 else None
    return (None, Confidence.CERTAIN) if value is None else (value.number, value.confidence)


_KINDS: dict[InTurn, Callable[[Reading, Turn, Object, Object], Handover | None]] = {
    InTurn.ANEW: _fine,
    InTurn.ONWARD: _onward,
    InTurn.OWN: _own,
    InTurn.REBASES: _rebases,
    InTurn.FAILS: _fails,
}
