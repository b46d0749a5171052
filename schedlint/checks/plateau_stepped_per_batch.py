"""LRS105: a scheduler that reacts to a metric is given the loss of every single batch, which is mostly noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from schedlint.checks.mismatch import FINER, TOO_OFTEN, because
from schedlint.checks.rule import Rule, called, evidence, least, rule, timelines, way
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.timeline.arithmetic import defaulted, number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.measured import is_batch_loss
from schedlint.timeline.positions import epochs_around
from schedlint.timeline.reading import CadenceReading, Reading

LONG = 100
"""Whoever waits so many steps knows that they are batches."""


class Wait(NamedTuple):
    """How many steps without a better metric a scheduler lets pass, at most, and how sure that is."""

    patience: float
    confidence: Confidence


@rule(
    code="LRS105",
    name="plateau-stepped-per-batch",
    summary="A scheduler that reacts to a metric is given the loss of every single batch, whose noise it takes for a "
    "plateau.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=timelines,
    help="step the scheduler once per epoch, with the loss on validation data or the mean loss of the epoch",
)
def plateau_stepped_per_batch(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that waits for a better metric and is given the loss of the batch, at every step that is taken
    many times per epoch.
    """
    for cadence in reading.cadences:
        wait = short_wait(reading, cadence)
        if wait is None or not is_given_batch_loss(reading, cadence):
            continue
        event, about = reading.timeline.event(cadence.event), reading.timeline.object(cadence.object)
        steps = TOO_OFTEN[cadence.cadence]
        yield self.finding(
            f"`{called(about)}` is given the loss of a single batch and steps {cadence.cadence.value}"
            f"{because(cadence, event.place)}: it waits {wait.patience:g} {steps} and not epochs, so the noise of the "
            f"loss looks like a plateau, and {falls(reading, cadence)} each time {wait.patience + 1:g} {steps} in a "
            "row bring no new best",
            event.place,
            about=about,
            related=[*evidence(cadence.evidence), *way(event)],
            confidence=least(wait.confidence, cadence.confidence, about.confidence, event.confidence),
            condition=event.condition,
        )


def short_wait(reading: Reading, cadence: CadenceReading) -> Wait | None:
    """How long a scheduler waits that reacts to a metric; None for any other one, and where it is long, not known or
    said to be in batches.
    """
    table, about = reading.table(cadence.object), reading.timeline.object(cadence.object)
    horizon = reading.horizon(cadence.object)
    if table is None or not table.patience or horizon is None or horizon.unit in FINER:
        return None
    lengths = [argument(table, about, parameter) for parameter in table.recurring]
    usual = [number(defaulted(length)) for length in lengths]
    patience = number(defaulted(argument(table, about, table.patience)))
    if patience is None or any(length is None or length >= LONG for length in usual):
        return None
    written = all(number(length) is not None for length in lengths)
    return Wait(patience, Confidence.CERTAIN if written else Confidence.LIKELY)


def is_given_batch_loss(reading: Reading, cadence: CadenceReading) -> bool:
    """Whether this step is taken many times in each of several epochs, with the loss of the batch at hand."""
    timeline = reading.timeline
    event, about = timeline.event(cadence.event), timeline.object(cadence.object)
    return (
        cadence.cadence in TOO_OFTEN
        and cadence.confidence is not Confidence.POSSIBLE
        and epochs_around(reading, about, event) is not None
        and is_batch_loss(timeline, event, cadence.loop)
    )


def falls(reading: Reading, cadence: CadenceReading) -> str:
    """What happens to the learning rate at each decay."""
    table = reading.table(cadence.object)
    drop = None if table is None else number(argument(table, reading.timeline.object(cadence.object), table.drop))
    return "the learning rate falls" + ("" if drop is None else f" to {drop:g} times its value")
