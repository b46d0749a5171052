"""LRS706: a learning rate is given where a factor of the learning rate is meant, so that it is multiplied twice."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.timeline.factors import are_factors, functions, is_the_rate, named_rate, peak, source
from schedlint.timeline.given_rates import single_rates
from schedlint.timeline.known import known
from schedlint.timeline.model import Object
from schedlint.timeline.names import is_rate
from schedlint.timeline.quantity import Curve, Quantity, Symbol, spelled
from schedlint.timeline.reading import Reading


@rule(
    code="LRS706",
    name="absolute-lr-as-factor",
    summary="A learning rate is given where the schedule wants a factor of the optimizer's learning rate.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="give the factor alone, which is 1 for the learning rate of the optimizer, or build the optimizer with `lr=1`",
)
def absolute_lr_as_factor(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler given a function, or a factor, that is the learning rate of its optimizer, if all parameter
    groups have that one.
    """
    for scheduler in reading.timeline.schedulers():
        table, rates = reading.table(scheduler.id), single_rates(reading, scheduler)
        if table is None or rates is None:
            continue
        found = [*of_functions(table, scheduler, rates), *of_factors(table, scheduler, rates)]
        for message, confidence in found[:1]:
            yield self.finding(
                message,
                scheduler.place,
                about=scheduler,
                related=[
                    Related("the optimizer is built here", reading.timeline.object(id).place)
                    for id in scheduler.optimizers
                ],
                confidence=least(scheduler.confidence, confidence),
                condition=scheduler.condition,
            )


def of_functions(table: Scheduler, scheduler: Object, rates: tuple[Quantity, ...]) -> Iterator[tuple[str, Confidence]]:
    """What is said of functions that give the learning rate."""
    given = list(functions(table, scheduler)) if are_factors(table) else []
    for curves in given:
        wrong = [curve for curve in curves if all(is_the_rate(curve, rate) for rate in rates)]
        if wrong:
            alone = len(given) == 1
            yield (
                f"the function that `{called(scheduler)}` {'is' if alone else 'may be'} given gives a learning rate and"
                f" no factor of one: multiplied by the optimizer's{comes_out(wrong[0], rates[0])}",
                Confidence.CERTAIN if alone else Confidence.LIKELY,
            )


def comes_out(curve: Curve, rate: Quantity) -> str:
    """What the learning rate is in the end, as far as that is known."""
    top, value = peak(curve), known(rate)
    if top is None or value is None or value.number is None:
        return ", it comes out as the square of what was meant"
    default = value.source or source(curve)
    by = "" if default is None else f", with the default of `{default.name}`"
    return f" {value.number:g}, it comes out as {top * value.number:.3g} at most{by}"


def of_factors(table: Scheduler, scheduler: Object, rates: tuple[Quantity, ...]) -> Iterator[tuple[str, Confidence]]:
    """What is said of arguments that are the learning rate, or are named for one."""
    factors = table.ramp.factors if table.ramp is not None else ()
    for bound in scheduler.arguments:
        if bound.parameter in factors and len(bound.values) == 1 and is_a_rate(bound.values[0], rates):
            value = bound.values[0]
            yield (
                f"`{bound.parameter}={spelled(value)}` is a learning rate, and `{called(scheduler)}` multiplies the one"
                f" of the optimizer by it{becomes(value, rates[0])}",
                Confidence.CERTAIN if named_rate(rates[0]) == value else Confidence.LIKELY,
            )


def becomes(value: Quantity, rate: Quantity) -> str:
    """What a factor makes of a learning rate, where both are known."""
    factor, before = known(value), known(rate)
    if factor is None or before is None or factor.number is None or before.number is None:
        return ""
    default = before.source or factor.source
    by = "" if default is None else f", with the default of `{default.name}`"
    return f": {before.number:g} becomes {factor.number * before.number:.3g}{by}"


def is_a_rate(value: Quantity, rates: tuple[Quantity, ...]) -> bool:
    """Whether a factor is the very symbol that the learning rate is, or one named for a learning rate; where that is 1
    everything is right.
    """
    found = [known(rate) for rate in rates]
    if not isinstance(value, Symbol) or any(each is not None and each.number == 1 for each in found):
        return False
    return is_rate(value.name) or all(named_rate(rate) == value for rate in rates)
