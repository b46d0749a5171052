"""What quantities count in one timeline: names, options and the bounds of its loops, carried through arithmetic.

`Scale.measure` gives a quantity its dimension with confidence and evidence, or the reason why it has none. Which
argument of which scheduler is measured, and what a bare number is compared with, is in `units`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from msgspec import Struct

from schedlint.timeline import dimensions, names
from schedlint.timeline.arithmetic import KEEPING, number, terms
from schedlint.timeline.dimensions import Dimension
from schedlint.timeline.loops import WORDS
from schedlint.timeline.model import Confidence, EventKind, Iterated, Loop, LoopKind, Timeline
from schedlint.timeline.quantity import Arithmetic, Curve, Items, Length, Literal, Quantity, Symbol, spelled
from schedlint.timeline.reading import Evidence, LoopReading, weakest


class Measure(Struct, frozen=True):
    """What a quantity counts: its dimension, or None with the reason. `evidence` is what it rests on."""

    dimension: Dimension | None
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is a number whose unit is not written."""
        return self.dimension == dimensions.PURE


NUMBER = Measure(dimensions.PURE)

_MULTIPLES = 4
"""The greatest whole number by which people multiply epochs and still mean epochs; beyond it, it may be batches per
epoch.
"""


_COUNTED = {
    LoopKind.EPOCH: dimensions.EPOCHS,
    LoopKind.BATCH: dimensions.BATCHES,
    LoopKind.FLAT: dimensions.ITERATIONS,
}


def unknown(reason: str) -> Measure:
    """A quantity that may count anything."""
    return Measure(None, Confidence.POSSIBLE, (), reason)


