"""LRS704: the factor of a decay makes the learning rate grow, negative or vanish."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_given
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import Scheduler, Style
from schedlint.timeline.decays import (
    Given,
    given,
    interval,
    is_drawn,
    is_passing,
    is_search,
    is_shared,
    steps_of_wrapper,
    steps_taken,
)
from schedlint.timeline.known import Known
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.reading import Reading

GONE = 1e-8
"""Of the learning rate so little is left that nothing is learned."""

FAST = 0.2
"""A factor for every step that takes all of it within a dozen steps."""

TINY = 1e-4
"""A factor that no decay in steps has: it is the rate of another formula, 1 / (1 + rate * step)."""

SHOWN = 3

PART = 0.1
"""What a schedule takes at least of the steps of the one around it, which has others too."""


@rule(
    code="LRS704",
    name="gamma-out-of-range",
    summary="The factor of a decay makes the learning rate grow, negative or vanish.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="give a factor between 0 and 1, such as 0.1 for a decay every 30 steps or 0.95 for one at every step",
)
def gamma_out_of_range(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every factor of a decay that is none."""
    for about in reading.timeline.schedulers():
        table = reading.table(about.id)
        if table is None or is_drawn(reading.timeline, about):
            continue
        for factor in given(about, table.rate or table.drop):
            said = fault(reading, about, table, factor)
            if said is None:
                continue
            message, taken, severity = said
            alone = Confidence.CERTAIN if factor.alone else Confidence.LIKELY
            known = [factor.value, *([taken] if taken is not None else [])]
            yield self.finding(
                f"`{called(about)}` has {factor.said}: {message}",
                about.place,
                about=about,
                related=declared(known),
                confidence=least(about.confidence, alone, *(each.confidence for each in known)),
                condition=about.condition,
                severity=severity,
            )
            break


Said = tuple[str, Known | None, Severity]
"""What a factor does, the number of steps that this rests on, and how bad it is."""


def fault(reading: Reading, about: Object, table: Scheduler, factor: Given) -> Said | None:
    """What is wrong with a factor, if anything."""
    times = factor.number
    if times is None or times == 1 or table.style is Style.MEASURED:  # that has limits of its own
        return None
    if times > 1:
        return grows(reading, about, table, factor, times)
    if times <= 0:
        return (sign(reading, about, table, times), None, Severity.ERROR)
    if is_shared(reading.timeline, about, factor.value.source):
        return None
    return vanishes(reading, about, table, times)


def sign(reading: Reading, about: Object, table: Scheduler, times: float) -> str:
    """What a factor does that is not above 0."""
    first = "from the first step on" if table.rate else "from the first decay on"
    if times == 0:
        return f"the learning rate is 0 {first}, so nothing is learned"
    rate = rate_given(reading, about)
    shown = "" if rate is None else f": {rate:g} becomes {rate * times:g}"
    return f"the learning rate is negative {first}{shown}, and the loss is driven up"


def grows(reading: Reading, about: Object, table: Scheduler, factor: Given, times: float) -> Said | None:
    """What a factor does that is above 1; None where the learning rate is meant to grow."""
    timeline = reading.timeline
    worked_out = not isinstance(factor.quantity, (Literal, Symbol))
    wrapped = bool(timeline.wrappers(about.id))
    if worked_out or wrapped or is_search(timeline, about) or is_passing(timeline, about):
        return None
    every = next((each.number for each in given(about, interval(table))), None)
    rate, often = rate_given(reading, about), "at every step" if table.rate or every == 1 else "at every decay"
    steps = 20 if table.rate else SHOWN
    after = f"{steps} steps" if table.rate else f"{steps} decays" if not every else f"{steps * every:g} steps"
    shown = "" if rate is None else f": {rate:g} becomes {rate * times**steps:g} after {after}"
    return f"the learning rate grows {times:g} times {often}{shown}", None, Severity.WARNING


def vanishes(reading: Reading, about: Object, table: Scheduler, times: float) -> Said | None:
    """What a factor does that leaves next to nothing; None where it does not."""
    if not table.rate:
        left = f"a single decay leaves {times:g} of the learning rate, which is next to nothing"
        return (left, None, Severity.WARNING) if times <= TINY else None
    taken, around = steps_taken(reading, about), steps_of_wrapper(reading, about)
    if taken is not None:
        return gone(times, taken, 1, "the")
    if around is not None:
        return gone(times, around, PART, "a tenth of the")
    if times > FAST or reading.timeline.wrappers(about.id):
        return None
    return f"{times**SHOWN:.1g} of the learning rate is left after {SHOWN} steps", None, Severity.WARNING


def gone(times: float, taken: Known, part: float, words: str) -> Said | None:
    """What is left after a part of the steps of the run; None where that is enough."""
    steps = taken.number or 0
    left, by_default = times ** (steps * part), " by default" if taken.source is not None else ""
    said = f"after {words} {steps:g} steps that the run takes{by_default} {left:.1g} of the learning rate is left"
    return (said, taken, Severity.WARNING) if left < GONE else None


def declared(known: list[Known]) -> Iterator[Related]:
    """Where the options are declared whose defaults are counted on."""
    for each in known:
        if each.source is not None and each.source.place is not None:
            yield Related(f"`{each.source.name}` has its default here", each.source.place)
