"""The number of epochs, as the yardstick for a horizon that is a bare number.

A schedule that is over after no more steps than there are epochs was written in epochs: nobody who counts batches
lets a decay end within the first few. This holds for decays; a warm-up may well take five batches.
"""

from __future__ import annotations

from dataclasses import dataclass

from schedlint.knowledge.schema import Cadence, Scheduler, Shape
from schedlint.timeline import dimensions
from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.model import Confidence, Event, Loop, LoopKind, Object, Timeline
from schedlint.timeline.outside import standing
from schedlint.timeline.quantity import Arithmetic, Length, Literal, Quantity
from schedlint.timeline.reading import Evidence, LoopReading, weakest
from schedlint.timeline.scale import Measure, unknown

_CLEARLY_MORE = 10
_MANY = 1000
"""A number is one of iterations if it is at least `_MANY` and `_CLEARLY_MORE` times the epochs: less may be a copied
recipe. Where the documentation says that the schedule counts batches, `_CLEARLY_MORE` times the epochs are enough.
"""

_LEAST_BATCHES = 4
"""An epoch has more batches than this, or nobody would count them."""

_GENTLE = 0.9
"""A decay by a factor above this may have been meant to happen often."""


@dataclass(frozen=True, slots=True)
class Epochs:
    """How many epochs there are, at most."""

    count: float
    confidence: Confidence
    loop: Loop


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Holds numbers against the epochs of one timeline."""

    timeline: Timeline
    loops: tuple[LoopReading, ...]

    def measure(self, object: Object, entry: Scheduler, amount: float, *, is_default: bool) -> Measure:
        """What the number given as a horizon counts; `is_default` where it is only an option's default."""
        most = Confidence.LIKELY if is_default else Confidence.CERTAIN
        many = 0 if entry.cadence is Cadence.BATCH else _MANY
        return self._held(object, amount, _dominance(object, entry), most, many)

    def measure_function(self, object: Object, amount: float, *, is_ramp: bool) -> Measure:
        """What a number counts that a schedule function sets its step against; `is_ramp` where it divides the step."""
        return self._held(object, amount, None if is_ramp else Confidence.LIKELY, Confidence.LIKELY)

    def is_within(self, object: Object, amount: float) -> bool:
        """Whether a number is known to be no more than the epochs."""
        epochs = (loop for loop in self._loops_of(object) if self.loops[loop.id - 1].kind is LoopKind.EPOCH)
        return any(count is not None and amount <= count.count for count in map(self._count, epochs))

    def _held(
        self, object: Object, amount: float, dominance: Confidence | None, most: Confidence, many: int = _MANY
    ) -> Measure:
        if amount <= 1:
            return unknown(f"{amount:g} is the shortest horizon in every unit")
        loops = self._loops_of(object)
        flat = [loop for loop in loops if self.loops[loop.id - 1].kind is LoopKind.FLAT]
        epochs = [loop for loop in loops if self.loops[loop.id - 1].kind is LoopKind.EPOCH]
        if flat and not epochs:
            evidence = Evidence("no epoch exists: the loop takes one update per iteration", flat[0].place)
            return Measure(dimensions.ITERATIONS, Confidence.LIKELY, (evidence,))
        if not epochs:
            return unknown(f"no epoch loop was found that {amount:g} could be held against")
        counted = [self._count(loop) for loop in epochs]
        known = [count for count in counted if count is not None]
        if not known:
            paced = next((measure for measure in (_passes(amount, loop) for loop in epochs) if measure), None)
            return paced or unknown(f"the number of epochs is not known, so {amount:g} may be epochs or batches")
        return _compared(amount, max(known, key=lambda count: count.count), dominance, most, many)

    def _loops_of(self, object: Object) -> list[Loop]:
        """The loops around the steps of a scheduler, or of what wraps it, or else around those of its optimizers."""
        stepped = [object.id, *(wrapper.id for wrapper in self.timeline.wrappers(object.id))]
        steps = [event for id in stepped for event in self.timeline.steps_of(id)]
        around = self._around(steps)
        timed = any(self.loops[loop.id - 1].kind in (LoopKind.EPOCH, LoopKind.FLAT) for loop in around)
        return around if timed else self._around(list(self.timeline.optimizer_steps_of(object.id)))

    def _around(self, events: list[Event]) -> list[Loop]:
        return [self.timeline.loop(id) for id in dict.fromkeys(id for event in events for id in event.loops)]

    def _count(self, loop: Loop) -> Epochs | None:
        """The number of epochs of an epoch loop: literal, or by the default of an option."""
        if loop.bound is None or (loop.is_while and loop.stride != Literal(1)):
            return None
        confidence = self.loops[loop.id - 1].confidence
        count = _span(loop.bound, loop.start)
        if count is not None:
            return Epochs(count, confidence, loop)
        count = _span(_by_default(loop.bound), loop.start)
        return None if count is None else Epochs(count, weakest(Confidence.LIKELY, confidence), loop)


