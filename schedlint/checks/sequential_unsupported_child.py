"""LRS715: a sequence comes to a scheduler that does not begin anew."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.consequences import many
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import InTurn
from schedlint.timeline.arithmetic import number
from schedlint.timeline.composites import sequences
from schedlint.timeline.handovers import Handover, handovers
from schedlint.timeline.reading import Reading


@rule(
    code="LRS715",
    name="sequential-unsupported-child",
    summary="A scheduler in a sequence does not begin with the learning rate that it would begin with alone.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="let the sequence come only to schedules that begin with the learning rate that the optimizer was given",
)
def sequential_unsupported_child(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler in a sequence that takes over at a wrong learning rate, or cannot."""
    for sequence, turns in sequences(reading):
        for found in handovers(reading, turns):
            yield self.finding(
                f"in `{called(sequence)}`, {consequence(reading, found)}",
                sequence.place,
                about=sequence,
                related=[
                    Related(f"`{called(each)}` is built here", each.place) for each in (found.before, found.taker)
                ],
                confidence=least(found.confidence, found.taker.confidence, sequence.confidence),
                condition=sequence.condition,
                severity=Severity.ERROR if found.how is InTurn.FAILS else Severity.WARNING,
            )


def consequence(reading: Reading, found: Handover) -> str:
    """Which learning rate there is instead of the one that was meant."""
    taker, before = called(found.taker), called(found.before)
    match found.how:
        case InTurn.FAILS:
            return f"the turn of `{taker}` cannot begin: {call(found)} raises NotImplementedError"
        case InTurn.ONWARD:
            left = amount(found.reached, found.given)
            return f"`{taker}` goes on from the learning rate that `{before}` leaves, {left}, and multiplies that"
        case InTurn.OWN:
            return (
                f"`{taker}` begins with a rate of its own, so the learning rate falls from {found.reached:.3g}, where"
                f" `{before}` has brought it, to {found.own:.3g}"
            )
        case _:
            return f"`{taker}` {rebased(reading, found)}: {instead(found)}"


def call(found: Handover) -> str:
    """The call of `step()` that ends the turn before."""
    steps = number(found.begins)
    return (
        f"the call of `step()` at its milestone {many(found.begins)}"
        if steps is None
        else f"call {steps:g} of `step()`"
    )


def amount(reached: float | None, given: float | None) -> str:
    """A learning rate, or a part of one."""
    return (
        f"{reached:.3g} instead of {given:g}" if given is not None else f"{reached:.3g} of what the optimizer was given"
    )


def rebased(reading: Reading, found: Handover) -> str:
    """Which rate all schedulers in the sequence begin with."""
    table = reading.table(found.taker.id)
    parts = [] if table is None else [table.construction.parameter, table.construction.divisor]
    rate = f"`{' / '.join(filter(None, parts))}`" + ("" if found.own is None else f", {found.own:.3g},")
    return f"makes {rate} the learning rate that the whole sequence begins with"


def instead(found: Handover) -> str:
    """What that does to the one before."""
    given = "the one that the optimizer was given" if found.given is None else f"{found.given:g}"
    return f"`{called(found.before)}` runs on that instead of {given}"
