"""What the pages on schedulers that are put together say in numbers, worked out by torch."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.oracle.claims import Claim
from tests.oracle.curves import Make, rates

BATCHES, SIZE = 1000, 32


def torch_schedulers() -> Any:
    """The module of torch's schedulers, imported when a claim is worked out."""
    import torch

    return torch.optim.lr_scheduler


def in_turns(later: Callable[[Any, Any], Any], steps: int = 5) -> Make:
    """A warm-up of so many steps from a tenth, and then another one."""

    def make(optimizer: Any) -> Any:
        of = torch_schedulers()
        warm_up = of.LinearLR(optimizer, start_factor=0.1, total_iters=steps)
        return of.SequentialLR(optimizer, [warm_up, later(of, optimizer)], milestones=[5])

    return make


def stuck() -> tuple[float, ...]:
    """The learning rate behind a warm-up of no steps, of an optimizer that was given 0.02."""
    found = rates(lambda o: torch_schedulers().LinearLR(o, start_factor=0.001, total_iters=0), 1000)
    assert max(found) - min(found) < 1e-12
    return (found[-1] * 0.02 / 0.1,)


def cut() -> tuple[float, ...]:
    """The learning rates of a warm-up of six steps that is left after three, and of the step behind it."""

    def make(optimizer: Any) -> Any:
        of = torch_schedulers()
        warm_up = of.LinearLR(optimizer, start_factor=0.1, total_iters=6)
        return of.SequentialLR(optimizer, [warm_up, of.CosineAnnealingLR(optimizer, 17)], milestones=[3])

    return tuple(rates(make, 3))


def decays() -> tuple[float, ...]:
    """How often a decay every 5 steps has happened when a warm-up of 500 ends."""
    found = rates(lambda o: torch_schedulers().StepLR(o, 5), 500)
    return (sum(after < before for before, after in pairwise(found)),)


def relative(of: Any, optimizer: Any) -> Any:
    return of.MultiplicativeLR(optimizer, lambda epoch: 1.0)


def held() -> tuple[float, ...]:
    """What is left of 0.1 where one that multiplies takes over from a constant part."""

    def make(optimizer: Any) -> Any:
        of = torch_schedulers()
        constant = of.ConstantLR(optimizer, factor=0.1, total_iters=5)
        return of.SequentialLR(optimizer, [constant, relative(of, optimizer)], milestones=[5])

    return (max(rates(make, 100)),)


def cycle() -> tuple[float, ...]:
    """The last learning rate of a warm-up and the first one of the cycle behind it."""
    return tuple(rates(in_turns(lambda of, o: of.CyclicLR(o, 0.001, 0.1, cycle_momentum=False)), 5)[-2:])


def one_cycle() -> tuple[float, ...]:
    """What a warm-up goes up to before a one-cycle schedule, which begins there."""
    make = in_turns(lambda of, o: of.OneCycleLR(o, max_lr=0.1, total_steps=100, cycle_momentum=False))
    found = rates(make, 5)
    assert max(found) == found[-1]
    return (found[-1], found[-1])


CLAIMS = (
    Claim("LRS708", "that was given 0.02 trains with {} from the first batch to the last.", ("0.00002",), stuck),
    Claim("LRS709", "trains with {}, {} and {}, and then at once with {}.", ("0.01", "0.025", "0.04", "0.1"), cut),
    Claim("LRS714", "the decay has multiplied the learning rate {} times by 0.1.", ("100",), decays),
    Claim(
        "LRS715",
        "has left one step before its end, {} of 0.1, and never comes to 0.1.",
        ("0.082",),
        lambda: (max(rates(in_turns(relative), 100)),),
    ),
    Claim("LRS715", "finds the reduced rate and keeps it: {} of 0.1.", ("0.01",), held),
    Claim("LRS715", "with `base_lr=0.001` the learning rate falls from {} to {}.", ("0.082", "0.001"), cycle),
    Claim("LRS715", "that is {}, so the warm-up goes up to {} instead of 0.1,", ("0.004", "0.004"), one_cycle),
    Claim(
        "LRS718",
        "has brought a learning rate of 0.1 down to {} when the training ends,",
        ("0.0998",),
        lambda: (rates(lambda o: torch_schedulers().CosineAnnealingLR(o, SIZE * BATCHES), BATCHES)[-1],),
    ),
    Claim(
        "LRS718",
        "with the peak at 30% of its way, has not come beyond {}.",
        ("0.00655",),
        lambda: (
            max(rates(lambda o: torch_schedulers().OneCycleLR(o, max_lr=0.1, total_steps=SIZE * BATCHES), BATCHES)),
        ),
    ),
)
