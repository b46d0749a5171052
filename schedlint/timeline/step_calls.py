"""Calls of `step()` as the library's class takes them: one scheduler, one call, and what it is given there."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.conditions import conjoin
from schedlint.timeline.model import EVERY_ROUND, Bound, Confidence, Event, EventKind, Object
from schedlint.timeline.quantity import Literal, Quantity, Symbol, spelled
from schedlint.timeline.reading import Reading, weakest

METHOD = "step"
POSITION = "epoch"
"""What torch calls the position that a step may be given."""

METRIC = ("metrics",)
"""What the metric is called where it is given by keyword."""


class StepCall(Struct, frozen=True):
    """A call of `step()` on a scheduler whose class takes it as `table` says.

    `own` says that this is its very class, and no more than a base of it; `among` are the other schedulers that the
    call may be made on instead.
    """

    step: Event
    scheduler: Object
    table: Scheduler
    own: bool
    among: tuple[int, ...] = ()

    @property
    def confidence(self) -> Confidence:
        """How sure it is that this class is stepped there."""
        known = Confidence.CERTAIN if self.own else Confidence.LIKELY
        return weakest(self.step.confidence, self.scheduler.confidence, known)

    def is_mixed(self, reading: Reading) -> bool:
        """Whether another scheduler that may be stepped there takes a metric, by all that is known."""
        tables = [reading.nearest(other) for other in self.among]
        return any(each is None or each.takes_metric for each in tables)

    @property
    def unguarded(self) -> bool:
        """Whether nothing on the way to the call asks for anything that may tell one scheduler from another."""
        return not self.step.condition and all(guard.kind in EVERY_ROUND for guard in self.step.guards)

    def argument(self, *keywords: str) -> Bound | None:
        """What is given first, or by one of these keywords; None where that is nothing, `None`, or may be."""
        names = ("0", *keywords)
        found = next((each for each in self.step.arguments if each.parameter in names), None)
        return found if found is not None and any(map(_is_given, found.values)) else None

    @property
    def is_empty(self) -> bool:
        """Whether the call is given nothing at all."""
        return all(value == Literal(None) for each in self.step.arguments for value in each.values) and not any(
            each.parameter.startswith("*") for each in self.step.arguments
        )


def step_calls(reading: Reading) -> Iterator[StepCall]:
    """Every call of `step()` on a scheduler that does not define it itself, less those whose errors are expected."""
    for event in reading.timeline.events:
        if event.kind is not EventKind.STEPPED or event.method != METHOD or event.attempted:
            continue
        ids = [subject.object for subject in event.subjects]
        for id in ids:
            about, table = reading.timeline.object(id), reading.nearest(id)
            if conjoin(event.condition, about.condition) is None:
                continue  # where the step is taken, another scheduler was built
            if table is not None and METHOD not in about.own_methods and about.wrapped_at is None:
                others = () if event.every else tuple(other for other in ids if other != id)
                yield StepCall(event, about, table, reading.table(id) is not None, others)


def written(argument: Bound) -> str:
    """An argument as it stands in the call, or else what it is."""
    return spelled(argument.values[0] if argument.spelling is None else argument.spelling)


def _is_given(value: Quantity) -> bool:
    """Whether a value is one for sure: neither `None` nor a parameter that is `None` unless a caller says more."""
    return value != Literal(None) and not (isinstance(value, Symbol) and value.default == Literal(None))
