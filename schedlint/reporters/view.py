"""What a report of timelines is given: the readings of one program, and how to find their places again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from schedlint.diagnostics import Diagnostic
from schedlint.place import Place
from schedlint.timeline.model import EventKind, Loop, Object
from schedlint.timeline.reading import CadenceReading, CountReading, HorizonReading, LoopReading, Reading

Locate: TypeAlias = Callable[[Place], tuple[str, int | None, int]]
"""From a place to the path to show, the cell of a notebook, and the row (in that cell)."""


class ProgramTimelines(Protocol):
    """The timelines of one program; `notes` are its findings and files that could not be read."""

    @property
    def root(self) -> str:
        """The folder of the program, as it should be shown."""

    @property
    def readings(self) -> tuple[Reading, ...]:
        """One reading per entry."""

    @property
    def notes(self) -> tuple[Diagnostic, ...]:
        """What was found, and what could not be read."""

    def locate(self, place: Place) -> tuple[str, int | None, int]:
        """Where a place is to be found: path, cell and row."""


class Known:
    """The facts of a reading by what they are about, so that a report need not search."""

    def __init__(self, reading: Reading) -> None:
        self.timeline = reading.timeline
        self.loops = {fact.loop: fact for fact in reading.loops}
        self._horizons = reading.horizons
        self._cadences = reading.cadences
        self._counts = reading.counts

    def loop(self, loop: Loop) -> LoopReading | None:
        """What one iteration of this loop is, if that was asked."""
        return self.loops.get(loop.id)

    def horizons(self, thing: Object) -> tuple[HorizonReading, ...]:
        """The horizons of a scheduler: one, or one for each condition."""
        return tuple(fact for fact in self._horizons if fact.object == thing.id)

    def cadences(self, event: int) -> tuple[CadenceReading, ...]:
        """How often this step site steps each scheduler it may step."""
        return tuple(fact for fact in self._cadences if fact.event == event)

    def counts(self, thing: Object) -> tuple[CountReading, ...]:
        """How many times a scheduler is stepped: once, or once for each condition."""
        return tuple(fact for fact in self._counts if fact.object == thing.id)

    def unmade(self) -> tuple[Object, ...]:
        """The objects that no event creates: they were there when the entry began."""
        events = [event for event in self.timeline.events if event.kind is EventKind.CREATED]
        made = {subject.object for event in events for subject in event.subjects}
        return tuple(thing for thing in self.timeline.objects if thing.id not in made)
