"""LRS604: `step()` is given a metric by a scheduler that takes it for the number of the epoch."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import without_argument
from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import StepArgument
from schedlint.remedies import Remedy
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument as parameter
from schedlint.timeline.model import LoopKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.senses import is_metric
from schedlint.timeline.step_calls import POSITION, StepCall, step_calls, written

TAKES_NONE = (StepArgument.EPOCH, StepArgument.POSITION, StepArgument.NONE)
EXAMPLE = 0.35
"""A metric as it may be, to say what becomes of it."""


@rule(
    code="LRS604",
    name="metric-passed-to-non-plateau",
    summary="`step()` is given a loss or a score, which the scheduler takes for the number of the epoch.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="call `scheduler.step()` without an argument, or use a scheduler that watches a metric",
)
def metric_passed_to_non_plateau(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every metric that is given to a class which does not take one, where no other scheduler may be meant."""
    for call in step_calls(reading):
        argument = call.argument(POSITION)
        if argument is None or call.table.step not in TAKES_NONE or not call.own or not is_metric(argument):
            continue
        mixed = call.is_mixed(reading)
        if mixed and not call.unguarded:
            continue
        yield self.finding(
            f"`{written(argument)}` is a metric, and `{called(call.scheduler)}` {becomes(call)}",
            call.step.place,
            about=call.scheduler,
            related=way(call.step),
            confidence=least(call.confidence, Confidence.LIKELY if mixed else Confidence.CERTAIN),
            condition=call.step.condition,
            call=call.step.place,
            remedy=remedy(reading, call),
        )


def remedy(reading: Reading, call: StepCall) -> Remedy | None:
    """`step()`, where that is one step per epoch."""
    if not call.step.loops or reading.loop(call.step.loops[-1]).kind is not LoopKind.EPOCH:
        return None
    return without_argument(reading, call.step, call.scheduler, "call `step()` without the metric")


def becomes(call: StepCall) -> str:
    """What becomes of the learning rate."""
    table = call.table
    if table.step is StepArgument.NONE:
        return "takes no argument: the call raises TypeError"
    taken = f"takes it for the epoch, so that at {EXAMPLE} the learning rate is that of epoch {EXAMPLE}"
    if table.drop and table.closed_form:
        return f"{taken}: it does not decay before the metric is as great as the epoch of the first decay"
    rate = number(parameter(table, call.scheduler, table.rate)) if table.rate else None
    if rate is not None and rate > 0:
        return f"{taken}: {rate**EXAMPLE:.3g} times the first one, for as long as the metric stays there"
    return f"{taken} for as long as the metric stays there"
