"""What the rules about cadence against unit share: the finding, how it is graded, and the evidence of both sides."""

from __future__ import annotations

from schedlint.checks.rule import Rule, evidence, least, way, where
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.place import Place
from schedlint.remedies import Remedy
from schedlint.timeline.conditions import contradicts
from schedlint.timeline.model import Timeline
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import PRODUCT, Cadence, CadenceReading, Evidence, HorizonReading, Reading, Unit

TOO_OFTEN = {Cadence.BATCH: "batches", Cadence.UPDATE: "updates"}
"""Cadences of many steps per epoch, and what they count."""

FINER = frozenset({Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS})
"""Units of which there are many in an epoch."""


def is_too_often(timeline: Timeline, cadence: CadenceReading, horizon: HorizonReading) -> bool:
    """Whether a schedule in epochs is moved on by this step, which is taken many times per epoch."""
    event = timeline.event(cadence.event)
    return (
        cadence.cadence in TOO_OFTEN
        and horizon.unit is Unit.EPOCHS
        and Confidence.POSSIBLE not in (horizon.confidence, cadence.confidence)
        and not timeline.jumps(event)
        and not contradicts(horizon.condition, event.condition)
    )


def mismatch(
    rule: Rule,
    reading: Reading,
    cadence: CadenceReading,
    message: str,
    horizon: HorizonReading | None = None,
    remedy: Remedy | None = None,
) -> Finding:
    """The finding at a step that is taken at the wrong rhythm; without a horizon it is never more than likely."""
    event, about = reading.timeline.event(cadence.event), reading.timeline.object(cadence.object)
    sure = Confidence.LIKELY if horizon is None else horizon.confidence
    confidence = least(sure, cadence.confidence, about.confidence, event.confidence)
    reasons = () if horizon is None else horizon.evidence
    return rule.finding(
        message,
        event.place,
        about=about,
        related=[*evidence(reasons), *evidence(cadence.evidence), *way(event)],
        confidence=confidence,
        condition=event.condition,
        severity=graded(confidence),
        remedy=remedy,
    )


def graded(confidence: Confidence) -> Severity:
    """A mismatch that is proven is an error, one that is likely a warning."""
    return Severity.ERROR if confidence is Confidence.CERTAIN else Severity.WARNING


def counted(horizon: HorizonReading, near: Place) -> str:
    """What says in which unit the schedule counts; each factor of a product has evidence of its own."""
    reasons = [located(reason, near) for reason in horizon.evidence[: 2 if PRODUCT in horizon.parameter else 1]]
    if horizon.quantity is not None:
        value = spelled(horizon.quantity)
        reasons.insert(0, f"`{horizon.parameter}={value}`" if horizon.parameter else f"its function ends at `{value}`")
    return "; ".join(reasons) or "by its horizon"


def because(cadence: CadenceReading, near: Place) -> str:
    """The first reason for a cadence, in parentheses."""
    return f" ({located(cadence.evidence[0], near)})" if cadence.evidence else ""


def located(reason: Evidence, near: Place) -> str:
    """A reason with its place, where it has one."""
    place = where(reason.place, near) if reason.place is not None else ""
    return f"{reason.text}, {place}" if place else reason.text
