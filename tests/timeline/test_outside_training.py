"""Steps outside training, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Bound, EntryKind, Escape, EventKind, GuardKind
from schedlint.timeline.outside_training import Outside, stepped_outside
from schedlint.timeline.quantity import Literal, Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Story, equals, guard, place

SCHEDULER = 2


def built(cls: str = "StepLR", kind: EntryKind = EntryKind.SCRIPT) -> Story:
    story = Story(kind)
    story.optimizer()
    story.scheduler(cls)
    return story


def train(story: Story) -> None:
    with story.range("epoch", 9), story.loader():
        story.optimize()


def after(cls: str = "StepLR", kind: EntryKind = EntryKind.SCRIPT) -> Story:
    story = built(cls, kind)
    train(story)
    story.step(SCHEDULER)
    return story


def found(*stories: Story, spent: str = "") -> Outside | None:
    readings = [read(replace(story.timeline(), spent=spent), load()) for story in stories]
    made = tuple(Made(reading, reading.timeline.object(SCHEDULER)) for reading in readings)
    return stepped_outside(Construction(made[0].object.place, made))


def test_a_step_after_the_training_is_found_with_the_outermost_loop() -> None:
    outside = found(after())
    assert outside is not None
    assert (outside.after, outside.loop, outside.step.kind) == (True, 1, EventKind.STEPPED)


def test_a_step_before_the_training_is_found() -> None:
    story = built()
    story.step(SCHEDULER)
    train(story)
    outside = found(story)
    assert outside is not None
    assert not outside.after


def test_a_loop_that_only_visits_schedulers_is_no_loop() -> None:
    story = built()
    train(story)
    with story.items("scheduler", "[scheduler]"):
        story.happen(EventKind.STEPPED, SCHEDULER, receiver="scheduler", every=True)
    assert found(story) is not None


def test_a_loop_in_which_it_is_built_is_a_life_of_its_own() -> None:
    story = Story()
    with story.range("fold", 5):
        story.optimizer()
        story.scheduler("StepLR")
        train(story)
        story.step(SCHEDULER)
    outside = found(story)
    assert outside is not None
    assert outside.loop == 2


def between() -> Story:
    story = after()
    train(story)
    return story


def in_the_loop() -> Story:
    story = after()
    with story.range("epoch", 9):
        story.step(SCHEDULER)
    return story


def around_both() -> Story:
    story = built()
    with story.range("round", 9):
        train(story)
        story.step(SCHEDULER)
    return story


def ahead() -> Story:
    story = built()
    with story.range("_", 9):
        story.step(SCHEDULER)
    train(story)
    return story


def without_training() -> Story:
    story = built()
    story.optimize()
    story.step(SCHEDULER)
    return story


def apart() -> Story:
    story = built()
    train(story)
    story.events[-1] = replace(story.events[-1], condition=(equals("mode", "a"),))
    story.step(SCHEDULER, condition=(equals("mode", "b"),))
    return story


def jumping() -> Story:
    story = after()
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (Literal(9),)),))
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(between(), id="between two phases of training"),
        pytest.param(in_the_loop(), id="another step is in a loop"),
        pytest.param(around_both(), id="a loop around both"),
        pytest.param(ahead(), id="a loop that moves it forward"),
        pytest.param(without_training(), id="no loop trains"),
        pytest.param(apart(), id="never in the run that trains"),
        pytest.param(jumping(), id="it is sent to a position"),
        pytest.param(built(), id="it is never stepped"),
    ],
)
def test_steps_that_are_not_outside_training(story: Story) -> None:
    assert found(story) is None


def escape(story: Story) -> None:
    story.amend(SCHEDULER, escapes=(Escape("returned", place(99)),))


def hand_on(story: Story) -> None:
    story.happen(EventKind.HANDED_ON, SCHEDULER)


def let_a_library_step(story: Story) -> None:
    story.happen(EventKind.STEPPED_BY, SCHEDULER)


def step_something_called_so(story: Story) -> None:
    story.happen(EventKind.STEPPED, receiver="self.scheduler")


def wrap(story: Story) -> None:
    story.scheduler("ChainedScheduler", children=(SCHEDULER,))


@pytest.mark.parametrize("happens", [escape, hand_on, let_a_library_step, step_something_called_so, wrap])
def test_where_it_may_be_stepped_unseen_there_is_no_answer(happens: Callable[[Story], None]) -> None:
    story = after()
    happens(story)
    assert found(story) is None


def test_a_run_that_stopped_early_says_nothing() -> None:
    assert found(after(), spent="too many steps") is None


def test_what_is_built_anew_for_an_optimizer_that_stays_is_another_matter() -> None:
    story = Story()
    story.optimizer()
    with story.range("epoch", 9):
        story.scheduler("StepLR")
        with story.loader():
            story.optimize()
        story.step(SCHEDULER)
    assert found(story) is None
    handed = after()
    handed.amend(1, handed_in=True)
    assert found(handed) is None


def test_what_is_built_in_one_round_of_a_loop_lives_through_the_others() -> None:
    story = Story()
    with story.range("epoch", 9):
        story.optimizer()
        story.scheduler("StepLR")
        story.amend(SCHEDULER, guards=(guard(GuardKind.ONCE, "epoch == 3", loop=1),))
        with story.loader():
            story.optimize()
        story.step(SCHEDULER)
    assert found(story) is None


def test_a_metric_is_no_position() -> None:
    story = after("ReduceLROnPlateau")
    story.events[-1] = replace(story.events[-1], arguments=(Bound("metrics", (Symbol("loss", "loss"),)),))
    assert found(story) is not None


def test_one_timeline_that_steps_it_in_training_is_enough_to_be_silent() -> None:
    right = built()
    with right.range("epoch", 9):
        right.optimize()
        right.step(SCHEDULER)
    assert found(after(), right) is None
    assert found(right, after()) is None
    assert found(built(), after()) is not None


@pytest.mark.parametrize(
    ("kind", "calls", "expected"),
    [
        pytest.param(EntryKind.FUNCTION, (place(7),), True, id="a function that builds it"),
        pytest.param(EntryKind.FUNCTION, (), False, id="a function that finds it in the globals"),
        pytest.param(EntryKind.CLASS, (place(7),), False, id="methods of an object that lives on"),
    ],
)
def test_what_may_live_longer_than_the_entry(kind: EntryKind, calls: tuple[object, ...], expected: bool) -> None:
    story = after(kind=kind)
    story.events[1] = replace(story.events[1], calls=calls)
    assert (found(story) is not None) is expected
