"""What LRS607 says of a construction is what torch makes of it: the error that it raises, or none."""

from __future__ import annotations

from typing import Any

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from schedlint.timeline.signatures import faults
from tests.oracle.curves import optimizer, unwarned
from tests.timeline.run.programs import IMPORTS, script

pytest.importorskip("torch", reason="torch is not installed: nothing can be built")
pytestmark = pytest.mark.torch

REFUSED = (
    "StepLR(opt, t_max=4)",
    "StepLR(opt)",
    "StepLR(opt, 3, 0.1, -1, 5, 6)",
    "StepLR(opt, 3, step_size=3)",
    "StepLR(model.parameters(), 3)",
    "StepLR([opt, opt], 3)",
    "StepLR(3, opt)",
    "MultiStepLR(opt, 30)",
    "ExponentialLR(opt)",
    "CosineAnnealingLR(opt, t_max=4)",
    "LambdaLR(opt, 0.95)",
    "lr_scheduler.MultiplicativeLR(opt, 0.95)",
    "lr_scheduler.ConstantLR(opt, factor=1.5)",
    "lr_scheduler.ConstantLR(opt, factor=-0.5)",
    "LinearLR(opt, start_factor=0)",
    "LinearLR(opt, start_factor=1.5)",
    "LinearLR(opt, end_factor=1.5)",
    "LinearLR(opt, end_factor=-0.5)",
    "SequentialLR(opt, [StepLR(opt, 3), StepLR(opt, 3)], [3, 6])",
    "SequentialLR(opt, [StepLR(opt, 3), StepLR(opt, 3), StepLR(opt, 3)], milestones=[3])",
    "SequentialLR([StepLR(opt, 3), StepLR(opt, 3)], opt, [3])",
    "ChainedScheduler(opt, [StepLR(opt, 3)])",
    "lr_scheduler.ReduceLROnPlateau(opt, 'auto')",
    "lr_scheduler.ReduceLROnPlateau(opt, factor=1.0)",
    "lr_scheduler.ReduceLROnPlateau(opt, threshold_mode='relative')",
    "lr_scheduler.ReduceLROnPlateau(opt, epsilon=1e-6)",
    "lr_scheduler.CyclicLR(opt, 0.01, 0.1, mode='cos')",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=10.0)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=0)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=20 / 2)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, 10, T_mult=1.5)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, 10, T_mult=0)",
    "lr_scheduler.OneCycleLR(opt, 0.1)",
    "lr_scheduler.OneCycleLR(opt, 0.1, epochs=3)",
    "lr_scheduler.OneCycleLR(opt, 0.1, total_steps=10.0)",
    "lr_scheduler.OneCycleLR(opt, 0.1, total_steps=0)",
    "lr_scheduler.OneCycleLR(opt, 0.1, epochs=3.0, steps_per_epoch=4)",
    "lr_scheduler.OneCycleLR(opt, 0.1, epochs=3, steps_per_epoch=0)",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, pct_start=30)",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, pct_start=1)",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, pct_start=1.5)",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, anneal_strategy='cosine')",
    "torch.optim.swa_utils.SWALR(opt, swa_lrs=0.05)",
    "torch.optim.swa_utils.SWALR(opt, 0.05, anneal_strategy='cosine')",
    "torch.optim.swa_utils.SWALR(opt, 0.05, anneal_epochs=1.5)",
    "torch.optim.swa_utils.SWALR(opt, 0.05, anneal_epochs=-1)",
)

TAKEN = (
    "StepLR(opt, 3)",
    "StepLR(opt, step_size=3, gamma=0.5, last_epoch=-1)",
    "MultiStepLR(opt, (30, 60))",
    "LambdaLR(opt, [lambda step: 0.5])",
    "lr_scheduler.ConstantLR(opt, factor=1.0)",
    "lr_scheduler.ConstantLR(opt, factor=0)",
    "LinearLR(opt, 1, 0)",
    "SequentialLR(opt, [StepLR(opt, 3), StepLR(opt, 3)], [3])",
    "ChainedScheduler([StepLR(opt, 3)])",
    "ChainedScheduler([StepLR(opt, 3)], opt)",
    "lr_scheduler.ReduceLROnPlateau(opt, 'max', 0.99, threshold_mode='abs')",
    "lr_scheduler.CyclicLR(opt, 0.01, 0.1, mode='mine', scale_fn=lambda x: 1.0)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=10**2, T_mult=2)",
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=int(0.5 * 20))",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, pct_start=0.0)",
    "lr_scheduler.OneCycleLR(opt, 0.1, 10, epochs=2.5)",
    "lr_scheduler.OneCycleLR(opt, 0.1, epochs=3, steps_per_epoch=4, anneal_strategy='linear')",
    "torch.optim.swa_utils.SWALR(opt, 0.05, anneal_epochs=0)",
)


def said(construction: str) -> str:
    """The error that schedlint says a construction raises; "" for none."""
    source = f"model = torch.nn.Linear(1, 1)\nopt = SGD(model.parameters(), lr=0.1)\nscheduler = {construction}\n"
    reading = read(script(source), load())
    made = reading.timeline.schedulers()[-1]
    table = reading.table(made.id)
    assert table is not None
    fault = next(faults(reading.timeline, table, made), None)
    return "" if fault is None else fault.error


def raised(construction: str) -> str:
    """The error that torch raises; "" for none."""
    names: dict[str, Any] = {}
    exec(IMPORTS.replace("from tqdm import tqdm\n", ""), names)
    names["opt"], names["model"] = optimizer(momentum=0.5), names["torch"].nn.Linear(1, 1)
    try:
        with unwarned():
            eval(construction, names)
    except (TypeError, ValueError) as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("construction", REFUSED)
def test_what_is_said_to_raise_raises(construction: str) -> None:
    assert said(construction) == raised(construction) != ""


@pytest.mark.parametrize("construction", TAKEN)
def test_a_near_miss_is_built(construction: str) -> None:
    assert said(construction) == raised(construction) == ""


def test_every_condition_of_the_tables_is_tried() -> None:
    tables = [each for each in load().schedulers.values() if each.accepts]
    assert all(any(f"{each.name.rpartition('.')[2]}(" in tried for tried in REFUSED) for each in tables)
