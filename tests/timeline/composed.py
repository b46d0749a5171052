"""Timelines with schedulers in one that steps them together, or one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Condition, Object
from schedlint.timeline.quantity import Items
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, Value, quantity


class Child(NamedTuple):
    """A scheduler in a composite one: its class, its arguments and its condition."""

    cls: str
    arguments: Mapping[str, Argument]
    condition: Condition = ()


def child(cls: str, condition: Condition = (), **arguments: Argument) -> Child:
    return Child(cls, arguments, condition)


def linear(steps: Value, start: Value = 0.1, **more: Argument) -> Child:
    """A warm-up."""
    return Child("LinearLR", {"start_factor": start, "total_iters": steps, **more})


def sequence(*turns: Child | Sequence[Child], milestones: Sequence[Value], lr: Value = 0.1) -> Story:
    """An optimizer, the schedulers of each turn (several: alternatives), and at last the sequence of them."""
    story = Story()
    story.optimizer(lr=lr)
    places = put(story, turns)
    flat = tuple(id for ids in places for id in ids)
    made = story.schedule("SequentialLR", {}, children=flat)
    ends = Bound("milestones", (quantity_of(milestones),))
    story.amend(made, turns=places, arguments=(ends,))
    return story


def chain(*members: Child | Sequence[Child], lr: Value = 0.1) -> Story:
    """Likewise for schedulers side by side."""
    story = Story()
    story.optimizer(lr=lr)
    places = put(story, members)
    made = story.schedule("ChainedScheduler", {}, children=tuple(id for ids in places for id in ids))
    story.amend(made, turns=places)
    return story


def put(story: Story, turns: Sequence[Child | Sequence[Child]]) -> tuple[tuple[int, ...], ...]:
    """Build the schedulers, in order."""
    groups = [[turn] if isinstance(turn, Child) else turn for turn in turns]
    return tuple(
        tuple(story.schedule(each.cls, each.arguments, condition=each.condition) for each in group) for group in groups
    )


def quantity_of(values: Sequence[Value]) -> Items:
    return Items(tuple(map(quantity, values)))


def composite(story: Story) -> tuple[Reading, Object]:
    """What is read of a story, and its last scheduler."""
    reading = read(story.timeline(), load())
    return reading, reading.timeline.schedulers()[-1]
