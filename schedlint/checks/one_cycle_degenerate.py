"""LRS717: a one-cycle schedule whose way up is no way, or does not leave room for the way down."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.beginnings import argument
from schedlint.timeline.known import Known, known
from schedlint.timeline.lengths import told_length
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Literal
from schedlint.timeline.reading import Reading

HALF = 0.5
SHORTEST = 4
"""A schedule of fewer steps has no way up with the usual share of 0.3."""

Said = tuple[str, Severity, tuple[Known, ...]]
"""What becomes of the schedule, how bad that is, and the values that it rests on."""


@rule(
    code="LRS717",
    name="one-cycle-degenerate",
    summary="A one-cycle schedule has no way up, or no room for its way down.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give the number of steps of the whole run, and a share of them between 0.1 and 0.5 for the way up",
)
def one_cycle_degenerate(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every schedule with a summit that is at its beginning, or behind its end."""
    for about in reading.timeline.schedulers():
        table = reading.table(about.id)
        said = fault(table, about) if table is not None and table.summit else None
        if said is None:
            continue
        message, severity, rests = said
        if severity is Severity.INFO and not any(step.loops for step in reading.timeline.steps_of(about.id)):
            continue  # a schedule that is tried out, and trains nothing
        yield self.finding(
            f"`{called(about)}` {message}",
            about.place,
            about=about,
            confidence=least(about.confidence, Confidence.CERTAIN, *(each.confidence for each in rests)),
            condition=about.condition,
            severity=severity,
        )


def fault(table: Scheduler, about: Object) -> Said | None:
    """What is wrong with the summit of a schedule, if anything."""
    share, steps = known(argument(table, about, table.summit)), known(told_length(about, table))
    if share is None or share.number is None:
        return None
    part = share.number
    outside = no_share(table, share, part)
    if outside is not None:
        return outside
    if argument(table, about, table.mirrored) == Literal(True) and part > HALF:
        return behind_the_end(table, share, part)
    if steps is None or steps.number is None or steps.number < 1:
        return None
    return at_the_beginning(table, share, steps, part * steps.number)


def no_share(table: Scheduler, share: Known, part: float) -> Said | None:
    """What comes of a share that is none, or that leaves nothing."""
    written = f"`{table.summit}={share.value!r}`"
    if part < 0 or part > 1 or isinstance(share.value, int):
        return f"raises ValueError: {written} must be a float between 0 and 1", Severity.ERROR, (share,)
    if part == 1:
        said = f"has {written}: it has no way down, and its last call of `step()` raises ZeroDivisionError"
        return said, Severity.WARNING, (share,)
    return None


def behind_the_end(table: Scheduler, share: Known, part: float) -> Said:
    """What comes of a way up and one down that together are longer than the schedule."""
    return (
        f"has `{table.mirrored}` and `{table.summit}={part:g}`: the way up and the way down of the same length make"
        f" {2 * part:.0%} of its steps, so that the schedule breaks off on the way down",
        Severity.WARNING,
        (share,),
    )


def at_the_beginning(table: Scheduler, share: Known, steps: Known, summit: float) -> Said | None:
    """What comes of a way up of a single step, or of less."""
    length = f"{steps.number:g} steps, with `{table.summit}={share.value:g}` of them for the way up"
    if summit == 1:
        return (
            f"has {length}, which is a single step: building it raises ZeroDivisionError",
            Severity.ERROR,
            (share, steps),
        )
    if steps.number is not None and steps.number < SHORTEST and 0 < summit < 1:
        return (
            f"has {length}: it begins behind its highest learning rate and only goes down",
            Severity.INFO,
            (share, steps),
        )
    return None
