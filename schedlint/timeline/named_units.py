"""In which unit the horizon of a project's own scheduler was written: by what its arguments count, and what its
parameters are called.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from schedlint.timeline import dimensions, names
from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.curves import is_dimension
from schedlint.timeline.model import Bound, Confidence, Object
from schedlint.timeline.parts import (
    Part,
    amount_of,
    either,
    given_arguments,
    horizon_of,
    recurring,
    short_name,
    unknown_horizon,
    without_end,
)
from schedlint.timeline.quantity import Literal
from schedlint.timeline.reading import HorizonReading, Unit
from schedlint.timeline.scale import Measure, Scale, believed, together, unknown
from schedlint.timeline.yardstick import Yardstick

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


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """Reads the horizons of schedulers of which no table knows the class. `recurring` are the parameters that some
    scheduler has for the length of a part which comes again.
    """

    scale: Scale
    yardstick: Yardstick
    recurring: Container[str]

    def horizon(self, object: Object) -> HorizonReading:
        """What its arguments count, and the names of its parameters."""
        given = given_arguments(object)
        parts = [part for bound in given for part in self._named_argument(object, bound)] or self._only_length(given)
        name = short_name(object)
        if not parts:
            return unknown_horizon(
                object, f"the class {name} is not in the tables, and no argument says what its horizon counts"
            )
        reading = horizon_of(object, parts, most=Confidence.LIKELY)
        return without_end(reading) if object.children else recurring(reading, self.recurring)

    def _only_length(self, given: list[Bound]) -> list[Part]:
        """The one argument that is a length of time by its value, whatever its parameter is called, where nothing else
        is given that it could be multiplied by.
        """
        parts = [
            Part(bound.parameter, either(bound.values), measure)
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
        elif said is not None and self._contradicts(bound, said, measure):
            other = dimensions.spelled(measure.dimension or dimensions.PURE)
            measure = unknown(f"`{bound.parameter}` is named for {dimensions.spelled(said)} but given {other}")
        return [Part(bound.parameter, either(bound.values), measure)] if is_dimension(measure) or length else []

    @staticmethod
    def _contradicts(bound: Bound, said: dimensions.Dimension, measure: Measure) -> bool:
        """Whether a parameter is called after another unit than its argument has; its steps may be those of the
        scheduler, whatever these are.
        """
        if measure.dimension is None or dimensions.agreed(said, measure.dimension) is not None:
            return False
        return not (names.counts_steps(bound.parameter) and measure.confidence is Confidence.CERTAIN)

    def _believed_name(self, object: Object, bound: Bound, said: dimensions.Dimension) -> Measure:
        """What a parameter counts by its name, unless that is iterations and the number no more than the epochs."""
        amount = amount_of(either(bound.values)) or amount_of(defaulted(either(bound.values)))
        if said == dimensions.ITERATIONS and amount is not None:
            held = self.yardstick.measure_function(object, amount, is_ramp=False)
            if held.dimension == dimensions.EPOCHS:
                return unknown(
                    f"`{bound.parameter}` is named for iterations, but {amount:g} is no more than the epochs"
                )
        return believed(said, f"`{bound.parameter}` counts {dimensions.spelled(said)} by its name")


def _exceeds_one(value: Literal) -> bool:
    amount = number(value)
    return amount is not None and amount > 1
