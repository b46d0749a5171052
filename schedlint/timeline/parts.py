"""The parameters that carry a horizon, and one horizon made of them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from msgspec.structs import replace

from schedlint.timeline import dimensions
from schedlint.timeline.arithmetic import greatest
from schedlint.timeline.curves import is_dimension
from schedlint.timeline.model import Bound, Confidence, Object
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, spelled
from schedlint.timeline.reading import HorizonReading, Unit, weakest
from schedlint.timeline.scale import Measure, together


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter that carries a horizon: its value and what that counts."""

    parameter: str
    quantity: Quantity
    measure: Measure


def given_arguments(object: Object) -> list[Bound]:
    """The arguments that were given, those that are only `None` aside."""
    return [
        bound
        for bound in object.arguments
        if bound.explicit and bound.values and any(value != Literal(None) for value in bound.values)
    ]


def members(value: Quantity) -> tuple[Quantity, ...]:
    """The items of a list; any other value alone."""
    return value.items if isinstance(value, Items) else (value,)


def lengths(bound: Bound) -> tuple[Quantity, ...]:
    """What an argument may be; a zero or `None` beside other values only says that this part of the schedule is
    left out.
    """
    return tuple(value for value in bound.values if value not in (Literal(0), Literal(None))) or bound.values


def either(values: tuple[Quantity, ...]) -> Quantity:
    """All values that an argument may have, as one quantity."""
    return values[0] if len(values) == 1 else Arithmetic("or", values)


def amount_of(quantity: Quantity | None) -> float | None:
    """The number of steps, where it is known: no list that may go on has a greatest item."""
    return None if isinstance(quantity, Items) and not quantity.whole else greatest(quantity)


def horizon_of(object: Object, parts: list[Part], most: Confidence = Confidence.CERTAIN) -> HorizonReading:
    """One horizon from all the parameters that carry it: those with a unit must agree."""
    known = [part for part in parts if is_dimension(part.measure)]
    if not known:
        return unknown_horizon(object, parts[0].measure.reason, parts[0])
    text = ", ".join(f"{part.parameter}={spelled(part.quantity)}" for part in known)
    measure = together([part.measure for part in parts], text)
    if measure.dimension is None:
        return unknown_horizon(object, measure.reason, known[0])
    unit = dimensions.unit(measure.dimension)
    best = min(reversed(known), key=lambda part: tuple(Confidence).index(part.measure.confidence))
    if unit is Unit.UNKNOWN:
        what = dimensions.spelled(measure.dimension)
        return unknown_horizon(object, f"`{spelled(best.quantity)}` is {what}, which is no length of time", best)
    return HorizonReading(
        object.id, unit, weakest(measure.confidence, most), best.parameter, best.quantity, amount_of(best.quantity),
        measure.evidence, condition=object.condition,
    )  # fmt: skip


def unknown_horizon(object: Object, reason: str, part: Part | None = None) -> HorizonReading:
    """A horizon whose unit is not known, with its value where one parameter carries it."""
    parameter = part.parameter if part else ""
    quantity = part.quantity if part else None
    return HorizonReading(
        object.id, Unit.UNKNOWN, Confidence.POSSIBLE, parameter, quantity, amount_of(quantity),
        reason=reason, condition=object.condition,
    )  # fmt: skip


def short_name(object: Object) -> str:
    """The class of a scheduler without its module, else its variable."""
    return object.classes[0].rpartition(".")[2] if object.classes else object.name


def recurring(reading: HorizonReading, parameters: Container[str]) -> HorizonReading:
    """The reading, marked where its parameter is the length of a part that comes again."""
    return replace(reading, recurs=True) if reading.parameter in parameters else reading


def without_end(reading: HorizonReading) -> HorizonReading:
    """The unit alone: a wrapper's own number is not where the schedule ends; milestones are told, and end nothing."""
    if isinstance(reading.quantity, Items):
        return replace(reading, amount=None)
    return replace(reading, parameter="", quantity=None, amount=None)
