"""LRS703: the number of steps between two decays and the factor of a decay stand in each other's place."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_given
from schedlint.checks.mending import position_of
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.remedies import Remedy, SwapArguments
from schedlint.timeline.decays import Given, given, interval, period
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading

SHOWN = 5
"""After how many steps the learning rate is shown."""


@rule(
    code="LRS703",
    name="swapped-step-size-and-gamma",
    summary="The number of steps between two decays is a fraction, and the factor of a decay is no fraction.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give the number of steps first and the factor second, or both by keyword",
)
def swapped_step_size_and_gamma(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every schedule with a number of steps below 1 and a factor that would do for one."""
    for about in reading.timeline.schedulers():
        table = reading.table(about.id)
        found = swapped(table, about) if table is not None else None
        if table is None or found is None:
            continue
        size, factor = found
        alone = Confidence.CERTAIN if size.alone and factor.alone else Confidence.LIKELY
        yield self.finding(
            f"`{called(about)}` has {size.said} and {factor.said}, which look swapped: the learning rate"
            f" {becomes(reading, about, size, factor)}",
            about.place,
            about=about,
            confidence=least(about.confidence, alone, size.value.confidence, factor.value.confidence),
            condition=about.condition,
            remedy=remedy(table, about, size, factor),
        )


def swapped(table: Scheduler, about: Object) -> tuple[Given, Given] | None:
    """A number of steps and a factor that each would be right in place of the other."""
    sizes = [each for each in given(about, interval(table)) if each.number is not None and 0 < each.number < 1]
    factors = [each for each in given(about, table.drop) if each.number is not None and each.number >= 1]
    return (sizes[0], factors[0]) if sizes and factors else None


def becomes(reading: Reading, about: Object, size: Given, factor: Given) -> str:
    """What the swapped numbers make of the learning rate."""
    every, times, rate = period(size.number or 0), factor.number or 0, rate_given(reading, about)
    if every is None:
        return "never changes"
    if times == 1:
        return "never changes, as it is multiplied by 1"
    after = "" if rate is None or every > 1 else f": {rate:g} becomes {rate * times**SHOWN:g} after {SHOWN} steps"
    return f"is multiplied by {times:g} {'at every step' if every == 1 else f'every {every} steps'}{after}"


def remedy(table: Scheduler, about: Object, size: Given, factor: Given) -> Remedy | None:
    """Each in the other's place, where both are written there."""
    if not (size.alone and factor.alone) or size.value.source is not None or factor.value.source is not None:
        return None
    names = size.parameter, factor.parameter
    change = SwapArguments(about.place, names, (position_of(table, names[0]), position_of(table, names[1])))
    return Remedy("put the two into each other's place", (change,))
