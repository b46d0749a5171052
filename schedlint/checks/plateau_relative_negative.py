"""LRS712: a relative threshold is compared with a metric below zero, for which it points the wrong way."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.measured import is_relative
from schedlint.timeline.reading import Reading
from schedlint.timeline.senses import negated
from schedlint.timeline.step_calls import METRIC, step_calls, written


@rule(
    code="LRS712",
    name="plateau-relative-negative",
    summary="A relative threshold is used on a metric below zero, where a metric that stands still counts as better.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help='pass `threshold_mode="abs"`, or the metric itself and the direction in which it gets better',
)
def plateau_relative_negative(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every metric with its sign turned, where the threshold is a part of the metric."""
    for call in step_calls(reading):
        given = call.argument(*METRIC)
        if given is None or not call.own or not is_relative(call.table, call.scheduler):
            continue
        parts = [given.spelling] if given.spelling is not None and negated(given.spelling) else given.values
        if not all(map(negated, parts)):
            continue
        yield self.finding(
            f"`{written(given)}` is below zero: the relative threshold of `{called(call.scheduler)}` takes a metric "
            "that stands still for one that gets better: the learning rate is not reduced",
            call.scheduler.place,
            about=call.scheduler,
            related=(Related(f"`{written(given)}` is what it watches", call.step.place), *way(call.step)),
            confidence=least(call.confidence, Confidence.LIKELY),
            condition=call.step.condition,
        )
