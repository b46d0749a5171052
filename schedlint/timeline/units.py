"""In which unit each scheduler's horizon was written.

Which arguments carry the horizon is in the knowledge tables; what they count is measured (`scale`, `curves`); a bare
number is held against the number of epochs (`yardstick`). What stays open is UNKNOWN with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from msgspec.structs import replace

from schedlint.knowledge.schema import Cadence, Optimizer, Scheduler, Style
from schedlint.timeline import dimensions, names
from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.curves import Reader, decays, is_dimension, not_understood, read_curve
from schedlint.timeline.model import Bound, Confidence, Object, Timeline
from schedlint.timeline.named_units import NamedUnits
from schedlint.timeline.outside import standing
from schedlint.timeline.parts import (
    Part,
    amount_of,
    either,
    given_arguments,
    horizon_of,
    lengths,
    members,
    recurring,
    short_name,
    unknown_horizon,
    without_end,
)
from schedlint.timeline.quantity import Arithmetic, Curve, Literal, Place, Quantity, Symbol, spelled
from schedlint.timeline.reading import PRODUCT, Evidence, HorizonReading, LoopReading, Unit, weakest
from schedlint.timeline.scale import Measure, Scale, believed, multiplied, scale, together, unknown
from schedlint.timeline.told import NOTHING_TOLD, Tellings
from schedlint.timeline.yardstick import Yardstick


class Tables(Protocol):
    """What is known of the classes of schedulers and optimizers."""

    def scheduler(self, qualified: str, /) -> Scheduler | None:
        """The entry of a class or function, if there is one."""

    def optimizer(self, qualified: str, /) -> Optimizer | None:
        """Likewise for an optimizer."""

    @property
    def recurring(self) -> frozenset[str]:
        """Every parameter that some scheduler has for the length of a part that comes again."""


_LONG_WAIT = 100
"""Whoever waits so many steps for a better metric knows that they are batches."""


@dataclass(frozen=True, slots=True)
class Units:
    """Reads the horizons of one timeline."""

    timeline: Timeline
    tables: Tables
    scale: Scale
    yardstick: Yardstick
    told: Tellings

    def horizon(self, object: Object) -> HorizonReading:
        """The horizon of one scheduler."""
        reading = self._horizon(object, ())
        return reading if reading.unit is not Unit.UNKNOWN else self._as_wrapped(object, reading)

    def _as_wrapped(self, object: Object, reading: HorizonReading) -> HorizonReading:
        """A bare number, no more than the epochs, in a composite that counts epochs and steps all it wraps together."""
        wrapper = next(iter(self.timeline.wrappers(object.id)), None)
        if wrapper is None or reading.amount is None or not self.yardstick.is_within(object, reading.amount):
            return reading
        whole = self._horizon(wrapper, ())
        if whole.unit is not Unit.EPOCHS or whole.confidence is Confidence.POSSIBLE:
            return reading
        evidence = Evidence(f"{short_name(wrapper)} steps it with others, in {whole.unit.value}", wrapper.place)
        return replace(
            reading, unit=whole.unit, confidence=weakest(Confidence.LIKELY, whole.confidence), evidence=(evidence,),
            reason="",
        )  # fmt: skip

    def _horizon(self, object: Object, seen: tuple[int, ...]) -> HorizonReading:
        reading = self._inferred(object, seen)
        known = reading.unit in (Unit.UNKNOWN, Unit.NONE)
        outside = () if known else standing(reading.quantity)
        evidence = tuple(dict.fromkeys((*reading.evidence, *outside)))
        return self.told.horizon(replace(reading, evidence=evidence), object)

    def _inferred(self, object: Object, seen: tuple[int, ...]) -> HorizonReading:
        if not object.classes:
            return unknown_horizon(object, object.class_reason or "its class is not known")
        entry = self.tables.scheduler(object.classes[0])
        if entry is None or entry.abstract:
            return self._derived(object, seen)
        return self._known(object, entry, seen)

    def _known(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        """A scheduler of a class in the tables."""
        if entry.children:
            return self._composite(object, entry, seen)
        return recurring(self._plain(object, entry), entry.recurring)

    def _derived(self, object: Object, seen: tuple[int, ...]) -> HorizonReading:
        """A project class: what the library class that it derives from is given, if that computes the schedule, or the
        one that it is a copy of says, or else the names of its parameters.
        """
        entry = self._inherited(object, object.arguments)
        if entry is not None:
            return self._known(object, entry, seen)
        handed_up = self._inherited(object, object.handed_up)
        if handed_up is not None and "get_lr" not in object.own_methods:
            reading = self._known(replace(object, arguments=object.handed_up), handed_up, seen)
            if reading.unit is not Unit.UNKNOWN:
                return replace(reading, confidence=weakest(Confidence.LIKELY, reading.confidence))
        return self._of_copy(object, seen) or self._by_names().horizon(object)

    def _of_copy(self, object: Object, seen: tuple[int, ...]) -> HorizonReading | None:
        """What the library says of a project class that looks like a copy of one of its own; None where that says
        nothing, so that the names of the parameters may.

        How often the library's own is stepped says nothing of a copy, nor do its defaults.
        """
        entry = self.tables.scheduler(object.resembles) if object.resembles else None
        if entry is None or entry.abstract:
            return None
        reading = self._as_in_library(object, replace(entry, cadence=Cadence.ANY), seen)
        if reading.unit is Unit.UNKNOWN:
            contradicted = any(is_dimension(part.measure) for part in self._parts(object, entry))
            return reading if entry.misnamed or contradicted else None
        said = Evidence(f"`{short_name(object)}` has the parameters of {entry.name}")
        confidence = weakest(Confidence.LIKELY, reading.confidence)
        return replace(reading, confidence=confidence, evidence=(*reading.evidence, said))

    def _as_in_library(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        if not entry.children and not {bound.parameter for bound in given_arguments(object)}.intersection(
            (*entry.horizon, *entry.product)
        ):
            return unknown_horizon(object, f"the arguments of {short_name(object)} are not known")
        return self._known(object, entry, seen)

    def _inherited(self, object: Object, arguments: tuple[Bound, ...]) -> Scheduler | None:
        """The library class of a project class, if among these arguments is that class's own horizon."""
        for name in object.classes[1:]:
            entry = self.tables.scheduler(name)
            if entry and any(bound.parameter in (*entry.horizon, *entry.function_parameters) for bound in arguments):
                return entry
        return None

    def _plain(self, object: Object, entry: Scheduler) -> HorizonReading:
        parts = self._parts(object, entry)
        if _drops_at_every_step(entry, parts):
            return _at_every_step(object, entry, parts[0])
        if parts:
            return horizon_of(object, parts)
        if entry.horizon:
            return _defaulted(object, entry)
        functions = [bound for bound in given_arguments(object) if bound.parameter in entry.function_parameters]
        if functions:
            return self._of_function(object, functions[0])
        if entry.rate:
            return _without_horizon(object, entry)
        named = self._by_names().horizon(object)
        if named.unit is not Unit.UNKNOWN:
            return named
        return unknown_horizon(object, f"the arguments of {short_name(object)} are not known")

    def _parts(self, object: Object, entry: Scheduler) -> list[Part]:
        """The parameters that carry the horizon; a warm-up inside the schedule is in the same unit, where that is
        known.
        """
        given = given_arguments(object)
        parts = [self._part(object, entry, bound) for bound in given if bound.parameter in entry.horizon]
        factors = [bound for bound in given if bound.parameter in entry.product]
        if not parts and factors and len(factors) == len(entry.product):
            parts = [_product(factors, self.scale)]
        warm_ups = [
            self._part(object, entry, bound)
            for bound in given
            if bound.parameter in entry.warm_up and set(bound.values) != {Literal(0)}
        ]
        sure = [part for part in warm_ups if part.measure.confidence is not Confidence.POSSIBLE]
        return [part for part in sure if is_dimension(part.measure)] + parts if parts else []

    def _part(self, object: Object, entry: Scheduler, bound: Bound) -> Part:
        values = lengths(bound)
        measures = [self._value(object, entry, bound.parameter, value) for value in values]
        lost = next((measure for measure in measures if measure.dimension is None), None)
        quantity = either(values)
        return Part(bound.parameter, quantity, lost or together(measures, spelled(quantity)))

    def _value(self, object: Object, entry: Scheduler, parameter: str, value: Quantity) -> Measure:
        measure = self.scale.measure(value)
        if is_dimension(measure):
            return self._doubted(object, entry, value, measure)
        bounds_unclear_loop = isinstance(value, Symbol) and value.key in self.scale.bounds.unclear
        if measure.dimension is None and bounds_unclear_loop:
            return measure
        amount = amount_of(value)
        if amount is None and measure.dimension is None:
            amount = amount_of(defaulted(value))
        if amount is None:
            return measure if measure.dimension is None else unknown(f"`{spelled(value)}` is a number without a unit")
        said = _said_by_switch(object, entry)
        if said is not None:
            return said
        if entry.style is Style.MEASURED:
            return _waited(entry, parameter, amount)
        result = self.yardstick.measure(object, entry, amount, is_default=amount_of(value) is None)
        if result.dimension is None and entry.cadence is Cadence.BATCH:
            return _documented(entry, Confidence.POSSIBLE)
        return result

    def _doubted(self, object: Object, entry: Scheduler, value: Quantity, measure: Measure) -> Measure:
        """Nothing for an option that only its name or help calls iterations, if its default is a number of epochs."""
        only_said = isinstance(value, Symbol) and value.key not in self.scale.bounds.by_key
        amount = amount_of(defaulted(value)) if only_said and measure.dimension == dimensions.ITERATIONS else None
        if amount is None or amount_of(value) is not None:
            return measure
        if self.yardstick.measure(object, entry, amount, is_default=True).dimension != dimensions.EPOCHS:
            return measure
        return unknown(f"`{spelled(value)}` is said to count iterations, but its default is no more than the epochs")

    def _of_function(self, object: Object, bound: Bound) -> HorizonReading:
        curves = [curve for value in bound.values for curve in _curves(value)]
        if not curves or len(curves) < sum(len(members(value)) for value in bound.values):
            reason = next((getattr(value, "reason", "") for value in bound.values), "")
            return unknown_horizon(
                object, f"the function given as `{bound.parameter}` is not known: {reason or 'it is made elsewhere'}"
            )
        readers = [read_curve(curve, self.scale) for curve in curves]
        parts = [
            part
            for curve, reader in zip(curves, readers, strict=True)
            for part in self._curve(object, bound, curve, reader)
        ]
        if parts:
            ends = {reader.end for reader in readers if reader.demands}
            end = ends.pop() if len(ends) == 1 else None
            return replace(horizon_of(object, parts), parameter="", quantity=end, amount=amount_of(end))
        return HorizonReading(
            object.id, Unit.NONE, Confidence.CERTAIN, bound.parameter, bound.values[0], condition=object.condition,
            evidence=(Evidence(f"`{spelled(bound.values[0])}` sets no number of steps", bound.place),),
        )  # fmt: skip

    def _curve(self, object: Object, bound: Bound, curve: Curve, reader: Reader) -> list[Part]:
        """What a function sets its step against: quantities with a unit before bare numbers; nothing if it has no
        horizon.
        """
        known = [
            Part(bound.parameter, demand.quantity, demand.measure) for demand in reader.demands if demand.value is None
        ]
        if known:
            return known
        numbers = [demand for demand in reader.demands if demand.value is not None]
        if numbers:
            largest = max(numbers, key=lambda demand: abs(demand.value or 0))
            amount = abs(number(reader.end) or largest.value or 0)
            ramp = any(demand.ramp for demand in numbers) and not decays(curve, amount)
            measure = self.yardstick.measure_function(object, amount, is_ramp=ramp)
            return [Part(bound.parameter, largest.quantity, measure)]
        lost = not_understood(reader, curve)
        return [Part(bound.parameter, curve, lost)] if lost else []

    def _by_names(self) -> NamedUnits:
        return NamedUnits(self.scale, self.yardstick, self.tables.recurring)

    def _composite(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        """The horizon by the milestones, or else the one that the wrapped schedulers agree on."""
        own = self._parts(object, entry)
        reading = horizon_of(object, own) if own else None
        if reading and reading.unit is not Unit.UNKNOWN:
            return without_end(reading) if object.children else reading
        inner = [self.timeline.object(id) for id in object.children if id not in seen and id != object.id]
        children = [self._horizon(child, (*seen, object.id)) for child in inner]
        combined = _from_children(object, children, reading)
        return combined if _together(entry, children) else replace(combined, parameter="", quantity=None, amount=None)


def horizons(
    timeline: Timeline, loops: tuple[LoopReading, ...], tables: Tables, told: Tellings = NOTHING_TOLD
) -> tuple[HorizonReading, ...]:
    """The horizon of each scheduler of a timeline whose loops are known."""
    units = Units(timeline, tables, scale(timeline, loops), Yardstick(timeline, loops), told)
    return tuple(units.horizon(object) for object in timeline.schedulers())


def _curves(value: Quantity) -> list[Curve]:
    return [member for member in members(value) if isinstance(member, Curve)]


def _product(factors: list[Bound], scale: Scale) -> Part:
    """`epochs` x `steps_per_epoch`: what the parameters are called is what they count, where the arguments say
    nothing else.
    """
    measures = []
    for bound in factors:
        measure = together([scale.measure(value) for value in bound.values], bound.parameter)
        said = names.dimension_of_name(bound.parameter)
        one = measure.is_number and bound.values == (Literal(1),) and said != dimensions.EPOCHS
        if not is_dimension(measure) and not one and said is not None:
            confidence = Confidence.CERTAIN if measure.is_number else Confidence.LIKELY
            measure = believed(said, f"`{bound.parameter}` counts {dimensions.spelled(said)}", confidence)
        measures.append(measure)
    quantity = Arithmetic("*", tuple(either(lengths(bound)) for bound in factors))
    result = measures[0]
    for measure in measures[1:]:
        result = multiplied(result, measure)
    return Part(PRODUCT.join(bound.parameter for bound in factors), quantity, result)


def _said_by_switch(object: Object, entry: Scheduler) -> Measure | None:
    """What a parameter such as `t_in_epochs` says that the horizon counts, given or by its default."""
    given = next((bound for bound in object.arguments if bound.explicit and bound.parameter == entry.units), None)
    default = next((parameter.default for parameter in entry.parameters if parameter.name == entry.units), None)
    values = given.values if given else (Literal(default),)
    if values not in ((Literal(True),), (Literal(False),)):
        return None
    dimension = dimensions.EPOCHS if values == (Literal(True),) else dimensions.UPDATES
    return believed(dimension, f"`{entry.units}` says {dimensions.spelled(dimension)}", Confidence.CERTAIN)


def _waited(entry: Scheduler, parameter: str, amount: float) -> Measure:
    """What a number of steps without a better metric counts: epochs by the documentation, unless it is large."""
    if entry.cadence is Cadence.EPOCH and amount < _LONG_WAIT:
        return believed(dimensions.EPOCHS, f"`{parameter}` is documented to count epochs")
    return unknown(f"`{parameter}` counts calls of .step(), and a number does not say whether per epoch or per batch")


def _documented(entry: Scheduler, confidence: Confidence) -> Measure:
    name = entry.name.rpartition(".")[2]
    return believed(dimensions.ITERATIONS, f"{name} is documented to change the rate after every batch", confidence)


def _defaulted(object: Object, entry: Scheduler) -> HorizonReading:
    """A horizon that was not given: the documentation's unit, if it has one."""
    name = entry.horizon[0]
    default = next((parameter.default for parameter in entry.parameters if parameter.name == name), None)
    required = any(parameter.name == name and parameter.required for parameter in entry.parameters)
    if required or default is None:
        return unknown_horizon(object, f"`{name}` of {short_name(object)} is not known")
    if entry.cadence is Cadence.BATCH:
        part = Part(name, Literal(default), _documented(entry, Confidence.LIKELY))
        return horizon_of(object, [part])
    if entry.style is Style.MEASURED and isinstance(default, int):
        return recurring(horizon_of(object, [Part(name, Literal(default), _waited(entry, name, default))]), (name,))
    return unknown_horizon(
        object,
        f"`{name}` is left at its default, {default!r}, which has no unit",
        Part(name, Literal(default), unknown("")),
    )


def _drops_at_every_step(entry: Scheduler, parts: list[Part]) -> bool:
    """Whether the time between two decays is one step."""
    comes_again = [part.parameter in entry.recurring and amount_of(part.quantity) == 1 for part in parts]
    return bool(entry.drop) and entry.style is not Style.MEASURED and comes_again == [True]


def _at_every_step(object: Object, entry: Scheduler, part: Part) -> HorizonReading:
    """A decay that comes with every step, which is a rate and no horizon."""
    given = f"{part.parameter}={spelled(part.quantity)}"
    return _endless(object, part.parameter, part.quantity, f"`{given}` applies `{entry.drop}` at every step", None)


def _without_horizon(object: Object, entry: Scheduler) -> HorizonReading:
    """A rate applied at every step, and no horizon."""
    bound = next((bound for bound in object.arguments if bound.parameter == entry.rate), None)
    value = bound.values[0] if bound and bound.values else None
    place = bound.place if bound else None
    return _endless(object, entry.rate, value, f"`{entry.rate}` is applied at every step", place)


def _endless(object: Object, parameter: str, value: Quantity | None, said: str, place: Place | None) -> HorizonReading:
    """What has no horizon, by a parameter that works at every step."""
    evidence = (Evidence(f"{said}, without end", place),)
    return HorizonReading(
        object.id, Unit.NONE, Confidence.CERTAIN, parameter, value, None, evidence, condition=object.condition
    )


def _from_children(object: Object, children: list[HorizonReading], own: HorizonReading | None) -> HorizonReading:
    bounded = [child for child in children if child.unit is not Unit.NONE]
    known = [child for child in bounded if child.unit is not Unit.UNKNOWN]
    if children and not bounded and own is None:
        none = (Evidence("none of its schedulers has a horizon"),)
        return HorizonReading(object.id, Unit.NONE, Confidence.CERTAIN, evidence=none, condition=object.condition)
    if not known:
        reason = next((child.reason for child in bounded), "the schedulers in it are not known")
        return unknown_horizon(object, own.reason if own else reason)
    if len({child.unit for child in known}) > 1:
        text = " and ".join(sorted({child.unit.value for child in known}))
        return unknown_horizon(object, f"its schedulers count different things: {text}")
    best = max(known, key=lambda child: (child.confidence is Confidence.CERTAIN, child.amount or 0))
    confidence = best.confidence if len(known) == len(bounded) else weakest(Confidence.LIKELY, best.confidence)
    evidence = tuple(dict.fromkeys(one for child in known for one in child.evidence))
    return HorizonReading(
        object.id, best.unit, confidence, best.parameter, best.quantity, best.amount, evidence,
        condition=object.condition, recurs=best.recurs,
    )  # fmt: skip


def _together(entry: Scheduler, children: list[HorizonReading]) -> bool:
    """Whether the longest of the wrapped schedules is how long all take: they run side by side, and all are known."""
    bounded = [child for child in children if child.unit is not Unit.NONE]
    return not entry.horizon and (len(bounded) == 1 or all(child.amount is not None for child in bounded))
