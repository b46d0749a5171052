"""LRS409: building a scheduler replaces the momentum or the learning rate that its optimizer was given."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.beginnings import Momentum, Unused, momentum_set, rate_unused
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading


@rule(
    code="LRS409",
    name="one-cycle-overrides-optimizer",
    summary="Building the scheduler replaces the momentum or the learning rate that the optimizer was given.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    default=False,
    help="give both the same learning rate, and the optimizer its momentum, or pass `cycle_momentum=False`",
)
def one_cycle_overrides_optimizer(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that cycles the momentum of an optimizer which was built without any, or that never uses the
    learning rate which its optimizer was given.
    """
    for scheduler in reading.timeline.schedulers():
        momentum, unused = momentum_set(reading, scheduler), rate_unused(reading, scheduler)
        if momentum is not None:
            yield overridden(self, scheduler, momentum.optimizer, cycled(scheduler, momentum), Severity.WARNING)
        elif unused is not None:
            yield overridden(self, scheduler, unused.optimizer, replaced(scheduler, unused), Severity.INFO)


def overridden(rule: Rule, scheduler: Object, optimizer: Object, message: str, severity: Severity) -> Finding:
    """The finding about a scheduler that replaces what its optimizer was given."""
    return rule.finding(
        message,
        scheduler.place,
        about=scheduler,
        related=[Related("the optimizer is built here", optimizer.place)],
        confidence=least(scheduler.confidence, optimizer.confidence),
        condition=scheduler.condition,
        severity=severity,
    )


def cycled(scheduler: Object, found: Momentum) -> str:
    """What is said of a momentum that was not asked for."""
    value = "" if found.value is None else f" to {found.value:g}"
    return (
        f"`{called(found.optimizer)}` is built without momentum, but building `{called(scheduler)}` sets it{value} and"
        " cycles it from then on"
    )


def replaced(scheduler: Object, found: Unused) -> str:
    """What is said of a learning rate that is never used."""
    return (
        f"the learning rate {found.given:g} that `{called(found.optimizer)}` is given is never used: building"
        f" `{called(scheduler)}` sets it to {found.begun:g}, and the schedule is made of its own numbers"
    )
