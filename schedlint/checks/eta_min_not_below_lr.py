"""LRS710: the learning rate that a schedule goes down to is not below the one that it starts from."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.given_rates import goes_on, known_rates, starts_there
from schedlint.timeline.known import Known, known
from schedlint.timeline.model import Object
from schedlint.timeline.reading import Reading


@rule(
    code="LRS710",
    name="eta-min-not-below-lr",
    summary="The learning rate that the schedule is to go down to is not below the one that it starts from.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give a learning rate below the one of the optimizer; it is no factor of it",
)
def eta_min_not_below_lr(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler whose lowest learning rate is no lower than any that its optimizer was given, if it is the only
    one or the last.
    """
    for scheduler in reading.timeline.schedulers():
        table = reading.table(scheduler.id)
        if table is None or not table.floor or goes_on(reading, scheduler) or not starts_there(table, scheduler):
            continue
        rates = known_rates(reading, scheduler)
        bound = next((each for each in scheduler.arguments if each.parameter == table.floor), None)
        floors = [known(value) for value in bound.values] if bound is not None else []
        for floor in floors:
            if rates is not None and floor is not None and is_above_all(floor, rates):
                several = Confidence.CERTAIN if len(floors) == 1 else Confidence.LIKELY
                yield self.finding(
                    message(scheduler, table.floor, floor, rates, may=len(floors) > 1),
                    scheduler.place,
                    about=scheduler,
                    related=[
                        Related("the optimizer is built here", reading.timeline.object(id).place)
                        for id in scheduler.optimizers
                    ],
                    confidence=least(
                        scheduler.confidence, floor.confidence, several, *(rate.confidence for rate in rates)
                    ),
                    condition=scheduler.condition,
                )


def is_above_all(floor: Known, rates: tuple[Known, ...]) -> bool:
    """Whether a floor is no lower than any of these learning rates."""
    if floor.number is None or floor.number <= 0:
        return False
    return all(rate.number is not None and rate.number <= floor.number for rate in rates)


def message(scheduler: Object, parameter: str, floor: Known, rates: tuple[Known, ...], *, may: bool) -> str:
    """Where the learning rate goes."""
    rate = max(rates, key=lambda each: each.number or 0)
    begin = f"`{called(scheduler)}` {'may be' if may else 'is'} given `{parameter}` = {floor.said()}"
    if rate.number == floor.number:
        return f"{begin}, which is the learning rate of the optimizer: the schedule never changes it"
    return (
        f"{begin}, above the learning rate of the optimizer ({rate.said()}): the schedule raises it to {floor.number:g}"
        " instead of lowering it"
    )
