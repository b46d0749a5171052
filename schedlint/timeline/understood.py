"""What was understood of all programs together: what rules gather their views from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from schedlint.knowledge.schema import Scheduler
from schedlint.place import Place
from schedlint.releases import ANY, Range
from schedlint.timeline.definitions.model import SchedulerClass
from schedlint.timeline.gone import Gone
from schedlint.timeline.reading import Reading


class Role(str, Enum):
    """What a name is used for."""

    IMPORT = "import"
    BASE = "base"  # of a class
    ANNOTATION = "annotation"
    CHECK = "check"  # the classes of `isinstance` or `issubclass`
    OTHER = "other"


class Use(Struct, frozen=True):
    """A place where a module names a class that has a successor; `table` is what is known of that class.

    `dotted` says that it is spelled through the module that holds it. `renames` are the places that have to say the
    successor's name for it to be used here; none where that takes more than another name.
    """

    place: Place
    role: Role
    table: Scheduler
    dotted: bool = False
    renames: tuple[Place, ...] = ()


class ModuleReading(Struct, frozen=True):
    """What the text of one module says, whatever is run of it.

    `uses` are those of classes that have a successor, but for places that choose between the two. `refused` are
    arguments that a call of a library's class names and that it takes no more, likewise. `classes` are the scheduler
    classes in it of which there is something to say. `releases` are those of libraries that the project declares, by
    library.
    """

    place: Place
    uses: tuple[Use, ...] = ()
    refused: tuple[Gone, ...] = ()
    classes: tuple[SchedulerClass, ...] = ()
    releases: Mapping[str, Range] = {}

    def release(self, table: Scheduler) -> Range:
        """The releases of the library of a class that the project declares."""
        return self.releases.get(table.library, ANY)


class Understood(Struct, frozen=True):
    """The timelines that were read, and the modules that hold something to report."""

    readings: tuple[Reading, ...] = ()
    modules: tuple[ModuleReading, ...] = ()

    def joined(self, other: Understood) -> Understood:
        """What was understood of these programs and others."""
        return Understood((*self.readings, *other.readings), (*self.modules, *other.modules))
