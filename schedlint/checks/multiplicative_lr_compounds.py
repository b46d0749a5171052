"""LRS707: the function of a schedule that multiplies at every step is a whole course, which is multiplied up."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.factors import are_multiplied, compounded, functions, is_course, source
from schedlint.timeline.given_rates import known_rates
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Curve, spelled
from schedlint.timeline.reading import Reading

STEPS = (20, 100)


@rule(
    code="LRS707",
    name="multiplicative-lr-compounds",
    summary="The function gives a factor for the whole course, and the schedule multiplies it up at every step.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="use a schedule whose function is a factor of the optimizer's learning rate, or give the factor of one step",
)
def multiplicative_lr_compounds(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that multiplies the learning rate in use by a function which rises or falls with each step."""
    for scheduler in reading.timeline.schedulers():
        table, horizon = reading.table(scheduler.id), reading.horizon(scheduler.id)
        if table is None or not are_multiplied(table):
            continue
        given = list(functions(table, scheduler))
        amount = None if horizon is None else horizon.amount
        wrong = [curve for curves in given for curve in curves if is_course(curve, amount)]
        for curve in wrong[:1]:
            yield self.finding(
                message(reading, scheduler, curve, may=len(given) > 1),
                scheduler.place,
                about=scheduler,
                confidence=least(scheduler.confidence, Confidence.CERTAIN if len(given) == 1 else Confidence.LIKELY),
                condition=scheduler.condition,
            )


def message(reading: Reading, scheduler: Object, curve: Curve, *, may: bool) -> str:
    """What the schedule does with the function."""
    return (
        f"`{called(scheduler)}` {'may multiply' if may else 'multiplies'} the learning rate in use by"
        f" `{spelled(curve)}` at every step, and the factors compound{after(reading, scheduler, curve)}"
    )


def after(reading: Reading, scheduler: Object, curve: Curve) -> str:
    """Where the learning rate is after some steps, and where the function says that it would be."""
    rates = {rate.number for rate in known_rates(reading, scheduler) or () if rate.source is None}
    base = rates.pop() if len(rates) == 1 else None
    for steps in STEPS:
        found = compounded(curve, steps)
        if found is not None and f"{found[0]:.2g}" != f"{found[1]:.2g}":
            at, meant = (value * (1 if base is None else base) for value in found)
            what = "times the first one" if base is None else ""
            default = source(curve)
            by = "" if default is None else f", with the default of `{default.name}`"
            return f": after {steps} steps it is {at:.2g}{' ' + what if what else ''}, not {meant:.2g}{by}"
    return ""
