"""LRS103: gradients are accumulated, and a schedule counts batches where it steps once per update, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import beyond
from schedlint.checks.mismatch import counted, graded
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.accumulation import Unequal, unequal
from schedlint.timeline.arithmetic import number
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Reading


@rule(
    code="LRS103",
    name="horizon-ignores-gradient-accumulation",
    summary="Gradients are accumulated, and the schedule counts batches but steps once per update, or the reverse.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="step the scheduler with the optimizer, and divide the length of the schedule by the batches per update",
)
def horizon_ignores_accumulation(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every step at the pace of the optimizer, or past it, whose schedule has its length in the other unit."""
    for found in unequal(reading):
        event, about = reading.timeline.event(found.cadence.event), reading.timeline.object(found.cadence.object)
        confidence = least(found.confidence, about.confidence, event.confidence)
        at = where(found.guard.place, event.place)
        units = ("batches", "update") if found.late else ("updates", "batch")
        yield self.finding(
            f"`{called(about)}` counts {units[0]} ({counted(found.horizon, event.place)}) but steps once per {units[1]}"
            f", and the optimizer waits for `{waited(found)}`{at and f' ({at})'}: {consequence(reading, found)}",
            event.place,
            about=about,
            related=[
                Related("the optimizer is stepped here", found.update.place),
                *evidence((*found.horizon.evidence, *found.cadence.evidence)),
                *way(event),
            ],
            confidence=confidence,
            condition=event.condition,
            severity=graded(confidence),
        )


def consequence(reading: Reading, found: Unequal) -> str:
    """What happens to the learning rate."""
    symbol = number(found.period) is None
    many = f"`{spelled(found.period)}`" if symbol or found.factor is None else f"{found.factor:g}"
    if found.horizon.recurs:
        return f"every change of the learning rate comes {many} times as {'late' if found.late else 'early'} as written"
    share = many_th(found, many, symbol=symbol)
    if found.late:
        return f"one of {many} of its steps is taken, and the schedule is {share} of the way when the training ends"
    return f"the schedule is over {share} of the way through the training{beyond(reading.table(found.cadence.object))}"


def many_th(found: Unequal, many: str, *, symbol: bool) -> str:
    """The share that is one of so many."""
    if found.factor is None:
        return f"1/{many} (with 8: 12.5%)"
    share = f"{100 / found.factor:.3g}%"
    return f"1/{many} ({share} by default)" if symbol else share


def waited(found: Unequal) -> str:
    """The test that the optimizer waits for."""
    return f"not ({found.guard.text})" if found.guard.denied else found.guard.text
