"""What was understood of all programs together: what rules gather their views from."""

from __future__ import annotations

from msgspec import Struct

from schedlint.place import Place
from schedlint.timeline.definitions.model import SchedulerClass
from schedlint.timeline.reading import Reading


class ModuleReading(Struct, frozen=True):
    """What the text of one module says, whatever is run of it.

    `classes` are the scheduler classes in it of which there is something to say.
    """

    place: Place
    classes: tuple[SchedulerClass, ...] = ()


class Understood(Struct, frozen=True):
    """The timelines that were read, and the modules that hold something to report."""

    readings: tuple[Reading, ...] = ()
    modules: tuple[ModuleReading, ...] = ()

    def joined(self, other: Understood) -> Understood:
        """What was understood of these programs and others."""
        return Understood((*self.readings, *other.readings), (*self.modules, *other.modules))
