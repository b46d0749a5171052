"""A timeline read as a whole: its loops, then the horizons and cadences that rest on them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from schedlint.knowledge.schema import Optimizer, Scheduler
from schedlint.releases import Range
from schedlint.timeline.cadence import cadences
from schedlint.timeline.counts import counts
from schedlint.timeline.lengths import Loaders, batchings, loader_lengths
from schedlint.timeline.loops import classify
from schedlint.timeline.model import ObjectKind, Timeline
from schedlint.timeline.reading import Reading
from schedlint.timeline.told import NOTHING_TOLD, Tellings
from schedlint.timeline.units import Tables, horizons

NOTHING_DECLARED: Mapping[str, Range] = MappingProxyType({})


class Knowledge(Tables, Loaders, Protocol):
    """What is known of the classes in a timeline."""


def read(
    timeline: Timeline,
    knowledge: Knowledge,
    told: Tellings = NOTHING_TOLD,
    releases: Mapping[str, Range] = NOTHING_DECLARED,
) -> Reading:
    """Everything that can be read off a timeline; `knowledge` says what the classes in it mean, `told` what comments
    in the program say of it, `releases` with which libraries it runs.
    """
    loops = classify(timeline)
    known = {made.id: knowledge.scheduler(made.classes[0]) for made in timeline.schedulers() if made.classes}
    tables = {id: entry for id, entry in known.items() if entry is not None and not entry.abstract}
    return Reading(
        timeline,
        loops,
        horizons(timeline, loops, knowledge, told),
        cadences(timeline, loops, told),
        tables,
        _optimizers(timeline, knowledge),
        counts(timeline, loops, tables),
        loader_lengths(timeline, knowledge),
        releases=releases,
        bases=_bases(timeline, knowledge, tables),
        batchings=batchings(timeline, knowledge),
    )


def _bases(timeline: Timeline, knowledge: Tables, known: dict[int, Scheduler]) -> dict[int, Scheduler]:
    """What the tables say of the library classes from which schedulers of other classes derive."""
    others = [each for each in timeline.schedulers() if each.id not in known]
    named = {each.id: (*each.classes, each.base) for each in others}
    found = {id: next(filter(None, map(knowledge.scheduler, names)), None) for id, names in named.items()}
    return {id: entry for id, entry in found.items() if entry is not None}


def _optimizers(timeline: Timeline, knowledge: Tables) -> dict[int, Optimizer]:
    """What the tables say of the optimizers of a timeline."""
    made = [each for each in timeline.objects if each.kind is ObjectKind.OPTIMIZER and each.classes]
    known = {each.id: knowledge.optimizer(each.classes[0]) for each in made}
    return {id: entry for id, entry in known.items() if entry is not None and not entry.abstract}
