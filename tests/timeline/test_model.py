from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.timeline.model import Bound, EventKind, ObjectKind, Timeline
from schedlint.timeline.quantity import Quantity, Symbol
from tests.timeline.build import LOADER_LENGTH, Story, named, op


def story() -> Story:
    told = Story()
    told.optimizer()  # 1
    inner = told.scheduler("StepLR", step_size=9)  # 2
    middle = told.scheduler("ChainedScheduler", children=(inner,))  # 3
    told.scheduler("SequentialLR", children=(middle,))  # 4
    told.optimizer("other")  # 5
    told.make(ObjectKind.OPTIMIZER, "given", (), handed_in=True)  # 6
    with told.range("epoch", 3), told.loader():
        told.optimize(1)
        told.optimize(5)
        told.step(4)
    return told


def test_loops_around() -> None:
    timeline = story().timeline()
    step = timeline.steps_of(4)[0]
    assert [loop.id for loop in timeline.ancestors(2)] == [1]
    assert timeline.ancestors(1) == ()
    assert [loop.id for loop in timeline.nest(step)] == [1, 2]
    assert [loop.id for loop in timeline.loops_between(0, step)] == [1, 2]
    assert [loop.id for loop in timeline.loops_between(1, step)] == [2]
    assert timeline.loops_between(7, step) == ()


def test_events_of_an_object_are_in_order_and_can_be_chosen_by_kind() -> None:
    timeline = story().timeline()
    assert [event.kind for event in timeline.events_of(4)] == [EventKind.CREATED, EventKind.STEPPED]
    assert [event.kind for event in timeline.events_of(4, EventKind.STEPPED)] == [EventKind.STEPPED]
    assert timeline.steps_of(2) == ()


def test_the_optimizer_steps_of_a_scheduler_are_those_of_its_own_optimizer() -> None:
    timeline = story().timeline()
    steps = timeline.optimizer_steps_of(2)
    assert [event.kind for event in steps] == [EventKind.OPTIMIZED]
    assert steps == timeline.events_of(1, EventKind.OPTIMIZED)


def test_what_was_handed_in_was_not_made() -> None:
    timeline = story().timeline()
    created = timeline.creation(2)
    assert created is not None
    assert created.kind is EventKind.CREATED
    assert timeline.creation(6) is None


def test_wrappers_are_found_through_one_another() -> None:
    timeline = story().timeline()
    assert [object.id for object in timeline.schedulers()] == [2, 3, 4]
    assert [object.id for object in timeline.wrappers(2)] == [3, 4]
    assert timeline.wrappers(4) == ()


def test_schedulers_that_wrap_each_other_end() -> None:
    told = Story()
    told.optimizer()
    told.scheduler("ChainedScheduler", children=(2, 3))
    told.scheduler("ChainedScheduler", children=(2,))
    assert [object.id for object in told.timeline().wrappers(2)] == [3]


EPOCH = Symbol("loop1:index", "epoch", role="index", loop=1)


@pytest.mark.parametrize(
    ("argument", "follows"),
    [
        pytest.param(EPOCH, True, id="the counter"),
        pytest.param(op("+", EPOCH, 1), True, id="the counter and one"),
        pytest.param(op("*", EPOCH, LOADER_LENGTH), False, id="as many as there are batches each time"),
        pytest.param(op("+", EPOCH, op("/", named("i"), LOADER_LENGTH)), False, id="fractions of an epoch"),
        pytest.param(named("loss"), False, id="something else"),
        pytest.param(Symbol("loop2:index", "i", role="index", loop=2), False, id="the counter of another loop"),
    ],
)
def test_a_step_may_follow_the_counter_of_a_loop(argument: Quantity, follows: bool) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        step = replace(story.step(2), arguments=(Bound("0", (argument,)),))
    assert Timeline.follows(step, 1) is follows
