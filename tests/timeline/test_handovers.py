"""Which scheduler goes wrong when its turn in a sequence comes, on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.knowledge.schema import InTurn
from schedlint.timeline.composites import turns
from schedlint.timeline.handovers import Handover, handovers
from schedlint.timeline.model import Confidence
from tests.timeline.build import Story, Value, named, option
from tests.timeline.composed import Child, chain, child, composite, linear, put, sequence

RELATIVE = child("MultiplicativeLR", lr_lambda=named("decay"))


def found(story: Story) -> list[Handover]:
    reading, scheduler = composite(story)
    return list(handovers(reading, turns(reading, scheduler)))


def after(warm_up: Child, taker: Child, milestone: Value = 5, lr: Value = 0.1) -> Story:
    return sequence(warm_up, taker, milestones=[milestone], lr=lr)


def only(story: Story) -> Handover:
    (handover,) = found(story)
    return handover


def test_one_that_multiplies_goes_on_from_a_step_before_the_end_of_the_warm_up() -> None:
    handover = only(after(linear(5), RELATIVE))
    assert (handover.how, handover.confidence) == (InTurn.ONWARD, Confidence.CERTAIN)
    assert handover.reached == pytest.approx(0.082)


def test_one_that_multiplies_goes_on_from_a_constant_part() -> None:
    warm = named("warm")
    handover = only(after(child("ConstantLR", factor=0.1, total_iters=warm), RELATIVE, warm))
    assert handover.reached == pytest.approx(0.01)


def test_without_a_learning_rate_it_is_a_part_of_it() -> None:
    handover = only(after(linear(5), RELATIVE, lr=None))
    assert handover.reached == pytest.approx(0.82)
    assert handover.given is None


def test_a_default_is_likely() -> None:
    steps = option("args.warmup", 5)
    assert only(after(linear(steps), RELATIVE, steps)).confidence is Confidence.LIKELY


def test_a_cycle_falls_to_its_own_rate() -> None:
    handover = only(after(linear(5), child("CyclicLR", base_lr=0.001, max_lr=0.1)))
    assert handover.how is InTurn.OWN
    assert handover.reached == pytest.approx(0.082)
    assert handover.own == 0.001


def test_a_one_cycle_schedule_gives_its_rate_to_those_before_it() -> None:
    handover = only(after(linear(5), child("OneCycleLR", max_lr=0.1, total_steps=100)))
    assert (handover.how, handover.given) == (InTurn.REBASES, 0.1)
    assert handover.own == pytest.approx(0.004)


def test_a_part_of_the_same_learning_rate_is_another_one_whatever_it_is() -> None:
    lr = named("lr")
    assert only(after(linear(5), child("OneCycleLR", max_lr=lr, total_steps=9), lr=lr)).confidence is Confidence.CERTAIN
    other = only(after(linear(5), child("OneCycleLR", max_lr=named("peak"), total_steps=9), lr=lr))
    assert other.confidence is Confidence.LIKELY


def test_a_composite_cannot_begin_later() -> None:
    story = chain(linear(5), child("StepLR", step_size=30))
    inner = len(story.objects)
    ((first,),) = put(story, [linear(3)])
    made = story.scheduler("SequentialLR", children=(first, inner), milestones=[3])
    story.amend(made, turns=((first,), (inner,)))
    assert only(story).how is InTurn.FAILS
    story.amend(made, turns=((inner,), (first,)))
    assert found(story) == []


def built_before() -> Story:
    story = Story()
    story.optimizer(lr=0.1)
    ((waves,), (warm_up,)) = put(story, [child("CyclicLR", base_lr=0.001, max_lr=0.1), linear(5)])
    made = story.scheduler("SequentialLR", children=(warm_up, waves), milestones=[5])
    story.amend(made, turns=((warm_up,), (waves,)))
    return story


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: after(linear(5), child("ExponentialLR", gamma=0.9)), id="one that begins anew"),
        pytest.param(lambda: after(linear(4), RELATIVE), id="a warm-up that is over"),
        pytest.param(lambda: after(linear(100), RELATIVE, 100), id="a warm-up that is nearly over"),
        pytest.param(lambda: after(linear(named("warm")), RELATIVE, named("warm")), id="nobody knows how nearly"),
        pytest.param(lambda: after(linear(named("warm")), RELATIVE, named("end")), id="lengths that are not known"),
        pytest.param(lambda: after(child("ConstantLR", factor=1.0, total_iters=5), RELATIVE), id="all of the rate"),
        pytest.param(lambda: after(child("CosineAnnealingLR", T_max=5), RELATIVE), id="a decay that goes on"),
        pytest.param(lambda: after(RELATIVE, child("ExponentialLR", gamma=0.9)), id="one that multiplies first"),
        pytest.param(
            lambda: after(linear(5), child("torch.optim.swa_utils.SWALR", swa_lr=0.05)), id="one with a goal of its own"
        ),
        pytest.param(
            lambda: after(linear(10), child("CyclicLR", base_lr=0.1, max_lr=1.0), 10), id="a cycle from where it ends"
        ),
        pytest.param(
            lambda: after(linear(5), child("CyclicLR", base_lr=named("low"), max_lr=0.1)), id="a cycle of unknown rate"
        ),
        pytest.param(
            lambda: after(child("StepLR", step_size=2), child("CyclicLR", base_lr=0.001, max_lr=0.1)),
            id="a cycle behind a decay",
        ),
        pytest.param(built_before, id="a cycle that was built before, up to whose rate the warm-up goes"),
        pytest.param(
            lambda: after(linear(5), child("OneCycleLR", max_lr=0.1, total_steps=100), lr=0.004),
            id="a one-cycle schedule that begins with the rate that was given",
        ),
        pytest.param(
            lambda: after(child("LambdaLR", lr_lambda=named("f")), child("OneCycleLR", max_lr=0.1, total_steps=9)),
            id="one before it that has computed from the old rate",
        ),
    ],
)
def test_what_goes_right(make: Callable[[], Story]) -> None:
    assert found(make()) == []
