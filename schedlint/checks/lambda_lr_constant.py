"""LRS705: the function of a schedule gives the same factor at every step, so that the learning rate never changes."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.factors import are_factors, constant, functions
from schedlint.timeline.given_rates import is_alone, known_rates
from schedlint.timeline.known import Known
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading


@rule(
    code="LRS705",
    name="lambda-lr-constant",
    summary="The function of the schedule gives the same factor at every step, and the learning rate never changes.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="use a schedule that multiplies the learning rate in use at every step, or let the function use its parameter",
)
def lambda_lr_constant(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler by itself whose functions are factors of the learning rate that the optimizer was given, and all
    of which give the same number, other than 1, whatever the step.
    """
    for scheduler in reading.timeline.schedulers():
        table = reading.table(scheduler.id)
        if table is None or not are_factors(table) or not is_alone(reading, scheduler):
            continue
        given = [constant(curves) for curves in functions(table, scheduler)]
        for factor in given:
            if factor is not None and factor.number != 1:
                several = Confidence.CERTAIN if len(given) == 1 else Confidence.LIKELY
                yield self.finding(
                    message(reading, scheduler, factor, may=len(given) > 1),
                    scheduler.place,
                    about=scheduler,
                    confidence=least(scheduler.confidence, factor.confidence, several),
                    condition=scheduler.condition,
                )


def message(reading: Reading, scheduler: Object, factor: Known, *, may: bool) -> str:
    """What becomes of the learning rate."""
    rates = known_rates(reading, scheduler) or ()
    numbers = {rate.number for rate in rates if rate.number is not None}
    stays = f", {numbers.pop() * (factor.number or 0):g}," if len(numbers) == 1 else ""
    return (
        f"the function that `{called(scheduler)}` {'may be' if may else 'is'} given is {factor.said()}, whatever the"
        f" step: the learning rate is this times the one of the optimizer{stays} from the first step to the last"
    )
