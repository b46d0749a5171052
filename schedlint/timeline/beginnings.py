"""Where a schedule begins: what building a scheduler does to the learning rate at once, before any step.

The kinds of effect are in the knowledge tables; here they are worked out for one construction, with its numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from msgspec import Struct

from schedlint.knowledge.schema import ConstructionEffect, Parameter, Scheduler, Style
from schedlint.timeline.arithmetic import number, substituted
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Curve, Items, Literal, Quantity
from schedlint.timeline.reading import Reading

MOMENTUM = "momentum"
"""What every optimizer that has a momentum calls it."""


RATE = "lr"
"""What every optimizer calls the learning rate."""


class Change(str, Enum):
    """What building does to the learning rate."""

    NONE = "none"  # it stays what the optimizer was given
    FACTOR = "factor"  # it is multiplied
    VALUE = "value"  # it is set, whatever the optimizer was given
    UNKNOWN = "unknown"


class Beginning(Struct, frozen=True):
    """The learning rate that a schedule begins with. `amount` is the factor or the value, where it is known."""

    change: Change
    amount: float | None = None

    @property
    def harmless(self) -> bool:
        """Whether training goes on at the learning rate that the optimizer was given."""
        return self.change is Change.NONE or (self.change is Change.FACTOR and self.amount == 1)

    @property
    def lowers(self) -> bool:
        """Whether training goes on at another learning rate, which is lower by all that is known."""
        return self.change is not Change.UNKNOWN and not self.harmless


UNKNOWN = Beginning(Change.UNKNOWN)
UNCHANGED = Beginning(Change.NONE)


def beginning(reading: Reading, scheduler: Object) -> Beginning:
    """Where the schedule of one scheduler begins; UNKNOWN where its class or its arguments are not known."""
    table = reading.table(scheduler.id)
    if table is None or argument(table, scheduler, "last_epoch") not in (None, Literal(-1)):
        return UNKNOWN
    return _KINDS[table.construction.effect](reading, scheduler, table)


def argument(table: Scheduler, scheduler: Object, parameter: str) -> Quantity | None:
    """The value of a parameter: what was given, where that is one value, else its literal default."""
    return given_or_default(table.parameters, scheduler, parameter)


def given_or_default(parameters: tuple[Parameter, ...], made: Object, name: str) -> Quantity | None:
    """The value of a parameter of a construction with these parameters."""
    given = next((bound for bound in made.arguments if bound.parameter == name), None)
    if given is not None:
        return given.values[0] if len(given.values) == 1 else None
    if any(bound.parameter.startswith("*") for bound in made.arguments):
        return None
    default = next((each for each in parameters if each.name == name), None)
    return None if default is None or default.required or default.opaque else Literal(default.default)


class Momentum(Struct, frozen=True):
    """A momentum that building a scheduler sets in an optimizer that was built without any."""

    optimizer: Object
    value: float | None


def momentum_set(reading: Reading, scheduler: Object) -> Momentum | None:
    """The momentum that an optimizer without one is given when its scheduler is built; None where it had one, may have
    had one, or is left alone.
    """
    table = reading.table(scheduler.id)
    if table is None or not table.construction.momentum or len(scheduler.optimizers) != 1:
        return None
    optimizer = reading.timeline.object(scheduler.optimizers[0])
    kind = reading.optimizers.get(optimizer.id)
    switched = argument(table, scheduler, table.construction.momentum_switch)
    if kind is None or switched != Literal(True) or number(given_or_default(kind.parameters, optimizer, MOMENTUM)) != 0:
        return None
    return Momentum(optimizer, number(argument(table, scheduler, table.construction.momentum)))


class Unused(Struct, frozen=True):
    """A learning rate that an optimizer is given and that building a scheduler replaces for good by `begun`."""

    optimizer: Object
    given: float
    begun: float


def rate_unused(reading: Reading, scheduler: Object) -> Unused | None:
    """The learning rate that nothing ever uses, as building the scheduler sets one of its own; None where it is the one
    that the schedule begins with or is made of.
    """
    table, begun = reading.table(scheduler.id), beginning(reading, scheduler)
    if table is None or begun.change is not Change.VALUE or begun.amount is None or len(scheduler.optimizers) != 1:
        return None
    optimizer = reading.timeline.object(scheduler.optimizers[0])
    given = next((bound.values for bound in optimizer.arguments if bound.parameter == RATE), ())
    rate, own = number(given[0]) if len(given) == 1 else None, argument(table, scheduler, table.construction.parameter)
    if rate is None or number(own) is None or any(rate == known for known in (begun.amount, number(own))):
        return None
    return Unused(optimizer, rate, begun.amount)


def _none(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    return UNCHANGED


def _factor(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    return Beginning(Change.FACTOR, number(argument(table, scheduler, table.construction.parameter)))


def _value(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    value = number(argument(table, scheduler, table.construction.parameter))
    if table.construction.divisor:
        divisor = number(argument(table, scheduler, table.construction.divisor))
        value = value / divisor if value is not None and divisor else None
    return Beginning(Change.VALUE, value)


def _unknown(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    return UNKNOWN


def _function(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    function = next((argument(table, scheduler, name) for name in table.function_parameters), None)
    curves = function.items if isinstance(function, Items) and function.whole else (function,)
    values = {_first(curve) for curve in curves}
    amount = values.pop() if len(values) == 1 else None
    return UNKNOWN if amount is None else Beginning(Change.FACTOR, amount)


def _first(curve: Quantity | None) -> float | None:
    """The value of a schedule function at step 0."""
    if not isinstance(curve, Curve):
        return None
    values = {number(substituted(result, curve.parameter.key, Literal(0))) for result in curve.results}
    return values.pop() if len(values) == 1 else None


def _warm_up(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    steps = number(argument(table, scheduler, table.construction.parameter))
    if steps is None:
        return UNKNOWN
    return Beginning(Change.FACTOR, table.construction.value) if steps > 0 else UNCHANGED


def _children(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    """What the schedulers inside it do one after the other, as they are built."""
    start = UNCHANGED if scheduler.children else UNKNOWN
    for child in sorted(scheduler.children):
        inner, own = beginning(reading, reading.timeline.object(child)), reading.table(child)
        overwrites = own is not None and own.style is Style.ABSOLUTE
        start = inner if overwrites or inner == UNKNOWN else _then(start, inner)
    return start


def _then(start: Beginning, inner: Beginning) -> Beginning:
    """Where a schedule begins when one that multiplies is built after another."""
    if inner.change is Change.NONE or start == UNKNOWN:
        return start
    if start.change is Change.NONE:
        return inner
    if start.amount is None or inner.amount is None:
        return UNKNOWN
    return Beginning(start.change, start.amount * inner.amount)


def _first_child(reading: Reading, scheduler: Object, table: Scheduler) -> Beginning:
    return beginning(reading, reading.timeline.object(scheduler.children[0])) if scheduler.children else UNKNOWN


_KINDS: dict[ConstructionEffect, Callable[[Reading, Object, Scheduler], Beginning]] = {
    ConstructionEffect.NONE: _none,
    ConstructionEffect.FACTOR: _factor,
    ConstructionEffect.SET: _value,
    ConstructionEffect.FUNCTION: _function,
    ConstructionEffect.WARM_UP: _warm_up,
    ConstructionEffect.CHILDREN: _children,
    ConstructionEffect.FIRST_CHILD: _first_child,
    ConstructionEffect.UNKNOWN: _unknown,
}
