"""LRS108: a schedule is shorter or longer than the run, in the right unit."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import beyond, many
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Overrun
from schedlint.timeline.agreement import Gap, fewer, more
from schedlint.timeline.arithmetic import number
from schedlint.timeline.lengths import told_length
from schedlint.timeline.model import EventKind, Object
from schedlint.timeline.quantity import Arithmetic, Literal
from schedlint.timeline.reading import CountReading, Reading

MOST_OF_IT = 0.9
"""A schedule of which so much is taken comes near enough to its end."""


@rule(
    code="LRS108",
    name="horizon-unlike-run-length",
    summary="A schedule is over before the training is and goes back up, or the training ends before the schedule.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    default=False,
    help="build the schedule with as many steps as are taken",
)
def horizon_unlike_run_length(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every schedule that goes back up after its end, or that is not brought near it."""
    for count in reading.counts:
        about = reading.timeline.object(count.object)
        found = gap(reading, about, count)
        if found is None:
            continue
        yield self.finding(
            f"`{called(about)}` has {many(found.length)} steps but takes {many(found.steps)}"
            f"{' by default' if found.by_default else ''}: {consequence(reading, about, found)}",
            about.place,
            about=about,
            related=[
                *(Related("it is stepped here", reading.timeline.event(event).place) for event in count.events),
                *evidence(found.evidence),
                *way(reading.timeline.event(count.events[0])),
            ],
            confidence=least(found.confidence, about.confidence),
            condition=count.condition,
        )


def gap(reading: Reading, about: Object, count: CountReading) -> Gap | None:
    """How far the steps that are taken are from those that a schedule has, where that matters."""
    table = reading.table(about.id)
    length = None if table is None else told_length(about, table)
    if table is None or table.overrun is Overrun.OPEN or length is None:
        return None
    if table.overrun is Overrun.CLIMBS and more(count, Arithmetic("+", (length, Literal(1)))) is not None:
        found = more(count, length)
        return None if found is None or comes_again(found) else found
    if is_restored(reading, about) or fewer(count, Arithmetic("*", (Literal(MOST_OF_IT), length))) is None:
        return None
    return fewer(count, length)


def comes_again(found: Gap) -> bool:
    """Whether the schedule is one of several cycles: the steps are a multiple of it, but for a rest of rounding."""
    if found.ratio is None:
        return False
    cycles, rest = divmod(found.ratio, 1)
    length = number(found.length)
    return rest == 0 or (cycles > 1 and length is not None and round(rest * length) < cycles)


def is_restored(reading: Reading, about: Object) -> bool:
    """Whether it may go on from where another run left it."""
    return bool(reading.timeline.events_of(about.id, EventKind.STATE_LOADED))


def consequence(reading: Reading, about: Object, found: Gap) -> str:
    """Where the schedule is when the training ends, or the training when the schedule ends."""
    if found.ratio is None:
        return "the two do not end together"
    if found.ratio < 1:
        return f"the training ends {found.ratio:.0%} of the way through the schedule"
    return (
        f"the schedule is over {1 / found.ratio:.0%} of the way through the training{beyond(reading.table(about.id))}"
    )
