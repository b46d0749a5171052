"""Dimensions: what a number in a training program counts, as exponents over epochs, batches, updates and samples.

`len(loader)` is batches per epoch, `batch_size` samples per batch, and so on: products and quotients add and subtract
exponents, sums need equal ones. Pure algebra; where the dimension of a name or a loop's bound comes from is in
`names` and `scale`.
"""

from __future__ import annotations

from msgspec import Struct

from schedlint.timeline.reading import Unit


class Dimension(Struct, frozen=True):
    """Exponents. `iteration` is a batch or an update where the source does not say which; all zero is a pure number."""

    epoch: int = 0
    batch: int = 0
    update: int = 0
    iteration: int = 0
    sample: int = 0

    def __mul__(self, other: Dimension) -> Dimension:
        """The dimension of a product."""
        return Dimension(
            self.epoch + other.epoch,
            self.batch + other.batch,
            self.update + other.update,
            self.iteration + other.iteration,
            self.sample + other.sample,
        )._settled()

    def __truediv__(self, other: Dimension) -> Dimension:
        """The dimension of a quotient."""
        return self * Dimension(-other.epoch, -other.batch, -other.update, -other.iteration, -other.sample)

    def _settled(self) -> Dimension:
        """Iterations divided by batches (or batches by iterations) were batches; likewise for updates."""
        epoch, batch, update, iteration, sample = self.epoch, self.batch, self.update, self.iteration, self.sample
        if iteration * batch < 0:
            iteration, batch = _cancelled(iteration, batch)
        if iteration * update < 0:
            iteration, update = _cancelled(iteration, update)
        return Dimension(epoch, batch, update, iteration, sample)


def _cancelled(a: int, b: int) -> tuple[int, int]:
    total = a + b
    return (total, 0) if abs(a) > abs(b) else (0, total)


PURE = Dimension()
EPOCHS = Dimension(epoch=1)
BATCHES = Dimension(batch=1)
UPDATES = Dimension(update=1)
ITERATIONS = Dimension(iteration=1)
SAMPLES = Dimension(sample=1)
BATCHES_PER_EPOCH = BATCHES / EPOCHS
UPDATES_PER_EPOCH = UPDATES / EPOCHS
ITERATIONS_PER_EPOCH = ITERATIONS / EPOCHS
SAMPLES_PER_EPOCH = SAMPLES / EPOCHS
BATCH_SIZE = SAMPLES / BATCHES
ACCUMULATION = BATCHES / UPDATES

_HORIZONS = {
    EPOCHS: Unit.EPOCHS,
    BATCHES: Unit.BATCHES,
    UPDATES: Unit.UPDATES,
    ITERATIONS: Unit.ITERATIONS,
    SAMPLES: Unit.SAMPLES,
}

_WORDS = {"epoch": "epochs", "batch": "batches", "update": "updates", "iteration": "iterations", "sample": "samples"}


def total(dimension: Dimension) -> Dimension:
    """The dimension as a length of time: so many per epoch is "one epoch of them", the same as so many."""
    if dimension.epoch != -1:
        return dimension
    once = dimension * EPOCHS
    return once if once in _HORIZONS else dimension


def unit(dimension: Dimension) -> Unit:
    """The unit of a horizon of this dimension; UNKNOWN if a horizon cannot have it."""
    return _HORIZONS.get(total(dimension), Unit.UNKNOWN)


def agreed(one: Dimension, other: Dimension) -> Dimension | None:
    """The dimension of both, where they can be added or compared, else None.

    A pure number agrees with all (its unit is not written), iterations with batches and updates, and so many per epoch
    with so many.
    """
    if one == other or other == PURE:
        return one
    if one == PURE:
        return other
    if one.epoch != other.epoch:
        one, other = total(one), total(other)
    if one == other:
        return one
    return _specific(one, other) or _specific(other, one)


def _specific(exact: Dimension, loose: Dimension) -> Dimension | None:
    """`exact` if it is what `loose` becomes when its iterations are batches, or updates."""
    count = loose.iteration
    rest = Dimension(loose.epoch, loose.batch, loose.update, 0, loose.sample)
    for kind in (Dimension(batch=count), Dimension(update=count)):
        if count and rest * kind == exact:
            return exact
    return None


def spelled(dimension: Dimension) -> str:
    """The dimension in words: `batches per epoch`."""
    exponents = [(word, getattr(dimension, name)) for name, word in _WORDS.items()]
    above = [_power(word, exponent) for word, exponent in exponents if exponent > 0]
    below = [_power(word, -exponent) for word, exponent in exponents if exponent < 0]
    text = " times ".join(above) or "a number"
    return text + "".join(f" per {_singular(word)}" for word in below)


def _power(word: str, exponent: int) -> str:
    return word if exponent == 1 else f"{word} to the power {exponent}"


def _singular(words: str) -> str:
    return "batch" if words == "batches" else words.removesuffix("s")
