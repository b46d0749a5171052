"""Where a step belongs, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.checks import mending
from schedlint.checks.scheduler_before_optimizer import scheduler_before_optimizer
from schedlint.knowledge.tables import load
from schedlint.remedies import After, Before, EndOf, Insert, Move
from schedlint.timeline.model import Event, GuardKind
from schedlint.timeline.quantity import Quantity
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Story, equals, guard, op, option

EPOCHS = option("args.epochs", 24)


def reading(story: Story) -> Reading:
    return read(story.timeline(), load())


def stepping(story: Story, *guards: str) -> Event:
    step = story.step(2, *(guard(GuardKind.FLAG, text) for text in guards))
    story.events[-1] = replace(step, method="step")
    return story.events[-1]


def change(story: Story) -> object:
    """The one change that LRS301 asks for."""
    (finding,) = scheduler_before_optimizer.check(reading(story))
    assert finding.remedy is not None
    (only,) = finding.remedy.changes
    return only


def early(*updates: tuple[GuardKind, str]) -> Story:
    """A step before these steps of the optimizer, each behind a test."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    with story.range("epoch", EPOCHS), story.loader():
        stepping(story)
        for kind, text in updates:
            tests = () if kind is GuardKind.NEUTRAL else (guard(kind, text, within=2),)
            condition = (equals(text, "x"),) if kind is GuardKind.FLAG else ()
            story.optimize(1, *tests)
            story.events[-1] = replace(story.events[-1], condition=condition)
    return story


def test_a_step_goes_behind_the_only_step_of_its_optimizer() -> None:
    story = early((GuardKind.NEUTRAL, ""))
    step = story.events_of(2, story.events[2].kind)
    assert change(story) == Move(step[-1].place, After(story.events[-1].place))


@pytest.mark.parametrize(
    "updates",
    [
        pytest.param([(GuardKind.FLAG, "amp"), (GuardKind.FLAG, "other")], id="two places that step the optimizer"),
        pytest.param([(GuardKind.PERIODIC, "i % k == 0")], id="one that waits"),
    ],
)
def test_else_it_goes_to_the_end_of_the_round(updates: list[tuple[GuardKind, str]]) -> None:
    story = early(*updates)
    found = change(story)
    assert isinstance(found, Move)
    assert found.to == EndOf(story.loops[1].place)


def per_epoch(length: Quantity, *, waits: bool = False) -> Story:
    """A schedule in batches, or in updates, that is stepped per epoch."""
    story = Story()
    story.optimizer()
    story.scheduler("CosineAnnealingLR", T_max=length)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize(1, *([guard(GuardKind.PERIODIC, "i % 4 == 0", 2, 4, 2)] if waits else []))
        stepping(story)
    return story


def moved_in(story: Story) -> object:
    remedy = mending.once_per_update(reading(story), story.events[-1], story.objects[1])
    assert remedy is not None
    (only,) = remedy.changes
    assert isinstance(only, Move)
    return only.to


def test_a_schedule_in_batches_goes_into_the_batch_loop() -> None:
    story = per_epoch(op("*", EPOCHS, LOADER_LENGTH))
    assert moved_in(story) == After(story.events[-2].place)


def test_a_schedule_in_batches_does_not_wait_for_the_optimizer() -> None:
    story = per_epoch(op("*", EPOCHS, LOADER_LENGTH), waits=True)
    assert moved_in(story) == EndOf(story.loops[1].place)


def test_the_end_of_an_epoch_is_before_the_checkpoint_of_it() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    with story.range("epoch", EPOCHS):
        with story.loader():
            story.optimize()
            step = stepping(story)
        saved = story.save(story.state(1, "optimizer"))
    remedy = mending.once_per_epoch(reading(story), step)
    assert remedy is not None
    assert remedy.changes == (Move(step.place, Before(story.loops[0].place, saved.parts[0].place or saved.place)),)


def never(name: str, receiver: str, **changes: object) -> Story:
    """A schedule in epochs that is never stepped."""
    story = Story()
    story.optimizer()
    story.amend(1, names=("optimizer",))
    story.scheduler("StepLR", step_size=8)
    story.amend(2, name=name, **changes)
    with story.range("epoch", EPOCHS), story.loader():
        story.optimize(receiver=receiver)
    return story


@pytest.mark.parametrize(
    ("name", "receiver", "text"),
    [
        ("scheduler", "optimizer", "scheduler.step()"),
        ("self.scheduler", "self.optimizer", "self.scheduler.step()"),
        ("self.scheduler", "trainer.optimizer", "trainer.scheduler.step()"),
    ],
)
def test_a_missing_step_is_spelled_as_the_optimizer_is(name: str, receiver: str, text: str) -> None:
    story = never(name, receiver)
    remedy = mending.stepped(reading(story), story.objects[1])
    assert remedy is not None
    assert remedy.changes == (Insert(text, EndOf(story.loops[0].place)),)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(never("scheduler", "self.optimizer"), id="a variable beside an attribute"),
        pytest.param(never("scheduler", "opt"), id="an optimizer by another name"),
        pytest.param(never("scheduler", "optimizer", condition=(equals("sched", "step"),)), id="built at times"),
    ],
)
def test_a_step_is_not_added_where_it_might_fail(story: Story) -> None:
    assert mending.stepped(reading(story), story.objects[1]) is None
