"""LRS404: two schedulers of one optimizer are stepped in the same round, and one overwrites what the other does."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, way, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.reading import Reading
from schedlint.timeline.rivalry import Rivalry, rivalries


@rule(
    code="LRS404",
    name="competing-schedulers",
    summary="Two schedulers of one optimizer are stepped in the same round, and one overwrites what the other does.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="keep one of the two, or join them with `SequentialLR` if one is to follow the other",
)
def competing_schedulers(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler whose work another one of the same optimizer overwrites."""
    for found in rivalries(reading):
        lost, kept = found.other, found.absolute
        at = where(kept.place, lost.place)
        confidence = least(lost.confidence, kept.confidence, found.undone.confidence, found.overwriting.confidence)
        yield self.finding(
            f"`{called(lost)}` has no lasting effect: `{called(kept)}`{at and f' ({at})'} drives the same optimizer and"
            f" sets the learning rate anew at each step, from what the optimizer was given; {result(found)}",
            lost.place,
            about=lost,
            related=[
                Related(f"`{called(kept)}` is built here", kept.place, essential=True),
                Related(f"`{called(lost)}` is stepped here", found.undone.place),
                Related(f"`{called(kept)}` is stepped here", found.overwriting.place),
                *way(found.undone),
            ],
            confidence=confidence,
            condition=lost.condition,
            severity=graded(confidence),
        )


def result(found: Rivalry) -> str:
    """Which schedule is left."""
    return f"`{called(found.absolute)}` alone decides it" if found.both else "what the other changed is gone with it"
