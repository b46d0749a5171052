"""LRS711: a scheduler waits for a score to fall, or for an error to rise."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import Direction
from schedlint.remedies import Remedy, SetArgument
from schedlint.timeline.beginnings import argument
from schedlint.timeline.known import Known, known
from schedlint.timeline.measured import direction
from schedlint.timeline.reading import Reading
from schedlint.timeline.senses import Sense, sense_given
from schedlint.timeline.step_calls import METRIC, StepCall, step_calls, written


@rule(
    code="LRS711",
    name="plateau-mode-mismatch",
    summary="A scheduler that watches a metric waits for a score to fall, or for an error to rise.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="say in which direction the metric gets better",
)
def plateau_mode_mismatch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every metric whose name says that it gets better the other way."""
    for call in step_calls(reading):
        given, ways = call.argument(*METRIC), call.table.direction
        if given is None or ways is None or not call.table.takes_metric or not call.own:
            continue
        mode, goes = direction(ways, call.table, call.scheduler), sense_given(given)
        if mode is None or goes is None or mode.value not in (ways.up, ways.down):
            continue
        meant = ways.up if goes is Sense.RISES else ways.down
        if mode.value == meant:
            continue
        yield self.finding(
            message(call, ways, mode, written(given), goes),
            call.scheduler.place,
            about=call.scheduler,
            related=(Related(f"`{written(given)}` is what it watches", call.step.place), *way(call.step)),
            confidence=least(call.confidence, mode.confidence, Confidence.LIKELY),
            condition=call.step.condition,
            help=f'pass `{ways.parameter}="{meant}"`',
            remedy=remedy(call, ways, meant),
        )


def message(call: StepCall, ways: Direction, mode: Known, given: str, goes: Sense) -> str:
    """What it waits for, and what happens meanwhile."""
    kind, waits = ("a score", "fall") if goes is Sense.RISES else ("an error", "rise")
    source = "" if mode.source is None else f", the default of `{mode.source.name}`,"
    told = f"`{called(call.scheduler)}` with `{ways.parameter}={mode.value!r}`{source}"
    return f"{told} waits for `{given}` to {waits}, but it is {kind}: {harm(call)}"


def harm(call: StepCall) -> str:
    """What becomes of the learning rate while the metric gets better."""
    patience, factor = (
        None if (told := known(argument(call.table, call.scheduler, name))) is None else told.number
        for name in (call.table.patience, call.table.drop)
    )
    times = "falls" if factor is None else f"is multiplied by {factor:g}"
    often = "again and again" if patience is None else f"every {patience + 1:g} steps"
    return f"while training does well, the learning rate {times} {often}"


def remedy(call: StepCall, ways: Direction, meant: str) -> Remedy:
    """The other direction."""
    position = next(i for i, each in enumerate(call.table.parameters) if each.name == ways.parameter)
    change = SetArgument(call.scheduler.place, ways.parameter, f'"{meant}"', position)
    return Remedy(f'pass `{ways.parameter}="{meant}"`', (change,))
