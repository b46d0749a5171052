"""What is done to an optimizer behind a schedule's back, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.knowledge.schema import LateGroup
from schedlint.knowledge.tables import load
from schedlint.timeline.hands import GROUPS, attributes_set, late_groups, overwritten
from schedlint.timeline.model import EventKind, Guard, GuardKind
from schedlint.timeline.readings import read
from tests.timeline.build import Story, guard


def added(cls: str, *, rebuilt: bool = False, before: bool = False, stepped: bool = True) -> list[LateGroup]:
    """What a group that is added after a scheduler does to it."""
    story = Story()
    story.optimizer()
    if before:
        story.happen(EventKind.GROUP_ADDED, 1)
    scheduler = story.scheduler(cls)
    if not before:
        story.happen(EventKind.GROUP_ADDED, 1)
    if rebuilt:
        scheduler = story.scheduler(cls)
    with story.range("epoch", 9):
        story.optimize()
        if stepped:
            story.step(scheduler)
    return [effect for _, effect in late_groups(read(story.timeline(), load()))]


@pytest.mark.parametrize(
    ("found", "effects"),
    [
        pytest.param(added("LambdaLR"), [LateGroup.LEFT_OUT], id="a schedule with one function for each group"),
        pytest.param(added("OneCycleLR"), [LateGroup.LACKS], id="a schedule that keeps its numbers in the group"),
        pytest.param(added("LinearLR"), [LateGroup.OVERSHOOTS], id="a warm-up"),
        pytest.param(added("StepLR"), [], id="a schedule that takes the groups as they come"),
        pytest.param(added("LambdaLR", before=True), [], id="added before the scheduler is built"),
        pytest.param(added("LambdaLR", rebuilt=True), [], id="the scheduler is built anew"),
        pytest.param(added("LambdaLR", stepped=False), [], id="the scheduler takes no step afterwards"),
    ],
)
def test_a_group_that_is_added_later(found: list[LateGroup], effects: list[LateGroup]) -> None:
    assert found == effects


def written(cls: str, *guards: Guard, method: str = GROUPS) -> Story:
    story = Story()
    story.optimizer()
    story.scheduler(cls)
    with story.range("epoch", 9):
        story.optimize()
        story.events.append(
            replace(story.happen(EventKind.LR_WRITTEN, 1, guards=guards), id=len(story.events), method=method)
        )
        del story.events[-2]
        story.step(2)
    return story


@pytest.mark.parametrize(
    ("story", "count"),
    [
        pytest.param(written("LambdaLR"), 1, id="a schedule that computes the rate anew"),
        pytest.param(written("StepLR"), 0, id="a schedule that multiplies what it finds"),
        pytest.param(written("LambdaLR", guard(GuardKind.ONCE)), 0, id="set in one epoch"),
        pytest.param(written("LambdaLR", method="lr"), 0, id="an attribute"),
    ],
)
def test_a_rate_that_is_set_by_hand_is_overwritten_by(story: Story, count: int) -> None:
    assert len(list(overwritten(read(story.timeline(), load())))) == count


def test_an_attribute_of_an_optimizer_is_no_learning_rate() -> None:
    timeline = written("StepLR", method="lr").timeline()
    assert [(optimizer.id, event.method) for optimizer, event in attributes_set(timeline)] == [(1, "lr")]
    assert list(attributes_set(written("StepLR").timeline())) == []
