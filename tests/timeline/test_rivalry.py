"""Schedules of one optimizer that undo each other, on timelines written by hand."""

from __future__ import annotations

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Guard, GuardKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from schedlint.timeline.rivalry import rivalries, stepped_inside
from tests.timeline.build import Story, equals, guard


def both(first: str, second: str, *guards: Guard, own_methods: tuple[str, ...] = ()) -> Reading:
    """Two schedulers of one optimizer that are stepped at the end of each epoch, the second behind guards."""
    story = Story()
    story.optimizer()
    story.scheduler(first)
    story.scheduler(second)
    story.amend(2, own_methods=own_methods)
    with story.range("epoch", 9):
        with story.loader():
            story.optimize()
        story.step(2)
        story.step(3, *guards)
    return read(story.timeline(), load())


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        pytest.param(both("StepLR", "LambdaLR"), [(3, 2, False)], id="a decay, then one that overwrites"),
        pytest.param(both("LambdaLR", "StepLR"), [(2, 3, False)], id="one that overwrites, then a decay"),
        pytest.param(both("LambdaLR", "OneCycleLR"), [(3, 2, True)], id="of two that overwrite the last one decides"),
        pytest.param(both("ReduceLROnPlateau", "LambdaLR"), [(3, 2, False)], id="a plateau"),
        pytest.param(both("StepLR", "CosineAnnealingLR"), [], id="two that multiply"),
        pytest.param(both("StepLR", "LambdaLR", guard(GuardKind.FIRST)), [], id="in the first epochs only"),
        pytest.param(both("StepLR", "LambdaLR", guard(GuardKind.UNKNOWN)), [], id="behind a guard nobody understands"),
        pytest.param(both("StepLR", "LambdaLR", own_methods=("step",)), [], id="a step of its own"),
    ],
)
def test_one_schedule_overwrites_another(reading: Reading, found: list[tuple[int, int, bool]]) -> None:
    assert [(each.absolute.id, each.other.id, each.both) for each in rivalries(reading)] == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        pytest.param(GuardKind.FIRST, [], id="in the first epoch"),
        pytest.param(GuardKind.FLAG, [(3, 2, True)], id="where a setting wants it"),
        pytest.param(None, [(3, 2, True)], id="in each epoch"),
    ],
)
def test_a_schedule_that_is_built_in_some_rounds_leaves_the_others_alone(
    kind: GuardKind | None, found: list[tuple[int, int, bool]]
) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("OneCycleLR")
    with story.range("epoch", 9):
        warmup = story.scheduler("LambdaLR")
        if kind is not None:
            story.amend(warmup, guards=(guard(kind, loop=1),))
        with story.loader():
            story.optimize()
            story.step(2)
            story.step(warmup)
    known = read(story.timeline(), load())
    assert [(each.absolute.id, each.other.id, each.both) for each in rivalries(known)] == found


def test_schedules_of_two_settings_never_meet() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", condition=(equals("args.sched", "step"),))
    story.scheduler("LambdaLR", condition=(equals("args.sched", "lambda"),))
    with story.range("epoch", 9):
        story.step(2)
        story.step(3)
    assert list(rivalries(read(story.timeline(), load()))) == []


def chain(*classes: str) -> Reading:
    story = Story()
    story.optimizer()
    children = tuple(story.scheduler(cls) for cls in classes)
    whole = story.scheduler("ChainedScheduler", children=children)
    with story.range("epoch", 9):
        story.optimize()
        story.step(whole)
    return read(story.timeline(), load())


@pytest.mark.parametrize(
    ("classes", "lost"),
    [
        pytest.param(("LinearLR", "LambdaLR"), [2], id="what comes before one that overwrites"),
        pytest.param(("LinearLR", "StepLR"), [], id="none of them overwrites"),
    ],
)
def test_inside_a_chain(classes: tuple[str, ...], lost: list[int]) -> None:
    assert [each.other.id for each in rivalries(chain(*classes))] == lost


def inner(*guards: Guard) -> Reading:
    story = Story()
    story.optimizer()
    cosine = story.scheduler("CosineAnnealingLR", T_max=9)
    whole = story.scheduler("SequentialLR", children=(cosine,), milestones=[3])
    with story.range("epoch", 12):
        story.optimize()
        story.step(whole)
        story.step(cosine, *guards)
    return read(story.timeline(), load())


def test_a_scheduler_is_stepped_beside_the_one_around_it() -> None:
    (found,) = stepped_inside(inner())
    assert (found.scheduler.id, found.wrapper.id) == (2, 3)


@pytest.mark.parametrize("kind", [GuardKind.LATER, GuardKind.FIRST, GuardKind.UNKNOWN, GuardKind.PERIODIC])
def test_a_guard_may_keep_the_two_steps_apart(kind: GuardKind) -> None:
    assert list(stepped_inside(inner(guard(kind)))) == []
