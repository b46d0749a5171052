"""LRS502: a scheduler's state is saved with the optimizer's and never loaded, so a resumed schedule begins again."""

from __future__ import annotations

from collections.abc import Iterator

from schedlint.checks.mending import with_the_optimizers
from schedlint.checks.resumed import starts_over
from schedlint.checks.rule import Rule, called, constructions, rule, where
from schedlint.diagnostics import Finding, Related, Severity
from schedlint.timeline.checkpoints import never_loaded
from schedlint.timeline.constructions import Construction


@rule(
    code="LRS502",
    name="scheduler-state-not-loaded",
    summary="A scheduler's state is saved and never loaded with the optimizer's, so a resumed schedule begins again.",
    severity=Severity.WARNING,
    since="0.1.0",
    over=constructions,
    help="load it where the optimizer's state is loaded, with `scheduler.load_state_dict(...)`",
)
def scheduler_state_not_loaded(self: Rule, construction: Construction) -> Iterator[Finding]:
    """Every scheduler whose state is in a checkpoint of which only the optimizer's state is loaded."""
    lost = never_loaded(construction)
    if lost is None or lost.own is None:
        return
    about, place = lost.made.object, lost.loaded.place
    at = where(lost.own, place)
    yield self.finding(
        f"the state of the optimizer is loaded here, that of `{called(about)}`, which is saved beside it"
        f"{at and f' ({at})'}, is not: {starts_over(lost.made.reading, about)}",
        place,
        about=about,
        related=[
            Related("its state is saved here", lost.own, essential=True),
            Related("it is written to a file here", lost.saved.file.place),
        ],
        confidence=lost.confidence,
        condition=about.condition,
        call=place,
        remedy=with_the_optimizers(lost.made.reading, about, (place,), "load the scheduler's state"),
    )
