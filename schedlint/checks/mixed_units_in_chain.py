"""LRS714: schedulers that take the same steps were written in different units."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import counted
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.timeline.mixtures import Mixture, Overtaken, mixture, overtaken
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Items, spelled
from schedlint.timeline.reading import Cadence, HorizonReading, Reading

CONSEQUENCES = {
    Cadence.BATCH: "stepped once per batch, what was to take {epochs} epochs takes {epochs} batches",
    Cadence.UPDATE: "stepped once per update, what was to take {epochs} epochs takes {epochs} updates",
    Cadence.EPOCH: "stepped once per epoch, what was to take {batches} {unit} takes {batches} epochs",
}
OTHERWISE = "one `step()` moves both on, so one of them is wrong however often it is called"


@rule(
    code="LRS714",
    name="mixed-units-in-chain",
    summary="Of schedulers that are stepped together one counts epochs and another one batches.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="write all of them, and the milestones, in the unit in which the composite is stepped",
)
def mixed_units_in_chain(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every composite scheduler in which units differ, or in which a decay is over before the warm-up beside it is."""
    for composite in reading.timeline.schedulers():
        found = mixture(reading, composite)
        early = next(overtaken(reading, composite), None)
        if found is not None:
            yield self.finding(
                f"in `{called(composite)}`, {side(reading, found.epochs, composite)} and"
                f" {side(reading, found.batches, composite)}: {consequence(reading, composite, found)}",
                composite.place,
                about=composite,
                related=[*evidence(found.epochs.evidence), *evidence(found.batches.evidence)],
                confidence=least(found.confidence, composite.confidence),
                condition=composite.condition,
            )
        elif early is not None:
            yield self.finding(
                outrun(early),
                composite.place,
                about=composite,
                related=[
                    Related(f"`{called(each)}` is built here", each.place)
                    for each in (early.warm_up.scheduler, early.decay)
                ],
                confidence=least(Confidence.LIKELY, early.confidence, composite.confidence),
                condition=composite.condition,
            )


def side(reading: Reading, horizon: HorizonReading, composite: Object) -> str:
    """What counts in which unit."""
    thing = reading.timeline.object(horizon.object)
    subject = "the milestones count" if thing == composite else f"`{called(thing)}` counts"
    return f"{subject} {horizon.unit.value} ({counted(horizon, composite.place)})"


def consequence(reading: Reading, composite: Object, found: Mixture) -> str:
    """What becomes of the one that is in another unit than the steps."""
    rhythms = {each.cadence for each in reading.cadences_of(composite.id) if each.confidence is not Confidence.POSSIBLE}
    text = CONSEQUENCES.get(rhythms.pop()) if len(rhythms) == 1 else None
    if text is None or found.epochs.quantity is None or found.batches.quantity is None:
        return OTHERWISE
    return text.format(epochs=length(found.epochs), batches=length(found.batches), unit=found.batches.unit.value)


def length(horizon: HorizonReading) -> str:
    """The length of a schedule, for a message."""
    if horizon.amount is not None:
        return f"{horizon.amount:g}"
    match horizon.quantity:
        case None:
            return "as many"
        case Items(items=(single,)):
            return f"`{spelled(single)}`"
        case several:
            return f"`{spelled(several)}`"


def outrun(early: Overtaken) -> str:
    """A decay that is over before the warm-up is."""
    warm_up, decay = called(early.warm_up.scheduler), called(early.decay)
    return (
        f"`{warm_up}` warms up over {early.steps:g} steps, and `{decay}` takes the same steps: {early.left:.2g} of the"
        " learning rate is left when the warm-up ends, so the two cannot count the same"
    )
