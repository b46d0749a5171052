"""LRS716: a function falls below zero, as more steps are taken than it was made for."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.factors import are_factors, factor, functions, goes_below, is_complex
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Curve
from schedlint.timeline.reading import CountReading, Reading


@rule(
    code="LRS716",
    name="lambda-lr-unclamped",
    summary="The function of the schedule falls below zero before the run is over.",
    severity=Severity.INFO,
    since="0.1.0",
    over=timelines,
    default=False,
    help="keep the factor at zero with `max(0, ...)`, or make the function for as many steps as are taken",
)
def lambda_lr_unclamped(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler whose functions are factors of the learning rate, and one of which is negative, or no number, in
    a round of training after a step.
    """
    for scheduler in reading.timeline.schedulers():
        table = reading.table(scheduler.id)
        if table is None or not are_factors(table):
            continue
        given = list(functions(table, scheduler))
        for count in reading.counts_of(scheduler.id) if len(given) == 1 else ():
            taken = known(count.exact)
            for curve, below in ends(given[0], taken):
                fails = is_complex(curve, below)
                yield self.finding(
                    message(scheduler, curve, below, taken),
                    scheduler.place,
                    about=scheduler,
                    confidence=sureness(scheduler, count, taken),
                    condition=count.condition or scheduler.condition,
                    severity=Severity.ERROR if fails else Severity.INFO,
                )


def ends(curves: tuple[Curve, ...], taken: Known | None) -> Iterator[tuple[Curve, int]]:
    """The first function that falls below zero within so many steps, and the step at which it does."""
    for curve in curves if taken is not None and taken.number is not None and taken.number > 1 else ():
        below = goes_below(curve, int(taken.number or 0)) if taken is not None else None
        if below is not None:
            yield curve, below
            return


def sureness(scheduler: Object, count: CountReading, taken: Known | None) -> Confidence:
    """How sure it is that so many steps are taken."""
    return least(scheduler.confidence, count.confidence, Confidence.POSSIBLE if taken is None else taken.confidence)


def message(scheduler: Object, curve: Curve, below: int, taken: Known | None) -> str:
    """What happens after the step at which the function falls below zero."""
    after = f"after {below} steps" if taken is None else f"after {below} steps (of {taken.said()})"
    if is_complex(curve, below):
        return (
            f"{after} the function that `{called(scheduler)}` is given takes a root of a negative number: the learning"
            " rate is a complex number, and the optimizer's next step raises RuntimeError"
        )
    value = factor(curve, below)
    return (
        f"{after} the function that `{called(scheduler)}` is given is negative"
        f"{'' if value is None else f' ({value:.2g})'}: each update then goes up the gradient"
    )
