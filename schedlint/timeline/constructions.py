"""Constructions: each place that makes a scheduler, with every object that any timeline makes there.

One program may build the same scheduler in several scripts, and one timeline may not reach what another one does to it;
what is claimed of a construction has to hold in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Place
from schedlint.timeline.reading import Reading


class Made(Struct, frozen=True):
    """A scheduler as one timeline makes it."""

    reading: Reading
    object: Object


class Construction(Struct, frozen=True):
    """A place that makes a scheduler; `made` holds at least one."""

    place: Place
    made: tuple[Made, ...]


def constructions(readings: Sequence[Reading]) -> Iterator[Construction]:
    """Every construction of a scheduler, in the order in which the timelines meet them."""
    found: dict[Place, list[Made]] = {}
    for reading in readings:
        for thing in reading.timeline.schedulers():
            if not thing.handed_in:
                found.setdefault(thing.place, []).append(Made(reading, thing))
    return (Construction(place, tuple(made)) for place, made in found.items())
