"""What LRS602, LRS606 and LRS613 say of torch is so: of each class in the tables."""

from __future__ import annotations

import warnings

import pytest

from schedlint.knowledge.schema import Scheduler
from schedlint.knowledge.tables import load

pytest.importorskip("torch", reason="torch is not installed: nothing can be asked")
pytestmark = pytest.mark.torch

from torch.optim import lr_scheduler  # noqa: E402 - only where torch is installed

from tests.oracle.curves import optimizer  # noqa: E402 - likewise

GIVEN = {
    "lr_lambda": lambda step: 1.0,
    "step_size": 3,
    "milestones": [3],
    "gamma": 0.9,
    "T_max": 3,
    "T_0": 3,
    "base_lr": 0.01,
    "max_lr": 0.1,
    "total_steps": 9,
    "cycle_momentum": False,
}
"""What the classes must be given to be built, and what a plain SGD needs of them."""

DATED = [
    table
    for table in load().schedulers.values()
    if table.library == "torch" and any(parameter.until for parameter in table.parameters) and not table.abstract
]
each_class = pytest.mark.parametrize("table", DATED, ids=lambda table: table.name.rpartition(".")[2])


def build(table: Scheduler, **more: object) -> object:
    cls = getattr(lr_scheduler, table.name.rpartition(".")[2])
    given = {parameter.name: GIVEN[parameter.name] for parameter in table.parameters if parameter.name in GIVEN}
    opt = optimizer()
    if table.children:
        given["schedulers"] = [lr_scheduler.StepLR(opt, 3), lr_scheduler.StepLR(opt, 3)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cls(opt, **given, **more)


@each_class
def test_an_argument_that_is_no_more_is_refused(table: Scheduler) -> None:
    (gone,) = [parameter.name for parameter in table.parameters if parameter.until]
    with pytest.raises(TypeError, match=gone):
        build(table, **{gone: False})


@each_class
def test_a_scheduler_is_none_of_the_private_class_and_one_of_its_successor(table: Scheduler) -> None:
    made = build(table)
    for old in (each for each in load().schedulers.values() if each.successor):
        assert not isinstance(made, getattr(lr_scheduler, old.name.rpartition(".")[2]))
        assert isinstance(made, getattr(lr_scheduler, old.successor.rpartition(".")[2]))


def test_one_of_ones_own_is_one_of_both() -> None:
    class Own(lr_scheduler._LRScheduler):  # type: ignore[misc]
        def get_lr(self) -> list[float]:
            return [0.1]

    assert isinstance(Own(optimizer()), lr_scheduler.LRScheduler)


def test_a_switch_in_the_place_of_a_threshold_is_taken_for_one() -> None:
    assert lr_scheduler.ReduceLROnPlateau(optimizer(), "min", 0.5, 5, True).threshold == 1
