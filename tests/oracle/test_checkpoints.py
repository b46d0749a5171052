"""What the rules about checkpoints and their pages say of resumed schedules is what torch does."""

from __future__ import annotations

import io
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")
pytestmark = pytest.mark.torch

from torch.optim.lr_scheduler import (  # noqa: E402 - only where torch is installed
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    PolynomialLR,
    SequentialLR,
    StepLR,
)

from tests.oracle.curves import LR, Make, optimizer, rate, rates  # noqa: E402
from tests.oracle.resuming import resumed, trained  # noqa: E402

DONE, LEFT = 50, 50


def warm_up_then_cosine(opt: Any) -> SequentialLR:
    parts = [LinearLR(opt, start_factor=0.01, total_iters=5), CosineAnnealingLR(opt, T_max=95)]
    return SequentialLR(opt, parts, milestones=[5])


EVERY = {
    "StepLR": lambda o: StepLR(o, 30),
    "MultiStepLR": lambda o: MultiStepLR(o, [30, 60]),
    "ExponentialLR": lambda o: ExponentialLR(o, 0.99),
    "PolynomialLR": lambda o: PolynomialLR(o, 100),
    "CosineAnnealingLR": lambda o: CosineAnnealingLR(o, 100),
    "LinearLR": lambda o: LinearLR(o, start_factor=0.1, total_iters=5),
    "ConstantLR": lambda o: ConstantLR(o, factor=0.1, total_iters=5),
    "LambdaLR": lambda o: LambdaLR(o, lambda done: 0.99**done),
    "SequentialLR": warm_up_then_cosine,
}


@pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)
def test_a_scheduler_that_is_built_before_both_loads_goes_on(make: Make) -> None:
    whole = rates(make, DONE + LEFT)[DONE:]
    assert resumed(make, DONE, LEFT) == pytest.approx(whole)
    assert resumed(make, DONE, LEFT, ("build", "scheduler", "optimizer")) == pytest.approx(whole)


# --- LRS501, LRS502 ---------------------------------------------------------------------------------------------------


def test_milestones_count_from_the_resume() -> None:
    found = resumed(EVERY["MultiStepLR"], 40, 70, ("build", "optimizer"))
    drops = [step for step in range(1, len(found)) if found[step] < found[step - 1] / 2]
    assert [40 + step for step in drops] == [70, 100]


def test_only_a_schedule_without_a_horizon_needs_no_state() -> None:
    for name, make in EVERY.items():
        whole = rates(make, DONE + LEFT)[DONE:]
        alike = resumed(make, DONE, LEFT, ("build", "optimizer")) == pytest.approx(whole)
        assert alike is (name in ("ExponentialLR",)), name


# --- LRS503 -----------------------------------------------------------------------------------------------------------


def test_a_position_on_a_new_optimizer_raises() -> None:
    with pytest.raises(KeyError, match="param 'initial_lr' is not specified in param_groups"):
        StepLR(optimizer(), 30, 0.1, 0)


def test_a_position_on_an_optimizer_that_was_scheduled_does_not() -> None:
    opt = optimizer()
    StepLR(opt, 30)
    assert StepLR(opt, 30, last_epoch=5).last_epoch == 6


def test_a_position_on_groups_with_an_initial_rate_does_not() -> None:
    group = {"params": [torch.zeros(1, requires_grad=True)], "initial_lr": LR}
    assert StepLR(torch.optim.SGD([group], lr=LR), 30, last_epoch=5).last_epoch == 6


# --- LRS505 -----------------------------------------------------------------------------------------------------------

LATE = ("optimizer", "build", "scheduler")
FOR_GOOD, UNTIL_THE_NEXT_STEP = {"LinearLR", "ConstantLR", "SequentialLR"}, {"LambdaLR"}


@pytest.mark.parametrize("name", EVERY)
def test_building_late_overwrites_the_rate_for_good_or_until_the_next_step(name: str) -> None:
    whole = rates(EVERY[name], DONE + LEFT)[DONE:-1]
    found = resumed(EVERY[name], DONE, LEFT - 1, LATE)
    wrong = [step for step, (one, other) in enumerate(zip(found, whole, strict=True)) if one != pytest.approx(other)]
    expected = list(range(LEFT)) if name in FOR_GOOD else [0] if name in UNTIL_THE_NEXT_STEP else []
    assert wrong == expected


# --- LRS506 -----------------------------------------------------------------------------------------------------------


def test_a_scheduler_takes_the_state_of_an_optimizer_and_begins_again() -> None:
    opt = optimizer()
    scheduler = StepLR(opt, 30)
    trained(opt, scheduler, 40)
    fresh = optimizer()
    again = StepLR(fresh, 30)
    fresh.load_state_dict(opt.state_dict())
    again.load_state_dict(opt.state_dict())
    assert again.last_epoch == 0


def test_an_optimizer_does_not_take_the_state_of_a_scheduler() -> None:
    opt = optimizer()
    with pytest.raises(KeyError, match="param_groups"):
        opt.load_state_dict(StepLR(opt, 30).state_dict())


# --- LRS508 -----------------------------------------------------------------------------------------------------------


def unpickled(thing: object) -> Any:
    file = io.BytesIO()
    torch.save(thing, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


def test_a_scheduler_that_is_pickled_drives_a_copy_of_the_optimizer() -> None:
    opt = optimizer()
    scheduler = StepLR(opt, 2)
    trained(opt, scheduler, 1)
    again = unpickled({"scheduler": scheduler})["scheduler"]
    assert again.optimizer is not opt
    again.step()
    assert [rate(opt), rate(again.optimizer)] == pytest.approx([LR, LR / 10])


def test_a_scheduler_that_is_pickled_with_its_optimizer_drives_that() -> None:
    opt = optimizer()
    both = unpickled({"optimizer": opt, "scheduler": StepLR(opt, 1)})
    assert both["scheduler"].optimizer is both["optimizer"]


def test_a_lambda_cannot_be_pickled() -> None:
    with pytest.raises(Exception, match=r"(?i)pickle"):
        torch.save(LambdaLR(optimizer(), lambda step: 1.0), io.BytesIO())
