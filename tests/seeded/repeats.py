"""Edits that step a scheduler once more: a step that is moved and stays where it was as well."""

from __future__ import annotations

from schedlint.timeline.model import Guard, GuardKind, Loop, Timeline
from schedlint.timeline.reading import Cadence
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, before, behind
from tests.seeded.moves import (
    PER_BATCH,
    in_batch_loop,
    require_epochs,
    require_plain_step,
    to_end_of_epoch,
    to_top_of_epoch,
)
from tests.seeded.source import Source, Sources, Statement
from tests.seeded.swaps import epochs_around
from tests.seeded.unfit import require
from tests.seeded.ways import own_line


def doubled(candidate: Candidate, sources: Sources) -> list[Change]:
    """The step twice, one right behind the other.

    It is a mistake where a step moves the schedule on by one; given an argument it may say the same thing again.
    """
    require_plain_step(candidate)
    source = sources[candidate.step.place.path]
    step = own_line(source, candidate.step.place)
    return [behind(source, step, step)]


def again_per_epoch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A step per batch, and one more at the end of the epoch, as where an old call stays.

    It is a mistake because each epoch then takes one step more than it has batches or updates.
    """
    require(candidate.cadence.cadence in PER_BATCH, "it is not stepped per batch")
    source, anchor, moved = to_end_of_epoch(candidate, sources)
    require_nothing_apart(candidate, source, moved)
    return [behind(source, anchor, moved)]


def again_at_top(candidate: Candidate, sources: Sources) -> list[Change]:
    """A step per epoch, and one more before the training of the epoch.

    It is a mistake because each epoch then takes two steps, and every change comes in half the time.
    """
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require_plain_step(candidate)
    require(candidate.training(candidate.loop), "its loop is not seen to train")
    source, first, moved = to_top_of_epoch(candidate, sources)
    require(first is not moved, "it stands at the top")
    require_nothing_apart(candidate, source, moved)
    return [before(source, first, moved)]


def also_per_batch(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule in epochs, stepped behind every step of the optimizer and at the end of the epoch as before.

    It is a mistake for the same reasons as without the step that stays; the one in the batch loop is to be reported.
    """
    require_epochs(candidate)
    added, _ = in_batch_loop(candidate, sources)
    return added


def require_nothing_apart(candidate: Candidate, source: Source, moved: Statement) -> None:
    """No test in an epoch may let one of the two steps through and not the other one: all stand in what is repeated,
    or say nothing of how often, or set the pace of the updates.
    """
    epochs = epochs_around(candidate)
    for guard in candidate.step.guards:
        repeated = guard.place.path == source.path and source.holds(moved, guard.place)
        paced = candidate.cadence.cadence is Cadence.UPDATE and guard.kind is GuardKind.PERIODIC
        around = not may_be_in(candidate.timeline, guard, epochs)
        fits = repeated or paced or around or guard.kind is GuardKind.NEUTRAL
        require(fits, "a guard may keep the two steps apart")


def may_be_in(timeline: Timeline, guard: Guard, loop: Loop) -> bool:
    """Whether a test may stand in the body of a loop."""
    if not guard.within:
        return guard.within is None
    return guard.within == loop.id or loop in timeline.ancestors(guard.within)
