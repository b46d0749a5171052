"""LRS505: a scheduler is built after the optimizer's state was loaded, and overwrites the learning rate in it."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mismatch import graded
from schedlint.checks.rule import Rule, called, least, rule, timelines, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.knowledge.schema import Style
from schedlint.timeline.beginnings import Change, beginning
from schedlint.timeline.reading import Reading
from schedlint.timeline.restoring import Overwritten, built_after_load


@rule(
    code="LRS505",
    name="scheduler-built-after-optimizer-load",
    summary="A scheduler is built after the optimizer's state was loaded, and overwrites the learning rate in it.",
    severity=Severity.ERROR,
    since="0.1.0",
    over=timelines,
    help="build the scheduler before `optimizer.load_state_dict(...)`; then load both states",
)
def scheduler_built_after_optimizer_load(self: Rule, reading: Reading) -> Iterator[Finding]:
    """Every scheduler that is built between the load of its optimizer's state and that of its own."""
    for found in built_after_load(reading):
        about = found.object
        at = where(found.loaded.place, about.place)
        confidence = least(about.confidence, found.loaded.confidence, found.restored.confidence)
        yield self.finding(
            f"`{called(about)}` is built after the state of its optimizer was loaded{at and f' ({at})'}: "
            f"{overwritten(reading, found)}",
            about.place,
            about=about,
            related=[
                Related("the optimizer's state is loaded here", found.loaded.place, essential=True),
                Related("its own state is loaded here, which leaves the learning rate as it is", found.restored.place),
            ],
            confidence=confidence,
            condition=about.condition,
            severity=graded(confidence) if found.lasts else Severity.WARNING,
        )


def overwritten(reading: Reading, found: Overwritten) -> str:
    """What becomes of the learning rate that was loaded."""
    start = beginning(reading, found.object)
    if not found.lasts:
        return "that sets the learning rate back to the beginning of the schedule until the next step, for an epoch"
    table = reading.table(found.object.id)
    if table is not None and table.style is Style.COMPOSITE:
        factor = "" if start.amount is None else f"{start.amount:.3g} times "
        return f"that sets the learning rate back to {factor}the initial one, and no later load puts it right"
    if start.change is Change.FACTOR and start.amount is not None:
        return f"that multiplies the learning rate by {start.amount:.3g} once more, and no later load puts it right"
    return "that changes the learning rate, and no later load puts it right"
