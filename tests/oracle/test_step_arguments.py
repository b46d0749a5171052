"""What LRS603 and LRS605 say of a call of `step()` is what it does under torch."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.oracle.curves import optimizer, rates
from tests.oracle.step_arguments import exponential, first_rate_is_skipped, step, told

pytest.importorskip("torch", reason="torch is not installed: nothing can be stepped")
pytestmark = pytest.mark.torch

from torch.optim.lr_scheduler import (  # noqa: E402 - only where torch is installed
    ChainedScheduler,
    CosineAnnealingWarmRestarts,
    MultiplicativeLR,
    ReduceLROnPlateau,
    SequentialLR,
)
from torch.optim.swa_utils import SWALR  # noqa: E402 - likewise


def warned(make: Callable[[Any], Any], *given: object) -> list[str]:
    """What torch says of a step with arguments."""
    opt = optimizer()
    scheduler = make(opt)
    opt.step()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        scheduler.step(*given)
    return [str(each.message) for each in said]


def test_a_position_is_warned_about_on_every_call() -> None:
    assert all("deprecat" in said for _ in range(2) for said in warned(step, 1))
    assert warned(step, 1)
    assert not warned(step)


def test_a_position_of_warm_restarts_is_not() -> None:
    assert not warned(lambda opt: CosineAnnealingWarmRestarts(opt, 10), 1.5)


def test_a_position_at_the_top_of_an_epoch_gives_what_a_step_at_its_end_gives() -> None:
    assert told(exponential, 0, 1, 2)[1:] == pytest.approx(rates(exponential, 2))


def test_a_position_that_is_one_ahead_leaves_the_first_learning_rate_unused() -> None:
    assert first_rate_is_skipped()


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda opt: MultiplicativeLR(opt, lambda done: 0.5), id="MultiplicativeLR"),
        pytest.param(lambda opt: SWALR(opt, 0.01), id="SWALR"),
    ],
)
def test_a_class_without_a_formula_changes_the_learning_rate_once_more(make: Callable[[Any], Any]) -> None:
    found = told(make, 1, 1, 1)
    assert len({round(each, 6) for each in found[1:]}) == 3


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda opt: ChainedScheduler([step(opt)]), id="ChainedScheduler"),
        pytest.param(lambda opt: SequentialLR(opt, [step(opt), exponential(opt)], [3]), id="SequentialLR"),
    ],
)
def test_a_composite_takes_no_argument(make: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        make(optimizer()).step(1)


@pytest.mark.parametrize("given", [(), (None,)], ids=["nothing", "None"])
def test_a_scheduler_that_watches_a_metric_cannot_do_without(given: tuple[None, ...]) -> None:
    with pytest.raises(TypeError):
        ReduceLROnPlateau(optimizer()).step(*given)
