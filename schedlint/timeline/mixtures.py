"""Which schedulers in a composite one cannot count the same steps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from msgspec import Struct

from schedlint.timeline.beginnings import argument
from schedlint.timeline.composites import Climb, climb, is_sequence, side_by_side
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Confidence, Object
from schedlint.timeline.quantity import Items
from schedlint.timeline.reading import HorizonReading, Reading, Unit, weakest

FINE = frozenset({Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS})
"""Units of which there are many in an epoch."""

NOTHING = 0.0101
"""As good as nothing of a learning rate: two decays to a tenth."""


class Mixture(Struct, frozen=True):
    """Two things in a composite that count in different units: a scheduler in it, or its own milestones."""

    epochs: HorizonReading
    batches: HorizonReading

    @property
    def confidence(self) -> Confidence:
        """How sure it is that the units differ."""
        return weakest(self.epochs.confidence, self.batches.confidence)


def mixture(reading: Reading, composite: Object) -> Mixture | None:
    """Two of the horizons in a composite of which one counts epochs and one batches or updates: the surest pair."""
    horizons = list(_horizons(reading, composite))
    epochs = [each for each in horizons if each.unit is Unit.EPOCHS]
    batches = [each for each in horizons if each.unit in FINE]
    pairs = [Mixture(*pair) for pair in product(epochs, batches) if not contradicts(*(each.condition for each in pair))]
    return min(pairs, key=lambda pair: tuple(Confidence).index(pair.confidence), default=None)


def _horizons(reading: Reading, composite: Object) -> Iterator[HorizonReading]:
    """The horizons with a known unit: of the milestones, and of each scheduler of a known class."""
    own, table = reading.horizon(composite.id), reading.table(composite.id)
    inner = [reading.horizon(id) for id in composite.children if reading.table(id) is not None]
    if table is not None and is_sequence(table) and own is not None and own.parameter in table.horizon:
        inner.insert(0, own)
    for found in inner:
        if found is None or found.confidence is Confidence.POSSIBLE:
            continue
        if not contradicts(found.condition, composite.condition):
            yield found


class Overtaken(Struct, frozen=True):
    """A warm-up beside a decay of which as good as nothing is left when the warm-up ends, after `steps` steps."""

    warm_up: Climb
    decay: Object
    steps: float
    left: float
    confidence: Confidence


def overtaken(reading: Reading, composite: Object) -> Iterator[Overtaken]:
    """The warm-ups of a composite that end when another scheduler, which takes the same steps, has left nothing."""
    members = [each for place in side_by_side(reading, composite) for each in place]
    for one, other in product(members, members):
        way = climb(reading, one)
        steps = None if way is None else known(way.steps)
        if way is None or steps is None or steps.number is None or not way.rises:
            continue
        left = None if contradicts(one.condition, other.condition) else remaining(reading, other, steps.number)
        if left is not None and left.number is not None and 0 <= left.number < NOTHING:
            confidence = weakest(steps.confidence, left.confidence, way.confidence)
            yield Overtaken(way, other, steps.number, left.number, confidence)


def remaining(reading: Reading, scheduler: Object, steps: float) -> Known | None:
    """What a schedule that multiplies the learning rate at each decay has left of it after so many steps."""
    table = reading.table(scheduler.id)
    if table is None or not table.drop or len(table.horizon) != 1 or table.takes_metric:
        return None
    gamma, horizon = known(argument(table, scheduler, table.drop)), argument(table, scheduler, table.horizon[0])
    items = horizon.items if isinstance(horizon, Items) and horizon.whole else (horizon,)
    lengths = [known(item) for item in items]
    numbers = [each.number for each in lengths if each is not None and each.number is not None and each.number > 0]
    if gamma is None or gamma.number is None or not 0 <= gamma.number < 1 or len(numbers) != len(lengths):
        return None
    recurs = table.horizon[0] in table.recurring
    decays = steps // numbers[0] if recurs else sum(each <= steps for each in numbers)
    source = next((each.source for each in (gamma, *lengths) if each is not None and each.source is not None), None)
    return Known(gamma.number**decays, source)
