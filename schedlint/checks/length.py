"""What the rules about the length of a schedule share: how a number of steps is said, and what is another mistake."""

from __future__ import annotations

from schedlint.checks.batch_scheduler_stepped_per_epoch import is_too_seldom
from schedlint.checks.mismatch import is_too_often
from schedlint.timeline.accumulation import unequal
from schedlint.timeline.arithmetic import number
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Quantity, spelled
from schedlint.timeline.reading import Reading
from schedlint.timeline.repetition import stepped_twice


def many(steps: Quantity) -> str:
    """A number of steps."""
    known = number(steps)
    return f"`{spelled(steps)}`" if known is None else f"{known:g}"


def steps_at_another_rhythm(reading: Reading, about: Object) -> bool:
    """Whether the number of steps is wrong for a mistake of another kind: too often or too seldom for the unit of the
    length (LRS101, LRS102), not at the pace of the optimizer (LRS103), at two places (LRS104).
    """
    horizon = reading.horizon(about.id)
    for cadence in reading.cadences_of(about.id):
        if horizon is not None and (
            is_too_often(reading.timeline, cadence, horizon) or is_too_seldom(reading, cadence, horizon)
        ):
            return True
    uneven = any(found.cadence.object == about.id for found in unequal(reading))
    return uneven or any(found.scheduler == about.id for found in stepped_twice(reading))
