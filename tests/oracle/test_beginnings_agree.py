"""What is said of the learning rate that a schedule begins with is the learning rate after construction under torch."""

from __future__ import annotations

from typing import Any

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.beginnings import UNKNOWN, Beginning, Change, beginning
from schedlint.timeline.readings import read
from tests.timeline.run.programs import IMPORTS, script

torch = pytest.importorskip("torch", reason="torch is not installed: what construction does cannot be seen")
pytestmark = pytest.mark.torch

LR = 0.1
"""The learning rate of the optimizer that every program of `programs` begins with."""

KNOWN = [
    "LambdaLR(opt, [lambda step: 0.5])",
    "LambdaLR(opt, lambda step: step / len(loader) if step < len(loader) else 1.0)",
    "StepLR(opt, 30)",
    "StepLR(opt, 1, gamma=0.5)",
    "MultiStepLR(opt, [16, 22])",
    "MultiStepLR(opt, [1])",
    "lr_scheduler.MultiplicativeLR(opt, lambda epoch: 0.95)",
    "lr_scheduler.ConstantLR(opt)",
    "lr_scheduler.ConstantLR(opt, factor=0.5, total_iters=3)",
    "lr_scheduler.ConstantLR(opt, 0.25, 3)",
    "lr_scheduler.ConstantLR(opt, factor=1.0)",
    "LinearLR(opt)",
    "LinearLR(opt, start_factor=0.001, total_iters=1000)",
    "LinearLR(opt, 0.1, 0.5, 4)",
    "LinearLR(opt, start_factor=1.0, end_factor=0.1)",
    "LinearLR(opt, start_factor=0.2, total_iters=0)",
    "ExponentialLR(opt, gamma=0.9)",
    "lr_scheduler.PolynomialLR(opt, total_iters=24)",
    "lr_scheduler.PolynomialLR(opt)",
    "CosineAnnealingLR(opt, T_max=10)",
    "CosineAnnealingLR(opt, T_max=10, eta_min=0.01)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=10)",
    "lr_scheduler.CyclicLR(opt, base_lr=0.001, max_lr=0.1, cycle_momentum=False)",
    "lr_scheduler.CyclicLR(opt, 0.02, 0.1, 5, cycle_momentum=False, mode='exp_range', gamma=0.9)",
    "lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=1000)",
    "lr_scheduler.OneCycleLR(opt, 0.5, epochs=3, steps_per_epoch=10, div_factor=10)",
    "lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=100, anneal_strategy='linear', three_phase=True)",
    "lr_scheduler.ReduceLROnPlateau(opt)",
    "torch.optim.swa_utils.SWALR(opt, swa_lr=0.05)",
    "LambdaLR(opt, lambda step: 0.95**step)",
    "LambdaLR(opt, lambda step: min(1.0, step / 500))",
    "LambdaLR(opt, lambda step: min(1.0, (step + 1) / 500))",
    "LambdaLR(opt, lambda step: 0.5)",
    "LambdaLR(opt, warm_up)",
    "LambdaLR(opt, lambda step: step / 500 if step < 500 else 1.0)",
    "LambdaLR(opt, lambda step: 1 - step / 24)",
    "LambdaLR(opt, lambda step: (1 - step / 1000) ** 0.9)",
    "LambdaLR(opt, lambda step: 0.1 ** (step // 30))",
    "LambdaLR(opt, lambda step: max(0.2, 0.5 * (1 - step / 10)))",
    "SequentialLR(opt, [LinearLR(opt, 0.1, total_iters=5), CosineAnnealingLR(opt, 85)], milestones=[5])",
    "SequentialLR(opt, [CosineAnnealingLR(opt, 85), StepLR(opt, 3)], milestones=[5])",
    "SequentialLR(opt, [CosineAnnealingLR(opt, 85), LinearLR(opt, 0.1)], milestones=[5])",
    "SequentialLR(opt, [LambdaLR(opt, lambda step: step / 5), StepLR(opt, 3)], milestones=[5])",
    "ChainedScheduler([lr_scheduler.ConstantLR(opt, 0.1, 4), ExponentialLR(opt, 0.9)])",
    "ChainedScheduler([StepLR(opt, 3), ExponentialLR(opt, 0.9)])",
    "ChainedScheduler([LinearLR(opt, 0.1), LambdaLR(opt, lambda step: 1.0)])",
    "ChainedScheduler([LambdaLR(opt, lambda step: 0.5), LinearLR(opt, 0.1)])",
    "ChainedScheduler([LinearLR(opt, 0.1), lr_scheduler.ConstantLR(opt, 0.5)])",
    "ChainedScheduler([lr_scheduler.CosineAnnealingWarmRestarts(opt, 3), lr_scheduler.ConstantLR(opt, 0.5)])",
]
"""Constructions of which it is known what they do."""

