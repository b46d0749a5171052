"""In which unit each scheduler's horizon was written.

Which arguments carry the horizon is in the knowledge tables; what they count is measured (`scale`, `curves`); a bare
number is held against the number of epochs (`yardstick`). What stays open is UNKNOWN with the reason.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Protocol

from msgspec.structs import replace

from schedlint.knowledge.schema import Cadence, Optimizer, Scheduler, Style
from schedlint.timeline import dimensions, names
from schedlint.timeline.arithmetic import defaulted, greatest, number
from schedlint.timeline.curves import Reader, decays, is_dimension, not_understood, read_curve
from schedlint.timeline.model import Bound, Confidence, Object, Timeline
from schedlint.timeline.outside import standing
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Literal, Quantity, Symbol, spelled
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


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter that carries a horizon: its value and what that counts."""

    parameter: str
    quantity: Quantity
    measure: Measure


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
        evidence = Evidence(f"{_short(wrapper)} steps it with others, in {whole.unit.value}", wrapper.place)
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
            return _unknown(object, object.class_reason or "its class is not known")
        entry = self.tables.scheduler(object.classes[0])
        if entry is None or entry.abstract:
            return self._derived(object, seen)
        return self._known(object, entry, seen)

    def _known(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        """A scheduler of a class in the tables."""
        if entry.children:
            return self._composite(object, entry, seen)
        return _recurring(self._plain(object, entry), entry.recurring)

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
        return self._of_copy(object, seen) or self._of_project_class(object)

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
        said = Evidence(f"`{_short(object)}` has the parameters of {entry.name}")
        confidence = weakest(Confidence.LIKELY, reading.confidence)
        return replace(reading, confidence=confidence, evidence=(*reading.evidence, said))

    def _as_in_library(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        if not entry.children and not {bound.parameter for bound in _given(object)}.intersection(
            (*entry.horizon, *entry.product)
        ):
            return _unknown(object, f"the arguments of {_short(object)} are not known")
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
        if parts:
            return _reading(object, parts)
        if entry.horizon:
            return _defaulted(object, entry)
        functions = [bound for bound in _given(object) if bound.parameter in entry.function_parameters]
        if functions:
            return self._of_function(object, functions[0])
        if entry.rate:
            return _without_horizon(object, entry)
        named = self._of_project_class(object)
        if named.unit is not Unit.UNKNOWN:
            return named
        return _unknown(object, f"the arguments of {_short(object)} are not known")

    def _parts(self, object: Object, entry: Scheduler) -> list[Part]:
        """The parameters that carry the horizon; a warm-up inside the schedule is in the same unit, where that is
        known.
        """
        given = _given(object)
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
        values = _lengths(bound)
        measures = [self._value(object, entry, bound.parameter, value) for value in values]
        lost = next((measure for measure in measures if measure.dimension is None), None)
        quantity = _either(values)
        return Part(bound.parameter, quantity, lost or together(measures, spelled(quantity)))

    def _value(self, object: Object, entry: Scheduler, parameter: str, value: Quantity) -> Measure:
        measure = self.scale.measure(value)
        if is_dimension(measure):
            return self._doubted(object, entry, value, measure)
        bounds_unclear_loop = isinstance(value, Symbol) and value.key in self.scale.bounds.unclear
        if measure.dimension is None and bounds_unclear_loop:
            return measure
        amount = _amount(value)
        if amount is None and measure.dimension is None:
            amount = _amount(defaulted(value))
        if amount is None:
            return measure if measure.dimension is None else unknown(f"`{spelled(value)}` is a number without a unit")
        said = _said_by_switch(object, entry)
        if said is not None:
            return said
        if entry.style is Style.MEASURED:
            return unknown(
                f"`{parameter}` counts calls of .step(), and a number does not say whether per epoch or per batch"
            )
        result = self.yardstick.measure(object, entry, amount, is_default=_amount(value) is None)
        if result.dimension is None and entry.cadence is Cadence.BATCH:
            return _documented(entry, Confidence.POSSIBLE)
        return result

    def _doubted(self, object: Object, entry: Scheduler, value: Quantity, measure: Measure) -> Measure:
        """Nothing for an option that only its name or help calls iterations, if its default is a number of epochs."""
        only_said = isinstance(value, Symbol) and value.key not in self.scale.bounds.by_key
        amount = _amount(defaulted(value)) if only_said and measure.dimension == dimensions.ITERATIONS else None
        if amount is None or _amount(value) is not None:
            return measure
        if self.yardstick.measure(object, entry, amount, is_default=True).dimension != dimensions.EPOCHS:
            return measure
        return unknown(f"`{spelled(value)}` is said to count iterations, but its default is no more than the epochs")

    def _of_function(self, object: Object, bound: Bound) -> HorizonReading:
        curves = [curve for value in bound.values for curve in _curves(value)]
        if not curves or len(curves) < sum(len(_members(value)) for value in bound.values):
            reason = next((getattr(value, "reason", "") for value in bound.values), "")
            return _unknown(
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
            return replace(_reading(object, parts), parameter="", quantity=end, amount=_amount(end))
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

    def _composite(self, object: Object, entry: Scheduler, seen: tuple[int, ...]) -> HorizonReading:
        """The horizon by the milestones, or else the one that the wrapped schedulers agree on."""
        own = self._parts(object, entry)
        reading = _reading(object, own) if own else None
        if reading and reading.unit is not Unit.UNKNOWN:
            return _without_end(reading) if object.children else reading
        inner = [self.timeline.object(id) for id in object.children if id not in seen and id != object.id]
        children = [self._horizon(child, (*seen, object.id)) for child in inner]
        combined = _from_children(object, children, reading)
        return combined if _together(entry, children) else replace(combined, parameter="", quantity=None, amount=None)

    def _of_project_class(self, object: Object) -> HorizonReading:
        """A class that no table knows: what its arguments count, and the names of its parameters."""
        given = _given(object)
        parts = [part for bound in given for part in self._named_argument(object, bound)] or self._only_length(given)
        name = _short(object)
        if not parts:
            return _unknown(
                object, f"the class {name} is not in the tables, and no argument says what its horizon counts"
            )
        reading = _reading(object, parts, most=Confidence.LIKELY)
        return _without_end(reading) if object.children else _recurring(reading, self.tables.recurring)

    def _only_length(self, given: list[Bound]) -> list[Part]:
        """The one argument that is a length of time by its value, whatever its parameter is called, where nothing else
        is given that it could be multiplied by.
        """
        parts = [
            Part(bound.parameter, _either(bound.values), measure)
            for bound in given
            if not bound.objects and not names.is_position(bound.parameter)
            if not self._is_factor(bound, measure := together(map(self.scale.measure, bound.values), bound.parameter))
        ]
        is_length = len(parts) == 1 and is_dimension(parts[0].measure)
        return parts if is_length and names.dimension_of_name(parts[0].parameter) is None else []

    @staticmethod
    def _is_factor(bound: Bound, measure: Measure) -> bool:
        """Whether an argument is a share, a rate, a flag or a word."""
        small = all(isinstance(value, Literal) and not _exceeds_one(value) for value in bound.values)
        return small or (measure.is_number and names.dimension_of_name(bound.parameter) == dimensions.PURE)

    def _named_argument(self, object: Object, bound: Bound) -> list[Part]:
        """A parameter of a project's own class that is a length of time by its name."""
        if names.is_position(bound.parameter):
            return []
        said = names.dimension_of_name(bound.parameter)
        length = said is not None and dimensions.unit(said) is not Unit.UNKNOWN
        if not length and bound.parameter.lower() not in _LENGTHS:
            return []
        measure = together([self.scale.measure(value) for value in bound.values], bound.parameter)
        if not is_dimension(measure) and said is not None and length:
            measure = self._believed_name(object, bound, said)
        elif said is not None and measure.dimension is not None and dimensions.agreed(said, measure.dimension) is None:
            other = dimensions.spelled(measure.dimension)
            measure = unknown(f"`{bound.parameter}` is named for {dimensions.spelled(said)} but given {other}")
        return [Part(bound.parameter, _either(bound.values), measure)] if is_dimension(measure) or length else []

    def _believed_name(self, object: Object, bound: Bound, said: dimensions.Dimension) -> Measure:
        """What a parameter counts by its name, unless that is iterations and the number no more than the epochs."""
        amount = _amount(_either(bound.values)) or _amount(defaulted(_either(bound.values)))
        if said == dimensions.ITERATIONS and amount is not None:
            held = self.yardstick.measure_function(object, amount, is_ramp=False)
            if held.dimension == dimensions.EPOCHS:
                return unknown(
                    f"`{bound.parameter}` is named for iterations, but {amount:g} is no more than the epochs"
                )
        return believed(said, f"`{bound.parameter}` counts {dimensions.spelled(said)} by its name")


_LENGTHS = frozenset(
    {
        "milestones",
        "t_max",
        "t_0",
        "t_total",
        "step_size",
        "total_iters",
        "max_iter",
        "first_cycle_steps",
        "warmup",
        "decay_steps",
    }
)
"""Parameters of schedulers that are lengths of time in a unit that their name leaves open."""


def horizons(
    timeline: Timeline, loops: tuple[LoopReading, ...], tables: Tables, told: Tellings = NOTHING_TOLD
) -> tuple[HorizonReading, ...]:
    """The horizon of each scheduler of a timeline whose loops are known."""
    units = Units(timeline, tables, scale(timeline, loops), Yardstick(timeline, loops), told)
    return tuple(units.horizon(object) for object in timeline.schedulers())


def _given(object: Object) -> list[Bound]:
    """The arguments that were given, those that are only `None` aside."""
    return [
        bound
        for bound in object.arguments
        if bound.explicit and bound.values and any(value != Literal(None) for value in bound.values)
    ]


def _curves(value: Quantity) -> list[Curve]:
    return [member for member in _members(value) if isinstance(member, Curve)]


def _members(value: Quantity) -> tuple[Quantity, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _lengths(bound: Bound) -> tuple[Quantity, ...]:
    """What an argument may be; a zero or `None` beside other values only says that this part of the schedule is
    left out.
    """
    return tuple(value for value in bound.values if value not in (Literal(0), Literal(None))) or bound.values


def _exceeds_one(value: Literal) -> bool:
    amount = number(value)
    return amount is not None and amount > 1


def _either(values: tuple[Quantity, ...]) -> Quantity:
    """All values that an argument may have, as one quantity."""
    return values[0] if len(values) == 1 else Arithmetic("or", values)


def _amount(quantity: Quantity | None) -> float | None:
    """The number of steps, where it is known: no list that may go on has a greatest item."""
    return None if isinstance(quantity, Items) and not quantity.whole else greatest(quantity)


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
    quantity = Arithmetic("*", tuple(bound.values[0] for bound in factors))
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


def _documented(entry: Scheduler, confidence: Confidence) -> Measure:
    name = entry.name.rpartition(".")[2]
    return believed(dimensions.ITERATIONS, f"{name} is documented to change the rate after every batch", confidence)


def _reading(object: Object, parts: list[Part], most: Confidence = Confidence.CERTAIN) -> HorizonReading:
    """One horizon from all the parameters that carry it: those with a unit must agree."""
    known = [part for part in parts if is_dimension(part.measure)]
    if not known:
        return _unknown(object, parts[0].measure.reason, parts[0])
    text = ", ".join(f"{part.parameter}={spelled(part.quantity)}" for part in known)
    measure = together([part.measure for part in parts], text)
    if measure.dimension is None:
        return _unknown(object, measure.reason, known[0])
    unit = dimensions.unit(measure.dimension)
    best = min(reversed(known), key=lambda part: tuple(Confidence).index(part.measure.confidence))
    if unit is Unit.UNKNOWN:
        what = dimensions.spelled(measure.dimension)
        return _unknown(object, f"`{spelled(best.quantity)}` is {what}, which is no length of time", best)
    return HorizonReading(
        object.id, unit, weakest(measure.confidence, most), best.parameter, best.quantity, _amount(best.quantity),
        measure.evidence, condition=object.condition,
    )  # fmt: skip


def _unknown(object: Object, reason: str, part: Part | None = None) -> HorizonReading:
    parameter = part.parameter if part else ""
    quantity = part.quantity if part else None
    return HorizonReading(
        object.id, Unit.UNKNOWN, Confidence.POSSIBLE, parameter, quantity, _amount(quantity),
        reason=reason, condition=object.condition,
    )  # fmt: skip


def _defaulted(object: Object, entry: Scheduler) -> HorizonReading:
    """A horizon that was not given: the documentation's unit, if it has one."""
    name = entry.horizon[0]
    default = next((parameter.default for parameter in entry.parameters if parameter.name == name), None)
    required = any(parameter.name == name and parameter.required for parameter in entry.parameters)
    if required or default is None:
        return _unknown(object, f"`{name}` of {_short(object)} is not known")
    if entry.cadence is Cadence.BATCH:
        part = Part(name, Literal(default), _documented(entry, Confidence.LIKELY))
        return _reading(object, [part])
    return _unknown(
        object,
        f"`{name}` is left at its default, {default!r}, which has no unit",
        Part(name, Literal(default), unknown("")),
    )


def _without_horizon(object: Object, entry: Scheduler) -> HorizonReading:
    """A rate applied at every step, and no horizon."""
    bound = next((bound for bound in object.arguments if bound.parameter == entry.rate), None)
    value = bound.values[0] if bound and bound.values else None
    evidence = Evidence(f"`{entry.rate}` is applied at every step, without end", bound.place if bound else None)
    return HorizonReading(
        object.id, Unit.NONE, Confidence.CERTAIN, entry.rate, value, None, (evidence,), condition=object.condition
    )  # fmt: skip


def _recurring(reading: HorizonReading, parameters: Container[str]) -> HorizonReading:
    """The reading, marked where its parameter is the length of a part that comes again."""
    return replace(reading, recurs=True) if reading.parameter in parameters else reading


def _without_end(reading: HorizonReading) -> HorizonReading:
    """The unit alone: a wrapper's own number is not where the schedule ends; milestones are told, and end nothing."""
    if isinstance(reading.quantity, Items):
        return replace(reading, amount=None)
    return replace(reading, parameter="", quantity=None, amount=None)


def _from_children(object: Object, children: list[HorizonReading], own: HorizonReading | None) -> HorizonReading:
    bounded = [child for child in children if child.unit is not Unit.NONE]
    known = [child for child in bounded if child.unit is not Unit.UNKNOWN]
    if children and not bounded and own is None:
        none = (Evidence("none of its schedulers has a horizon"),)
        return HorizonReading(object.id, Unit.NONE, Confidence.CERTAIN, evidence=none, condition=object.condition)
    if not known:
        reason = next((child.reason for child in bounded), "the schedulers in it are not known")
        return _unknown(object, own.reason if own else reason)
    if len({child.unit for child in known}) > 1:
        text = " and ".join(sorted({child.unit.value for child in known}))
        return _unknown(object, f"its schedulers count different things: {text}")
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


def _short(object: Object) -> str:
    return object.classes[0].rpartition(".")[2] if object.classes else object.name
