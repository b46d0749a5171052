"""Steps that take turns, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.timeline.alternation import stepped_instead
from schedlint.timeline.model import EventKind, Guard, GuardKind
from tests.timeline.build import Story, guard


def asked(text: str, *, denied: bool = False) -> Guard:
    return guard(GuardKind.NEUTRAL, text, denied=denied)


def open_(before_scheduler: Guard, *before_optimizer: Guard) -> Story:
    """A scheduler behind one guard, and a step of its optimizer behind each of others."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9), story.loader():
        story.step(2, before_scheduler)
        for each in before_optimizer:
            story.optimize(1, each)
    return story


def decided(behind: str = "scheduler", *, trained: bool = False, receiver: str = "scheduler") -> Story:
    """A scheduler that is known to be there, and its optimizer's step where there is none."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9), story.loader():
        event = story.happen(EventKind.NOT_REACHED, 1, receiver="optimizer")
        story.events[-1] = replace(event, behind=behind)
        story.step(2, receiver=receiver)
        if trained:
            story.optimize()
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(open_(asked("scheduler"), asked("scheduler", denied=True)), id="if s"),
        pytest.param(open_(asked("scheduler is None", denied=True), asked("scheduler is None")), id="if s is not None"),
        pytest.param(decided(), id="if s, which is there"),
        pytest.param(decided("scheduler is not None"), id="if s is not None, which it is not"),
        pytest.param(decided("self.s != None", receiver="self.s"), id="an attribute"),
    ],
)
def test_a_step_in_place_of_the_optimizers(story: Story) -> None:
    (found,) = stepped_instead(story.timeline())
    assert (found.scheduler, found.step.kind) == (2, EventKind.STEPPED)
    assert [subject.object for subject in found.optimizer_step.subjects] == [1]


ELSE = asked("scheduler", denied=True)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(open_(asked("scheduler"), ELSE, asked("scheduler")), id="the optimizer is stepped on both sides"),
        pytest.param(open_(asked("scheduler"), ELSE, asked("ready")), id="and behind something else"),
        pytest.param(open_(asked("scheduler")), id="the optimizer is never stepped"),
        pytest.param(open_(asked("amp"), asked("amp", denied=True)), id="the test asks for something else"),
        pytest.param(open_(ELSE, asked("scheduler")), id="the sides are the other way round"),
        pytest.param(decided(trained=True), id="the optimizer is stepped in any case"),
        pytest.param(decided("other"), id="another scheduler is asked for"),
    ],
)
def test_steps_that_take_no_turns(story: Story) -> None:
    assert list(stepped_instead(story.timeline())) == []
