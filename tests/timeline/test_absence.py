"""What is said never to happen, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.absence import is_never_stepped, trained_without
from schedlint.timeline.constructions import Construction, Made
from schedlint.timeline.model import Confidence, EntryKind, Escape, Event, EventKind
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from tests.timeline.build import Story, place

SCHEDULER = 2


def trained(*, kind: EntryKind = EntryKind.SCRIPT) -> Story:
    """An optimizer that is stepped in a loop, and a scheduler that is not."""
    story = Story(kind)
    story.optimizer()
    story.scheduler("StepLR", step_size=3)
    with story.range("epoch", 9), story.loader():
        story.optimize()
    return story


def made(story: Story, spent: str = "") -> Made:
    timeline = replace(story.timeline(), spent=spent)
    reading = read(timeline, load())
    return Made(reading, reading.timeline.object(SCHEDULER))


def found(*stories: Story) -> Event | None:
    """The step of the optimizer that goes with a scheduler which is never stepped."""
    several = tuple(map(made, stories))
    answer = trained_without(Construction(several[0].object.place, several))
    return None if answer is None else answer[1]


def test_an_optimizer_that_is_stepped_without_its_scheduler_is_found() -> None:
    step = found(trained())
    assert step is not None
    assert (step.kind, step.confidence) == (EventKind.OPTIMIZED, Confidence.CERTAIN)


def step(story: Story) -> None:
    story.step(SCHEDULER)


def step_a_part(story: Story) -> None:
    story.optimizer("other")
    child = story.scheduler("StepLR")
    story.amend(SCHEDULER, children=(child,))
    story.step(child)


def wrap(story: Story) -> None:
    story.scheduler("ChainedScheduler", children=(SCHEDULER,))


def wrap_the_wrapper(story: Story) -> None:
    inner = story.scheduler("ChainedScheduler", children=(SCHEDULER,))
    story.scheduler("SequentialLR", children=(inner,))


def let_a_library_step(story: Story) -> None:
    story.happen(EventKind.STEPPED_BY, SCHEDULER)


def hand_on(story: Story) -> None:
    story.happen(EventKind.HANDED_ON, SCHEDULER)


def write_the_position(story: Story) -> None:
    story.happen(EventKind.LAST_EPOCH_WRITTEN, SCHEDULER)


def escape(story: Story) -> None:
    story.amend(SCHEDULER, escapes=(Escape("returned", place(99)),))


def step_something_called_so(story: Story) -> None:
    story.happen(EventKind.STEPPED, receiver="self.trainer.scheduler")


def step_an_item_of_what_is_called_so(story: Story) -> None:
    story.happen(EventKind.STEPPED, receiver="scheduler['main']")


def step_something_without_a_name(story: Story) -> None:
    story.happen(EventKind.STEPPED, receiver="")


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(step, id="it is stepped"),
        pytest.param(step_a_part, id="a scheduler inside it is stepped"),
        pytest.param(wrap, id="it is part of another"),
        pytest.param(wrap_the_wrapper, id="it is part of a part of another"),
        pytest.param(let_a_library_step, id="a library steps it"),
        pytest.param(hand_on, id="it is handed on"),
        pytest.param(write_the_position, id="its position is written"),
        pytest.param(escape, id="it is lost from sight"),
        pytest.param(step_something_called_so, id="something of its name is stepped"),
        pytest.param(step_an_item_of_what_is_called_so, id="an item of something of its name is stepped"),
        pytest.param(step_something_without_a_name, id="something is stepped of which no name is known"),
    ],
)
def test_what_may_move_a_schedule_on(happens: Callable[[Story], None]) -> None:
    story = trained()
    happens(story)
    assert not is_never_stepped(made(story))
    assert found(story) is None


def read_the_rate(story: Story) -> None:
    story.happen(EventKind.LR_READ, SCHEDULER)


def save(story: Story) -> None:
    story.happen(EventKind.STATE_SAVED, SCHEDULER)


def load_state(story: Story) -> None:
    story.happen(EventKind.STATE_LOADED, SCHEDULER)


def step_another(story: Story) -> None:
    story.step(story.scheduler("LinearLR"))


def step_something_else(story: Story) -> None:
    story.happen(EventKind.STEPPED, receiver="noise_scheduler")


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(read_the_rate, id="its learning rate is read"),
        pytest.param(save, id="its state is saved"),
        pytest.param(load_state, id="its state is loaded"),
        pytest.param(step_another, id="another scheduler is stepped"),
        pytest.param(step_something_else, id="something of another name is stepped"),
    ],
)
def test_what_moves_no_schedule_on(happens: Callable[[Story], None]) -> None:
    story = trained()
    happens(story)
    assert found(story) is not None


def test_a_run_that_stopped_early_says_nothing_of_what_never_happens() -> None:
    assert not is_never_stepped(made(trained(), spent="too many steps"))


def test_a_construction_counts_as_stepped_if_one_timeline_steps_it() -> None:
    stepped = trained()
    stepped.step(SCHEDULER)
    assert found(trained(), stepped) is None
    assert found(stepped, trained()) is None


def test_training_in_any_timeline_is_enough() -> None:
    untrained = Story()
    untrained.optimizer()
    untrained.scheduler("StepLR")
    assert found(untrained) is None
    assert found(untrained, trained()) is not None


def before() -> Story:
    story = Story()
    story.optimizer()
    with story.range("epoch", 9):
        story.optimize()
    story.scheduler("StepLR")
    return story


def once() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    story.optimize()
    return story


def in_its_own_loop() -> Story:
    story = Story()
    story.optimizer()
    with story.range("trial", 9):
        story.scheduler("StepLR")
        story.optimize()
    return story


def of_another() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    other = story.optimizer("other")
    with story.range("epoch", 9):
        story.optimize(other)
    return story


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(before(), id="before it is built"),
        pytest.param(once(), id="once"),
        pytest.param(in_its_own_loop(), id="in no loop but the one it is built in"),
        pytest.param(of_another(), id="of another optimizer"),
    ],
)
def test_steps_of_an_optimizer_that_are_no_training_with_this_scheduler(story: Story) -> None:
    assert is_never_stepped(made(story))
    assert found(story) is None


def test_under_an_unknown_caller_one_step_may_be_many() -> None:
    story = Story(EntryKind.FUNCTION)
    story.optimizer()
    story.scheduler("StepLR")
    story.optimize()
    assert found(story) is not None


@pytest.mark.parametrize(
    ("method", "trains"),
    [
        pytest.param("engine.train_one_epoch", True, id="a function that trains by its name"),
        pytest.param("learner.Fit", True, id="one that fits"),
        pytest.param("evaluate", False, id="one that evaluates"),
    ],
)
def test_an_optimizer_that_is_handed_to_what_trains_is_likely_trained(method: str, trains: bool) -> None:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    story.hand_on()
    story.events[-1] = replace(story.events[-1], method=method)
    step = found(story)
    assert (step is not None) is trains
    assert step is None or step.confidence is Confidence.LIKELY


def test_a_scheduler_of_an_unknown_caller_is_not_said_to_be_built_before_anything() -> None:
    story = trained()
    story.events = [event for event in story.events if event.kind is not EventKind.CREATED]
    assert found(story) is None


def test_the_reading_is_the_one_that_trains() -> None:
    idle, busy = once(), trained()
    several = (made(idle), made(busy))
    answer = trained_without(Construction(several[0].object.place, several))
    assert answer is not None
    assert isinstance(answer[0].reading, Reading)
    assert answer[0] is several[1]
