"""Edits that make another right program of a right one: what few programs have is seeded into these as well."""

from __future__ import annotations

from schedlint.timeline.reading import Cadence, Unit
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change
from tests.seeded.horizons import horizon_argument, is_epochs_by_batches, times_loader
from tests.seeded.moves import in_batch_loop, unit_is
from tests.seeded.one_cycle import in_batches, in_epochs, one_cycle
from tests.seeded.source import Sources
from tests.seeded.unfit import require


def to_batches(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule in epochs becomes one in batches: the horizon times the length of the loader, the step in its loop."""
    require_step_of_its_own(candidate)
    added, left = in_batch_loop(candidate, sources)
    return [*times_loader(candidate, sources), *added, left]


def to_one_cycle(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule becomes a one-cycle schedule of all batches, stepped in the batch loop."""
    if candidate.cadence.cadence is Cadence.EPOCH:
        require_step_of_its_own(candidate)
        added, left = in_batch_loop(candidate, sources)
        return [*in_batches(candidate, sources), *added, left]
    horizon = candidate.horizon
    require(horizon is not None and is_epochs_by_batches(horizon.quantity), "its horizon is no product of a length")
    source = sources[candidate.scheduler.place.path]
    call = source.call(candidate.scheduler.place)
    length = source.code(horizon_argument(candidate, call))
    return one_cycle(candidate, source, call, f"total_steps={length}")


def to_one_cycle_of_epochs(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule that is stepped per epoch becomes a one-cycle schedule of all epochs."""
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(unit_is(candidate, Unit.EPOCHS), "its horizon is not known to be in epochs")
    return in_epochs(candidate, sources)


def require_step_of_its_own(candidate: Candidate) -> None:
    """What is stepped at the same place in another configuration would be stepped in the batch loop too."""
    require(len(candidate.fellows) == 1, "its step is one of several schedulers")
