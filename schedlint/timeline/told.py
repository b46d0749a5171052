"""What the author tells of a program: `# schedlint: steps=batch`, `# schedlint: horizon=epochs`.

A told fact takes the place of what is unknown or not certain. What is certain stands, and a telling that says otherwise
contradicts it. Which facts go together is known here, and of which places a telling speaks; the words are read in
`directives`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from schedlint.directives import Telling, directives
from schedlint.facts import Comment
from schedlint.place import Place, by_row
from schedlint.timeline.model import Confidence, Event, LoopKind, Object
from schedlint.timeline.reading import Cadence, CadenceReading, Evidence, HorizonReading, LoopReading, Unit

CADENCES = {"batch": Cadence.BATCH, "update": Cadence.UPDATE, "epoch": Cadence.EPOCH}
"""What `steps=` can tell."""

UNITS = {"epochs": Unit.EPOCHS, "batches": Unit.BATCHES, "updates": Unit.UPDATES}
"""What `horizon=` can tell."""

_FITTING_CADENCES = {
    Cadence.BATCH: {Cadence.BATCH, Cadence.FLAT},
    Cadence.UPDATE: {Cadence.UPDATE, Cadence.BATCH, Cadence.FLAT},  # every batch may be an update
    Cadence.EPOCH: {Cadence.EPOCH, Cadence.FLAT},  # with all data in one batch, an iteration is an epoch
}
_FITTING_UNITS = {
    Unit.EPOCHS: {Unit.EPOCHS},
    Unit.BATCHES: {Unit.BATCHES},
    Unit.UPDATES: {Unit.UPDATES, Unit.BATCHES},
}
# A rate that is applied at every step has no horizon; the author knows for steps of what it was meant.
_OPEN_UNITS = {
    Unit.EPOCHS: {Unit.UNKNOWN, Unit.NONE},
    Unit.BATCHES: {Unit.UNKNOWN, Unit.NONE, Unit.ITERATIONS},
    Unit.UPDATES: {Unit.UNKNOWN, Unit.NONE, Unit.ITERATIONS},
}
_LOOPS = {
    Cadence.BATCH: (LoopKind.BATCH, LoopKind.FLAT),
    Cadence.UPDATE: (LoopKind.BATCH, LoopKind.FLAT),
    Cadence.EPOCH: (LoopKind.EPOCH,),
}


class Told(Struct, frozen=True):
    """A telling, and the rows `first` to `last` that the comment at `place` speaks of."""

    telling: Telling
    place: Place
    first: int
    last: int

    @property
    def rows(self) -> range:
        """The rows of the statement that it is about."""
        return range(self.first, self.last + 1)

    def supported(self, reasons: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """The comment as evidence, before other reasons to believe the same."""
        return (Evidence(f"`{self.telling.text}` says so", self.place), *reasons)

    def contradicts_cadence(self, cadence: Cadence) -> bool:
        """Whether a step that it tells of cannot happen so often."""
        return cadence is not Cadence.UNKNOWN and cadence not in _FITTING_CADENCES[CADENCES[self.telling.value]]

    def contradicts_unit(self, unit: Unit) -> bool:
        """Whether a horizon that it tells of cannot have been written in this unit."""
        told = UNITS[self.telling.value]
        return unit not in _FITTING_UNITS[told] | _OPEN_UNITS[told]


@dataclass(frozen=True, slots=True)
class Tellings:
    """All that is told, by file and row. Where tellings of one thing differ, none of them counts."""

    by_path: Mapping[str, Mapping[int, tuple[Told, ...]]] = field(default_factory=dict)

    def at(self, place: Place) -> tuple[Told, ...]:
        """What is told of the statement at a place."""
        return self.by_path.get(place.path, {}).get(place.row, ())

    def of_step(self, event: Event) -> tuple[Told, ...]:
        """What is told of how often a step happens."""
        return tuple(told for told in self.at(event.place) if told.telling.key == "steps")

    def of_horizon(self, scheduler: Object) -> tuple[Told, ...]:
        """What is told of the unit of a scheduler's horizon.

        It stands at the construction, at the parameter through which an unknown caller hands the scheduler in, or else
        at the call of the function that constructs it.
        """
        places = (scheduler.place, *scheduler.calls[-1:])
        told = [tuple(told for told in self.at(place) if told.telling.key == "horizon") for place in places]
        return next(filter(None, told), ())

    def rivals(self, told: Told) -> tuple[Told, ...]:
        """What is told otherwise of the same statement."""
        near = self.by_path.get(told.place.path, {}).get(told.last, ())
        return tuple(other for other in near if other.telling.key == told.telling.key and other.telling != told.telling)

    def cadence(self, inferred: CadenceReading, event: Event, loops: tuple[LoopReading, ...]) -> CadenceReading:
        """How often a step happens, by what was inferred and what is told."""
        told = _one(self.of_step(event))
        if told is None or inferred.confidence is Confidence.CERTAIN:
            return inferred
        cadence = CADENCES[told.telling.value]
        counted = (id for id in reversed(event.loops) if loops[id - 1].kind in _LOOPS[cadence])
        evidence = told.supported(inferred.evidence if inferred.cadence is cadence else ())
        return CadenceReading(
            inferred.object, inferred.event, cadence, Confidence.CERTAIN, next(counted, 0), evidence
        )  # fmt: skip

    def horizon(self, inferred: HorizonReading, scheduler: Object) -> HorizonReading:
        """The horizon of a scheduler, by what was inferred and what is told of its unit."""
        told = _one(self.of_horizon(scheduler))
        if told is None:
            return inferred
        unit = UNITS[told.telling.value]
        if inferred.confidence is Confidence.CERTAIN and inferred.unit not in _OPEN_UNITS[unit]:
            return inferred
        evidence = told.supported(inferred.evidence if inferred.unit is unit else ())
        return replace(inferred, unit=unit, confidence=Confidence.CERTAIN, evidence=evidence, reason="")


NOTHING_TOLD = Tellings()
"""No comment tells anything."""


def tellings(comments: Mapping[str, Iterable[Comment]]) -> Tellings:
    """What the comments of some files tell."""
    found = {path: told_in(path, some) for path, some in comments.items()}
    spread = {path: [(told.rows, told) for told in some] for path, some in found.items()}
    return Tellings({path: by_row(some) for path, some in spread.items() if some})


def told_in(path: str, comments: Iterable[Comment]) -> tuple[Told, ...]:
    """The tellings of one file, in order; what is told twice of the same statement once."""
    found: dict[tuple[int, int, Telling], Told] = {}
    for comment in comments:
        for said in directives(comment.text):
            if isinstance(said, Telling):
                told = Told(said, place_of(path, comment), comment.first, comment.last)
                found.setdefault((comment.first, comment.last, said), told)
    return tuple(found.values())


def place_of(path: str, comment: Comment) -> Place:
    """Where a comment stands."""
    return Place(path, comment.row, comment.column, comment.row, comment.column + len(comment.text))


def _one(told: Sequence[Told]) -> Told | None:
    """The telling that counts among those of one thing: the first, where all say the same."""
    return told[0] if len({each.telling for each in told}) == 1 else None
