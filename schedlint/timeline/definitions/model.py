"""What the text of a scheduler class of the project says of how it is built and stepped, as plain data.

Only what holds however the class is used is said; everything else is left out.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from schedlint.diagnostics import Confidence
from schedlint.place import Place


class LateAttribute(Struct, frozen=True):
    """An attribute that the step inside the base's constructor reads, and that is stored after that constructor."""

    name: str
    read: Place
    stored: Place


class LateAttributes(Struct, frozen=True):
    """The call of the base's constructor that comes too early, and the attributes that are missing in it, by read."""

    call: Place
    attributes: tuple[LateAttribute, ...]


class AnswerKind(str, Enum):
    """What `get_lr()` gives where it is not a value for each parameter group."""

    NUMBER = "number"
    NOTHING = "nothing"


class Answer(Struct, frozen=True):
    """A way through `get_lr()` that gives no list. `always` says that every way through it does."""

    kind: AnswerKind
    place: Place
    always: bool
    confidence: Confidence


class Compounding(Struct, frozen=True):
    """A `get_lr()` that multiplies the current learning rate by a factor which is made of the number of steps.

    `at` is where the current rate is read, `factor` the factor's own text as far as it can be said. `applied` is the
    product of the factors at steps 0 to `steps`, `meant` the last of them: both None where they are not known, or where
    the factor does not hold in all steps.
    """

    at: Place
    factor: str
    steps: int
    applied: float | None
    meant: float | None
    confidence: Confidence


class SchedulerClass(Struct, frozen=True):
    """A class of the project that derives from a scheduler class, and what is noteworthy of it.

    `unbuilt` is the constructor that never calls the base's, where `step()` needs what that one stores. `untold` is a
    `step()` that never stores what `get_last_lr()` gives.
    """

    name: str
    place: Place
    late: LateAttributes | None = None
    unbuilt: Place | None = None
    answers: tuple[Answer, ...] = ()
    compounding: Compounding | None = None
    untold: Place | None = None

    @property
    def is_noteworthy(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.late or self.unbuilt or self.answers or self.compounding or self.untold)
