"""What the pages say of arguments of `step()`, worked out by torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle.claims import Claim
from tests.oracle.curves import LR, optimizer, rate, rates, unwarned


def told(make: Callable[[Any], Any], *positions: float) -> list[float]:
    """The learning rates after construction and after steps that are given these."""
    opt = optimizer()
    with unwarned():
        scheduler = make(opt)
        found = [rate(opt)]
        for position in positions:
            opt.step()
            scheduler.step(position)
            found.append(rate(opt))
    return found


def watched(metrics: list[float], **arguments: Any) -> list[float]:
    """The learning rates of epochs with these metrics, and after them."""
    from torch.optim.lr_scheduler import ReduceLROnPlateau

    return told(lambda opt: ReduceLROnPlateau(opt, **arguments), *metrics)


def step(opt: Any) -> Any:
    from torch.optim.lr_scheduler import StepLR

    return StepLR(opt, step_size=1)


def exponential(opt: Any) -> Any:
    from torch.optim.lr_scheduler import ExponentialLR

    return ExponentialLR(opt, gamma=0.9)


def cosine(opt: Any) -> Any:
    from torch.optim.lr_scheduler import CosineAnnealingLR

    return CosineAnnealingLR(opt, T_max=100)


def milestones(opt: Any) -> Any:
    from torch.optim.lr_scheduler import MultiStepLR

    return MultiStepLR(opt, [30, 60])


def epochs_at_first(given: list[float]) -> float:
    """For how many epochs the first learning rate is used where each ends with a step that is given one of these."""
    return told(step, *given)[:-1].count(LR)


CLAIMS = (
    Claim(
        "LRS603",
        "one behind: the first learning rate is used for {} epochs",
        ("2",),
        lambda: (epochs_at_first([0, 1, 2]),),
    ),
    Claim(
        "LRS604",
        "| `StepLR(30)`, `MultiStepLR([30, 60])` | {}: it never decays |",
        ("0.1",),
        lambda: tuple({told(make, *[0.35] * 90)[-1] for make in (step, milestones)}),
    ),
    Claim(
        "LRS604",
        "| `ExponentialLR(gamma=0.9)` | {}, whatever the epoch |",
        ("0.0964",),
        lambda: tuple({*told(exponential, *[0.35] * 9)[1:]}),
    ),
    Claim(
        "LRS604",
        "| `CosineAnnealingLR(T_max=100)` | {}, near enough",
        ("0.1",),
        lambda: tuple({round(each, 5) for each in told(cosine, *[0.35] * 90)}),
    ),
    Claim(
        "LRS711",
        "with the defaults, {} is left after {} epochs",
        ("1e-08", "78"),
        lambda: rising(),
    ),
    Claim(
        "LRS712",
        "{} is left after 100 epochs with a metric of -1, and {} after 100 epochs with a metric of 1",
        ("0.1", "1e-08"),
        lambda: (watched([-1.0] * 100)[-1], watched([1.0] * 100)[-1]),
    ),
)


def rising() -> tuple[float, ...]:
    """What is left of the learning rate while an accuracy rises, and in which epoch it is reached."""
    found = watched([epoch / 100 for epoch in range(100)])
    return found[-1], next(epoch for epoch, each in enumerate(found) if each == found[-1])


def first_rate_is_skipped() -> bool:
    """Whether a step with `epoch + 1` at the top of each epoch leaves the first learning rate unused."""
    return told(step, 1, 2, 3)[1:] == rates(step, 3)[1:]
