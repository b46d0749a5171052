"""Schedulers that are stepped twice in one round."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Condition, EventKind, Guard, GuardKind, Subject
from schedlint.timeline.quantity import Literal
from schedlint.timeline.readings import read
from schedlint.timeline.repetition import stepped_twice
from tests.timeline.build import Story, equals, guard


def twice(story: Story) -> list[tuple[int, int]]:
    """The rows of both steps."""
    found = stepped_twice(read(story.timeline(), load()))
    return [(each.first.place.row, each.second.place.row) for each in found]


def at_the_end(
    *guards: Guard, conditions: tuple[Condition, Condition] = ((), ()), updates: tuple[Guard, ...] = ()
) -> Story:
    """Two steps at the end of the epoch, the second behind guards."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        with story.loader():
            story.optimize(1, *updates)
        story.step(2, condition=conditions[0])
        story.step(2, *guards, condition=conditions[1])
    return story


SETTING = (equals("args.sched", "step"),)
OTHER = (equals("args.sched", "step", positive=False),)


@pytest.mark.parametrize(
    ("story", "count"),
    [
        pytest.param(at_the_end(), 1, id="one after the other"),
        pytest.param(at_the_end(guard(GuardKind.NEUTRAL)), 1, id="the second if there is a scheduler"),
        pytest.param(at_the_end(guard(GuardKind.LAST)), 1, id="the second in the last batch"),
        pytest.param(at_the_end(guard(GuardKind.FLAG), conditions=(SETTING, SETTING)), 1, id="both under one setting"),
        pytest.param(at_the_end(conditions=(SETTING, OTHER)), 0, id="each under its setting"),
        pytest.param(at_the_end(guard(GuardKind.FLAG), conditions=((), SETTING)), 0, id="the second under a setting"),
        pytest.param(at_the_end(guard(GuardKind.UNKNOWN)), 0, id="the second behind a guard nobody understands"),
        pytest.param(at_the_end(guard(GuardKind.FIRST)), 0, id="the second in the first epochs"),
        pytest.param(at_the_end(guard(GuardKind.PERIODIC)), 0, id="the second now and then"),
        pytest.param(
            at_the_end(guard(GuardKind.PERIODIC), updates=(guard(GuardKind.PERIODIC),)), 1, id="at the optimizer's pace"
        ),
    ],
)
def test_two_steps_in_one_epoch(story: Story, count: int) -> None:
    assert len(twice(story)) == count


def test_a_step_in_the_batch_loop_and_one_behind_it_are_two_in_the_epoch() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        with story.loader():
            story.optimize()
            inner = story.step(2)
        outer = story.step(2)
    assert twice(story) == [(inner.place.row, outer.place.row)]


def test_two_loops_one_after_the_other_are_two_phases() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    for _ in range(2):
        with story.range("epoch", 9):
            story.optimize()
            story.step(2)
    assert twice(story) == []


def test_a_scheduler_that_is_made_anew_in_each_round_of_the_loop_is_another_one() -> None:
    story = Story()
    with story.range("fold", 5):
        story.optimizer()
        story.scheduler("StepLR", step_size=3)
        story.step(2)
        story.step(2)
    assert twice(story) == []


@pytest.mark.parametrize(
    ("second", "receivers", "count"),
    [
        pytest.param((Subject(2),), ("s", "s"), 0, id="another one at the second place"),
        pytest.param((Subject(2), Subject(3)), ("all[i]", "all[i]"), 0, id="an item of the same list"),
        pytest.param((Subject(2), Subject(3)), ("one", "other"), 0, id="another variable"),
        pytest.param((Subject(2), Subject(3)), ("self.s", "self.s"), 1, id="the same variable"),
    ],
)
def test_one_of_several_schedulers(second: tuple[Subject, ...], receivers: tuple[str, str], count: int) -> None:
    story = at_the_end()
    story.scheduler("StepLR", step_size=4)
    steps = [number for number, event in enumerate(story.events) if event.kind is EventKind.STEPPED]
    for number, subjects, receiver in zip(steps, ((Subject(2), Subject(3)), second), receivers, strict=True):
        story.events[number] = replace(story.events[number], subjects=subjects, receiver=receiver)
    assert bool(twice(story)) is bool(count)


def test_a_step_to_a_position_may_be_repeated() -> None:
    story = at_the_end()
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (Literal(3),)),))
    assert twice(story) == []


def test_the_same_place_reached_twice_is_one_step() -> None:
    story = at_the_end()
    story.events[-1] = replace(story.events[-1], place=story.events[-2].place)
    assert twice(story) == []


def test_two_calls_that_lead_to_the_same_place_are_two_steps() -> None:
    story = at_the_end()
    first, second = story.events[-2:]
    story.events[-2:] = [replace(step, place=first.place, calls=(step.place,)) for step in (first, second)]
    (found,) = stepped_twice(read(story.timeline(), load()))
    assert found.places == (first.place, second.place)


def test_two_batch_loops_share_the_batches_of_their_epoch() -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9):
        for _ in range(2):
            with story.loader():
                story.optimize()
                story.step(2)
    assert twice(story) == []


@pytest.mark.parametrize("kind", [GuardKind.PERIODIC, GuardKind.FIRST, GuardKind.LATER, GuardKind.UNKNOWN])
def test_the_same_test_before_both_steps_holds_for_both_where_only_the_round_decides(kind: GuardKind) -> None:
    story = at_the_end()
    for number in (-2, -1):
        test = replace(guard(kind, loop=1), place=story.events[number].place)
        story.events[number] = replace(story.events[number], guards=(test,))
    assert bool(twice(story)) is (kind is not GuardKind.UNKNOWN)
