"""LRS603: `step()` is given a position, which torch takes under protest or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import without_argument
from schedlint.checks.rule import Rule, called, rule, timelines, way
from schedlint.diagnostics import Finding, Severity
from schedlint.knowledge.schema import StepArgument, Style
from schedlint.remedies import Remedy
from schedlint.timeline.positions import ahead
from schedlint.timeline.reading import Reading
from schedlint.timeline.senses import is_count, is_metric
from schedlint.timeline.step_calls import POSITION, StepCall, step_calls, written


@rule(
    code="LRS603",
    name="deprecated-step-epoch",
    summary="`step()` is given the number of the epoch, which is deprecated and makes torch warn every time.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    help="call `scheduler.step()` without an argument once per epoch, behind the optimizer's steps",
)
def deprecated_step_epoch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every call of `step()` with a position on a class that deprecates it, or has no such parameter."""
    for call in step_calls(reading):
        argument = call.argument(POSITION)
        if argument is None or call.table.step not in (StepArgument.EPOCH, StepArgument.NONE):
            continue
        if is_metric(argument) and call.is_mixed(reading) and not call.unguarded:
            continue  # it is meant for another scheduler
        if call.table.abstract and (is_metric(argument) or not is_count(argument)):
            continue  # the class may be one that takes a metric
        fails = call.table.step is StepArgument.NONE
        yield self.finding(
            refused(call) if fails else f"{protest(call, written(argument))}; {meaning(reading, call)}",
            call.step.place,
            about=call.scheduler,
            related=way(call.step),
            confidence=call.confidence,
            condition=call.step.condition,
            severity=Severity.ERROR if fails else None,
            call=call.step.place,
            remedy=remedy(reading, call),
        )


def remedy(reading: Reading, call: StepCall) -> Remedy | None:
    """`step()`, where that is as many steps: the position is the counter of the loop around it."""
    if not call.step.loops or not reading.timeline.follows(call.step, call.step.loops[-1]):
        return None
    return without_argument(reading, call.step, call.scheduler, "call `step()` without an argument")


def refused(call: StepCall) -> str:
    """What a class does that knows no position."""
    return f"`step()` of `{called(call.scheduler)}` takes no argument: the call raises TypeError"


def protest(call: StepCall, given: str) -> str:
    """What every class does that still takes one."""
    return f"`{given}` is given to `step()` of `{called(call.scheduler)}` as a position: torch warns on every call"


def meaning(reading: Reading, call: StepCall) -> str:
    """What the position does to the learning rate."""
    if call.own and not call.table.closed_form and call.table.style is Style.RECURSIVE:
        return (
            "this class has no formula for a position, and multiplies the learning rate once more, whichever is given"
        )
    by = ahead(reading, call.scheduler, call.step) if call.own else None
    if by is None:
        return "the learning rate becomes that of the position, however many steps were taken"
    if by == 0:
        return "here the learning rate is the right one"
    if by > 0:
        return f"it is {by} ahead of the epoch that is trained next: the first learning rate is not used"
    return f"it is {-by} behind the epoch that is trained next: the first learning rate is used for {1 - by} epochs"
