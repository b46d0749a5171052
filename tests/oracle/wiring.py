"""Programs whose schedulers are wired wrongly, under the real torch: what the pages LRS401 to LRS409 say of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle.claims import Claim
from tests.oracle.curves import LR, Make, optimizer, rate, rates, unwarned


def _lr_scheduler() -> Any:
    import torch

    return torch.optim.lr_scheduler


def twice_on_one() -> tuple[float, float]:
    """Generator and discriminator after 90 epochs, both schedules on the generator's optimizer."""
    import torch

    pair = [torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-4) for _ in range(2)]
    schedules = [_lr_scheduler().StepLR(pair[0], 30) for _ in range(2)]
    for _ in range(90):
        for one in (*pair, *schedules):
            one.step()
    return rate(pair[0]), rate(pair[1])


def replaced() -> tuple[float, ...]:
    """The learning rate in the last of 90 epochs, of an optimizer that takes another one's place in epoch 5, and what
    its own schedule would have made of it.
    """
    import torch

    opt = optimizer()
    scheduler = _lr_scheduler().StepLR(opt, 30)
    for epoch in range(89):
        if epoch == 5:
            opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.01)
        opt.step()
        scheduler.step()
    in_use = rate(opt)
    kept = rates(lambda o: _lr_scheduler().StepLR(o, 30), 89 - 5)[-1] / LR * 0.01
    return in_use, kept


def built_anew(make: Make) -> Callable[[], tuple[float, float]]:
    """The learning rate after 6 epochs with a scheduler that is built in each, and with one."""

    def true() -> tuple[float, float]:
        opt = optimizer()
        for _ in range(6):
            scheduler = make(opt)
            opt.step()
            scheduler.step()
        return rate(opt), rates(make, 6)[-1]

    return true


def in_epoch(epochs: int, *steps_of: Callable[[Any], list[Any]]) -> float:
    """The learning rate in use in an epoch, with the schedulers that are stepped at the end of each."""
    opt = optimizer()
    stepped = [each for make in steps_of for each in make(opt)]
    with unwarned():
        for _ in range(epochs):
            opt.step()
            for each in stepped:
                each.step()
    return rate(opt)


def competing(opt: Any) -> list[Any]:
    """A warm-up that overwrites, stepped after a decay."""
    warmup = _lr_scheduler().LambdaLR(opt, lambda epoch: min(1, (epoch + 1) / 5))
    return [_lr_scheduler().StepLR(opt, 30), warmup]


def joined(opt: Any, *, again: bool) -> list[Any]:
    """A warm-up and a cosine in one; with the cosine again."""
    warmup = _lr_scheduler().LinearLR(opt, total_iters=3)
    cosine = _lr_scheduler().CosineAnnealingLR(opt, 9)
    whole = _lr_scheduler().SequentialLR(opt, [warmup, cosine], [3])
    return [whole, cosine] if again else [whole]


def late_group() -> float:
    """The learning rate of a group that is added in epoch 3 of a warm-up, after 9 epochs."""
    import torch

    opt = optimizer()
    scheduler = _lr_scheduler().LinearLR(opt, start_factor=0.5)
    for epoch in range(9):
        if epoch == 3:
            opt.add_param_group({"params": [torch.zeros(1, requires_grad=True)], "lr": LR})
        opt.step()
        scheduler.step()
    return float(opt.param_groups[1]["lr"])


def halved_by_hand() -> float:
    """The learning rate in epoch 5 where it is halved before each step of a schedule that computes it anew."""
    opt = optimizer()
    scheduler = _lr_scheduler().LambdaLR(opt, lambda epoch: 0.9**epoch)
    for _ in range(5):
        opt.step()
        opt.param_groups[0]["lr"] /= 2
        scheduler.step()
    return rate(opt)


def one_cycle_begins() -> float:
    """The learning rate once a one-cycle schedule up to 0.01 is built."""
    return rates(lambda o: _lr_scheduler().OneCycleLR(o, max_lr=0.01, total_steps=1000), 0)[0]


def momentum_after(make: Make) -> float:
    """The momentum of an optimizer without one, once a scheduler is built."""
    opt = optimizer()
    make(opt)
    return float(opt.param_groups[0]["momentum"])


CLAIMS = (
    Claim(
        "LRS401",
        "is divided by 10 twice every 30 epochs and is {} after 90, and the discriminator's stays {}.",
        ("1e-10", "0.0001"),
        twice_on_one,
    ),
    Claim("LRS402", "the learning rate is {} in epoch 89 instead of {}.", ("0.01", "0.0001"), replaced),
    Claim(
        "LRS403",
        "| `StepLR(step_size=2)` | {}: it never decays | {} |",
        ("0.1", "0.0001"),
        built_anew(lambda o: _lr_scheduler().StepLR(o, 2)),
    ),
    Claim(
        "LRS403",
        "| `LambdaLR(lambda epoch: 0.9 ** epoch)` | {} | {} |",
        ("0.09", "0.0531"),
        built_anew(lambda o: _lr_scheduler().LambdaLR(o, lambda epoch: 0.9**epoch)),
    ),
    Claim(
        "LRS403",
        "| `LinearLR(total_iters=3)` | {}: each one multiplies it by 1/3 again | {} |",
        ("0.00294", "0.1"),
        built_anew(lambda o: _lr_scheduler().LinearLR(o, total_iters=3)),
    ),
    Claim("LRS404", "the learning rate is {} in epoch 89", ("0.1",), lambda: (in_epoch(89, competing),)),
    Claim(
        "LRS405",
        "the learning rate is {} in epoch 6, where it should be {},",
        ("0.0117", "0.075"),
        lambda: (in_epoch(6, lambda o: joined(o, again=True)), in_epoch(6, lambda o: joined(o, again=False))),
    ),
    Claim("LRS406", "in epoch 3 of `LinearLR(start_factor=0.5)` ends at {} |", ("0.125",), lambda: (late_group(),)),
    Claim("LRS407", "the learning rate is {} in epoch 5", ("0.059",), lambda: (halved_by_hand(),)),
    Claim("LRS409", "total_steps=1000)` it is {}.", ("0.0004",), lambda: (one_cycle_begins(),)),
    Claim(
        "LRS409",
        "without momentum has {} of it after `OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)` and {} after",
        ("0.95", "0.9"),
        lambda: (
            momentum_after(lambda o: _lr_scheduler().OneCycleLR(o, max_lr=0.1, total_steps=1000)),
            momentum_after(lambda o: _lr_scheduler().CyclicLR(o, base_lr=0.001, max_lr=0.1)),
        ),
    ),
)
