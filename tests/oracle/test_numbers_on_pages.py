"""The numbers on the pages are what torch computes: each is looked up in the text of its page, and worked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from schedlint import pages
from tests.oracle.curves import LR, asked, optimizer, rates, stepped_first
from tests.oracle.resuming import resumed

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
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    SequentialLR,
    StepLR,
)

BATCHES, EPOCHS = 1000, 24
LATE = ("optimizer", "build", "scheduler")


class Claim(NamedTuple):
    """A sentence of a page and the numbers in it, as `{}`; `true` computes them, in order."""

    code: str
    sentence: str
    numbers: tuple[str, ...]
    true: Callable[[], tuple[float, ...]]


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


def momentum(make: Callable[..., object]) -> float:
    """The momentum after construction."""
    opt = optimizer(momentum=0.5)
    make(opt)
    return float(opt.param_groups[0]["momentum"])


def begins(make: Callable[..., object]) -> Callable[[], tuple[float, ...]]:
    """The learning rate after construction."""
    return lambda: (rates(make, 0)[0],)


def answers(make: Callable[..., object], epoch: int) -> Callable[[], tuple[float, ...]]:
    """The learning rate in use and the one that `get_lr()` gives, in an epoch."""
    return lambda: asked(make, epoch)[epoch]


def one_cycle(opt: object) -> OneCycleLR:
    return OneCycleLR(opt, max_lr=0.1, epochs=EPOCHS, steps_per_epoch=BATCHES)


def cyclic(opt: object) -> CyclicLR:
    return CyclicLR(opt, base_lr=0.001, max_lr=0.1, cycle_momentum=False)


def after_a_dead_warm_up(opt: object) -> CosineAnnealingLR:
    LinearLR(opt, start_factor=0.1)
    return CosineAnnealingLR(opt, T_max=10)


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
    Claim("LRS201", "| `LinearLR(optimizer)` | {}: a third", ("0.0333",), begins(lambda o: LinearLR(o))),
    Claim("LRS201", "start_factor=0.001)` | {} |", ("0.0001",), begins(lambda o: LinearLR(o, start_factor=0.001))),
    Claim("LRS201", "| `ConstantLR(optimizer)` | {}: a third", ("0.0333",), begins(lambda o: ConstantLR(o))),
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
        "LRS507",
        "resumed after 25 epochs goes on with {} instead of {}",
        ("0.1", "0.001"),
        lambda: (resumed(tens, 25, 0, ("build", "scheduler"))[0], resumed(tens, 25, 0)[0]),
    ),
]


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


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.code}: {claim.sentence[:50]}")
def test_a_number_on_a_page_is_what_torch_computes(claim: Claim) -> None:
    text = " ".join(pages.find(claim.code).text.split())
    assert claim.sentence.format(*claim.numbers) in text
    computed = claim.true()
    assert len(computed) == len(claim.numbers)
    for number, value in zip(claim.numbers, computed, strict=True):
        close = pytest.approx(value, rel=10.0 ** -digits(number), abs=0 if float(number) else 1e-15)
        assert float(number) == close
