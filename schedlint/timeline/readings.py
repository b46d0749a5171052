"""A timeline read as a whole: its loops, then the horizons and cadences that rest on them."""

from __future__ import annotations

from schedlint.timeline.cadence import cadences
from schedlint.timeline.loops import classify
from schedlint.timeline.model import Timeline
from schedlint.timeline.reading import Reading
from schedlint.timeline.units import Tables, horizons


def read(timeline: Timeline, knowledge: Tables) -> Reading:
    """Everything that can be read off a timeline; `knowledge` says what the classes in it mean."""
    loops = classify(timeline)
    return Reading(timeline, loops, horizons(timeline, loops, knowledge), cadences(timeline, loops))
