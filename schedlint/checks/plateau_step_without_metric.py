"""LRS605: a scheduler that watches a metric is stepped without one."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.schema import StepArgument
from schedlint.timeline.phrases import said
from schedlint.timeline.reading import Reading
from schedlint.timeline.step_calls import StepCall, step_calls


@rule(
    code="LRS605",
    name="plateau-step-without-metric",
    summary="A scheduler that watches a metric is stepped without it: a TypeError.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="pass the metric: `scheduler.step(val_loss)`",
)
def plateau_step_without_metric(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every empty `step()` of a class that must be given a metric, alone or unguarded among others."""
    for call in step_calls(reading):
        if call.table.step is not StepArgument.METRIC_REQUIRED or not call.is_empty:
            continue
        if call.among and not call.unguarded:
            continue
        yield self.finding(
            message(call),
            call.step.place,
            about=call.scheduler,
            related=way(call.step),
            confidence=least(call.confidence, Confidence.LIKELY if call.among else Confidence.CERTAIN),
            condition=call.step.condition,
            call=call.step.place,
        )


def message(call: StepCall) -> str:
    """What the call does, and to which of several schedulers."""
    name = called(call.scheduler)
    if not call.among:
        return f"`{name}` is stepped without the metric that it watches: the call raises TypeError"
    chosen = said(call.scheduler.condition)
    when = f", as it is where {chosen}" if chosen else ""
    return f"if the scheduler is a `{name}`{when}, `step()` without a metric raises TypeError"
