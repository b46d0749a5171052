"""LRS701: a number of steps that is a string or a fraction, which the count of steps is never equal to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from schedlint.checks.mending import position_of
from schedlint.checks.rule import Rule, called, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.knowledge.schema import Scheduler
from schedlint.remedies import Remedy, WrapArgument
from schedlint.timeline.misfits import Kind, Misfit, misfits
from schedlint.timeline.model import Bound, Object
from schedlint.timeline.quantity import Items, Symbol, spelled
from schedlint.timeline.reading import Reading

LATENT = (Kind.TYPED, Kind.DIVIDED)
MOST_POINTS = 3
MOST_STEPS = 10**6
"""A decay that comes later than this never comes."""


@rule(
    code="LRS701",
    name="milestones-not-integers",
    summary="A number of steps is a string or a fraction, which the count of steps is never equal to.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="give whole numbers: `int(...)` around what is computed, `type=int` for an option",
)
def milestones_not_integers(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every argument that is compared with the count of steps, and that may never be equal to it."""
    for about in reading.timeline.schedulers():
        table = reading.table(about.id)
        for bound in about.arguments if table is not None else ():
            if table is None or bound.parameter not in table.integral:
                continue
            wrong = worst(bound)
            if not wrong:
                continue
            several = Confidence.LIKELY if len(bound.values) > 1 else Confidence.CERTAIN
            yield self.finding(
                f"`{called(about)}` {effect(table, bound, wrong)}",
                about.place,
                about=about,
                related=stated(wrong),
                confidence=least(about.confidence, several, certainty(wrong)),
                condition=about.condition,
                severity=Severity.WARNING if wrong[0].kind in LATENT else Severity.ERROR,
                remedy=remedy(table, about, bound, wrong),
            )


def worst(bound: Bound) -> tuple[Misfit, ...]:
    """What is wrong with one of the values that an argument may have: rather what is so than what may be."""
    found = [misfits(value) for value in bound.values]
    sure = [tuple(each for each in wrong if each.kind not in LATENT) for wrong in found]
    return next(filter(None, (*sure, *found)), ())


def certainty(wrong: tuple[Misfit, ...]) -> Confidence:
    """A default may be overridden, and what is not known may be divisible."""
    sure = wrong[0].kind not in LATENT and wrong[0].source is None
    return Confidence.CERTAIN if sure else Confidence.LIKELY


def effect(table: Scheduler, bound: Bound, wrong: tuple[Misfit, ...]) -> str:
    """What becomes of the schedule."""
    first = wrong[0]
    if first.kind in (Kind.TEXT, Kind.TYPED) and (bound.parameter in table.recurring or table.children):
        return f"raises TypeError when it is stepped{given(first)}: its `{bound.parameter}` {is_text(first)}"
    if bound.parameter in table.recurring and isinstance(first.value, float):
        return (
            f"{rhythm(first.value)}, as only multiples of {first.value!r} that are whole numbers count{default(first)}"
        )
    if first.kind is Kind.TYPED:
        return f"never {does(table)}{given(first)}: its `{bound.parameter}` {is_text(first)}"
    if first.kind is Kind.TEXT:
        never = f"never {does(table)}: its `{bound.parameter}` {is_text(first)}"
        return f"{never}, which the count of steps never equals{default(first)}"
    return f"{broken(table, bound, wrong)}: the count of steps is a whole number{default(first)}"


def broken(table: Scheduler, bound: Bound, wrong: tuple[Misfit, ...]) -> str:
    """What does not happen at a fraction of a step."""
    points = " and ".join(dict.fromkeys(point(each) for each in wrong[:MOST_POINTS]))
    unless = " unless that is a whole number" if wrong[0].kind is Kind.DIVIDED else ""
    if bound.parameter in table.recurring:
        return f"decays at multiples of {points} alone that are whole numbers"
    return f"never {does(table)} at {points}{unless}"


def does(table: Scheduler) -> str:
    """What a schedule does where the count of steps is equal to what it is compared with."""
    if table.children:
        return "begins the next schedule from its own start"
    return "decays" if table.drop else "lifts its factor"


def point(wrong: Misfit) -> str:
    """A number of steps in words."""
    return f"`{spelled(wrong.quantity)}`" if wrong.value is None else repr(wrong.value)


def rhythm(size: float) -> str:
    """When a schedule decays that decays wherever the count of steps is a multiple of a broken number."""
    period = abs(Fraction(size).numerator)
    if period > MOST_STEPS:
        return "never decays"
    return "decays at every step" if period == 1 else f"decays every {period} steps"


def is_text(wrong: Misfit) -> str:
    """What stands there in place of a number."""
    if wrong.kind is Kind.TYPED and wrong.source is not None and wrong.source.text is not None:
        return f"is then {wrong.source.text.value}"
    if isinstance(wrong.quantity, Symbol) and wrong.value is None and wrong.quantity.text is not None:
        return f"is {wrong.quantity.text.value}"
    return f"holds {wrong.value!r}, a string"


def given(wrong: Misfit) -> str:
    """Under which circumstances it is a string."""
    return f" where `{wrong.source.name}` is given" if wrong.kind is Kind.TYPED and wrong.source is not None else ""


def default(wrong: Misfit) -> str:
    """From where a value comes that is not written there."""
    return f" (`{spelled(wrong.quantity)}` by default)" if wrong.source is not None else ""


def stated(wrong: tuple[Misfit, ...]) -> Iterator[Related]:
    """Where the options are declared."""
    for source in dict.fromkeys(each.source for each in wrong):
        if source is not None and source.place is not None:
            yield Related(f"`{source.name}` is declared here", source.place)


def remedy(table: Scheduler, about: Object, bound: Bound, wrong: tuple[Misfit, ...]) -> Remedy | None:
    """Whole numbers of what is computed; a share of the whole training, below 1, is none of anything."""
    shares = any(isinstance(each.value, float) and abs(each.value) < 1 for each in wrong)
    words = any(each.kind is Kind.TEXT and not str(each.value).isdecimal() for each in wrong)
    if shares or words or wrong[0].kind is Kind.TYPED or len(bound.values) > 1:
        return None
    listed = isinstance(bound.values[0], Items)
    change = WrapArgument(about.place, bound.parameter, "int({})", position_of(table, bound.parameter), each=listed)
    return Remedy("take whole numbers: `int(...)`", (change,))
