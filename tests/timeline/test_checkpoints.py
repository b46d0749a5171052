"""What is forgotten in a checkpoint, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.checkpoints import never_loaded, never_saved
from schedlint.timeline.constructions import Construction, constructions
from schedlint.timeline.model import (
    Confidence,
    EntryKind,
    Escape,
    EventKind,
    Form,
    GuardKind,
    Part,
    Unseen,
)
from schedlint.timeline.quantity import Symbol
from schedlint.timeline.readings import read
from tests.timeline.build import Argument, Story, guard, named, op, place

START = named("start_epoch")
OPTIMIZER, SCHEDULER = 1, 2

Change = Callable[[Story], object]


def construction(story: Story) -> Construction:
    return next(iter(constructions([read(story.timeline(), load())])))


def resumed(
    *,
    before: Change = lambda story: None,
    step: Change = lambda story: story.step(SCHEDULER),
    save: Change = lambda story: story.save(story.state(OPTIMIZER, "optimizer")),
    load: Change = lambda story: story.load(OPTIMIZER, "optimizer"),
    start: Symbol | int = START,
    cls: str = "StepLR",
    **arguments: Argument,
) -> Story:
    """A training that is resumed: load, train from `start`, step once per epoch, save."""
    story = Story()
    story.optimizer()
    story.schedule(cls, arguments or {"step_size": 30})
    load(story)
    before(story)
    with story.range("epoch", 90, start):
        with story.loader():
            story.optimize()
        step(story)
        save(story)
    return story


def test_a_state_that_is_in_no_file_is_lost() -> None:
    story = resumed()
    lost = never_saved(construction(story))
    assert lost is not None
    saved = next(event for event in story.events if event.kind is EventKind.STATE_SAVED)
    loaded = next(event for event in story.events if event.kind is EventKind.STATE_LOADED)
    assert (lost.saved.place, lost.loaded.place, lost.own) == (saved.place, loaded.place, None)
    assert lost.confidence is Confidence.CERTAIN


def test_a_state_that_is_loaded_without_ever_being_saved_is_lost_too() -> None:
    def both(story: Story) -> None:
        story.load(OPTIMIZER, "optimizer")
        story.load(SCHEDULER, "scheduler")

    story = resumed(load=both)
    lost = never_saved(construction(story))
    assert lost is not None
    assert lost.own == story.events_of(SCHEDULER, EventKind.STATE_LOADED)[0].place


def save_both(story: Story) -> None:
    story.save(story.state(OPTIMIZER, "optimizer"), story.state(SCHEDULER, "scheduler"))


def catch_up(story: Story) -> None:
    with story.range("_", START):
        story.step(SCHEDULER)


def jump(story: Story) -> None:
    event = story.step(SCHEDULER)
    story.give(event, named("epoch"))


def set_rate(*guards: GuardKind) -> Change:
    made = tuple(map(guard, guards))
    return lambda story: (story.happen(EventKind.LR_WRITTEN, OPTIMIZER, guards=made), story.step(SCHEDULER))


GOES_ON = {
    "the steps that were taken are taken again": {"before": catch_up},
    "the position is set": {"before": lambda story: story.happen(EventKind.LAST_EPOCH_WRITTEN, SCHEDULER)},
    "the position is passed to the constructor": {"step_size": 30, "last_epoch": op("-", START, 1)},
    "the position is passed to each step": {"step": jump},
    "the horizon is what is left": {"step_size": op("-", 90, START)},
    "every step does the same": {"cls": "ExponentialLR", "gamma": 0.9},
    "the learning rate is set in each epoch": {"step": set_rate()},
    "the learning rate is set after the load": {"before": lambda story: story.happen(EventKind.LR_WRITTEN, OPTIMIZER)},
    "the scheduler is never stepped": {"step": lambda story: None},
}


@pytest.mark.parametrize("changes", GOES_ON.values(), ids=GOES_ON)
def test_a_schedule_goes_on_without_its_state_if(changes: dict[str, object]) -> None:
    story = resumed(**changes)  # type: ignore[arg-type]
    assert never_saved(construction(story)) is None


def test_a_learning_rate_that_is_set_now_and_then_restores_nothing() -> None:
    assert never_saved(construction(resumed(step=set_rate(GuardKind.UNKNOWN)))) is not None


def test_a_metric_is_no_position() -> None:
    story = resumed(cls="ReduceLROnPlateau", step=jump, patience=5)
    assert never_saved(construction(story)) is not None


NOT_CLAIMED = {
    "its state is saved beside it": {"save": save_both},
    "its state is saved in another file": {
        "save": lambda story: (
            story.save(story.state(OPTIMIZER, "optimizer")),
            story.save(story.state(SCHEDULER, "scheduler")),
        )
    },
    "it is in a file itself": {
        "save": lambda story: story.save(
            story.state(OPTIMIZER, "optimizer"), Part(("scheduler",), (SCHEDULER,), Form.OBJECT)
        )
    },
    "the state of something that may be it is saved": {
        "save": lambda story: (
            story.save(story.state(OPTIMIZER, "optimizer")),
            story.happen(EventKind.STATE_SAVED, receiver="self.sched"),
        )
    },
    "the file holds more than is known": {
        "save": lambda story: story.save(story.state(OPTIMIZER, "optimizer"), whole=False)
    },
    "the file holds something that is called a scheduler": {
        "save": lambda story: story.save(story.state(OPTIMIZER, "optimizer"), Part(("lr_scheduler",)))
    },
    "a library saves what it was given": {"before": lambda story: story.save(whole=False)},
    "the optimizer's state is not saved": {"save": lambda story: story.save(Part(("model",)))},
    "the optimizer's state is not loaded": {"load": lambda story: None},
    "the optimizer's state is loaded from elsewhere": {"load": lambda story: story.load(OPTIMIZER, "pretrained")},
    "the optimizer is set back to a state of the same run": {
        "load": lambda story: story.load_back(OPTIMIZER),
    },
    "training begins with its first epoch again": {"start": 0},
    "a library steps it": {"before": lambda story: story.happen(EventKind.STEPPED_BY, SCHEDULER)},
    "it is lost from sight": {
        "before": lambda story: story.amend(SCHEDULER, escapes=(Escape("passed to `f`", place(9)),))
    },
    "a function that was not reached may save it": {
        "before": lambda story: story.amend(SCHEDULER, unseen=(Unseen(EventKind.STATE_SAVED, place(9), exact=False),))
    },
}


@pytest.mark.parametrize("changes", NOT_CLAIMED.values(), ids=NOT_CLAIMED)
def test_nothing_is_said_where(changes: dict[str, object]) -> None:
    story = resumed(**changes)  # type: ignore[arg-type]
    assert never_saved(construction(story)) is None


def test_a_load_that_the_run_did_not_reach_is_a_resume_too() -> None:
    story = resumed(load=lambda story: None, start=0)
    story.amend(OPTIMIZER, unseen=(Unseen(EventKind.STATE_LOADED, place(50)),))
    lost = never_saved(construction(story))
    assert lost is not None
    assert (lost.loaded.place, lost.confidence) == (place(50), Confidence.LIKELY)


def test_an_optimizer_that_is_known_by_its_name_alone_is_loaded() -> None:
    story = resumed(load=lambda story: story.load(0, "optimizer", receiver="self.optimizer"))
    assert never_saved(construction(story)) is not None


def test_a_state_that_is_saved_and_not_loaded_is_forgotten() -> None:
    story = resumed(save=save_both)
    lost = never_loaded(construction(story))
    assert lost is not None
    own = story.events_of(SCHEDULER, EventKind.STATE_SAVED)[0]
    assert lost.own == own.place


LOADED = {
    "its state is loaded": {
        "load": lambda story: (story.load(OPTIMIZER, "optimizer"), story.load(SCHEDULER, "scheduler"))
    },
    "something that may be it is loaded": {
        "load": lambda story: (story.load(OPTIMIZER, "optimizer"), story.load(0, receiver="self.sched"))
    },
    "the code for it was not reached": {
        "before": lambda story: story.amend(SCHEDULER, unseen=(Unseen(EventKind.STATE_LOADED, place(9)),))
    },
    "it is stepped as often as before": {"before": catch_up},
    "it is not saved either": {"save": lambda story: story.save(story.state(OPTIMIZER, "optimizer"))},
    "the optimizer's state is not loaded either": {"load": lambda story: None},
}


@pytest.mark.parametrize("changes", LOADED.values(), ids=LOADED)
def test_a_state_is_not_forgotten_where(changes: dict[str, object]) -> None:
    story = resumed(**{"save": save_both, **changes})  # type: ignore[arg-type]
    assert never_loaded(construction(story)) is None


def test_the_rounds_of_an_unknown_caller_are_not_known_to_begin_again() -> None:
    story = Story(EntryKind.FUNCTION)
    story.optimizer()
    story.scheduler("StepLR", step_size=30)
    story.load(OPTIMIZER, "optimizer")
    with story.loader():
        story.optimize()
    story.step(SCHEDULER)
    story.save(story.state(OPTIMIZER, "optimizer"))
    assert never_saved(construction(story)) is not None


def test_one_of_two_schedulers_of_a_variable_is_loaded() -> None:
    """`if resume: scheduler = ...; scheduler.load_state_dict(...)` and `else: scheduler = ...`."""
    story = Story()
    story.optimizer()
    fresh, loaded = (story.scheduler("StepLR", step_size=30) for _ in range(2))
    story.load(OPTIMIZER, "optimizer")
    story.load(loaded, "scheduler")
    with story.range("epoch", 90, START):
        with story.loader():
            story.optimize()
        story.happen(EventKind.STEPPED, fresh, loaded, receiver="scheduler")
        save_both(story)
    for each in constructions([read(story.timeline(), load())]):
        assert never_loaded(each) is None
        assert never_saved(each) is None


def test_a_scheduler_that_is_built_in_each_epoch_is_another_mistake() -> None:
    story = Story()
    story.optimizer()
    story.load(OPTIMIZER, "optimizer")
    with story.range("epoch", 90, START):
        story.scheduler("StepLR", step_size=30)
        with story.loader():
            story.optimize()
            story.step(SCHEDULER)
        story.save(story.state(OPTIMIZER, "optimizer"))
    assert never_saved(construction(story)) is None
