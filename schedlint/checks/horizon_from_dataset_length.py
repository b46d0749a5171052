"""LRS718: a schedule that is stepped per batch was made as long as the dataset."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Finding, Severity
from schedlint.timeline.oversized import Oversized, oversized
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import Reading


@rule(
    code="LRS718",
    name="horizon-from-dataset-length",
    summary="A schedule has a step for each sample of the dataset, but a step is taken for each batch.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="count the batches: the length of the data loader, not of its dataset",
)
def horizon_from_dataset_length(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every schedule that is as long as the dataset and is stepped once per batch."""
    for found in oversized(reading):
        step, about = reading.timeline.event(found.cadence.event), found.scheduler
        yield self.finding(
            f"`{called(about)}` is given `{spelled(found.length)}` steps, one for each sample, but steps"
            f" {found.cadence.cadence.value} of {batch(found)}: {consequence(found)}",
            about.place,
            about=about,
            related=[*evidence(found.cadence.evidence), *way(step)],
            confidence=least(found.confidence, about.confidence, step.confidence),
            condition=step.condition,
        )


def batch(found: Oversized) -> str:
    """The size of a batch."""
    if found.size is None or found.size.number is None:
        return f"`{spelled(found.batching.size)}` samples"
    by_default = "" if found.size.source is None else f" (the default of `{found.size.source.name}`)"
    return f"{found.size.number:g} samples{by_default}"


def consequence(found: Oversized) -> str:
    """How much too long the schedule is."""
    if found.size is None or not found.size.number:
        return f"it takes `{spelled(found.batching.size)}` times as many epochs as was meant"
    too_long = f"it takes {found.size.number:g} times as many epochs as was meant"
    end = f", so the training ends {100 / found.size.number:.2g}% of the way through it" if found.whole else ""
    return too_long + end
