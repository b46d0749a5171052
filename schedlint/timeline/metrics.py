"""What a plateau scheduler is told: a metric of this round of the loop, or one that is left from the round before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schedlint.timeline.model import EVERY_ROUND, Event, LoopKind
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.reading import Reading


@dataclass(frozen=True, slots=True)
class Stale:
    """A step of a scheduler with a metric that the epoch loop `loop` computes only after it."""

    scheduler: int
    step: Event
    metric: Symbol
    loop: int


def stale_metrics(reading: Reading) -> Iterator[Stale]:
    """Every step with a metric from the epoch before."""
    for event in reading.timeline.events:
        for subject in event.subjects:
            if reading.takes_metric(subject.object):
                yield from _stale(reading, event, subject.object)


def _stale(reading: Reading, event: Event, scheduler: int) -> Iterator[Stale]:
    """The metric of a step, if all that it may be is what a variable held when the round began."""
    epochs = [loop for loop in event.loops if reading.loop(loop).kind is LoopKind.EPOCH]
    if reading.timeline.steps_of(scheduler)[:1] != (event,) or not epochs or epochs[-1] != event.loops[-1]:
        return
    values = [value for argument in event.arguments[:1] for value in argument.values]
    match values:
        case [Symbol(role="carried") as metric] if metric.loop == epochs[-1]:
            if all(guard.kind in EVERY_ROUND for guard in event.guards):
                yield Stale(scheduler, event, metric, epochs[-1])
        case _:
            return