OPEN = [
    "LinearLR(opt, start_factor=unknown)",
    "StepLR(opt, 3, last_epoch=4)",
    "LambdaLR(opt, unknown)",
    "LambdaLR(opt, lambda step: unknown(step))",
    "ChainedScheduler([LinearLR(opt, 0.1), lr_scheduler.ConstantLR(opt, unknown)])",
    "ChainedScheduler([LinearLR(opt, 0.1), LambdaLR(opt, unknown)])",
    "SequentialLR(opt, unknown, milestones=[5])",
]
"""Constructions of which it is not."""


WARM_UP = """\
def warm_up(step):
    if step < 500:
        return step / 500
    return 1.0
"""


def understood(construction: str) -> Beginning:
    """What is said of the scheduler that is built last."""
    reading = read(script(f"{WARM_UP}s = {construction}"), load())
    return beginning(reading, reading.timeline.schedulers()[-1])


def rate(start: Beginning) -> float:
    """The learning rate that a beginning stands for."""
    if start.change is Change.NONE:
        return LR
    assert start.amount is not None
    return start.amount if start.change is Change.VALUE else LR * start.amount


def rate_under_torch(construction: str) -> float:
    """The learning rate after construction."""
    names: dict[str, Any] = {}
    exec(IMPORTS.replace("from tqdm import tqdm\n", "") + WARM_UP, names)
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)
    names |= {"opt": opt, "loader": [None, None]}
    eval(construction, names)
    return float(opt.param_groups[0]["lr"])


@pytest.mark.parametrize("construction", KNOWN)
def test_a_schedule_begins_where_torch_begins(construction: str) -> None:
    assert rate(understood(construction)) == pytest.approx(rate_under_torch(construction), abs=1e-12)


@pytest.mark.parametrize(
    "construction",
    [
        pytest.param(
            "MultiStepLR(opt, [0, 2])",
            marks=pytest.mark.xfail(strict=True, reason="a milestone of 0 decays at construction, which is not known"),
        ),
        pytest.param(
            "torch.optim.swa_utils.SWALR(opt, 0.05, anneal_epochs=0)",
            marks=pytest.mark.xfail(strict=True, reason="without epochs to anneal it begins with its own rate"),
        ),
    ],
)
def test_a_schedule_that_is_not_understood_yet_begins_where_torch_begins(construction: str) -> None:
    assert rate(understood(construction)) == pytest.approx(rate_under_torch(construction), abs=1e-12)


@pytest.mark.parametrize("construction", OPEN)
def test_where_it_cannot_be_known_nothing_is_said(construction: str) -> None:
    start = understood(construction)
    assert start == UNKNOWN or start.amount is None


def test_every_scheduler_of_the_table_is_among_them() -> None:
    table = {name for name, entry in load().schedulers.items() if name.startswith("torch.") and not entry.abstract}
    seen = " ".join(KNOWN)
    assert [name for name in table if f"{name.rpartition('.')[2]}(" not in seen] == []
