"""Schedulers that are made anew in each round, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Guard, GuardKind
from schedlint.timeline.readings import read
from schedlint.timeline.remaking import Remade, remade
from tests.timeline.build import LOADER_LENGTH, Argument, Story, guard, op, option

EPOCHS = option("args.epochs")


def in_each_epoch(
    cls: str = "StepLR",
    *guards: Guard,
    own_optimizer: bool = False,
    per_batch: bool = False,
    **arguments: Argument,
) -> list[Remade]:
    """A scheduler that is made at the top of each epoch."""
    story = Story()
    if not own_optimizer:
        story.optimizer()
    with story.range("epoch", EPOCHS):
        if own_optimizer:
            story.optimizer()
        story.schedule(cls, arguments or {"step_size": 30})
        story.events[-1] = replace(story.events[-1], guards=guards)
        with story.loader():
            story.optimize()
            if per_batch:
                story.step(2)
        if not per_batch:
            story.step(2)
    return list(remade(read(story.timeline(), load())))


def test_a_schedule_that_takes_one_step_and_is_made_anew() -> None:
    (found,) = in_each_epoch()
    assert (found.scheduler.id, found.loop, found.once) == (2, 1, True)


def test_a_step_in_the_last_batch_is_one_in_each_epoch() -> None:
    story = Story()
    story.optimizer()
    with story.range("epoch", EPOCHS):
        story.scheduler("StepLR", step_size=30)
        with story.loader() as batches:
            story.optimize()
            story.step(2, guard(GuardKind.LAST, "i == len(loader) - 1", batches, within=batches))
    (found,) = remade(read(story.timeline(), load()))
    assert found.once


def test_a_class_of_the_project_that_counts_by_its_base() -> None:
    (found,) = in_each_epoch("project.sched.Warm", total_epochs=90)
    assert found.once


def test_a_schedule_over_all_epochs_of_which_each_object_sees_one() -> None:
    (found,) = in_each_epoch("CosineAnnealingLR", per_batch=True, T_max=op("*", EPOCHS, LOADER_LENGTH))
    assert not found.once


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(in_each_epoch("StepLR", guard(GuardKind.FIRST, within=1)), id="in the first epochs"),
        pytest.param(in_each_epoch("StepLR", guard(GuardKind.ONCE, within=1)), id="in one epoch"),
        pytest.param(
            in_each_epoch("StepLR", guard(GuardKind.UNKNOWN, within=1)), id="behind a guard nobody understands"
        ),
        pytest.param(in_each_epoch(own_optimizer=True), id="the optimizer is made anew as well"),
        pytest.param(in_each_epoch("ExponentialLR", gamma=0.9), id="the same at every step"),
        pytest.param(in_each_epoch(step_size=30, last_epoch=EPOCHS), id="it is told where to begin"),
        pytest.param(in_each_epoch("CosineAnnealingLR", per_batch=True, T_max=LOADER_LENGTH), id="over one epoch"),
    ],
)
def test_a_scheduler_is_not_made_in_vain_where(found: list[Remade]) -> None:
    assert found == []


def test_a_guard_outside_the_loop_says_nothing() -> None:
    assert len(in_each_epoch("StepLR", guard(GuardKind.UNKNOWN, within=0))) == 1
