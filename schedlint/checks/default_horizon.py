"""LRS713: a schedule is left at a default length of a few steps, after which nothing of the learning rate is left."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_given
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.decays import is_drawn, steps_in_row, steps_taken
from schedlint.timeline.known import known
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading


@rule(
    code="LRS713",
    name="default-horizon",
    summary="A schedule that takes the learning rate away is left at its default length of a few steps.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="say how long the schedule is: `total_iters=epochs`, or `epochs * len(loader)` if it is stepped per batch",
)
def default_horizon(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every decay whose length nobody gave, in a run that is longer or of unknown length."""
    for about in reading.timeline.schedulers():
        table = reading.table(about.id)
        steps = default_length(table, about) if table is not None else None
        end = factor_at_end(table, about) if table is not None else None
        if table is None or steps is None or end is None or is_right(reading, about, steps):
            continue
        yield self.finding(
            f"`{called(about)}` is not told how long it is: {consequence(reading, about, steps, end)}",
            about.place,
            about=about,
            confidence=least(about.confidence, Confidence.CERTAIN),
            condition=about.condition,
            severity=Severity.WARNING if end > 0 else Severity.ERROR,
        )


def default_length(table: Scheduler, about: Object) -> float | None:
    """The number of steps that a schedule has if nobody says so; None where somebody did, or may have."""
    given = {bound.parameter for bound in about.arguments}
    if not table.hasty or table.hasty in given or any(name.startswith("*") for name in given):
        return None
    return number(argument(table, about, table.hasty))


def factor_at_end(table: Scheduler, about: Object) -> float | None:
    """What a schedule that decays leaves of the learning rate; None where it is no decay, or not known to be one."""
    if table.ramp is None or not table.ramp.end:
        return 0
    values = [known(argument(table, about, name)) for name in table.ramp.factors]
    first, last = (None if value is None else value.number for value in values)
    return last if first is not None and last is not None and last < first else None


def is_right(reading: Reading, about: Object, steps: float) -> bool:
    """Whether the schedule is stepped no more often than that, by all that is known, or only to be looked at."""
    if is_drawn(reading.timeline, about):
        return True
    if reading.timeline.wrappers(about.id):
        row = steps_in_row(reading, about)
        return row is None or row <= steps
    taken = steps_taken(reading, about)
    return taken is not None and (taken.number or 0) <= steps


def consequence(reading: Reading, about: Object, steps: float, end: float) -> str:
    """Where the learning rate is when the schedule is over."""
    rate = rate_given(reading, about)
    if end == 0:
        return f"the learning rate is 0 after {steps:g} steps, so nothing is learned from there on"
    left = f"{end:g} times what the optimizer was given" if rate is None else f"{rate * end:g}"
    return f"the learning rate is down to {left} after {steps:g} steps, where it stays"