def _passes(amount: float, loop: Loop) -> Measure | None:
    """A number held against the batches of a run that counts them a whole pass at a time (`done += len(loader)`): as
    epochs, one so near to their number would never be reached.
    """
    count = None if loop.bound is None else number(loop.bound) or number(_by_default(loop.bound))
    if not isinstance(loop.stride, Length) or count is None or not count / _LEAST_BATCHES <= amount <= count:
        return None
    text = f"{amount:g} is a large part of the {count:g} batches of the loop, and epochs are far fewer"
    return Measure(dimensions.ITERATIONS, Confidence.LIKELY, (Evidence(text, loop.place),))


def _by_default(bound: Quantity) -> Quantity:
    """The bound with the defaults of its options; `args.epochs or 6` has one of its own."""
    if isinstance(bound, Arithmetic) and bound.op == "or":
        known = [part for part in map(defaulted, bound.operands) if part is not None and number(part) is not None]
        return Arithmetic("max", tuple(known)) if known else bound
    return defaulted(bound) or bound


def _span(bound: Quantity, start: Quantity | None) -> float | None:
    count = number(bound)
    return None if count is None or count <= 0 else count - (number(start) or 0)


def _compared(amount: float, epochs: Epochs, dominance: Confidence | None, most: Confidence, many: int) -> Measure:
    place, count = epochs.loop.place, epochs.count
    these = f"the {count:g} epochs of the epoch loop"
    if amount > count:
        if amount >= many and amount >= _CLEARLY_MORE * count:
            text = f"{amount:g} is far above {these}"
            evidence = (Evidence(text, place), *standing(epochs.loop.bound))
            return Measure(dimensions.ITERATIONS, Confidence.LIKELY, evidence)
        return unknown(f"{amount:g} is more than {these}, but not clearly a number of batches")
    confidence = Confidence.LIKELY if amount == count and dominance is None else dominance
    if confidence is None:
        return unknown(f"a warm-up of {amount:g} may be epochs (there are {count:g}) or batches")
    text = f"{amount:g} is within {these}"
    evidence = (Evidence(text, place), *standing(epochs.loop.bound))
    return Measure(dimensions.EPOCHS, weakest(confidence, most, epochs.confidence), evidence)


def _dominance(object: Object, entry: Scheduler) -> Confidence | None:
    """How sure it is that a horizon within the epochs is in epochs; None for what may be a short warm-up."""
    match entry.shape:
        case Shape.DECAY:
            gentle = (_argument(object, entry, "gamma") or 0) > _GENTLE
            return Confidence.LIKELY if gentle else Confidence.CERTAIN
        case Shape.CYCLE:
            return Confidence.LIKELY
        case Shape.WARM_UP:
            return None
        case Shape.EITHER:
            start, end = _argument(object, entry, "start_factor"), _argument(object, entry, "end_factor")
            return Confidence.CERTAIN if start is not None and end is not None and start > end else None


def _argument(object: Object, entry: Scheduler, name: str) -> float | None:
    """The number that a parameter has, given or by default."""
    given = next((bound for bound in object.arguments if bound.parameter == name and bound.explicit), None)
    if given is not None:
        return number(given.values[0]) if len(given.values) == 1 else None
    default = next((parameter.default for parameter in entry.parameters if parameter.name == name), None)
    return float(default) if isinstance(default, int | float) else None
