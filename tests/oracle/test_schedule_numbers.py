"""What torch makes of numbers that are none: it raises, or never comes to them."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")

from schedlint.knowledge.tables import load
from schedlint.timeline.decays import interval, period
from tests.oracle.curves import LR, rates
from tests.oracle.schedule_numbers import drops, made

pytestmark = pytest.mark.torch
TORCH = "torch.optim.lr_scheduler."


@pytest.mark.parametrize("size", [0.1, 0.25, 0.3, 0.5, 1.5, 2.0, 2.5, 3, 7.5, 10 / 3, 1e0])
def test_a_schedule_decays_as_often_as_is_said_of_its_number_of_steps(size: float) -> None:
    steps, every = 40, period(size)
    assert drops(size, steps) == ([] if every is None else list(range(every, steps + 1, every)))


def integral() -> list[tuple[str, str]]:
    """The classes of torch with each number of steps that must be whole."""
    known = load().schedulers.values()
    return [(each.name.removeprefix(TORCH), name) for each in known for name in each.integral]


def test_the_numbers_that_must_be_whole_are_these() -> None:
    assert sorted(integral()) == [
        ("ConstantLR", "total_iters"),
        ("MultiStepLR", "milestones"),
        ("SequentialLR", "milestones"),
        ("StepLR", "step_size"),
    ]


@pytest.mark.parametrize("milestones", [["2", "4"], "24", [1.5, 2.5], (0.25, 0.75)], ids=repr)
def test_a_milestone_that_is_no_whole_number_is_never_come_to(milestones: object) -> None:
    assert rates(made("MultiStepLR", milestones), 20) == [LR] * 21


@pytest.mark.parametrize("length", [2.5, "3"], ids=repr)
def test_a_factor_is_never_lifted_at_what_is_no_whole_number(length: object) -> None:
    assert rates(made("ConstantLR", 0.5, total_iters=length), 20) == [LR / 2] * 21
    assert rates(made("ConstantLR", 0.5, total_iters=3.0), 3)[-1] == LR


@pytest.mark.parametrize(("milestone", "begun"), [(2, LR), (2.0, LR), (2.5, LR * 0.09)], ids=repr)
def test_the_next_schedule_begins_at_its_own_start_at_whole_numbers_alone(milestone: float, begun: float) -> None:
    def row(opt: object) -> object:
        parts = [made("ConstantLR", 0.1, total_iters=10)(opt), made("ExponentialLR", 0.9)(opt)]
        return made("SequentialLR", parts, [milestone])(opt)

    assert rates(row, 3)[2 if milestone == 2 else 3] == pytest.approx(begun)


def test_a_string_of_a_schedule_that_divides_by_it_raises_at_the_first_step() -> None:
    assert rates(made("StepLR", "2"), 0) == [LR]
    with pytest.raises(TypeError):
        rates(made("StepLR", "2"), 1)


@pytest.mark.parametrize(
    ("steps", "share", "error"),
    [
        pytest.param(10, 0.1, ZeroDivisionError, id="a way up of a single step"),
        pytest.param(5, 0.2, ZeroDivisionError, id="of another length"),
        pytest.param(4, 0.25, ZeroDivisionError, id="of a quarter"),
        pytest.param(2, 0.5, ZeroDivisionError, id="of a half"),
        pytest.param(10, 0, ValueError, id="0 as a whole number"),
        pytest.param(10, 1, ValueError, id="1 as a whole number"),
        pytest.param(10, 30, ValueError, id="a share in per cent"),
        pytest.param(10, -0.1, ValueError, id="a negative share"),
    ],
)
def test_a_one_cycle_schedule_that_cannot_be_built(steps: int, share: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        rates(made("OneCycleLR", LR, total_steps=steps, pct_start=share), 0)


def test_the_last_step_of_a_one_cycle_schedule_without_a_way_down_raises() -> None:
    whole = made("OneCycleLR", LR, total_steps=10, pct_start=1.0)
    assert rates(whole, 9)[-1] == pytest.approx(LR)
    with pytest.raises(ZeroDivisionError):
        rates(whole, 10)


@pytest.mark.parametrize(("steps", "begins"), [(1, False), (2, False), (3, False), (4, True)])
def test_a_one_cycle_schedule_begins_low_from_four_steps_on(steps: int, begins: bool) -> None:
    assert (rates(made("OneCycleLR", LR, total_steps=steps), 0)[0] == pytest.approx(LR / 25)) == begins


def test_the_schedules_with_a_number_of_steps_between_two_decays() -> None:
    assert [each.name for each in load().schedulers.values() if interval(each)] == [TORCH + "StepLR"]
