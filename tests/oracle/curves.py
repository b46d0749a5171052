"""Schedules under the real torch: the learning rates that an optimizer of one weight is given, step by step."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LR = 0.1
"""The learning rate that the optimizer is built with."""

Make = Callable[[Any], Any]
"""A scheduler from its optimizer."""


@contextmanager
def unwarned() -> Iterator[None]:
    """Torch's remarks on `get_lr()` and on the order of steps are no failure of a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def optimizer(momentum: float = 0.0) -> Any:
    """An optimizer of one weight."""
    import torch

    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=LR, momentum=momentum)


def rate(opt: Any) -> float:
    """The learning rate in use."""
    return float(opt.param_groups[0]["lr"])


def rates(make: Make, steps: int) -> list[float]:
    """The learning rate after construction, and after each of so many steps."""
    opt = optimizer()
    scheduler = make(opt)
    found = [rate(opt)]
    for _ in range(steps):
        opt.step()
        scheduler.step()
        found.append(rate(opt))
    return found


def stepped_first(make: Make, epochs: int) -> list[float]:
    """The learning rates that epochs are trained with where each begins with a step of the scheduler."""
    opt = optimizer()
    scheduler, found = make(opt), []
    with unwarned():
        for _ in range(epochs):
            scheduler.step()
            found.append(rate(opt))
            opt.step()
    return found


def asked(make: Make, steps: int) -> list[tuple[float, float]]:
    """The learning rate in use and what `get_lr()` gives: after construction, and after each of so many steps."""
    opt = optimizer(momentum=0.9)
    scheduler, found = make(opt), []
    with unwarned():
        for _ in range(steps + 1):
            found.append((rate(opt), float(scheduler.get_lr()[0])))
            opt.step()
            scheduler.step()
    return found
