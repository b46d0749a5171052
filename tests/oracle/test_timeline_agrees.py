"""What the timeline says happens is what happens: every step of a fixture under the real torch, in its stack of
loops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schedlint import app
from schedlint.place import Place as Spot
from schedlint.timeline.model import Event, EventKind
from schedlint.timeline.reading import Cadence, Reading
from tests.oracle.recording import Place, Recording, StepSite, fixture_folders, record, script_of

pytest.importorskip("torch", reason="torch is not installed: what really happens cannot be recorded")
pytestmark = pytest.mark.torch

Row = tuple[str, Place, Place, tuple[Place, ...]]
"""What is stepped, where it was made, where it is stepped, in which loops (outermost first)."""

STEPS = {EventKind.STEPPED: "scheduler", EventKind.OPTIMIZED: "optimizer"}
FOLDERS = fixture_folders()


def readings(folder: Path) -> tuple[Reading, ...]:
    """The readings of the fixture's main script."""
    script = script_of(folder)
    programs = app.timelines([str(script)], cwd=str(folder)).programs
    return tuple(reading for program in programs for reading in program.readings)


def place(spot: Spot, folder: Path) -> Place:
    """A place as the recorder gives it."""
    return Place(Path(spot.path).relative_to(folder.resolve()).as_posix(), spot.row)


def understood(reading: Reading, folder: Path) -> Iterator[tuple[Row, Event]]:
    """Every step in the timeline, one row for each object that it may step."""
    timeline = reading.timeline
    for event in timeline.events:
        for subject in event.subjects if event.kind in STEPS else ():
            made = place(timeline.object(subject.object).place, folder)
            loops = tuple(place(timeline.loop(loop).place, folder) for loop in event.loops)
            yield (STEPS[event.kind], made, place(event.place, folder), loops), event


KNOWN_ITEMS = re.compile(r"[(\[]|schedulers:|zip\(models, optimizers\):|self\.hooks:")
"""How what a loop runs over begins where the program says of each item what it is."""


def is_display(loop: Place, folder: Path) -> bool:
    """Whether a loop runs over a few known items, which the timeline unrolls."""
    header = (folder / loop.file).read_text(encoding="utf-8").splitlines()[loop.row - 1]
    return KNOWN_ITEMS.match(header.partition(" in ")[2].strip()) is not None


def happened(recording: Recording, folder: Path) -> dict[Row, StepSite]:
    """Every step that was recorded."""
    rows = {}
    for site in recording.step_sites():
        loops = tuple(loop for loop in site.loops if not is_display(loop, folder))
        rows[(site.kind, site.made_at, site.site, loops)] = site
    return rows


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_step_that_happens_is_in_the_timeline(folder: Path) -> None:
    rows = {row for reading in readings(folder) for row, _ in understood(reading, folder)}
    assert set(happened(record(folder), folder)) <= rows


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_step_in_the_timeline_that_depends_on_nothing_happens(folder: Path) -> None:
    unconditional = {
        row
        for reading in readings(folder)
        for row, event in understood(reading, folder)
        if not event.condition and not event.guards and all(not subject.condition for subject in event.subjects)
    }
    assert unconditional <= set(happened(record(folder), folder))


def left_out(site: StepSite, recording: Recording, depth: int, *, begins_later: bool) -> list[tuple[int, int]]:
    """The iterations of a loop (entry and number) in which the step was not taken, up to the last in which it was; of
    what `begins_later`, because it is made in the loop, from the first on.
    """
    taken: dict[int, set[int]] = {}
    for step in recording.steps:
        if (step.made.site, step.site) == (site.made_at, site.site) and len(step.loops) > depth:
            taken.setdefault(step.loops[depth].entry, set()).add(step.loops[depth].number)
    return [
        (entry, number)
        for entry, seen in taken.items()
        for number in range(min(seen) if begins_later else 0, max(seen))
        if number not in seen
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_step_said_to_be_once_per_batch_or_epoch_is_taken_in_every_iteration(folder: Path) -> None:
    recording = record(folder)
    sites = happened(recording, folder)
    for reading in readings(folder):
        rows = {event.id: row for row, event in understood(reading, folder)}
        for fact in reading.cadences:
            site = sites.get(rows[fact.event])
            event = reading.timeline.event(fact.event)
            if site is None or event.guards or fact.cadence not in (Cadence.BATCH, Cadence.EPOCH):
                continue
            loop = place(reading.timeline.loop(fact.loop).place, folder)
            begins_later = fact.loop in reading.timeline.object(fact.object).loops
            depth = list(site.loops).index(loop)
            assert left_out(site, recording, depth, begins_later=begins_later) == [], (fact, site)
