"""LRS501: a checkpoint holds the optimizer's state and not the scheduler's, so that a resumed schedule begins again."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import with_the_optimizers
from schedlint.checks.resumed import starts_over
from schedlint.checks.rule import Rule, called, constructions, rule, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.checkpoints import never_saved
from schedlint.timeline.constructions import Construction


@rule(
    code="LRS501",
    name="scheduler-state-not-saved",
    summary="A checkpoint holds the optimizer's state and not the scheduler's, so a resumed schedule begins again.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="save `scheduler.state_dict()` beside the optimizer's, and load it with `scheduler.load_state_dict(...)`",
)
def scheduler_state_not_saved(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler of which no file holds anything, although training is resumed with its optimizer's state."""
    lost = never_saved(construction)
    if lost is None:
        return
    about, place = lost.made.object, lost.saved.place
    at = where(lost.loaded.place, place)
    if lost.own is None:
        result = starts_over(lost.made.reading, about)
    else:
        there = where(lost.own, place)
        result = f"there is nothing to be loaded into it when training is resumed{there and f' ({there})'}"
    places = (place,) if lost.own is not None else (place, lost.loaded.place)
    yield self.finding(
        f"the state of `{called(about)}` is not saved beside that of its optimizer, which is loaded again"
        f"{at and f' ({at})'}: {result}",
        place,
        about=about,
        related=[
            Related("it is written to a file here", lost.saved.file.place, essential=True),
            Related("the optimizer's state is loaded here", lost.loaded.place, essential=True),
        ],
        confidence=lost.confidence,
        condition=about.condition,
        call=place,
        remedy=with_the_optimizers(lost.made.reading, about, places, "save and load the scheduler's state"),
    )
