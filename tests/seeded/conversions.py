"""Edits that make another right program of a right one: what few programs have is seeded into these as well."""

from __future__ import annotations

from schedlint.knowledge.schema import Style
from schedlint.timeline.reading import Cadence, Unit
from tests.seeded.candidates import Candidate
from tests.seeded.changes import Change, replacement
from tests.seeded.horizons import times_loader
from tests.seeded.moves import in_batch_loop, unit_is
from tests.seeded.source import Sources
from tests.seeded.swaps import to_cosine_of_epochs, to_one_cycle_of_batches, to_one_cycle_of_epochs
from tests.seeded.unfit import require


def to_batches(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule in epochs becomes one in batches: the horizon times the length of the loader, the step in its loop."""
    require_step_of_its_own(candidate)
    added, left = in_batch_loop(candidate, sources)
    return [*times_loader(candidate, sources), *added, left]


def to_one_cycle(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule becomes a one-cycle schedule of all batches, stepped in the batch loop."""
    if candidate.cadence.cadence is Cadence.BATCH:
        return to_one_cycle_of_batches(candidate, sources)
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is stepped once per update")
    require_step_of_its_own(candidate)
    added, left = in_batch_loop(candidate, sources)
    return [*to_one_cycle_of_batches(candidate, sources), *added, left]


def to_short_cycle(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule that is stepped per epoch becomes a one-cycle schedule of all epochs."""
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    require(not candidate.step.arguments, "its step is given an argument")
    return to_one_cycle_of_epochs(candidate, sources)


def to_cosine(candidate: Candidate, sources: Sources) -> list[Change]:
    """A schedule without a horizon in epochs becomes a cosine over all epochs, the step of which needs no metric."""
    require(candidate.cadence.cadence is Cadence.EPOCH, "it is not stepped per epoch")
    table = candidate.reading.table(candidate.scheduler.id)
    waits = table is not None and table.style is Style.MEASURED
    require(waits or not unit_is(candidate, Unit.EPOCHS), "it is written in epochs")
    require_step_of_its_own(candidate)
    source = sources[candidate.step.place.path]
    call = source.call(candidate.step.place)
    plain = f"{source.code(call.func)}()"
    stepped = [replacement(source, source.place(call), plain)] if candidate.step.arguments else []
    return [*to_cosine_of_epochs(candidate, sources), *stepped]


def require_step_of_its_own(candidate: Candidate) -> None:
    """What is stepped at the same place in another configuration would be stepped in the batch loop too."""
    require(len(candidate.fellows) == 1, "its step is one of several schedulers")
