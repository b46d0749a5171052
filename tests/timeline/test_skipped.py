"""Steps that do not know of the optimizer's, and steps in chosen rounds, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.knowledge.tables import load
from schedlint.timeline.model import Bound, Guard, GuardKind
from schedlint.timeline.readings import read
from schedlint.timeline.skipped import seldom_stepped, steps_beside_skipped
from tests.timeline.build import Story, guard, named


def scaled(*guards: Guard, may_skip: bool = True, shared: tuple[Guard, ...] = (), per_epoch: bool = False) -> Story:
    """An optimizer that a scaler steps, and a scheduler behind guards."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9):
        with story.loader():
            step = story.optimize(1, *shared, receiver="scaler")
            story.events[-1] = replace(step, may_skip=may_skip)
            if not per_epoch:
                story.step(2, *shared, *guards)
        if per_epoch:
            story.step(2)
    return story


def beside(story: Story) -> int:
    return len(list(steps_beside_skipped(read(story.timeline(), load()))))


PERIOD = guard(GuardKind.PERIODIC, "(i + 1) % 4 == 0", loop=2, period=4)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(scaled(), 1, id="always"),
        pytest.param(scaled(guard(GuardKind.FLAG, "args.schedule")), 1, id="as a setting says"),
        pytest.param(scaled(shared=(PERIOD,)), 1, id="once per update, like the optimizer"),
        pytest.param(scaled(may_skip=False), 0, id="beside an optimizer that is always stepped"),
        pytest.param(scaled(guard(GuardKind.NEUTRAL, "scaler.get_scale() >= scale")), 0, id="when the scale stays"),
        pytest.param(scaled(guard(GuardKind.NEUTRAL, "scheduler is None", denied=True)), 1, id="when it is there"),
        pytest.param(scaled(guard(GuardKind.NEUTRAL, "skipped", denied=True)), 0, id="when a variable says so"),
        pytest.param(scaled(guard(GuardKind.UNKNOWN, "ok")), 0, id="when something says so"),
        pytest.param(scaled(per_epoch=True), 0, id="once per epoch, in which others are taken"),
    ],
)
def test_steps_beside_one_that_may_be_skipped(story: Story, expected: int) -> None:
    assert beside(story) == expected


def test_a_step_that_is_sent_to_a_position_or_comes_before_runs_ahead_of_nothing() -> None:
    story = scaled()
    story.events[-1] = replace(story.events[-1], arguments=(Bound("epoch", (named("it"),)),))
    assert beside(story) == 0
    early = Story()
    early.optimizer()
    early.scheduler("StepLR")
    with early.range("epoch", 9), early.loader():
        early.step(2)
        early.events[-1] = replace(early.optimize(), may_skip=True)
    assert beside(early) == 0


BEST = guard(GuardKind.UNKNOWN, "val_loss < best_loss")


def chosen(*steps: tuple[Guard, ...], training: tuple[Guard, ...] = ()) -> Story:
    """A scheduler with steps behind guards, at the end of the epoch."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("epoch", 9):
        with story.loader():
            story.optimize(1, *training)
        for guards in steps:
            story.step(2, *guards)
    return story


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param(chosen((BEST,)), ["val_loss < best_loss"], id="when a value is the best"),
        pytest.param(chosen((BEST,), (BEST,)), ["val_loss < best_loss"], id="at two places"),
        pytest.param(
            chosen((guard(GuardKind.UNKNOWN, "except RuntimeError"),)), ["except RuntimeError"], id="in a handler"
        ),
        pytest.param(chosen(()), [], id="always"),
        pytest.param(chosen((BEST,), ()), [], id="at another place always"),
        pytest.param(chosen((replace(BEST, denied=True),)), [], id="when it is not the best, as a plateau would"),
        pytest.param(chosen((guard(GuardKind.FLAG, "args.save_best"),)), [], id="as a setting says"),
        pytest.param(chosen((guard(GuardKind.UNKNOWN, "bestow"),)), [], id="when a word begins like it"),
        pytest.param(chosen((BEST,), training=(BEST,)), [], id="like its optimizer"),
        pytest.param(chosen(), [], id="never"),
    ],
)
def test_schedulers_that_are_stepped_in_chosen_rounds(story: Story, expected: list[str]) -> None:
    reading = read(story.timeline(), load())
    assert [found.guard.text for found in seldom_stepped(reading)] == expected
