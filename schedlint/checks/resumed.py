"""What the rules about checkpoints share: how a schedule goes on without its state, in words."""

from __future__ import annotations

from schedlint.knowledge.schema import Scheduler, Style
from schedlint.timeline.arithmetic import number
from schedlint.timeline.beginnings import argument
from schedlint.timeline.model import Object
from schedlint.timeline.quantity import Items
from schedlint.timeline.reading import Reading


def starts_over(reading: Reading, scheduler: Object) -> str:
    """What becomes of the schedule after a resume when it begins again although the optimizer goes on."""
    table = reading.table(scheduler.id)
    if reading.takes_metric(scheduler.id):
        return "after a resume it has forgotten its best value and how many bad epochs it counted"
    if table is not None and table.drop:
        return f"after a resume it counts from 0 again, and {decays(table, scheduler)}"
    if table is not None and table.style is Style.ABSOLUTE:
        return "after a resume the learning rate jumps back to the beginning of the schedule"
    return "after a resume the schedule begins again, with the learning rate that was reached"


def decays(table: Scheduler, scheduler: Object) -> str:
    """When the decays of a step schedule come after a resume."""
    horizon = argument(table, scheduler, table.horizon[0])
    if isinstance(horizon, Items) and horizon.whole and all(number(item) is not None for item in horizon.items):
        milestones = ", ".join(f"{number(item):g}" for item in horizon.items)
        return f"its milestones ({milestones}) are that many steps after the resume"
    length = number(horizon)
    if length is None:
        return "its next decay comes late"
    return f"its next decay comes {length:g} step{'s' * (length != 1)} after the resume"
