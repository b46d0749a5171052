"""What LRS104 and its page say of a schedule that is stepped twice is what torch does."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")
pytestmark = pytest.mark.torch

from torch.optim.lr_scheduler import OneCycleLR, StepLR  # noqa: E402 - only where torch is installed

LR = 0.1


def sgd() -> Any:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR)


def test_two_steps_an_epoch_decay_in_half_the_time() -> None:
    optimizer = sgd()
    scheduler = StepLR(optimizer, step_size=2)
    rates = []
    for _ in range(3):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
        scheduler.step()
    assert rates == pytest.approx([LR, LR / 10, LR / 100])


def test_one_cycle_raises_at_the_step_that_is_one_too_many() -> None:
    epochs, batches = 3, 4
    optimizer = sgd()
    scheduler = OneCycleLR(optimizer, max_lr=LR, total_steps=epochs * batches)
    for _ in range(epochs * batches):
        optimizer.step()
        scheduler.step()
    with pytest.raises(ValueError, match="Tried to step 13 times"):
        scheduler.step()
