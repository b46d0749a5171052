"""What is loaded into what, and in which order, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.constructions import constructions
from schedlint.timeline.model import Confidence, EventKind, Form, Part, Unseen
from schedlint.timeline.reading import Reading
from schedlint.timeline.readings import read
from schedlint.timeline.restoring import built_after_load, misplaced, pickled, restored_alone, unprepared
from tests.timeline.build import Argument, Story, op, option, place

OPTIMIZER, SCHEDULER = 1, 2

Change = Callable[[Story], object]


def reading(story: Story) -> Reading:
    return read(story.timeline(), load())


def nothing(story: Story) -> None:
    """No change."""


def begun(cls: str = "StepLR", fresh: bool = True, before: Change = nothing, **arguments: Argument) -> Story:
    """An optimizer and a scheduler on it."""
    story = Story()
    story.optimizer()
    if fresh:
        story.amend(OPTIMIZER, initial_rates=False)
    before(story)
    story.schedule(cls, arguments or {"step_size": 30})
    return story


def train(story: Story, scheduler: int = SCHEDULER, batches: bool = False) -> Story:
    """Training that steps the scheduler once per epoch, or per batch."""
    with story.range("epoch", 90):
        with story.loader():
            story.optimize()
            if batches:
                story.step(scheduler)
        if not batches:
            story.step(scheduler)
    return story


# --- misplaced --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["optimizer", "optim_state", "opt", "generator_optimizer", "optimizerState"])
def test_a_key_that_names_the_optimizer_is_likely_wrong_for_a_scheduler(key: str) -> None:
    story = begun()
    event = story.load(SCHEDULER, key)
    (found,) = misplaced(reading(story))
    assert (found.event.id, found.object.id, found.key) == (event.id, SCHEDULER, key)
    assert found.confidence is Confidence.LIKELY


def test_what_was_saved_under_the_key_makes_it_certain() -> None:
    story = begun()
    story.save(story.state(OPTIMIZER, "a"), story.state(SCHEDULER, "b"))
    story.load(SCHEDULER, "a")
    assert [found.confidence for found in misplaced(reading(story))] == [Confidence.CERTAIN]


def test_a_state_of_the_same_run_is_certainly_wrong() -> None:
    story = begun()
    event = story.load(SCHEDULER)
    story.events[-1] = replace(event, parts=(Part((), (OPTIMIZER,), Form.STATE),))
    assert [found.confidence for found in misplaced(reading(story))] == [Confidence.CERTAIN]


def test_an_optimizer_does_not_take_the_state_of_a_scheduler() -> None:
    story = begun()
    story.load(OPTIMIZER, "scheduler")
    assert [found.object.id for found in misplaced(reading(story))] == [OPTIMIZER]


@pytest.mark.parametrize("key", ["scheduler", "state", "optimizer_scheduler", "opt_lr", "adopted", "lr_optim"])
def test_a_key_that_does_not_say_optimizer_alone_is_not_wrong(key: str) -> None:
    story = begun()
    story.load(SCHEDULER, key)
    assert not list(misplaced(reading(story)))


def test_a_key_is_not_wrong_if_the_state_was_saved_under_it() -> None:
    story = begun()
    story.save(story.state(SCHEDULER, "optimizer"))
    story.load(SCHEDULER, "optimizer")
    assert not list(misplaced(reading(story)))


def test_one_of_several_things_that_is_right_is_enough() -> None:
    story = begun()
    event = story.load(SCHEDULER, "optimizer")
    story.events[-1] = replace(event, parts=(Part(("optimizer",)), Part(("scheduler",))))
    assert not list(misplaced(reading(story)))


# --- pickled ----------------------------------------------------------------------------------------------------------


def test_a_scheduler_in_a_file_is_pickled() -> None:
    story = begun()
    file = story.save(story.state(OPTIMIZER, "optimizer"), Part(("scheduler",), (SCHEDULER,), Form.OBJECT))
    assert [(found.file.id, found.object.id) for found in pickled(reading(story))] == [(file.id, SCHEDULER)]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((Part(("s",), (SCHEDULER,), Form.STATE),), id="its state"),
        pytest.param((Part(("s",), (SCHEDULER,), Form.INSIDE),), id="inside a trainer that is pickled whole"),
        pytest.param(
            (Part(("o",), (OPTIMIZER,), Form.OBJECT), Part(("s",), (SCHEDULER,), Form.OBJECT)), id="with its optimizer"
        ),
        pytest.param((Part(("o",), (OPTIMIZER,), Form.OBJECT),), id="the optimizer alone"),
    ],
)
def test_no_scheduler_is_pickled_alone(parts: tuple[Part, ...]) -> None:
    story = begun()
    story.save(*parts)
    assert not list(pickled(reading(story)))


# --- restored alone ---------------------------------------------------------------------------------------------------


def alone(story: Story) -> int | None:
    found = restored_alone(next(iter(constructions([reading(story)]))))
    return found[1].id if found is not None else None


def test_the_state_of_the_scheduler_alone_is_loaded() -> None:
    story = begun()
    event = story.load(SCHEDULER, "scheduler")
    assert alone(story) == event.id


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda story: story.load(OPTIMIZER, "optimizer"), id="the optimizer's state is loaded"),
        pytest.param(lambda story: story.load(0, receiver="something"), id="that of something unknown is loaded"),
        pytest.param(
            lambda story: story.amend(OPTIMIZER, unseen=(Unseen(EventKind.STATE_LOADED, place(9)),)),
            id="the code for it was not reached",
        ),
        pytest.param(lambda story: story.amend(SCHEDULER, optimizers=()), id="the optimizer is not known"),
    ],
)
def test_the_scheduler_is_not_restored_alone(change: Change) -> None:
    story = begun()
    story.load(SCHEDULER, "scheduler")
    change(story)
    assert alone(story) is None


# --- built after the load ---------------------------------------------------------------------------------------------


def late(
    cls: str = "LinearLR", batches: bool = False, restore: bool = True, **arguments: Argument
) -> list[tuple[int, bool]]:
    """The schedulers that overwrite what was loaded, and whether for good."""
    story = begun(cls, before=lambda story: story.load(OPTIMIZER, "optimizer"), **arguments)  # type: ignore[arg-type]
    if restore:
        story.load(SCHEDULER, "scheduler")
    return [(found.object.id, found.lasts) for found in built_after_load(reading(train(story, batches=batches)))]


def test_a_factor_is_applied_once_more_for_good() -> None:
    assert late(start_factor=0.1) == [(SCHEDULER, True)]


def test_an_absolute_schedule_is_wrong_for_an_epoch() -> None:
    assert late("CosineAnnealingWarmRestarts", T_0=10) == [(SCHEDULER, False)]


def test_a_sequence_begins_again_with_its_first_part() -> None:
    story = Story()
    story.optimizer()
    story.load(OPTIMIZER, "optimizer")
    first = story.scheduler("LinearLR", start_factor=0.1)
    second = story.scheduler("CosineAnnealingLR", T_max=95)
    whole = story.scheduler("SequentialLR", children=(first, second), milestones=[5])
    story.load(whole, "scheduler")
    found = list(built_after_load(reading(train(story, whole))))
    assert [(each.object.id, each.lasts) for each in found] == [(whole, True)]


@pytest.mark.parametrize("cls", ["StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "PolynomialLR"])
def test_what_changes_nothing_when_it_is_built_may_be_built_late(cls: str) -> None:
    assert late(cls, last=1) == []


def test_a_batch_at_another_learning_rate_is_no_harm() -> None:
    assert late("OneCycleLR", batches=True, max_lr=0.1, total_steps=90) == []


def test_a_new_schedule_may_begin_with_a_loaded_optimizer() -> None:
    assert late(start_factor=0.1, restore=False) == []


def test_a_position_that_is_passed_on_needs_the_loaded_optimizer() -> None:
    assert late(start_factor=0.1, last_epoch=op("-", option("start"), 1)) == []


def test_the_optimizer_is_loaded_once_more_in_the_end() -> None:
    story = begun("LinearLR", before=lambda story: story.load(OPTIMIZER, "optimizer"), start_factor=0.1)
    story.load(SCHEDULER, "scheduler")
    story.load(OPTIMIZER, "optimizer")
    assert not list(built_after_load(reading(train(story))))


# --- positions --------------------------------------------------------------------------------------------------------


def test_a_position_on_a_new_optimizer_is_unprepared() -> None:
    story = begun(step_size=30, last_epoch=0)
    assert [(each.position, each.confidence) for each in unprepared(reading(story))] == [(0, Confidence.CERTAIN)]


def test_the_default_of_an_option_is_likely() -> None:
    story = begun(step_size=30, last_epoch=option("args.start", 0))
    assert [(each.position, each.confidence) for each in unprepared(reading(story))] == [(0, Confidence.LIKELY)]


PREPARED: dict[str, dict[str, object]] = {
    "-1 begins a schedule": {"last_epoch": -1},
    "a position that is not known": {"last_epoch": option("args.start")},
    "one less than an option": {"last_epoch": op("-", option("args.start", 0), 1)},
    "one of two values": {"last_epoch": (0, 5)},
    "groups that may have an initial rate": {"last_epoch": 0, "fresh": False},
    "a state is loaded before": {"last_epoch": 0, "before": lambda story: story.load(OPTIMIZER, "optimizer")},
    "a rate is written before": {
        "last_epoch": 0,
        "before": lambda story: story.happen(EventKind.LR_WRITTEN, OPTIMIZER),
    },
    "another scheduler is built before": {"last_epoch": 0, "before": lambda story: story.scheduler("StepLR")},
}


@pytest.mark.parametrize("changes", PREPARED.values(), ids=PREPARED)
def test_a_position_is_all_right(changes: dict[str, object]) -> None:
    story = begun(**{"step_size": 30, **changes})  # type: ignore[arg-type]
    assert not [each for each in unprepared(reading(story)) if each.object.arguments]
