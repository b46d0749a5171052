"""The kinds of seeded mistakes: what each is called, the code that must be reported, and the edit that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schedlint.checks import RULES
from tests.seeded import (
    accumulation,
    conversions,
    horizons,
    losses,
    moves,
    omissions,
    one_cycle,
    repeats,
    resumes,
    swaps,
    wiring,
)
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change
from tests.seeded.source import Sources

Edit = Callable[[Candidate, Sources], "list[Change]"]


@dataclass(frozen=True)
class Kind:
    """A kind of mistake. The edit raises Unfit where it would be none; its docstring says when it is one.

    One that `edits_step` may be reported of any scheduler that is stepped there, any other of the candidate alone.
    `bases` are the conversions whose results it is seeded into as well.
    """

    name: str
    code: str
    edit: Edit
    edits_step: bool
    bases: tuple[str, ...] = ()

    @property
    def is_ruled(self) -> bool:
        """Whether there is a rule that is to find it."""
        return any(rule.code == self.code for rule in RULES)


AT_STEP, AT_CONSTRUCTION = True, False

CONVERSIONS = (
    Kind("to-batches", "", conversions.to_batches, AT_STEP),
    Kind("to-one-cycle", "", conversions.to_one_cycle, AT_STEP),
    Kind("to-short-cycle", "", conversions.to_short_cycle, AT_STEP),
    Kind("to-cosine", "", conversions.to_cosine, AT_STEP),
)
"""What makes right programs of right programs; no code is expected of them."""

COSINE = ("to-cosine",)
SHORT = ("to-short-cycle",)
ONE_CYCLE = ("to-one-cycle",)
PER_BATCH = ("to-batches", "to-one-cycle")

KINDS = (
    Kind("into-batch-loop", "LRS101", moves.into_batch_loop, AT_STEP, COSINE),
    Kind("also-per-batch", "LRS101", repeats.also_per_batch, AT_STEP, COSINE),
    Kind("cosine-per-batch", "LRS101", swaps.cosine_per_batch, AT_CONSTRUCTION),
    Kind("out-of-batch-loop", "LRS102", moves.out_of_batch_loop, AT_STEP),
    Kind("one-cycle-per-epoch", "LRS102", one_cycle.per_epoch, AT_CONSTRUCTION),
    Kind("accumulated", "LRS103", accumulation.accumulated, AT_STEP, PER_BATCH),
    Kind("updates-alone", "LRS103", accumulation.updates_alone, AT_STEP, PER_BATCH),
    Kind("undivided", "LRS103", accumulation.undivided, AT_CONSTRUCTION),
    Kind("top-of-epoch", "LRS301", moves.top_of_epoch, AT_STEP),
    Kind("before-optimizer", "LRS301", moves.before_optimizer, AT_STEP),
    Kind("deleted", "LRS201", losses.deleted, AT_STEP),
    Kind("doubled", "LRS104", repeats.doubled, AT_STEP),
    Kind("again-per-epoch", "LRS104", repeats.again_per_epoch, AT_STEP, PER_BATCH),
    Kind("again-at-top", "LRS104", repeats.again_at_top, AT_STEP),
    Kind("fewer-steps", "LRS106", one_cycle.fewer_steps, AT_CONSTRUCTION, SHORT),
    Kind("fewer-epochs", "LRS106", one_cycle.fewer_epochs, AT_CONSTRUCTION, ONE_CYCLE),
    Kind("fewer-batches", "LRS106", one_cycle.fewer_batches, AT_CONSTRUCTION, ONE_CYCLE),
    Kind("horizon-times-loader", "LRS102", horizons.times_loader, AT_CONSTRUCTION, COSINE),
    Kind("horizon-over-loader", "LRS101", horizons.over_loader, AT_CONSTRUCTION),
    Kind("on-other-optimizer", "LRS401", wiring.on_other_optimizer, AT_CONSTRUCTION),
    Kind("rebound-optimizer", "LRS402", losses.rebound_optimizer, AT_CONSTRUCTION),
    Kind("built-in-epoch", "LRS403", wiring.built_in_epoch, AT_CONSTRUCTION),
    Kind("not-assigned", "LRS202", losses.not_assigned, AT_CONSTRUCTION),
    Kind("state-not-saved", "LRS501", resumes.state_not_saved, AT_CONSTRUCTION),
    Kind("state-not-loaded", "LRS502", resumes.state_not_loaded, AT_CONSTRUCTION),
    Kind("built-late", "LRS505", resumes.built_late, AT_CONSTRUCTION),
    Kind("get-lr", "LRS601", losses.get_lr, AT_STEP),
    Kind("uncalled", "LRS203", omissions.uncalled, AT_STEP),
    Kind("shadowed", "LRS204", omissions.shadowed, AT_CONSTRUCTION),
    Kind("after-loop", "LRS206", omissions.after_loop, AT_STEP),
    Kind("behind-continue", "LRS207", omissions.behind_continue, AT_STEP),
)
