"""Decays that no run comes to: all of a schedule's lie behind the last of its steps."""

from __future__ import annotations

from msgspec import Struct

from schedlint.knowledge.schema import ConstructionEffect, Scheduler, Shape
from schedlint.timeline.agreement import Gap, fewer
from schedlint.timeline.arithmetic import number
from schedlint.timeline.decays import is_drawn
from schedlint.timeline.known import FIRM, Known, known
from schedlint.timeline.model import EventKind, Object, Timeline
from schedlint.timeline.quantity import Arithmetic, Items, Literal, Quantity, Symbol, symbols
from schedlint.timeline.reading import CountReading, Reading

OFF = 10
"""Whoever puts a decay at so many times the run wants none."""

TRIAL = 5
"""A run of fewer steps is a trial of something else."""

TRIAL_BY_DEFAULT = 10
"""Likewise, where its length is a default, which is often the one for a quick look."""

HALF_A_CYCLE = 2
"""A first cycle that is so many times as long as the run has not come half the way down."""


class Unreached(Struct, frozen=True):
    """The first decay of a schedule, at step `first` of those that `parameter` counts, and the `steps` that are taken;
    `gap` is what says so, and `sources` are the values with the defaults that it rests on.
    """

    parameter: str
    first: float
    steps: float
    gap: Gap
    sources: tuple[Known, ...]


def unreached(reading: Reading, scheduler: Object, count: CountReading) -> Unreached | None:
    """The decays that a scheduler never comes to, where that is all of them and nobody meant it."""
    table, timeline = reading.table(scheduler.id), reading.timeline
    if table is None or is_drawn(timeline, scheduler) or timeline.wrappers(scheduler.id):
        return None
    if timeline.events_of(scheduler.id, EventKind.STATE_LOADED):
        return None  # it may go on from where another run left it
    parameter = decaying(table)
    marks = _marks(scheduler, parameter)
    gap = fewer(count, Arithmetic("+", (_first(marks), Literal(1)))) if marks else None
    steps = None if gap is None else number(gap.steps)
    if gap is None or steps is None:
        return None
    values = [mark.number or 0 for mark in marks]
    found = Unreached(parameter, min(values), steps, gap, tuple(mark for mark in marks if mark.source is not None))
    meant = _is_meant(scheduler, parameter, count) or steps < _trial(gap) or found.first >= OFF * steps
    return found if not meant and _is_behind(reading, count, table, found, max(values)) else None


def _trial(gap: Gap) -> int:
    return TRIAL_BY_DEFAULT if gap.by_default else TRIAL


def decaying(table: Scheduler) -> str:
    """The parameter that says when a schedule first decays ("" where none does)."""
    if table.drop or table.patience:
        return table.patience or table.horizon[0]
    falls = table.shape is Shape.CYCLE and table.construction.effect is ConstructionEffect.NONE
    return table.recurring[0] if falls and table.recurring else ""


def _marks(scheduler: Object, parameter: str) -> list[Known]:
    """The numbers of steps after which it decays; none where they are not all known."""
    bound = next((bound for bound in scheduler.arguments if parameter and bound.parameter == parameter), None)
    if bound is None or len(bound.values) != 1:
        return []
    values = [known(bound.values[0])] if not _is_list(bound.values[0]) else _listed(bound.values[0])
    marks = [value for value in values if value is not None and value.number is not None]
    return marks if len(marks) == len(values) else []


def _is_list(quantity: Quantity) -> bool:
    return isinstance(quantity, Items) or (isinstance(quantity, Symbol) and isinstance(quantity.default, Items))


def _listed(quantity: Quantity) -> list[Known | None]:
    """The values of a list, or of the list that is a default."""
    if isinstance(quantity, Items):
        return [known(item) for item in quantity.items] if quantity.whole else []
    assert isinstance(quantity, Symbol)
    values = [known(item) for item in quantity.default.items] if isinstance(quantity.default, Items) else []
    source = quantity if quantity.role not in FIRM else None
    return [value and Known(value.value, source or value.source) for value in values]


def _first(marks: list[Known]) -> Quantity:
    return Literal(min(mark.number or 0 for mark in marks))


def _is_meant(scheduler: Object, parameter: str, count: CountReading) -> bool:
    """Whether a decay is put where the run ends, by the very names that say how long the run is."""
    own = {symbol.key for bound in scheduler.arguments if bound.parameter == parameter for value in bound.values
           for symbol in symbols(value)}  # fmt: skip
    return any(symbol.key in own for symbol in symbols(count.most))


def _is_behind(reading: Reading, count: CountReading, table: Scheduler, found: Unreached, last: float) -> bool:
    """Whether the first decay is behind all training. One in the last step of all has nothing left to train, unless
    that step is taken before the optimizer's. The very end of the run, and the step behind it, are where people put a
    decay that they do not want.
    """
    if not (table.drop or table.patience):
        return found.first >= HALF_A_CYCLE * found.steps
    if last <= found.steps + 1:
        return False
    return found.first > found.steps or _ends_its_round(reading.timeline, count)


def _ends_its_round(timeline: Timeline, count: CountReading) -> bool:
    """Whether the optimizer is stepped before the scheduler in each round, and never after it."""
    trained = timeline.optimizer_steps_of(count.object)
    steps = [timeline.event(event) for event in count.events]
    return bool(trained) and all(training.id < step.id for training in trained for step in steps)
