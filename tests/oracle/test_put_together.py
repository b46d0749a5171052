"""What torch does with schedulers that are put together: the effects that LRS708, LRS709 and LRS715 speak of."""

from __future__ import annotations

from typing import Any

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.composites import climb
from schedlint.timeline.readings import read
from tests.oracle.curves import LR, rates
from tests.timeline.build import Story

torch = pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")
pytestmark = pytest.mark.torch

of = torch.optim.lr_scheduler


def sequence(optimizer: Any, *turns: Any, at: int = 4) -> Any:
    return of.SequentialLR(optimizer, list(turns), milestones=[at])


def linear(optimizer: Any, steps: float, start: float = 0.1) -> Any:
    return of.LinearLR(optimizer, start_factor=start, total_iters=steps)


@pytest.mark.parametrize("steps", [0, 0.5])
@pytest.mark.parametrize(("cls", "factor"), [("LinearLR", "start_factor"), ("ConstantLR", "factor")])
def test_a_warm_up_without_a_step_never_ends(cls: str, factor: str, steps: float) -> None:
    found = rates(lambda o: getattr(of, cls)(o, **{factor: 0.1}, total_iters=steps), 100)
    assert found == [pytest.approx(0.1 * LR)] * 101


def test_beside_a_decay_it_never_ends_either() -> None:
    found = rates(lambda o: of.ChainedScheduler([linear(o, 0), of.StepLR(o, 50)]), 60)
    assert [found[0], found[-1]] == pytest.approx([0.1 * LR, 0.01 * LR])


def test_the_first_of_a_sequence_is_replaced() -> None:
    assert rates(lambda o: sequence(o, linear(o, 0), of.StepLR(o, 50)), 4)[-1] == LR
    assert rates(lambda o: sequence(o, linear(o, 0), of.StepLR(o, 50), at=0), 4) == [LR] * 5


def test_a_sequence_that_comes_to_it_divides_by_zero() -> None:
    rates(lambda o: sequence(o, of.StepLR(o, 50), linear(o, 0)), 3)
    with pytest.raises(ZeroDivisionError):
        rates(lambda o: sequence(o, of.StepLR(o, 50), linear(o, 0)), 4)


def test_a_constant_part_is_over_when_a_sequence_comes_to_it() -> None:
    found = rates(lambda o: sequence(o, of.StepLR(o, 50), of.ConstantLR(o, factor=0.1, total_iters=0)), 9)
    assert found == [LR] * 10


COMPOSITES = (
    lambda o: of.ChainedScheduler([of.StepLR(o, 9)]),
    lambda o: sequence(o, linear(o, 4), of.StepLR(o, 9)),
)


@pytest.mark.parametrize("make", COMPOSITES, ids=["side by side", "in turns"])
def test_a_composite_in_a_sequence_fails_when_its_turn_comes(make: Any) -> None:
    rates(lambda o: sequence(o, linear(o, 4), make(o)), 3)
    with pytest.raises(NotImplementedError):
        rates(lambda o: sequence(o, linear(o, 4), make(o)), 4)


def test_one_that_multiplies_is_right_behind_a_warm_up_that_is_over() -> None:
    found = rates(lambda o: sequence(o, linear(o, 3), of.MultiplicativeLR(o, lambda _: 0.5)), 5)
    assert found[3:] == [pytest.approx(LR), pytest.approx(LR / 2), pytest.approx(LR / 4)]


def test_a_cycle_that_was_built_before_the_warm_up_is_what_that_goes_up_to() -> None:
    def make(optimizer: Any) -> Any:
        waves = of.CyclicLR(optimizer, base_lr=0.01, max_lr=1.0, cycle_momentum=False)
        return sequence(optimizer, linear(optimizer, 4), waves)

    found = rates(make, 4)
    assert [found[0], found[-1]] == pytest.approx([0.001, 0.01])


def test_a_milestone_behind_the_warm_up_makes_it_wait() -> None:
    found = rates(lambda o: sequence(o, linear(o, 2), of.StepLR(o, 50)), 6)
    assert found[2:] == [pytest.approx(LR)] * 5


@pytest.mark.parametrize("steps", [1, 5, 12])
@pytest.mark.parametrize(
    ("cls", "given"),
    [("LinearLR", {"start_factor": 0.1}), ("LinearLR", {"start_factor": 1.0, "end_factor": 0.2}), ("ConstantLR", {})],
)
def test_the_way_that_is_computed_is_the_one_that_torch_goes(cls: str, given: dict[str, float], steps: int) -> None:
    story = Story()
    story.optimizer()
    story.schedule(cls, {**given, "total_iters": steps})
    reading = read(story.timeline(), load())
    way = climb(reading, reading.timeline.schedulers()[-1])
    assert way is not None
    found = rates(lambda o: getattr(of, cls)(o, **given, total_iters=steps), 15)
    assert found == [pytest.approx(LR * (way.at(step) or 0)) for step in range(16)]