def believed(dimension: Dimension, text: str, confidence: Confidence = Confidence.LIKELY) -> Measure:
    """A dimension with one reason to believe it."""
    return Measure(dimension, confidence, (Evidence(text),))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the loops of a timeline say about the values that bound and count them.

    `unclear` has the loops of unknown kind that a value bounds.
    """

    by_key: dict[str, tuple[tuple[LoopKind, Measure], ...]]
    by_quantity: dict[Quantity, Measure]
    unclear: dict[str, Loop]


@dataclass(frozen=True, slots=True)
class Scale:
    """The measure of every quantity in one timeline."""

    timeline: Timeline
    loops: tuple[LoopReading, ...]
    bounds: Bounds

    def measure(self, quantity: Quantity) -> Measure:
        """What a quantity counts."""
        if quantity in self.bounds.by_quantity:
            return self.bounds.by_quantity[quantity]
        match quantity:
            case Literal(value=bool() | str() | None):
                return unknown(f"{quantity.value!r} is not a number")
            case Literal():
                return NUMBER
            case Symbol():
                return self._symbol(quantity)
            case Length():
                return _length(quantity)
            case Items(items=items, whole=whole):
                return _listed([self.measure(item) for item in items], whole, spelled(quantity))
            case Curve():
                return unknown("a schedule function has no dimension of its own")
            case Arithmetic():
                return self._arithmetic(quantity)

    def _arithmetic(self, quantity: Arithmetic) -> Measure:
        op, operands = quantity.op, quantity.operands
        if op == "choose":
            operands = operands[1:]
        measures = [self.measure(operand) for operand in operands]
        if op in KEEPING or op == "%" or len(measures) == 1:
            return measures[0]
        if op in ("+", "-", "min", "max", "sum", "choose", "or"):
            return together(measures, spelled(quantity))
        if op == "*":
            return self._product(operands, measures, spelled(quantity))
        if op in ("/", "//"):
            return reduce(quotient, measures)
        if all(measure.is_number for measure in measures):
            return NUMBER
        return unknown(f"nothing says what `{spelled(quantity)}` counts")

    def _product(self, operands: Sequence[Quantity], measures: list[Measure], text: str) -> Measure:
        for operand, measure in zip(operands, measures, strict=True):
            loops = [self.bounds.unclear[symbol.key] for symbol in terms(operand) if symbol.key in self.bounds.unclear]
            if loops and (measure.dimension is None or measure.is_number):
                return unknown(f"`{spelled(operand)}` bounds `{loops[0].head}`, and it is not known what that counts")
        product = reduce(multiplied, measures)
        factors = [abs(value) for operand in operands if (value := number(operand)) is not None]
        if product.dimension == dimensions.EPOCHS and any(value > _MULTIPLES for value in factors):
            return unknown(f"the number in `{text}` may be batches per epoch")
        return product

    def _symbol(self, symbol: Symbol) -> Measure:
        counted = self._counter(symbol)
        if counted is not None:
            return counted
        said, how = names.dimension_said(symbol)
        bounds = self.bounds.by_key.get(symbol.key, ())
        if bounds:
            return _bound(symbol, bounds, said)
        if said is not None and _in_steps(said) and self._repeats_updates(symbol):
            loop = self.bounds.unclear[symbol.key]
            return unknown(f"`{symbol.name}` bounds `{loop.head}`, and one iteration of that takes several updates")
        if said is not None:
            exact = said == dimensions.PURE
            return NUMBER if exact else believed(said, f"`{symbol.name}` counts {dimensions.spelled(said)} by {how}")
        return self._fallback(symbol, how)

    def _repeats_updates(self, symbol: Symbol) -> bool:
        """Whether a value bounds a loop around loops over epochs or batches, or around those that step an optimizer."""
        around = self.bounds.unclear.get(symbol.key)
        if around is None:
            return False
        inner = {id for event in self.timeline.events if event.kind is EventKind.OPTIMIZED for id in event.loops[-1:]}
        counted = {reading.loop for reading in self.loops if reading.kind in _COUNTED}
        inside = (id for id in inner | counted if id != around.id and not self.loops[id - 1].visits)
        return any(around in self.timeline.ancestors(id) for id in inside)

    def _fallback(self, symbol: Symbol, how: str) -> Measure:
        default = symbol.default
        if default is not None and default != symbol and not isinstance(default, Literal):
            measured = self.measure(default)
            if measured.dimension is not None and not measured.is_number:
                return Measure(measured.dimension, weakest(Confidence.LIKELY, measured.confidence), measured.evidence)
        if symbol.role == "setting" and number(symbol) is not None and symbol.key not in self.bounds.unclear:
            return NUMBER
        why = how or symbol.reason or "neither its name nor a loop does"
        return unknown(f"nothing says what `{symbol.name}` counts: {why}")

    def _counter(self, symbol: Symbol) -> Measure | None:
        """The number of an epoch or of a batch, for the counter of a loop of that kind."""
        if symbol.role != "index" or not 0 < symbol.loop <= len(self.loops):
            return None
        reading = self.loops[symbol.loop - 1]
        if reading.kind not in _COUNTED:
            return None
        place = self.timeline.loop(symbol.loop).place
        evidence = Evidence(f"`{symbol.name}` counts the {WORDS[reading.kind]}", place)
        return Measure(_COUNTED[reading.kind], reading.confidence, (evidence,))


def scale(timeline: Timeline, loops: tuple[LoopReading, ...]) -> Scale:
    """The scale of a timeline whose loops are known."""
    by_key: dict[str, tuple[tuple[LoopKind, Measure], ...]] = {}
    by_quantity: dict[Quantity, Measure] = {}
    unclear: dict[str, Loop] = {}
    for loop, reading in zip(timeline.loops, loops, strict=True):
        if reading.kind is LoopKind.UNKNOWN and not reading.visits:
            unclear |= {symbol.key: loop for symbol in terms(loop.bound)}
        measure = _loop_bound(loop, reading)
        if measure is None or loop.bound is None:
            continue
        for symbol in (*terms(loop.bound), *terms(loop.start)):
            by_key[symbol.key] = (*by_key.get(symbol.key, ()), (reading.kind, measure))
        if isinstance(loop.bound, Arithmetic) and number(loop.bound) is None:
            by_quantity.setdefault(loop.bound, _named(measure, loop.bound))
    return Scale(timeline, loops, Bounds(by_key, by_quantity, unclear))


def _loop_bound(loop: Loop, reading: LoopReading) -> Measure | None:
    """What the bound of a loop counts; its evidence is completed by `_named`."""
    if reading.kind is LoopKind.FLAT and loop.iterates is not Iterated.LOADER:
        text = "is the bound of the loop of updates, without epochs"
        return Measure(dimensions.ITERATIONS, reading.confidence, (Evidence(text, loop.place),))
    if reading.kind is LoopKind.EPOCH and isinstance(loop.stride, Length):
        return _paced(loop, _length(loop.stride), reading.confidence)
    by_one = not loop.is_while or loop.stride == Literal(1) or names.is_epoch(loop.variable)
    if reading.kind is LoopKind.EPOCH and by_one:
        text = "is the bound of the epoch loop"
        return Measure(dimensions.EPOCHS, reading.confidence, (Evidence(text, loop.place),))
    if reading.kind is LoopKind.BATCH and loop.is_while:
        text = "is the bound of a loop that takes one batch per iteration"
        return Measure(dimensions.ITERATIONS, reading.confidence, (Evidence(text, loop.place),))
    return None


def _paced(loop: Loop, pass_: Measure, confidence: Confidence) -> Measure | None:
    """What bounds a loop that counts a whole pass over the data in each iteration (`done += len(loader)`)."""
    if pass_.dimension is None or loop.stride is None:
        return None
    text = f"bounds the loop that adds `{spelled(loop.stride)}` in each epoch"
    return Measure(
        dimensions.total(pass_.dimension), weakest(confidence, pass_.confidence), (Evidence(text, loop.place),)
    )


def _named(measure: Measure, quantity: Quantity) -> Measure:
    evidence = tuple(Evidence(f"`{spelled(quantity)}` {one.text}", one.place) for one in measure.evidence)
    return Measure(measure.dimension, measure.confidence, evidence)


def _bound(symbol: Symbol, bounds: tuple[tuple[LoopKind, Measure], ...], said: Dimension | None) -> Measure:
    """What a symbol counts that bounds loops, unless they, or a batch loop and the symbol's name, contradict each
    other.
    """
    if len({measure.dimension for _, measure in bounds}) > 1:
        return unknown(f"`{symbol.name}` bounds loops of different kinds")
    if said is not None and said.epoch > 0 and any(kind is LoopKind.BATCH for kind, _ in bounds):
        return unknown(f"`{symbol.name}` is named for epochs and bounds a loop over batches")
    measures = [measure for _, measure in bounds]
    return _named(min(measures, key=lambda measure: tuple(Confidence).index(measure.confidence)), symbol)


def _length(length: Length) -> Measure:
    text = f"len({length.name})"
    if length.kind == "loader":
        return believed(
            dimensions.BATCHES_PER_EPOCH, f"`{text}` is the number of batches per epoch", Confidence.CERTAIN
        )
    if length.kind in ("dataset", "sampler"):
        return believed(
            dimensions.SAMPLES_PER_EPOCH, f"`{text}` is the number of samples per epoch", Confidence.CERTAIN
        )
    if names.is_loader(length.name) and not names.is_dataset_of_loader(length.name):
        return believed(dimensions.BATCHES_PER_EPOCH, f"`{length.name}` is named like a data loader")
    if names.is_dataset(length.name):
        return believed(dimensions.SAMPLES_PER_EPOCH, f"`{length.name}` is named like a dataset")
    return unknown(f"nothing says what `{text}` counts")


def together(measures: Iterable[Measure], text: str) -> Measure:
    """What several quantities count that are added, compared or alternatives: numbers aside, all must agree."""
    written = [measure for measure in measures if not measure.is_number]
    known = [measure for measure in written if measure.dimension is not None]
    if not written:
        return NUMBER
    if not known:
        return written[0]
    result = known[0]
    for measure in known[1:]:
        result = _agreed(result, measure, text)
    if len(known) < len(written) and result.dimension is not None:
        return Measure(result.dimension, weakest(Confidence.LIKELY, result.confidence), result.evidence)
    return result


def _agreed(one: Measure, other: Measure, text: str) -> Measure:
    if one.dimension is None or other.dimension is None:
        return one if one.dimension is None else other
    dimension = dimensions.agreed(one.dimension, other.dimension)
    if dimension is None:
        left, right = dimensions.spelled(one.dimension), dimensions.spelled(other.dimension)
        return unknown(f"`{text}` mixes {left} and {right}")
    return Measure(dimension, weakest(one.confidence, other.confidence), _joined(one, other))


def _listed(measures: list[Measure], whole: bool, text: str) -> Measure:
    if not whole and all(measure.is_number for measure in measures):
        return unknown("the items of the list are not all known")
    result = together(measures, text) if measures else unknown(f"`{text}` is empty")
    if whole or result.dimension is None:
        return result
    return Measure(result.dimension, weakest(Confidence.LIKELY, result.confidence), result.evidence)


def _joined(*measures: Measure) -> tuple[Evidence, ...]:
    def each() -> Iterator[Evidence]:
        for measure in measures:
            yield from measure.evidence

    return tuple(dict.fromkeys(each()))


def multiplied(one: Measure, other: Measure) -> Measure:
    """What the product of two quantities counts."""
    if one.dimension is not None and other.dimension is not None:
        confidence = weakest(one.confidence, other.confidence)
        return Measure(one.dimension * other.dimension, confidence, _joined(one, other))
    known, lost = (one, other) if one.dimension is not None else (other, one)
    if known.dimension is not None and _in_steps(known.dimension):
        # Whatever it is multiplied by, epochs or a share of one, the product is a number of batches (or updates).
        confidence = weakest(Confidence.LIKELY, known.confidence)
        return Measure(dimensions.total(known.dimension), confidence, known.evidence)
    return unknown(lost.reason)


def _in_steps(dimension: Dimension) -> bool:
    return dimensions.total(dimension) in (dimensions.BATCHES, dimensions.UPDATES, dimensions.ITERATIONS)


def quotient(one: Measure, other: Measure) -> Measure:
    """What the quotient of two quantities counts."""
    if one.dimension is not None and other.dimension is not None:
        confidence = weakest(one.confidence, other.confidence)
        supplied = _supplied(other.dimension) if one.is_number else None
        if supplied is not None:
            return Measure(supplied, weakest(Confidence.LIKELY, confidence), other.evidence)
        return Measure(one.dimension / other.dimension, confidence, _joined(one, other))
    if one.dimension is None:
        supplied = _supplied(other.dimension) if other.dimension is not None else None
        return unknown(one.reason) if supplied is None else Measure(supplied, Confidence.LIKELY, other.evidence)
    return _shared(one, other)


def _supplied(divisor: Dimension) -> Dimension | None:
    """What a quotient counts by its divisor alone: something over the batch size is batches, over batches per epoch
    epochs.
    """
    if divisor == dimensions.BATCH_SIZE:
        return dimensions.BATCHES_PER_EPOCH
    if divisor in (dimensions.BATCHES_PER_EPOCH, dimensions.UPDATES_PER_EPOCH, dimensions.ITERATIONS_PER_EPOCH):
        return dimensions.EPOCHS
    return None


def _shared(one: Measure, divisor: Measure) -> Measure:
    """A known quantity over one that is not known: a part of it, or updates where it was batches."""
    confidence = weakest(Confidence.LIKELY, one.confidence)
    if one.dimension == dimensions.EPOCHS:
        return Measure(one.dimension, confidence, one.evidence)
    if one.dimension is not None and _in_steps(one.dimension):
        per_epoch = Dimension(epoch=one.dimension.epoch)
        return Measure(dimensions.ITERATIONS * per_epoch, confidence, one.evidence)
    return unknown(divisor.reason)
