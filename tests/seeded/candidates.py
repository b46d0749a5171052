"""The schedulers of a tree that are right: whose cadence is known, and of which nothing is reported.

A candidate is one construction in a file of the tree with one place that steps it, the same in every run that reaches
it. What is said of one that would be is an alarm: a mistake in public code or a false alarm, for a reader to tell.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schedlint import app
from schedlint.diagnostics import Diagnostic
from schedlint.place import Place
from schedlint.timeline.model import Confidence, Event, EventKind, Loop, Object, ObjectKind, Timeline
from schedlint.timeline.reading import Cadence, CadenceReading, HorizonReading, Reading, Unit

KNOWN = {Cadence.EPOCH, Cadence.BATCH, Cadence.UPDATE}
IN_BATCHES = (Unit.BATCHES, Unit.UPDATES, Unit.ITERATIONS)
COUNTED_ELSEWHERE = {Cadence.EPOCH: IN_BATCHES, Cadence.BATCH: (Unit.EPOCHS,), Cadence.UPDATE: (Unit.EPOCHS,)}
BARRING = ("LRS1", "LRS2", "LRS3", "LRS4", "LRS7", "LRS8")
"""The groups of rules whose findings mean that a scheduler does not do what it should while the program trains."""


@dataclass(frozen=True)
class Spot:
    """A row of a file of a tree, by its path in it."""

    path: str
    row: int

    def __str__(self) -> str:
        return f"{self.path}:{self.row}"


@dataclass(frozen=True)
class Candidate:
    """A scheduler and the one place that steps it, as one run of its program has them.

    `base` is the conversion that the program came from, if it is not as it was found.
    """

    folder: Path
    reading: Reading
    scheduler: Object
    step: Event
    cadence: CadenceReading
    base: str = ""

    @property
    def timeline(self) -> Timeline:
        """The run."""
        return self.reading.timeline

    @property
    def loop(self) -> Loop:
        """The loop whose iterations are its steps."""
        return self.timeline.loop(self.cadence.loop)

    @property
    def horizon(self) -> HorizonReading | None:
        """Its horizon, where the unit is known."""
        found = self.reading.horizon(self.scheduler.id)
        if found is None or found.unit is Unit.UNKNOWN or found.confidence is Confidence.POSSIBLE:
            return None
        return found

    @property
    def made_at(self) -> Spot:
        """Where it is built."""
        return spot(self.folder, self.scheduler.place.path, self.scheduler.place.row)

    @property
    def stepped_at(self) -> Spot:
        """Where it is stepped."""
        return spot(self.folder, self.step.place.path, self.step.place.row)

    @property
    def fellows(self) -> tuple[Place, ...]:
        """Where all that the same place steps is built, this one first: what becomes of the step concerns them all."""
        met = [fact.object for fact in self.reading.cadences if fact.event == self.step.id]
        built = [self.scheduler, *map(self.timeline.object, met)]
        inside = [one.place for one in built if not one.handed_in and is_inside(self.folder, one.place)]
        return tuple(dict.fromkeys(inside))

    @property
    def places(self) -> frozenset[Spot]:
        """Where it is stepped, and where all that is stepped there is built."""
        return frozenset(spot(self.folder, place.path, place.row) for place in (self.step.place, *self.fellows))

    @property
    def class_name(self) -> str:
        """The name of its class, "" where it is not known."""
        return self.scheduler.classes[0].rpartition(".")[2] if self.scheduler.classes else ""

    def training(self, loop: Loop) -> tuple[Event, ...]:
        """The steps of its optimizer in a loop, or those that may be."""
        driven = self.scheduler.optimizers
        return tuple(
            event
            for event in self.timeline.events
            if event.kind is EventKind.OPTIMIZED and loop.id in event.loops and may_be(event, driven)
        )

    def optimizer(self) -> Object | None:
        """Its optimizer, where there is one."""
        found = [self.timeline.object(id) for id in self.scheduler.optimizers]
        return found[0] if len(found) == 1 and found[0].kind is ObjectKind.OPTIMIZER else None


def may_be(event: Event, objects: Sequence[int]) -> bool:
    """Whether an event may happen to one of some objects."""
    touched = {subject.object for subject in event.subjects}
    return not touched or not objects or not touched.isdisjoint(objects)


def spot(folder: Path, path: str, row: int) -> Spot:
    """A row of a file of the analysis as one of the tree."""
    return Spot(Path(os.path.relpath(path, folder)).as_posix(), row)


def bars(diagnostic: Diagnostic) -> bool:
    """Whether a scheduler of which this is said is no candidate."""
    return diagnostic.code.startswith(BARRING)


def spots(diagnostic: Diagnostic) -> set[Spot]:
    """The essential places of a diagnostic whose paths are shown from the folder."""
    shown = [diagnostic.at, *(note.at for note in diagnostic.related if note.essential)]
    return {Spot(Path(at.path).as_posix(), at.row) for at in shown if at.cell is None}


@dataclass
class Tree:
    """What is understood of a tree: its candidates, the alarms about others that would be, and why the rest is none."""

    candidates: list[Candidate] = field(default_factory=list)
    alarms: list[Diagnostic] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def candidates(folder: Path, wrong: Iterable[Spot] = (), files: Sequence[str] = (".",)) -> Tree:
    """The candidates of a tree, or of some files of it, in the order of their places; `wrong` are lines known for a
    mistake.
    """
    found, labelled = Tree(), set(wrong)
    programs = app.timelines(files, cwd=str(folder)).programs
    notes = [note for program in programs for note in program.notes]
    for built in constructions(folder, [reading for program in programs for reading in program.readings]):
        candidate = built.candidate()
        if isinstance(candidate, str):
            found.left_out[candidate] += 1
            continue
        places = {candidate.made_at, candidate.stepped_at}
        said = [note for note in notes if bars(note) and spots(note) & places]
        if places & labelled:
            found.left_out["it is labelled as a mistake"] += 1
        elif said:
            found.left_out["something is reported of it"] += 1
            found.alarms += [note for note in said if note not in found.alarms]
        elif is_mixed(candidate):
            found.left_out["its horizon counts what its steps do not"] += 1
        else:
            found.candidates.append(candidate)
    return found


# --- one construction, in all runs that reach it ----------------------------------------------------------------------


@dataclass
class Construction:
    """One place that builds schedulers, with every step of them in every run."""

    folder: Path
    met: list[tuple[Reading, Object]] = field(default_factory=list)

    def candidate(self) -> Candidate | str:
        """The candidate that it is, or why it is none."""
        steps = list(self._steps())
        if len({one.step.place for one in steps}) != 1:
            return "it is stepped at several places" if steps else "no step of it is seen"
        known = [one for one in steps if is_known(one)]
        if not known:
            return "how often it steps is not known"
        if len({one.cadence.cadence for one in known}) != 1:
            return "how often it steps differs between runs"
        places = (known[0].scheduler.place, known[0].step.place)
        if not all(is_inside(self.folder, place) for place in places):
            return "it is not in a file of the tree"
        if any(place.path.endswith(".ipynb") for place in places):
            return "it is in a notebook"
        return known[0]

    def _steps(self) -> Iterator[Candidate]:
        for reading, scheduler in self.met:
            for cadence in reading.cadences_of(scheduler.id):
                step = reading.timeline.event(cadence.event)
                yield Candidate(self.folder, reading, scheduler, step, cadence)


def constructions(folder: Path, readings: Iterable[Reading]) -> list[Construction]:
    """Every place that builds schedulers, sorted."""
    found: dict[Place, Construction] = {}
    for reading in readings:
        for scheduler in reading.timeline.schedulers():
            if not scheduler.handed_in:
                found.setdefault(scheduler.place, Construction(folder)).met.append((reading, scheduler))
    return [found[place] for place in sorted(found)]


def is_known(candidate: Candidate) -> bool:
    """Whether the cadence is one to build on: known, likely at least, of a loop that is seen."""
    fact = candidate.cadence
    return fact.cadence in KNOWN and fact.confidence is not Confidence.POSSIBLE and fact.loop != 0


def is_mixed(candidate: Candidate) -> bool:
    """Whether steps and horizon are known to be in different units: no program is right in which they are."""
    if candidate.horizon is None or candidate.step.arguments:
        return False
    return candidate.horizon.unit in COUNTED_ELSEWHERE[candidate.cadence.cadence]


def is_inside(folder: Path, place: Place) -> bool:
    """Whether a place is in a file of the tree."""
    return Path(place.path).is_relative_to(folder)
