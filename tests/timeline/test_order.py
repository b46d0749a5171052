"""Which comes first, the scheduler's step or its optimizer's, on timelines written by hand."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from schedlint.timeline.model import Bound, Condition, EventKind, Guard, GuardKind, ObjectKind, Subject
from schedlint.timeline.order import Precedence, condition_of, initial_steps, steps_before_optimizer
from schedlint.timeline.quantity import Literal
from tests.timeline.build import Story, Value, equals, guard, named, option

TORCH = "torch.optim.lr_scheduler."


def found(story: Story) -> list[Precedence]:
    return list(steps_before_optimizer(story.timeline()))


def story() -> Story:
    """An optimizer and a scheduler on it."""
    made = Story()
    made.optimizer()
    made.scheduler("StepLR", step_size=3)
    return made


def test_a_step_at_the_top_of_the_epoch_is_first() -> None:
    told = story()
    with told.range("epoch", 9) as epoch:
        step = told.step(2)
        with told.loader():
            update = told.optimize()
    assert found(told) == [Precedence(scheduler=2, step=step.id, optimizer_step=update.id, loop=epoch)]


def test_a_step_at_the_end_of_the_epoch_is_not() -> None:
    told = story()
    with told.range("epoch", 9):
        with told.loader():
            told.optimize()
        told.step(2)
    assert found(told) == []


def test_two_steps_in_the_batch_loop_share_that_loop() -> None:
    told = story()
    with told.range("epoch", 9), told.loader() as batch:
        told.step(2)
        told.optimize()
    (precedence,) = found(told)
    assert precedence.loop == batch


@pytest.mark.parametrize(
    ("kind", "reported"),
    [
        pytest.param(GuardKind.NEUTRAL, True, id="not None"),
        pytest.param(GuardKind.FLAG, True, id="a flag"),
        pytest.param(GuardKind.FIRST, True, id="the first epochs"),
        pytest.param(GuardKind.LATER, False, id="all epochs but the first"),
        pytest.param(GuardKind.PERIODIC, False, id="every few batches"),
        pytest.param(GuardKind.LAST, False, id="the last batch"),
        pytest.param(GuardKind.ONCE, False, id="one epoch"),
        pytest.param(GuardKind.UNKNOWN, False, id="a guard nobody understands"),
    ],
)
def test_a_guard_before_the_step(kind: GuardKind, reported: bool) -> None:
    told = story()
    with told.range("epoch", 9):
        told.step(2, guard(kind))
        told.optimize()
    assert bool(found(told)) is reported


@pytest.mark.parametrize(
    ("kind", "object", "reported"),
    [
        pytest.param(EventKind.OPTIMIZED, 1, False, id="the optimizer was stepped"),
        pytest.param(EventKind.HANDED_ON, 1, True, id="the optimizer was handed on before the loop"),
        pytest.param(EventKind.STEPPED_BY, 1, False, id="a library steps the optimizer"),
        pytest.param(EventKind.LAST_EPOCH_WRITTEN, 2, False, id="the position was set"),
        pytest.param(EventKind.STATE_LOADED, 2, True, id="the scheduler's state was loaded"),
        pytest.param(EventKind.HANDED_ON, 2, True, id="the scheduler alone was handed on"),
        pytest.param(EventKind.LR_READ, 2, True, id="the rate was read"),
        pytest.param(EventKind.STATE_SAVED, 1, True, id="the optimizer's state was saved"),
    ],
)
def test_what_happened_before_the_step(kind: EventKind, object: int, reported: bool) -> None:
    told = story()
    told.happen(kind, object)
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
    assert bool(found(told)) is reported


def test_an_optimizer_handed_on_in_the_loop_that_trains_may_have_been_stepped_there() -> None:
    told = story()
    with told.range("epoch", 9):
        told.hand_on()
        told.step(2)
        told.optimize()
    assert found(told) == []


@pytest.mark.parametrize(
    ("start", "bound", "reported"),
    [
        pytest.param(None, 0, False, id="not taken in round zero"),
        pytest.param(1, 0, True, id="taken in round one, the first"),
        pytest.param(1, 1, False, id="not taken in round one"),
        pytest.param(None, option("args.warmup", 5), False, id="an option that is above the first round"),
        pytest.param(1, option("args.warmup", 0), True, id="an option whose default is below the first round"),
        pytest.param(1, named("warmup"), False, id="an unknown number of rounds"),
    ],
)
def test_a_window_is_held_against_the_first_round(start: int | None, bound: Value, reported: bool) -> None:
    told = story()
    with told.range("epoch", 9, start) as epoch:
        told.step(2, guard(GuardKind.LATER, "epoch > n", epoch, bound, epoch))
        told.optimize()
    assert bool(found(told)) is reported


def test_a_guard_that_both_steps_stand_behind_does_not_matter() -> None:
    told = story()
    both = guard(GuardKind.PERIODIC, "i % 4 == 0")
    with told.range("epoch", 9):
        told.step(2, both)
        told.optimize(1, both)
    assert len(found(told)) == 1


def test_a_step_before_all_training_does_not_hide_one_in_the_loop() -> None:
    told = story()
    told.step(2)
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
    assert len(found(told)) == 1


def test_a_step_of_an_unknown_optimizer_may_be_its_own() -> None:
    told = story()
    told.happen(EventKind.OPTIMIZED, receiver="self.optimizer")
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
    assert found(told) == []


def test_a_step_of_another_optimizer_is_no_step_of_its_own() -> None:
    told = Story()
    told.optimizer()
    told.optimizer("other")
    told.scheduler("StepLR", 1)
    told.happen(EventKind.OPTIMIZED, 2)
    with told.range("epoch", 9):
        told.step(3)
        told.optimize()
    assert [precedence.scheduler for precedence in found(told)] == [3]


def test_only_another_optimizer_follows() -> None:
    told = Story()
    told.optimizer()
    told.optimizer("other")
    told.scheduler("StepLR", 1)
    with told.range("epoch", 9):
        told.step(3)
        told.happen(EventKind.OPTIMIZED, 2)
    assert found(told) == []


def test_no_optimizer_step_follows() -> None:
    told = story()
    with told.range("epoch", 9):
        told.step(2)
    assert found(told) == []


def test_no_loop_holds_both() -> None:
    told = story()
    told.step(2)
    with told.range("epoch", 9):
        told.optimize()
    assert found(told) == []


def test_a_loop_that_makes_the_scheduler_anew_does_not_count() -> None:
    told = Story()
    with told.range("fold", 5):
        told.optimizer()
        told.scheduler("StepLR")
        told.step(2)
        told.optimize()
    assert found(told) == []


def test_a_step_with_a_position_is_not_judged() -> None:
    told = story()
    with told.range("epoch", 9):
        told.happen(EventKind.STEPPED, 2)
        told.optimize()
    event = told.events[-3]
    told.events[-3] = replace(event, arguments=(Bound("0", (Literal(3),)),))
    assert found(told) == []


def test_a_scheduler_that_was_handed_in_has_no_beginning() -> None:
    told = Story()
    told.optimizer()
    told.make(ObjectKind.SCHEDULER, "s", (TORCH + "StepLR",), optimizers=(1,), handed_in=True)
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
    assert found(told) == []


def test_a_scheduler_whose_optimizer_is_not_known_is_not_judged() -> None:
    told = Story()
    told.optimizer()
    told.make(ObjectKind.SCHEDULER, "s", (TORCH + "StepLR",))
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
    assert found(told) == []


COS: Condition = (equals("sched", "cos"),)
TST: Condition = (equals("sched", "tst"),)


@pytest.mark.parametrize(
    ("before", "step", "after", "reported"),
    [
        pytest.param(COS, TST, (), True, id="an earlier optimizer step under the opposite condition is none"),
        pytest.param(COS, COS, (), False, id="an earlier optimizer step under the same condition is one"),
        pytest.param((), COS, (), False, id="an earlier optimizer step under no condition is one"),
        pytest.param(None, COS, TST, False, id="a later optimizer step under the opposite condition is none"),
        pytest.param(None, COS, COS, True, id="a later optimizer step under the same condition is one"),
    ],
)
def test_conditions(before: Condition | None, step: Condition, after: Condition, reported: bool) -> None:
    told = story()
    if before is not None:
        told.happen(EventKind.OPTIMIZED, 1, condition=before)
    with told.range("epoch", 9):
        told.step(2, condition=step)
        told.happen(EventKind.OPTIMIZED, 1, condition=after)
    assert bool(found(told)) is reported


def test_each_scheduler_is_judged_alone() -> None:
    told = story()
    told.scheduler("StepLR")
    with told.range("epoch", 9):
        told.step(2)
        told.optimize()
        told.step(3)
    assert [precedence.scheduler for precedence in found(told)] == [2]


def test_the_condition_of_an_event_for_one_of_its_subjects() -> None:
    told = story()
    base = told.step(2, condition=COS)
    both = replace(base, subjects=(Subject(2, TST), Subject(3, COS)))
    assert condition_of(both, 2) == COS + TST
    assert condition_of(both, 3) == COS
    assert condition_of(both, 9) == COS


# --- one step before the loop -----------------------------------------------------------------------------------------


def ahead(*guards: Guard, in_loop: bool = True, before: EventKind | None = None) -> Story:
    """A scheduler with a step before the loop, behind guards, and another one in it."""
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    if before is not None:
        story.happen(before, 2 if before is EventKind.LAST_EPOCH_WRITTEN else 1)
    story.step(2, *guards)
    with story.range("epoch", 9):
        story.optimize()
        if in_loop:
            story.step(2)
    return story


def forward() -> Story:
    story = Story()
    story.optimizer()
    story.scheduler("StepLR")
    with story.range("_", 5):
        story.step(2)
    with story.range("epoch", 9):
        story.optimize()
        story.step(2)
    return story


def test_a_step_before_the_loop_is_found_with_the_loop() -> None:
    story = ahead()
    (found,) = initial_steps(story.timeline())
    assert (found.scheduler, found.loop) == (2, 1)
    assert story.timeline().event(found.step).loops == ()


def test_a_step_behind_an_exit_that_the_training_is_behind_too_is_found() -> None:
    exit = guard(GuardKind.FLAG, "args.evaluate", denied=True)
    story = ahead(exit)
    story.events = [replace(event, guards=(exit,)) if event.loops else event for event in story.events]
    assert len(list(initial_steps(story.timeline()))) == 1


def test_a_step_under_the_setting_that_the_scheduler_is_built_under_is_taken_whenever_there_is_one() -> None:
    story = ahead(guard(GuardKind.FLAG, "args.lrs == 'plateau'", denied=True))
    built = replace(story.events[1], guards=(guard(GuardKind.FLAG, "args.lrs == 'plateau'", denied=True, within=0),))
    story.events[1] = built
    assert len(list(initial_steps(story.timeline()))) == 1


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(ahead(in_loop=False), id="it is the only one"),
        pytest.param(ahead(before=EventKind.OPTIMIZED), id="the optimizer was stepped"),
        pytest.param(ahead(before=EventKind.LAST_EPOCH_WRITTEN), id="the position was set"),
        pytest.param(ahead(guard(GuardKind.FLAG, "args.resume")), id="it is taken when settings say so"),
        pytest.param(ahead(guard(GuardKind.LATER, "start > 0")), id="it is taken later"),
        pytest.param(forward(), id="a loop moves it forward"),
    ],
)
def test_steps_that_are_no_extra_ones(story: Story) -> None:
    assert list(initial_steps(story.timeline())) == []
