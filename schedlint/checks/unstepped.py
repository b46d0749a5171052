"""What the rules about schedulers that nothing steps share: how bad that is, and the finding."""

from __future__ import annotations

from schedlint.checks.consequences import set_by_hand, stays
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, least, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.constructions import Made
from schedlint.timeline.model import Event

UNUSED = "_"
"""What people call what they do not use."""


def unstepped(rule: Rule, made: Made, training: Event, said: str) -> Finding:
    """The finding about a scheduler that nothing steps while its optimizer is used: an error if that lowers the
    learning rate for good.
    """
    about, reading = made.object, made.reading
    start, written = beginning(reading, about), set_by_hand(reading.timeline, about)
    confidence = least(about.confidence, training.confidence)
    if written is not None:
        at = where(written.place, about.place)
        result = f"it has no effect, and the learning rate is set by hand{at and f' ({at})'}"
    else:
        result = stays(reading, about, start)
    return rule.finding(
        f"{said}: {result}",
        about.place,
        about=about,
        related=[Related("the optimizer is used here", training.place)],
        confidence=confidence,
        condition=about.condition,
        severity=graded(confidence) if start.lowers and written is None else Severity.WARNING,
    )
