"""What the rules about cadence against unit share: how a mismatch is graded, and the evidence of both sides."""

from __future__ import annotations

from schedlint.checks.rule import where
from schedlint.diagnostics import Confidence, Severity
from schedlint.place import Place
from schedlint.timeline.quantity import spelled
from schedlint.timeline.reading import PRODUCT, CadenceReading, Evidence, HorizonReading


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
