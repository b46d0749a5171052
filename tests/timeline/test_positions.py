"""The position that a step is given, and whether it starts again with every epoch."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Guard, GuardKind, Object
from schedlint.timeline.positions import epochs_around, sets_position, starts_again, takes_one_epoch
from schedlint.timeline.quantity import Quantity
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Argument, Story, Value, guard, index, named, op, option

EPOCH, BATCH = index(1, "epoch"), index(2)


def told(position: Value, *guards: Guard, epochs: Value = 24, **arguments: Argument) -> Story:
    story = Story()
    story.optimizer()
    story.schedule("CosineAnnealingWarmRestarts", arguments or {"T_0": 10})
    with story.range("epoch", epochs), story.loader():
        story.optimize()
        story.step_with(2, position, *guards)
    return story


def from_the_batch_alone(position: Quantity) -> bool:
    timeline = told(position).timeline()
    return starts_again(timeline, timeline.events[-1], 2)


@pytest.mark.parametrize(
    "position",
    [
        pytest.param(BATCH, id="its number"),
        pytest.param(op("+", BATCH, 1), id="its number from 1"),
        pytest.param(op("int", BATCH), id="its number converted"),
        pytest.param(op("/", BATCH, LOADER_LENGTH), id="the share of the epoch that is done"),
        pytest.param(op("//", BATCH, option("args.accumulation")), id="the number of the update"),
    ],
)
def test_a_position_from_the_batch_alone_starts_again(position: Quantity) -> None:
    assert from_the_batch_alone(position)


@pytest.mark.parametrize(
    "position",
    [
        pytest.param(EPOCH, id="the epoch"),
        pytest.param(op("+", EPOCH, op("/", BATCH, LOADER_LENGTH)), id="the epoch and its share"),
        pytest.param(op("+", op("*", EPOCH, LOADER_LENGTH), BATCH), id="all batches so far"),
        pytest.param(op("+", BATCH, named("start")), id="from somewhere on"),
        pytest.param(op("*", BATCH, EPOCH), id="a product with the epoch"),
        pytest.param(named("global_step"), id="a value of its own"),
    ],
)
def test_a_position_with_anything_else_in_it_does_not(position: Quantity) -> None:
    assert not from_the_batch_alone(position)


def test_a_range_that_begins_elsewhere_in_each_epoch_goes_on() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingWarmRestarts", T_0=10)
    with story.range("epoch", 24), story.range("i", 900, op("*", EPOCH, 100)):
        step = story.step_with(2, BATCH)
    assert not starts_again(story.timeline(), step, 2)


def has_epochs(story: Story) -> bool:
    reading = read(story.timeline(), load())
    return epochs_around(reading, reading.timeline.object(2), reading.timeline.events[-1]) is not None


def test_the_epochs_in_which_a_step_comes_again() -> None:
    assert has_epochs(told(BATCH))
    assert has_epochs(told(BATCH, epochs=option("args.epochs")))
    assert has_epochs(told(BATCH, guard(GuardKind.FIRST, loop=2)))


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(told(BATCH, epochs=1), id="one epoch"),
        pytest.param(told(BATCH, epochs=option("args.epochs", 1)), id="one epoch unless told otherwise"),
        pytest.param(told(BATCH, guard(GuardKind.ONCE, loop=1)), id="in one epoch only"),
        pytest.param(told(BATCH, guard(GuardKind.FIRST, loop=1)), id="in the first epochs only"),
    ],
)
def test_a_step_that_does_not_come_again_in_each_epoch(story: Story) -> None:
    assert not has_epochs(story)


def test_a_scheduler_of_each_epoch_does_not_see_the_next_one() -> None:
    story = Story()
    story.optimizer()
    with story.range("epoch", 24):
        story.scheduler("CosineAnnealingWarmRestarts", T_0=10)
        with story.loader():
            story.optimize()
            story.step_with(2, BATCH)
    assert not has_epochs(story)


def test_a_batch_loop_without_epochs_has_none() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingWarmRestarts", T_0=10)
    with story.loader():
        story.optimize()
        story.step_with(2, index(1))
    assert not has_epochs(story)


@pytest.mark.parametrize(
    ("length", "one"),
    [(LOADER_LENGTH, True), (1, True), (op("*", LOADER_LENGTH, 10), False), (10, False), (named("t"), False)],
    ids=["the batches of an epoch", "one", "the batches of ten epochs", "ten", "not known"],
)
def test_a_schedule_that_takes_one_epoch(length: Value, one: bool) -> None:
    reading = read(told(BATCH, T_0=length).timeline(), load())
    assert takes_one_epoch(reading, reading.horizon(2)) is one


def built(cls: str, **arguments: Argument) -> Object:
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments)
    return story.objects[-1]


@pytest.mark.parametrize(
    ("scheduler", "method", "sets"),
    [
        (built("CosineAnnealingWarmRestarts", T_0=10), "step", True),
        (built("CosineAnnealingLR", T_max=10), "step", True),
        (built("LambdaLR", lr_lambda=named("f")), "step", True),
        (built("MultiplicativeLR", lr_lambda=named("f")), "step", False),
        (built("torch.optim.swa_utils.SWALR", swa_lr=0.1), "step", False),
        (built("ReduceLROnPlateau"), "step", False),
        (built("timm.scheduler.CosineLRScheduler", t_initial=9), "step", True),
        (built("timm.scheduler.CosineLRScheduler", t_initial=9), "step_update", False),
        (built("timm.scheduler.CosineLRScheduler", t_initial=9, t_in_epochs=False), "step_update", True),
        (built("timm.scheduler.CosineLRScheduler", t_initial=9, t_in_epochs=False), "step", False),
        (built("timm.scheduler.CosineLRScheduler", t_initial=9, t_in_epochs=named("x")), "step", False),
    ],
    ids=lambda value: value.classes[0].rpartition(".")[2] if isinstance(value, Object) else str(value),
)
def test_which_steps_set_a_position(scheduler: Object, method: str, sets: bool) -> None:
    table = load().scheduler(scheduler.classes[0])
    assert table is not None
    step = told(BATCH).step_with(2, BATCH, method=method)
    assert sets_position(table, scheduler, step) is sets
