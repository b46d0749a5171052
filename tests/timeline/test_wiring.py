"""Which optimizer a schedule drives, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.timeline.model import Bound, EventKind, ObjectKind, Subject, Timeline
from schedlint.timeline.wiring import crossed, driving_none, made_at, replaced
from tests.timeline.build import Story, equals, place


def called(story: Story, id: int, *names: str) -> None:
    story.amend(id, name=names[0], names=names)


def rebound(*, also_scheduled: bool = False, wraps: bool = False, old_steps: bool = False) -> Story:
    """A new optimizer in the variable of the old one, after the scheduler."""
    story = Story()
    called(story, story.optimizer(), "optimizer")
    story.scheduler("StepLR", step_size=30)
    arguments = (Bound("optimizer", (), objects=(1,)),) if wraps else ()
    called(story, story.make(ObjectKind.OPTIMIZER, "optimizer", ("torch.optim.SGD",), arguments=arguments), "optimizer")
    if also_scheduled:
        story.scheduler("StepLR", optimizer=3, step_size=30)
    with story.range("epoch", 90):
        with story.loader():
            story.optimize(3)
            if old_steps:
                story.optimize(1)
        story.step(2)
        if also_scheduled:
            story.step(4)
    return story


def ids(found: object) -> list[tuple[int, int]]:
    return [(each.scheduler.id, each.meant.id) for each in found]  # type: ignore[attr-defined]


def test_a_scheduler_is_left_behind_by_a_new_optimizer() -> None:
    timeline = rebound().timeline()
    assert ids(replaced(timeline)) == [(2, 3)]
    assert ids(driving_none(timeline)) == []


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(rebound(also_scheduled=True), id="the new one has a schedule of its own"),
        pytest.param(rebound(wraps=True), id="the new one is made of the old one"),
        pytest.param(rebound(old_steps=True), id="the old one goes on"),
    ],
)
def test_a_new_optimizer_is_no_replacement_where(story: Story) -> None:
    assert ids(replaced(story.timeline())) == []


def test_two_optimizers_that_exclude_each_other_are_no_replacement() -> None:
    story = rebound()
    story.amend(2, condition=(equals("args.opt", "sgd"),))
    story.amend(3, condition=(equals("args.opt", "adam"),))
    assert ids(replaced(story.timeline())) == []


def test_an_optimizer_that_unknown_code_may_step_is_still_in_use() -> None:
    story = rebound()
    story.happen(EventKind.HANDED_ON, 1)
    assert ids(replaced(story.timeline())) == []


def test_a_step_of_one_of_the_two_is_the_new_one_s() -> None:
    story = rebound()
    last = story.happen(EventKind.OPTIMIZED, 1, receiver="optimizer")
    story.events[-1] = replace(last, subjects=(Subject(1), Subject(3)))
    assert ids(replaced(story.timeline())) == [(2, 3)]


def test_a_scheduler_of_another_variable_s_optimizer_drives_none() -> None:
    story = rebound()
    called(story, 1, "built")
    assert ids(replaced(story.timeline())) == []
    assert ids(driving_none(story.timeline())) == [(2, 3)]


def pair(first: str, second: str, *, on: int = 1, cls: str = "StepLR") -> Timeline:
    """Two optimizers that are stepped in one loop; two schedulers, the second on one of them."""
    story = Story()
    called(story, story.optimizer("optimizer_g"), "optimizer_g")
    called(story, story.optimizer("optimizer_d"), "optimizer_d")
    called(story, story.scheduler("StepLR", step_size=30), first)
    called(story, story.scheduler(cls, optimizer=on, step_size=30), second)
    with story.range("epoch", 90):
        with story.loader():
            story.optimize(1)
            story.optimize(2)
        story.step(3)
        story.step(4)
    return story.timeline()


@pytest.mark.parametrize(
    ("timeline", "found"),
    [
        pytest.param(pair("sched_g", "sched_d"), [(4, 2)], id="it is called like the other one"),
        pytest.param(pair("self.lr_scheduler_G", "self.lr_scheduler_D"), [(4, 2)], id="in capitals, as attributes"),
        pytest.param(pair("decay", "cooling"), [(4, 2)], id="twins of which one optimizer has none"),
        pytest.param(pair("sched_g", "sched_d", on=2), [], id="each drives its own"),
        pytest.param(pair("decay", "cooling", cls="LinearLR"), [], id="two kinds of schedule on one optimizer"),
        pytest.param(pair("scheduler", "scheduler"), [], id="one variable for both"),
    ],
)
def test_a_scheduler_is_on_the_wrong_one_of_two_optimizers(timeline: Timeline, found: list[tuple[int, int]]) -> None:
    assert ids(crossed(timeline)) == found


def test_the_making_of_two_objects_parts_at_the_first_call_that_differs() -> None:
    story = rebound()
    story.amend(1, place=place(3), calls=(place(40),))
    story.amend(3, place=place(3), calls=(place(50),))
    first, second = story.objects[0], story.objects[2]
    assert made_at(second, first) == place(50)
    assert made_at(first, replace(first, calls=())) == place(40)
    assert made_at(first, first) == place(3)
