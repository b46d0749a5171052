"""The numbers on the pages are what torch computes: each is looked up in the text of its page, and worked out."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from schedlint import pages
from tests.oracle import own_classes, put_together, schedule_numbers, step_arguments, wiring
from tests.oracle.claims import Claim
from tests.oracle.curves import LR, asked, optimizer, rate, rates, stepped_first, unwarned
from tests.oracle.resuming import resumed, trained

pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")
pytestmark = pytest.mark.torch

from torch.optim.lr_scheduler import (  # noqa: E402 - only where torch is installed
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from torch.utils.data import DataLoader  # noqa: E402 - likewise

BATCHES, EPOCHS = 1000, 24
LATE = ("optimizer", "build", "scheduler")


def final(make: Callable[..., object], steps: int) -> float:
    """The learning rate after so many steps."""
    return rates(make, steps)[-1]


def linear_warm_up(opt: object) -> LambdaLR:
    """Over 500 steps from 0, then down to 0 at step 5000."""
    return LambdaLR(opt, lambda step: step / 500 if step < 500 else (5000 - step) / 4500)


def swing(make: Callable[..., object]) -> tuple[float, ...]:
    """The greatest and the least value of a schedule, the first step at which it has its first value again, and the
    mean.
    """
    found = rates(make, 960)
    again = next(step for step, value in enumerate(found) if step and value == pytest.approx(LR))
    return max(found), min(found), again, sum(found[:-1]) / 960


def bottoms_and_end(make: Callable[..., object], steps: int, times: int) -> tuple[float, ...]:
    """The value that a schedule falls to so many times, and where it is after the last step."""
    found = rates(make, steps)
    least = min(found)
    assert sum(value == pytest.approx(least, abs=1e-9) for value in found) == times
    return least, found[-1]


def momentum(make: Callable[..., object]) -> float:
    """The momentum after construction."""
    opt = optimizer(momentum=0.5)
    make(opt)
    return float(opt.param_groups[0]["momentum"])


def falling(*arguments: object, epochs: int = 30) -> float:
    """The learning rate after so many epochs in which the loss falls by 3%."""
    opt = optimizer()
    scheduler = ReduceLROnPlateau(opt, *arguments)
    for epoch in range(epochs):
        opt.step()
        scheduler.step(0.97**epoch)
    return rate(opt)


def begins(make: Callable[..., object]) -> Callable[[], tuple[float, ...]]:
    """The learning rate after construction."""
    return lambda: (rates(make, 0)[0],)


def answers(make: Callable[..., object], epoch: int) -> Callable[[], tuple[float, ...]]:
    """The learning rate in use and the one that `get_lr()` gives, in an epoch."""
    return lambda: asked(make, epoch)[epoch]


def raising_call(cls: Callable[..., Any], **arguments: int) -> int:
    """The number of the first call of `step()` that raises ValueError."""
    opt = optimizer()
    scheduler = cls(opt, max_lr=LR, **arguments)
    for call in range(1, 1000):
        opt.step()
        try:
            scheduler.step()
        except ValueError:
            return call
    return 0


def one_cycle(opt: object) -> OneCycleLR:
    return OneCycleLR(opt, max_lr=0.1, epochs=EPOCHS, steps_per_epoch=BATCHES)


def constant_factor(opt: object) -> LambdaLR:
    return LambdaLR(opt, lambda _: 0.95)


def begins_with(lr: float, make: Callable[..., object]) -> float:
    """The learning rate after construction of an optimizer that was built with this one."""
    opt = optimizer()
    opt.param_groups[0]["lr"] = lr
    make(opt)
    return rate(opt)


def cyclic(opt: object) -> CyclicLR:
    return CyclicLR(opt, base_lr=0.001, max_lr=0.1, cycle_momentum=False)


def after_a_dead_warm_up(opt: object) -> CosineAnnealingLR:
    LinearLR(opt, start_factor=0.1)
    return CosineAnnealingLR(opt, T_max=10)


def noisy(batches: int) -> list[float]:
    """The losses of so many batches: a loss that falls by 10% in each epoch, and noise."""
    chance = random.Random(0)
    return [2.3 * 0.9 ** (batch / BATCHES) + chance.gauss(0, 0.2) for batch in range(batches)]


def means() -> list[float]:
    """The mean losses of the epochs."""
    losses = noisy(EPOCHS * BATCHES)
    return [sum(losses[begin : begin + BATCHES]) / BATCHES for begin in range(0, len(losses), BATCHES)]


def measured(metrics: Iterable[float], patience: int) -> list[float]:
    """The learning rate after each of these metrics."""
    opt = optimizer()
    scheduler, found = ReduceLROnPlateau(opt, patience=patience), []
    for metric in metrics:
        scheduler.step(metric)
        found.append(rate(opt))
    return found


def lowest(found: list[float]) -> int:
    """The number of steps after which the lowest learning rate is reached."""
    return found.index(min(found)) + 1


def told(make: Callable[[object], LRScheduler], positions: Iterable[int]) -> list[float]:
    """The learning rates at these positions, each told to the scheduler."""
    opt = optimizer()
    scheduler, found = make(opt), []
    with unwarned():
        for position in positions:
            opt.step()
            scheduler.step(position)
            found.append(rate(opt))
    return found


CLAIMS = [
    Claim(
        "LRS101",
        "has decayed twice after {} *batches*: with 1,000 batches in an epoch, {}% of the first epoch",
        ("22", "97.8"),
        lambda: (
            next(
                step for step, value in enumerate(rates(lambda o: MultiStepLR(o, [16, 22]), BATCHES)) if value < LR / 50
            ),
            100 - 22 / BATCHES * 100,
        ),
    ),
    Claim(
        "LRS101",
        "`ExponentialLR(gamma=0.95)` leaves {} after",
        ("5e-24",),
        lambda: (final(lambda o: ExponentialLR(o, 0.95), BATCHES),),
    ),
    Claim("LRS101", "`StepLR(30)` leaves {} after", ("1e-34",), lambda: (final(lambda o: StepLR(o, 30), BATCHES),)),
    Claim(
        "LRS101",
        "`PolynomialLR(24)` leaves exactly {} from the {}th batch on",
        ("0", "24"),
        lambda: (final(lambda o: PolynomialLR(o, 24), BATCHES), rates(lambda o: PolynomialLR(o, 24), 30).index(0)),
    ),
    Claim(
        "LRS101",
        "swings between {} and {} and back every {} batches, for ever. The mean is {}.",
        ("0.1", "0", "48", "0.05"),
        lambda: swing(lambda o: CosineAnnealingLR(o, 24)),
    ),
    Claim(
        "LRS101",
        "`CosineAnnealingWarmRestarts(10)` restarts {} times",
        ("100",),
        lambda: (sum(value == LR for value in rates(lambda o: CosineAnnealingWarmRestarts(o, 10), BATCHES)[1:]),),
    ),
    Claim(
        "LRS101",
        "`SequentialLR` with a warm-up of 5 epochs has finished the warm-up after {} batches",
        ("5",),
        lambda: (
            rates(
                lambda o: SequentialLR(o, [LinearLR(o, 0.1, total_iters=5), CosineAnnealingLR(o, 85)], [5]), BATCHES
            ).index(LR),
        ),
    ),
    Claim(
        "LRS102",
        "`max_lr / 25`, which is {}, and after 24 epochs it is {}.",
        ("0.004", "0.0040026"),
        lambda: (rates(one_cycle, 0)[0], final(one_cycle, EPOCHS)),
    ),
    Claim(
        "LRS102",
        "`CosineAnnealingLR(T_max=24000)` ends at {} and `PolynomialLR(24000)` at {}:",
        ("0.09999975", "0.0999"),
        lambda: (
            final(lambda o: CosineAnnealingLR(o, EPOCHS * BATCHES), EPOCHS),
            final(lambda o: PolynomialLR(o, EPOCHS * BATCHES), EPOCHS),
        ),
    ),
    Claim(
        "LRS102",
        "a warm-up over the first epoch, ends at {}, which is {}% of",
        ("0.0024976", "2.5"),
        lambda: (
            final(lambda o: LinearLR(o, 0.001, total_iters=BATCHES), EPOCHS),
            final(lambda o: LinearLR(o, 0.001, total_iters=BATCHES), EPOCHS) / LR * 100,
        ),
    ),
    Claim(
        "LRS102",
        "A linear warm-up over 500 batches from 0 is at {}% of the learning rate after 5 epochs.",
        ("1",),
        lambda: (final(linear_warm_up, 5) / LR * 100,),
    ),
    Claim("LRS102", "It ends at {}.", ("0.002188",), lambda: (final(cyclic, EPOCHS),)),
    Claim(
        "LRS102",
        "the learning rate after 200 epochs is still at {}% of",
        ("52",),
        lambda: (final(lambda o: CosineAnnealingLR(o, 390), 200 - 10) / LR * 100,),
    ),
    Claim(
        "LRS105",
        "it is down to {}, where it stays, after {} batches with `patience=10`, after {} with `patience=5` and after "
        "{} with `patience=2`.",
        ("1e-8", "88", "50", "26"),
        lambda: (min(measured(noisy(BATCHES), 10)), *(lowest(measured(noisy(BATCHES), wait)) for wait in (10, 5, 2))),
    ),
    Claim("LRS105", "it is still {} after {} epochs", ("0.1", "24"), lambda: (measured(means(), 10)[-1], len(means()))),
    Claim(
        "LRS107",
        "goes from {} to {} in the first epoch, is at {} again in the second one",
        ("0.1", "0.09957", "0.1"),
        lambda: tuple(told(lambda o: CosineAnnealingWarmRestarts(o, 24000), [0, BATCHES - 1, 0])),
    ),
    Claim(
        "LRS107",
        "A warm-up over 2,000 batches ends at {}% in each epoch and begins again at {} in the next one.",
        ("50", "0"),
        lambda: tuple(
            value * 1000 for value in told(lambda o: LambdaLR(o, lambda step: step / 2000), [BATCHES - 1, 0])
        ),
    ),
    Claim(
        "LRS107",
        "restarts after every {} batches",
        ("10",),
        lambda: (told(lambda o: CosineAnnealingWarmRestarts(o, 10), range(1, BATCHES)).index(LR) + 1,),
    ),
    Claim("LRS201", "| `LinearLR(optimizer)` | {}: a third", ("0.0333",), begins(lambda o: LinearLR(o))),
    Claim("LRS201", "start_factor=0.001)` | {} |", ("0.0001",), begins(lambda o: LinearLR(o, start_factor=0.001))),
    Claim("LRS201", "| `ConstantLR(optimizer)` | {}: a third", ("0.0333",), begins(lambda o: ConstantLR(o))),
    Claim(
        "LRS103",
        "the training ends {}% of the way through it: with `lr=0.1`, `CosineAnnealingLR` ends at {} instead of 0, "
        "`OneCycleLR` at {} with",
        ("12.5", "0.096", "0.0396"),
        lambda: (
            100 / 8,
            final(lambda o: CosineAnnealingLR(o, 8 * BATCHES), BATCHES),
            final(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=8 * BATCHES), BATCHES),
        ),
    ),
    Claim(
        "LRS103",
        "the learning rate falls to {} four times and is back at {} at the end.",
        ("0", "0.1"),
        lambda: bottoms_and_end(lambda o: CosineAnnealingLR(o, 100), 800, times=4),
    ),
    Claim(
        "LRS106",
        "With `total_steps=24` call number {} raises",
        ("25",),
        lambda: (raising_call(OneCycleLR, total_steps=24),),
    ),
    Claim(
        "LRS106",
        "it is up again from {} to {} where the curve is a cosine, and {}, a negative",
        ("4e-07", "0.00087", "-0.00595"),
        lambda: (
            *rates(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=24), 24)[-2:],
            final(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=24, anneal_strategy="linear"), 24),
        ),
    ),
    Claim(
        "LRS106",
        "A dataset of {} samples has {} batches of 10, and not {}.",
        ("1003", "101", "100"),
        lambda: (1003, len(DataLoader(range(1003), 10)), 1003 // 10),
    ),
    Claim(
        "LRS108",
        "the last epoch is trained with {} of the 0.1 that the first one had. With `T_max=90` it is at {} at the end,",
        ("0.0999", "0.003"),
        lambda: (
            final(lambda o: CosineAnnealingLR(o, 50), 99),
            final(lambda o: CosineAnnealingLR(o, 90), 100),
        ),
    ),
    Claim(
        "LRS108",
        "with `T_max=200` and 100 epochs the run ends at {},",
        ("0.05",),
        lambda: (final(lambda o: CosineAnnealingLR(o, 200), 100),),
    ),
    Claim(
        "LRS108",
        "given twice the steps has just come down to {} from",
        ("0.0812",),
        lambda: (final(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=2 * EPOCHS * BATCHES), EPOCHS * BATCHES),),
    ),
    Claim(
        "LRS201",
        "| `OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)` | {}: `max_lr / 25`, and a momentum of {} |",
        ("0.004", "0.95"),
        lambda: (
            rates(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=1000), 0)[0],
            momentum(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=1000)),
        ),
    ),
    Claim(
        "LRS201",
        "| `CyclicLR(optimizer, base_lr=0.001, max_lr=0.1)` | {}, and a momentum of {} |",
        ("0.001", "0.9"),
        lambda: (rates(cyclic, 0)[0], momentum(lambda o: CyclicLR(o, base_lr=0.001, max_lr=0.1))),
    ),
    Claim("LRS201", "| `LambdaLR` with a warm-up from 0 | {}: nothing", ("0",), begins(linear_warm_up)),
    Claim(
        "LRS201",
        "runs from {} to {} instead of from 0.1 to 0",
        ("0.01", "0"),
        lambda: (rates(after_a_dead_warm_up, 10)[0], rates(after_a_dead_warm_up, 10)[-1]),
    ),
    Claim("LRS202", "`LinearLR(optimizer)` leaves {} for", ("0.0333",), begins(lambda o: LinearLR(o))),
    Claim(
        "LRS202",
        "`OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)` leaves {},",
        ("0.004",),
        begins(lambda o: OneCycleLR(o, max_lr=0.1, total_steps=1000)),
    ),
    Claim("LRS202", "a `LambdaLR` with a warm-up from 0 leaves {}.", ("0",), begins(linear_warm_up)),
    Claim(
        "LRS204",
        "| `LinearLR(optimizer, start_factor=0.1)` | {}, and every value of it",
        ("0.01",),
        lambda: tuple(rates(lambda o: cosine_after(LinearLR(o, 0.1)), 0)),
    ),
    Claim(
        "LRS204",
        "| `OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)` | {} |",
        ("0.004",),
        lambda: tuple(rates(lambda o: cosine_after(OneCycleLR(o, 0.1, 1000, cycle_momentum=False)), 0)),
    ),
    Claim(
        "LRS302",
        "`ExponentialLR(gamma=0.9)` begins at {} in place of {}.",
        ("0.09", "0.1"),
        lambda: (stepped_first(lambda o: ExponentialLR(o, 0.9), 1)[0], LR),
    ),
    Claim(
        "LRS301",
        "| {} epochs at {}, then {} at {} |",
        ("2", "0.1", "3", "0.01"),
        lambda: tuple(part for value in (0.1, 0.01) for part in (count(stepped_first(step_lr, 6), value), value)),
    ),
    Claim(
        "LRS301",
        "| {} epochs at {}, then {} at {} |",
        ("3", "0.1", "3", "0.01"),
        lambda: tuple(part for value in (0.1, 0.01) for part in (count(rates(step_lr, 5), value), value)),
    ),
    Claim(
        "LRS301",
        "| `ExponentialLR(gamma=0.9)` | {} | {} |",
        ("0.09", "0.1"),
        lambda: (stepped_first(lambda o: ExponentialLR(o, 0.9), 1)[0], LR),
    ),
    Claim(
        "LRS301",
        "| `CosineAnnealingLR(T_max=10)` | {} | {} |",
        ("0.0976", "0.1"),
        lambda: (
            stepped_first(lambda o: CosineAnnealingLR(o, 10), 1)[0],
            rates(lambda o: CosineAnnealingLR(o, 10), 0)[0],
        ),
    ),
    Claim(
        "LRS301",
        "| `LinearLR()` | {}: the gentlest epoch of the warm-up is left out | {} |",
        ("0.0467", "0.0333"),
        lambda: (stepped_first(lambda o: LinearLR(o), 1)[0], rates(lambda o: LinearLR(o), 0)[0]),
    ),
    Claim(
        "LRS602",
        "with a loss that falls by 3% each epoch it is {} after 30 epochs, and not {}",
        ("0.003125", "0.1"),
        lambda: (falling("min", 0.5, 5, True), falling("min", 0.5, 5)),
    ),
    Claim(
        "LRS602",
        "the learning rate is halved every {} epochs",
        ("6",),
        lambda: (next(epoch for epoch in range(1, 30) if falling("min", 0.5, 5, True, epochs=epoch) < LR),),
    ),
    Claim(
        "LRS601",
        "| `ExponentialLR(gamma=0.9)`, `MultiplicativeLR` | {} | {}: always one step ahead |",
        ("0.1", "0.09"),
        answers(lambda o: ExponentialLR(o, 0.9), 0),
    ),
    Claim(
        "LRS601",
        "| `ExponentialLR(gamma=0.9)`, `MultiplicativeLR` | {} | {}: always one step ahead |",
        ("0.1", "0.09"),
        answers(lambda o: MultiplicativeLR(o, lambda _: 0.9), 0),
    ),
    Claim(
        "LRS601",
        "in the epoch of a decay | {} | {}: decayed twice",
        ("0.01", "0.001"),
        answers(lambda o: StepLR(o, 3), 3),
    ),
    Claim(
        "LRS601",
        "in the epoch of a decay | {} | {}: decayed twice",
        ("0.01", "0.001"),
        answers(lambda o: MultiStepLR(o, [3]), 3),
    ),
    Claim(
        "LRS601",
        "| `CosineAnnealingLR(T_max=10)`, in epoch 0 | {} | {}: more than the maximum |",
        ("0.1", "0.1025"),
        answers(lambda o: CosineAnnealingLR(o, 10), 0),
    ),
    Claim(
        "LRS601",
        "| `PolynomialLR(total_iters=10)`, in epoch 0 | {} | {} |",
        ("0.1", "0.0909"),
        answers(lambda o: PolynomialLR(o, 10), 0),
    ),
    Claim(
        "LRS601",
        "| `LinearLR()`, in epoch 0 | {} | {}: a third of a third |",
        ("0.0333", "0.0111"),
        answers(lambda o: LinearLR(o), 0),
    ),
    Claim(
        "LRS601",
        "| `ConstantLR()`, in epoch 0 | {} | {} |",
        ("0.0333", "0.0111"),
        answers(lambda o: ConstantLR(o), 0),
    ),
    Claim(
        "LRS601",
        "In epochs {} and {} it is {} times too small",
        ("30", "60", "10"),
        lambda: (
            *wrong(lambda o: StepLR(o, 30), 89),
            *{round(used / said) for used, said in off(lambda o: StepLR(o, 30))},
        ),
    ),
    Claim(
        "LRS501",
        "that is resumed after 40 epochs makes its second decay after {} epochs, and a third one after {}.",
        ("70", "100"),
        lambda: tuple(40 + step for step in drops(resumed(milestones, 40, 70, ("build", "optimizer")))),
    ),
    Claim(
        "LRS501",
        "resumed after 50 epochs ends at {} instead of {}, if it began at {}",
        ("0.025", "0", "0.1"),
        lambda: (resumed(cosine, 50, 50, ("build", "optimizer"))[-1], final(cosine, 100), rates(cosine, 0)[0]),
    ),
    Claim(
        "LRS502",
        "resumed after 10 epochs, that is from {} back to {}, if it began at {}",
        ("0.0349", "0.09", "0.1"),
        lambda: (*resumed(decaying, 10, 1, ("build", "optimizer")), rates(decaying, 0)[0]),
    ),
    Claim(
        "LRS505",
        "`CosineAnnealingLR(T_max=95)` goes on at {} instead of {}",
        ("0.001", "0.0541"),
        lambda: (resumed(warm_up_then_cosine, 50, 0, LATE)[0], resumed(warm_up_then_cosine, 50, 0)[0]),
    ),
    Claim(
        "LRS505",
        "`LinearLR(start_factor=0.1, total_iters=5)` leaves {} instead of {}, for good",
        ("0.01", "0.1"),
        lambda: (resumed(warm_up, 50, 50, LATE)[-1], resumed(warm_up, 50, 50)[-1]),
    ),
    Claim(
        "LRS504",
        "goes on with {} instead of {} after 10 epochs, if it began at {}",
        ("0.0314", "0.0349", "0.1"),
        lambda: (placed(decaying_from, 10), placed(decaying_from, 9), LR),
    ),
    Claim(
        "LRS504",
        "`StepLR(optimizer, step_size=10, last_epoch=9)` goes on with {} instead of {}.",
        ("0.001", "0.01"),
        lambda: (placed(tens_from, 9, rates(tens, 10)[-1]), rates(tens, 10)[-1]),
    ),
    Claim("LRS510", "the learning rate climbs back up, to {} at the end", ("0.1",), lambda: (lengthened()[-1],)),
    Claim(
        "LRS507",
        "resumed after 25 epochs goes on with {} instead of {}",
        ("0.1", "0.001"),
        lambda: (resumed(tens, 25, 0, ("build", "scheduler"))[0], resumed(tens, 25, 0)[0]),
    ),
    Claim(
        "LRS705",
        "With a learning rate of {} it is {} as soon as the scheduler is built, and {} after 100 epochs.",
        ("0.1", "0.095", "0.095"),
        lambda: (LR, rates(constant_factor, 100)[0], final(constant_factor, 100)),
    ),
    Claim(
        "LRS705",
        "it leaves {} after {} epochs",
        ("0.036", "20"),
        lambda: (final(lambda o: MultiplicativeLR(o, lambda _: 0.95), 20), 20),
    ),
    Claim(
        "LRS706",
        "An optimizer built with a learning rate of {} then begins at {}.",
        ("0.001", "1e-06"),
        lambda: (0.001, begins_with(0.001, lambda o: LambdaLR(o, lambda epoch: 0.001 * 0.95**epoch))),
    ),
    Claim(
        "LRS707",
        "{} is left after 20 steps instead of {}, and {} after 100",
        ("2.1e-06", "0.036", "3e-114"),
        lambda: (
            final(lambda o: MultiplicativeLR(o, lambda epoch: 0.95**epoch), 20),
            final(lambda o: LambdaLR(o, lambda epoch: 0.95**epoch), 20),
            final(lambda o: MultiplicativeLR(o, lambda epoch: 0.95**epoch), 100),
        ),
    ),
    Claim(
        "LRS707",
        "which is to leave {} after {}, leaves {}.",
        ("0.046", "54", "7.8e-10"),
        lambda: (
            final(lambda o: LambdaLR(o, lambda epoch: 1 - epoch / 100), 54),
            54,
            final(lambda o: MultiplicativeLR(o, lambda epoch: 1 - epoch / 100), 54),
        ),
    ),
    Claim(
        "LRS707",
        "`min(1, (epoch + 1) / 5)`, ends at {}",
        ("0.0192",),
        lambda: (final(lambda o: MultiplicativeLR(o, lambda epoch: min(1, (epoch + 1) / 5)), 90),),
    ),
    Claim(
        "LRS710",
        "the learning rate climbs to {} in {} epochs",
        ("0.5", "10"),
        lambda: (
            max(rates(lambda o: CosineAnnealingLR(o, 10, 0.5), 12)),
            lowest([-each for each in rates(lambda o: CosineAnnealingLR(o, 10, 0.5), 12)]) - 1,
        ),
    ),
    Claim(
        "LRS716",
        "with a learning rate of {}, it is {} after {} steps.",
        ("0.1", "-0.04", "14"),
        lambda: (LR, final(lambda o: LambdaLR(o, lambda epoch: 1 - epoch / 10), 14), 14),
    ),
]


def cosine_after(first: LRScheduler) -> CosineAnnealingLR:
    """A cosine on the optimizer of a scheduler that was built before it and is lost."""
    return CosineAnnealingLR(first.optimizer, 100)


def milestones(opt: object) -> MultiStepLR:
    return MultiStepLR(opt, [30, 60])


def cosine(opt: object) -> CosineAnnealingLR:
    return CosineAnnealingLR(opt, T_max=100)


def decaying(opt: object) -> LambdaLR:
    return LambdaLR(opt, lambda done: 0.9**done)


def warm_up(opt: object) -> LinearLR:
    return LinearLR(opt, start_factor=0.1, total_iters=5)


def tens(opt: object) -> StepLR:
    return StepLR(opt, step_size=10)


def warm_up_then_cosine(opt: object) -> SequentialLR:
    parts = [LinearLR(opt, start_factor=0.01, total_iters=5), CosineAnnealingLR(opt, T_max=95)]
    return SequentialLR(opt, parts, milestones=[5])


def decaying_from(opt: object, last_epoch: int) -> LambdaLR:
    return LambdaLR(opt, lambda done: 0.9**done, last_epoch=last_epoch)


def tens_from(opt: object, last_epoch: int) -> StepLR:
    return StepLR(opt, step_size=10, last_epoch=last_epoch)


def placed(make: Callable[[object, int], object], last_epoch: int, now: float = LR) -> float:
    """The learning rate of an optimizer that has come to `now`, when a scheduler is built to go on from a position."""
    opt = optimizer()
    opt.param_groups[0].update(initial_lr=LR, lr=now)
    make(opt, last_epoch)
    return rate(opt)


def lengthened() -> list[float]:
    """The learning rates of 50 more epochs with the state of a schedule that was to end after 50."""
    short, long = optimizer(), optimizer()
    done, again = CosineAnnealingLR(short, T_max=50), CosineAnnealingLR(long, T_max=100)
    trained(short, done, 50)
    long.load_state_dict(short.state_dict())
    again.load_state_dict(done.state_dict())
    return trained(long, again, 50)


def drops(found: list[float]) -> list[int]:
    """The steps at which a learning rate falls to less than half."""
    return [step for step in range(1, len(found)) if found[step] < found[step - 1] / 2]


def step_lr(opt: object) -> StepLR:
    return StepLR(opt, 3)


def count(found: list[float], value: float) -> int:
    """How often a value is among others."""
    return sum(each == pytest.approx(value) for each in found)


def wrong(make: Callable[..., object], epochs: int) -> list[int]:
    """The epochs in which `get_lr()` does not give the learning rate in use."""
    return [epoch for epoch, (used, said) in enumerate(asked(make, epochs)) if used != pytest.approx(said)]


def off(make: Callable[..., object]) -> list[tuple[float, float]]:
    """The learning rates in use and what `get_lr()` gives, where it gives another."""
    return [(used, said) for used, said in asked(make, 89) if used != pytest.approx(said)]


def digits(number: str) -> int:
    """How many digits of a number are said."""
    return len(re.sub(r"e.*|\D", "", number).lstrip("0")) or 1


@pytest.mark.parametrize(
    "claim",
    [
        *CLAIMS,
        *own_classes.CLAIMS,
        *put_together.CLAIMS,
        *schedule_numbers.CLAIMS,
        *step_arguments.CLAIMS,
        *wiring.CLAIMS,
    ],
    ids=lambda claim: f"{claim.code}: {claim.sentence[:50]}",
)
def test_a_number_on_a_page_is_what_torch_computes(claim: Claim) -> None:
    text = " ".join(pages.find(claim.code).text.split())
    assert claim.sentence.format(*claim.numbers) in text
    computed = claim.true()
    assert len(computed) == len(claim.numbers)
    for number, value in zip(claim.numbers, computed, strict=True):
        close = pytest.approx(value, rel=10.0 ** -digits(number), abs=0 if float(number) else 1e-15)
        assert float(number) == close
