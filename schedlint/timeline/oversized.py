"""Horizons that count the samples of a dataset, of schedules that are stepped once per batch."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.timeline.known import Known, known
from schedlint.timeline.lengths import Batching, told_length
from schedlint.timeline.model import Confidence, LoopKind, Object
from schedlint.timeline.polynomials import Polynomial, polynomial
from schedlint.timeline.quantity import Quantity, Symbol
from schedlint.timeline.reading import Cadence, CadenceReading, Reading, Unit, weakest

PER_BATCH = (Cadence.BATCH, Cadence.UPDATE)


class Oversized(Struct, frozen=True):
    """A schedule of as many steps as there are samples, `length`, of which each step takes a batch. `size` is the size
    of one, where it has a value; `whole` says that the schedule was to be as long as the training.
    """

    scheduler: Object
    length: Quantity
    cadence: CadenceReading
    batching: Batching
    size: Known | None
    confidence: Confidence
    whole: bool


def oversized(reading: Reading) -> Iterator[Oversized]:
    """Every such schedule, at each site that steps it in a loop over a loader of that dataset."""
    for cadence in reading.cadences:
        about = reading.timeline.object(cadence.object)
        batching = _stepped_over(reading, cadence)
        length = None if batching is None else _length(reading, about)
        if batching is None or length is None or not _counts_samples(reading, length, batching):
            continue
        size = known(batching.size)
        if size is None and not isinstance(batching.size, Symbol):
            continue
        if size is not None and (size.number is None or size.number <= 1):
            continue
        sure = Confidence.LIKELY if size is None else size.confidence
        yield Oversized(
            about,
            length,
            cadence,
            batching,
            size,
            weakest(sure, cadence.confidence),
            _is_whole(reading, length, batching),
        )


def _stepped_over(reading: Reading, cadence: CadenceReading) -> Batching | None:
    """The loader in whose loop a step is taken, batch by batch."""
    event = reading.timeline.event(cadence.event)
    if cadence.cadence not in PER_BATCH or cadence.confidence is Confidence.POSSIBLE or not cadence.loop:
        return None
    if reading.jumps(event, cadence.object):
        return None
    return reading.batchings.get(reading.timeline.loop(cadence.loop).object)


def _length(reading: Reading, scheduler: Object) -> Quantity | None:
    """The number of steps that a scheduler was told, or at which its function ends."""
    table, horizon = reading.table(scheduler.id), reading.horizon(scheduler.id)
    told = None if table is None else told_length(scheduler, table)
    if told is not None or horizon is None or horizon.unit is not Unit.SAMPLES:
        return told
    return horizon.quantity


def _counts_samples(reading: Reading, length: Quantity, batching: Batching) -> bool:
    """Whether a length is one of samples: in all parts of it the samples of one epoch, times whole numbers or what
    bounds an epoch loop, and divided by nothing.
    """
    whole = polynomial(length)
    ((samples, _),) = polynomial(batching.samples).factors()
    if not whole.terms or any(count.denominator != 1 for _, count in whole.terms):
        return False
    epochs = {factor for bound in _epochs(reading) for factor, _ in bound.factors()}
    return all(
        sum(exponent for factor, exponent in factors if factor == samples) == 1
        and all(factor in epochs and exponent > 0 for factor, exponent in factors if factor != samples)
        for factors, _ in whole.terms
    )


def _epochs(reading: Reading) -> Iterator[Polynomial]:
    """What bounds the epoch loops."""
    for loop in reading.timeline.loops:
        if loop.bound is not None and reading.loop(loop.id).kind is LoopKind.EPOCH:
            yield polynomial(loop.bound)


def _is_whole(reading: Reading, length: Quantity, batching: Batching) -> bool:
    """Whether a length is that of all epochs."""
    samples = polynomial(batching.samples)
    return any(polynomial(length) == samples * epochs for epochs in _epochs(reading))
