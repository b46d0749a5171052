"""A timeline built by hand, the detection recipe: SGD, a MultiStepLR in epochs, stepped per batch in another file."""

from __future__ import annotations

from dataclasses import dataclass

from schedlint.diagnostics import Confidence, Diagnostic, Location
from schedlint.place import Place
from schedlint.timeline.model import (
    Bound,
    Entry,
    EntryKind,
    Event,
    EventKind,
    Iterated,
    Loop,
    LoopKind,
    Object,
    ObjectKind,
    Subject,
    Timeline,
)
from schedlint.timeline.quantity import Items, Literal
from schedlint.timeline.reading import (
    Cadence,
    CadenceReading,
    CountReading,
    Evidence,
    HorizonReading,
    LoopReading,
    Reading,
    Unit,
)


def at(row: int, path: str = "train.py", column: int = 5) -> Place:
    """A place of ten columns."""
    return Place(path, row, column, row, column + 10)


def location(row: int, path: str = "train.py", cell: int | None = None) -> Location:
    """A location of four columns."""
    return Location(path, row, 9, row, 13, cell)


def diagnostic(row: int = 45, path: str = "engine.py", code: str = "LRS101", cell: int | None = None) -> Diagnostic:
    """A finding of LRS101's kind."""
    return Diagnostic(location(row, path, cell), code, "epoch-scheduler-stepped-per-batch", "it counts epochs")


@dataclass(frozen=True)
class Program:
    """The timelines of one program, found where they are."""

    readings: tuple[Reading, ...]
    notes: tuple[Diagnostic, ...] = ()
    root: str = "."

    def locate(self, place: Place) -> tuple[str, int | None, int]:
        """As an app would: rows of notebook `x.ipynb` are ten to a cell."""
        if place.path.endswith(".ipynb"):
            return place.path, place.row // 10 + 1, place.row % 10
        return place.path, None, place.row


LOADER = Object(1, ObjectKind.LOADER, at(33), "data_loader", ("torch.utils.data.DataLoader",))
OPTIMIZER = Object(
    2,
    ObjectKind.OPTIMIZER,
    at(41),
    "optimizer",
    ("torch.optim.SGD",),
    arguments=(Bound("params", ()), Bound("lr", (Literal(0.02),)), Bound("momentum", (Literal(0.0),), explicit=False)),
)
SCHEDULER = Object(
    3,
    ObjectKind.SCHEDULER,
    at(42),
    "scheduler",
    ("torch.optim.lr_scheduler.MultiStepLR",),
    arguments=(
        Bound("optimizer", (), objects=(2,)),
        Bound("milestones", (Items((Literal(16), Literal(22))),)),
    ),
    optimizers=(2,),
)
EPOCHS = Loop(1, 0, at(50), (), Iterated.RANGE, "epoch", "epoch", "range(24)", bound=Literal(24))
BATCHES = Loop(2, 1, at(30, "engine.py"), (at(51),), Iterated.LOADER, "(images, targets)", "", "data_loader", object=1)


def created(id: int, thing: Object) -> Event:
    """The event that makes an object."""
    return Event(id, EventKind.CREATED, thing.place, (Subject(thing.id),), thing.name, "", thing.loops)


def stepped(id: int, row: int, kind: EventKind, subject: Object) -> Event:
    """A step in the batch loop of engine.py."""
    place = at(row, "engine.py", 9)
    return Event(id, kind, place, (Subject(subject.id),), subject.name, "step", (1, 2), calls=(at(51),))


EVENTS = (
    created(1, LOADER),
    created(2, OPTIMIZER),
    created(3, SCHEDULER),
    Event(4, EventKind.BACKWARD, at(43, "engine.py", 9), (), "loss", "backward", (1, 2)),
    stepped(5, 44, EventKind.OPTIMIZED, OPTIMIZER),
    stepped(6, 45, EventKind.STEPPED, SCHEDULER),
)
HORIZON = HorizonReading(
    3,
    Unit.EPOCHS,
    Confidence.CERTAIN,
    "milestones",
    Items((Literal(16), Literal(22))),
    22,
    (Evidence("`22` is below the 24 epochs", at(50)),),
)
CADENCE = CadenceReading(
    3, 6, Cadence.BATCH, Confidence.CERTAIN, 2, (Evidence("in the batch loop", at(30, "engine.py")),)
)
LOOPS = (
    LoopReading(1, LoopKind.EPOCH, Confidence.CERTAIN, (Evidence("holds a batch loop", at(30, "engine.py")),)),
    LoopReading(2, LoopKind.BATCH, Confidence.CERTAIN, (Evidence("runs over a DataLoader", at(33)),)),
)


def detection(
    *,
    objects: tuple[Object, ...] = (LOADER, OPTIMIZER, SCHEDULER),
    events: tuple[Event, ...] = EVENTS,
    horizons: tuple[HorizonReading, ...] = (HORIZON,),
    counts: tuple[CountReading, ...] = (),
    cadences: tuple[CadenceReading, ...] = (CADENCE,),
    loops: tuple[LoopReading, ...] = LOOPS,
    entry: Entry | None = None,
    spent: str = "",
) -> Reading:
    """The reading, with some of its tables replaced."""
    entry = entry or Entry(EntryKind.SCRIPT, "train", at(1))
    return Reading(Timeline(entry, (EPOCHS, BATCHES), objects, events, spent), loops, horizons, cadences, counts=counts)
