"""Which rule speaks when several hold of one construction: the one that names the cause, and none that names an effect.

A rule that is not listed here speaks whatever else is found.
"""

from __future__ import annotations

from collections.abc import Collection

OUTRANKS: dict[str, tuple[str, ...]] = {
    "LRS101": ("LRS104", "LRS106", "LRS108", "LRS704"),  # what counts epochs takes too many steps, however many
    "LRS102": ("LRS106", "LRS108", "LRS702"),  # and what counts batches too few
    "LRS103": ("LRS106", "LRS108"),  # the length is off by the batches per update
    "LRS104": ("LRS106", "LRS108"),  # the second step is what is too much
    "LRS106": ("LRS108",),  # it ends in an exception
    "LRS202": ("LRS201",),  # what is kept nowhere cannot be stepped
    "LRS203": ("LRS201", "LRS204", "LRS207"),  # the step is there, less its parentheses
    "LRS204": ("LRS201", "LRS207"),  # what is overwritten cannot be stepped
    "LRS205": ("LRS101", "LRS102", "LRS104", "LRS208", "LRS301", "LRS302", "LRS401"),  # with it nothing trains
    "LRS206": ("LRS102", "LRS208", "LRS302"),  # a step that no epoch comes to has no rhythm
    "LRS207": ("LRS201", "LRS206"),  # the step is there, behind what always leaves
    "LRS301": ("LRS302",),  # the loop's own order costs as much and is the same habit
    "LRS401": ("LRS201",),  # a scheduler that nobody misses was meant for another one
    "LRS402": ("LRS201", "LRS301", "LRS401"),  # the old optimizer is what is not stepped
    "LRS403": ("LRS102", "LRS201", "LRS501", "LRS502", "LRS702"),  # nothing built anew is worth a step, or saving
    "LRS604": ("LRS603",),  # what is given is no position at all
    "LRS607": ("LRS201", "LRS202", "LRS404"),  # what cannot be built does nothing
    "LRS701": ("LRS702",),  # where it would decay is no step at all
    "LRS703": ("LRS701", "LRS702", "LRS704"),  # each of the two is what the other was meant to be
    "LRS706": ("LRS705",),  # what is the same at every step is the learning rate itself
    "LRS714": ("LRS101", "LRS102", "LRS103", "LRS709"),  # no rhythm is right for both units
    "LRS716": ("LRS108",),  # where the function ends is said with what comes of it
    "LRS718": ("LRS102", "LRS103", "LRS106", "LRS108"),  # the length is off by the samples per batch
}
"""A code, and the codes that stay silent about a construction for which it speaks; why stands behind each."""


def outranked(code: str, others: Collection[str]) -> bool:
    """Whether a rule stays silent about a construction for which rules of the `others` speak."""
    return any(code in OUTRANKS.get(other, ()) for other in others)
