"""What the rules about schedulers that nothing steps share: how bad that is, and the finding."""

from __future__ import annotations

from collections.abc import Iterable

from schedlint.checks.consequences import set_by_hand, stays
from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, least, where
from schedlint.diagnostics import Confidence, Finding, Related, Severity
from schedlint.place import Place
from schedlint.remedies import Remedy
from schedlint.timeline.beginnings import beginning
from schedlint.timeline.constructions import Made
from schedlint.timeline.model import Event, Object

UNUSED = "_"
"""What people call what they do not use."""


def unstepped(
    rule: Rule,
    made: Made,
    training: Event,
    said: str,
    *,
    place: Place | None = None,
    related: Iterable[Related] = (),
    successor: Object | None = None,
    remedy: Remedy | None = None,
) -> Finding:
    """The finding about a scheduler that nothing steps while its optimizer is used, where it is built or at another
    `place`. `successor` is the one that is stepped instead.
    """
    about = made.object
    confidence = least(about.confidence, training.confidence)
    result, severity = outcome(made, confidence, successor)
    return rule.finding(
        f"{said}: {result}",
        place or about.place,
        about=about,
        related=[*related, Related("the optimizer is used here", training.place)],
        confidence=confidence,
        condition=about.condition,
        severity=severity,
        remedy=remedy,
    )


def outcome(made: Made, confidence: Confidence, successor: Object | None = None) -> tuple[str, Severity]:
    """What becomes of the learning rate when nothing steps a scheduler, in words, and how bad that is: an error if it
    is lowered for good.
    """
    about, reading = made.object, made.reading
    start, written = beginning(reading, about), set_by_hand(reading.timeline, about)
    if written is not None:
        at = where(written.place, about.place)
        return f"it has no effect, and the learning rate is set by hand{at and f' ({at})'}", Severity.WARNING
    return stays(reading, about, start, successor), graded(confidence) if start.lowers else Severity.WARNING
