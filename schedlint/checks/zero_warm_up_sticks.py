"""LRS708: a warm-up of no steps leaves the learning rate where it begins."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import rate_given, set_by_hand
from schedlint.checks.mending import position_of
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.schema import Style
from schedlint.remedies import Remedy, WrapArgument
from schedlint.timeline.beginnings import Change, beginning
from schedlint.timeline.composites import Climb, climb, is_sequence, no_steps, turns
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.known import Known
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Literal, symbols
from schedlint.timeline.reading import Reading

GOES_ON = (Style.RECURSIVE, Style.MEASURED)
"""Schedules that go on from the learning rate that they find."""

FAILS = "a sequence that comes to it divides by that, and its `step()` raises ZeroDivisionError at the milestone"


@rule(
    code="LRS708",
    name="zero-warm-up-sticks",
    summary="A warm-up of 0 steps never ends: the learning rate stays where the warm-up begins.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the warm-up only where it has steps, or give it one at least: `total_iters=max(1, steps)`",
)
def zero_warm_up_sticks(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every warm-up that has no step in which it could end, and that nothing else makes up for."""
    for about in reading.timeline.schedulers():
        way, start = climb(reading, about), beginning(reading, about)
        length = None if way is None else no_steps(reading, way)
        if way is None or length is None or start.change is not Change.FACTOR or start.harmless:
            continue
        wrapped = has_turn(reading, about)
        if is_left_out(way) or (not fails(reading, way) if wrapped else is_undone(reading, about)):
            continue
        confidence = least(length.confidence, way.confidence, about.confidence)
        yield self.finding(
            f"`{called(about)}` has no step to warm up in, as `{way.parameter}` is {said(length)}:"
            f" {stuck(reading, way) if not wrapped else FAILS}",
            about.place,
            about=about,
            confidence=confidence,
            condition=about.condition,
            severity=graded(confidence),
            remedy=one_at_least(reading, way),
        )


def said(length: Known) -> str:
    """The length in words."""
    return length.said(f"{length.number:g}")


def stuck(reading: Reading, way: Climb) -> str:
    """Where the learning rate stays."""
    rate = rate_given(reading, way.scheduler)
    if way.start is None:
        return "building it multiplies the learning rate by where the warm-up begins, and no step ever undoes that"
    stays = "" if rate is None else f", so that it is {rate * way.start:.3g} instead of {rate:g}"
    return f"building it multiplies the learning rate by {way.start:.3g}, and no step ever undoes that{stays}"


def is_left_out(way: Climb) -> bool:
    """Whether a test of its length decides that the warm-up is built, so that it may be only where it has steps."""
    values = symbols(way.steps)
    keys, names = {each.key for each in values}, {each.name for each in values}
    asked = any(test.symbol in keys for test in way.scheduler.condition)
    return asked or any(name in guard.text for guard in way.scheduler.guards for name in names)


def has_turn(reading: Reading, about: Object) -> bool:
    """Whether it is, or may be, one of a sequence of schedulers."""
    tables = [reading.table(wrapper.id) for wrapper in reading.timeline.wrappers(about.id)]
    return any(table is None or is_sequence(table) for table in tables)


def fails(reading: Reading, way: Climb) -> bool:
    """Whether a sequence comes to it after others: it divides by the number of steps then. The first one in a sequence
    is replaced when its turn ends.
    """
    later = [turn for wrapper in reading.timeline.wrappers(way.scheduler.id) for turn in turns(reading, wrapper)[1:]]
    length = no_steps(reading, way)
    empty = length is not None and length.number == 0 and not way.holds
    return empty and any(way.scheduler in turn.schedulers for turn in later)


def is_undone(reading: Reading, about: Object) -> bool:
    """Whether something else may set the learning rate anew: the program itself, or a schedule beside it."""
    wrappers = reading.timeline.wrappers(about.id)
    others = [each for each in reading.timeline.rivals(about.id) if each not in wrappers]
    tables = [reading.table(each.id) for each in others if not contradicts(each.condition, about.condition)]
    replaced = any(table is None or table.style not in GOES_ON for table in tables)
    return replaced or set_by_hand(reading.timeline, about) is not None


def one_at_least(reading: Reading, way: Climb) -> Remedy | None:
    """One step at least, where the length was given and is more than a number."""
    table = reading.table(way.scheduler.id)
    given = any(bound.parameter == way.parameter and bound.explicit for bound in way.scheduler.arguments)
    if table is None or not given or isinstance(way.steps, Literal):
        return None
    change = WrapArgument(way.scheduler.place, way.parameter, "max(1, {})", position_of(table, way.parameter))
    return Remedy("warm up for one step at least", (change,))
