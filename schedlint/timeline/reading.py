"""What is read off a timeline: what each loop is, how often each scheduler steps, in which unit its horizon was
written.

Every fact carries its confidence and its evidence; every unknown carries its reason. Rules compare these facts and
never look for them themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from schedlint.knowledge.schema import Optimizer, Scheduler
from schedlint.releases import ANY, Range
from schedlint.timeline.lengths import Batching
from schedlint.timeline.model import Condition, Confidence, Event, LoopKind, Timeline
from schedlint.timeline.quantity import Place, Quantity


class Evidence(Struct, frozen=True):
    """One reason to believe a fact ("`epochs` is the bound of the epoch loop"), and where it stands."""

    text: str
    place: Place | None = None


PRODUCT = " × "
"""Between the parameters of a horizon that several carry together: `epochs × steps_per_epoch`."""


class Unit(str, Enum):
    """What one unit of a horizon is. `ITERATIONS` is batches or updates where the source does not say which."""

    EPOCHS = "epochs"
    BATCHES = "batches"
    UPDATES = "updates"
    ITERATIONS = "iterations"
    SAMPLES = "samples"
    NONE = "none"  # the schedule has no horizon
    UNKNOWN = "unknown"


class Cadence(str, Enum):
    """How often a step happens."""

    BATCH = "once per batch"
    UPDATE = "once per update"
    EPOCH = "once per epoch"
    FLAT = "once per iteration"  # of a loop without epochs
    ONCE = "once"
    OUTER = "once per outer loop"  # per fold, seed, trial
    UNKNOWN = "unknown"


def weakest(first: Confidence, *others: Confidence) -> Confidence:
    """The least sure of several confidences: what a conclusion from all of them has."""
    return max((first, *others), key=tuple(Confidence).index)


class LoopReading(Struct, frozen=True):
    """What one iteration of a loop is.

    `visits` is True for a loop over a few things side by side (`for optimizer in optimizers`, `for phase in ["train",
    "val"]`): it is no part of training time, and its kind is UNKNOWN.
    """

    loop: int
    kind: LoopKind
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    visits: bool = False


class HorizonReading(Struct, frozen=True):
    """The unit in which a scheduler's horizon was written.

    `parameter` carries it (`milestones`); `quantity` is its value; `amount` its greatest literal number of steps
    where it is one. `recurs` says that it is the length of a part which comes again, so that the schedule does not end
    there. A composite scheduler takes its horizon from its milestones, else from its children.
    """

    object: int
    unit: Unit
    confidence: Confidence
    parameter: str = ""
    quantity: Quantity | None = None
    amount: float | None = None
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    condition: Condition = ()
    recurs: bool = False


class CadenceReading(Struct, frozen=True):
    """How often one step site steps one scheduler. `loop` is the loop whose iteration counts (0: none)."""

    object: int
    event: int
    cadence: Cadence
    confidence: Confidence
    loop: int = 0
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


class CountReading(Struct, frozen=True):
    """How many times a scheduler is stepped from its construction to the end of the run.

    `least` and `most` are the same where that is exact, and None where there is no such limit; `reason` says why they
    differ. It holds under `condition`; `events` are the step sites that are counted.
    """

    object: int
    least: Quantity | None
    most: Quantity | None
    confidence: Confidence
    events: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    condition: Condition = ()

    @property
    def exact(self) -> Quantity | None:
        """The number of steps, where it is known."""
        return self.least if self.least == self.most else None


class Reading(Struct, frozen=True):
    """A timeline together with everything read off it, and what the tables say of the classes of its schedulers and
    optimizers.

    `bases` has what they say of the library class that a scheduler is known to derive from, where its own is not known.
    `lengths` has the number of batches of the loaders for which the size of a dataset and of a batch decide it,
    `batchings` these sizes of each loader for which they are known. `releases` are those of libraries that the project
    declares, by library.
    """

    timeline: Timeline
    loops: tuple[LoopReading, ...]
    horizons: tuple[HorizonReading, ...]
    cadences: tuple[CadenceReading, ...]
    tables: dict[int, Scheduler] = {}
    optimizers: dict[int, Optimizer] = {}
    counts: tuple[CountReading, ...] = ()
    lengths: dict[int, Quantity] = {}
    releases: Mapping[str, Range] = {}
    bases: dict[int, Scheduler] = {}
    batchings: dict[int, Batching] = {}

    @property
    def place(self) -> Place:
        """Where its timeline begins."""
        return self.timeline.entry.place

    def loop(self, id: int) -> LoopReading:
        """What the loop with this id is."""
        return self.loops[id - 1]

    def horizon(self, object: int) -> HorizonReading | None:
        """The horizon of a scheduler; None for an object that is none."""
        return next((horizon for horizon in self.horizons if horizon.object == object), None)

    def table(self, object: int) -> Scheduler | None:
        """What the tables say of a scheduler's own class; None where it is not known, abstract or the project's."""
        return self.tables.get(object)

    def release(self, table: Scheduler) -> Range:
        """The releases of the library of a class that the project declares."""
        return self.releases.get(table.library, ANY)

    def nearest(self, object: int) -> Scheduler | None:
        """What the tables say of a scheduler's class, or else of the library class that it is known to derive from."""
        return self.tables.get(object) or self.bases.get(object)

    def takes_metric(self, scheduler: int) -> bool:
        """Whether what is passed to the `step()` of a scheduler is known to be a metric."""
        table = self.table(scheduler)
        return table is not None and table.takes_metric

    def jumps(self, step: Event, scheduler: int) -> bool:
        """Whether a step of a scheduler is given a position, and so may go anywhere instead of one on."""
        return self.timeline.jumps(step) and not self.takes_metric(scheduler)

    def cadences_of(self, object: int) -> tuple[CadenceReading, ...]:
        """How often each step site steps this scheduler; a site that never can is not among them."""
        return tuple(cadence for cadence in self.cadences if cadence.object == object)

    def counts_of(self, object: int) -> tuple[CountReading, ...]:
        """How many times this scheduler is stepped: one count for each condition under which that differs."""
        return tuple(count for count in self.counts if count.object == object)
