"""The numbers on the pages about what schedules are given: lengths, milestones and factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle.claims import Claim
from tests.oracle.curves import LR, Make, optimizer, rates


def _lr_scheduler() -> Any:
    """torch's module, imported where it is needed: the tests of it are skipped where there is none."""
    from torch.optim import lr_scheduler

    return lr_scheduler


def made(name: str, *given: object, **named: object) -> Make:
    """A scheduler of torch with these arguments."""
    return lambda opt: getattr(_lr_scheduler(), name)(opt, *given, **named)


def after(steps: int, name: str, *given: object, **named: object) -> Callable[[], tuple[float, ...]]:
    """The learning rate after so many steps."""
    return lambda: (rates(made(name, *given, **named), steps)[-1],)


def all_of(steps: int, name: str, *given: object, **named: object) -> Callable[[], tuple[float, ...]]:
    """The learning rates from the construction on."""
    return lambda: tuple(rates(made(name, *given, **named), steps))


def waiting(patience: int, epochs: int) -> Callable[[], tuple[float, ...]]:
    """The learning rate after so many epochs with the same loss."""

    def run() -> tuple[float, ...]:
        opt = optimizer()
        scheduler = _lr_scheduler().ReduceLROnPlateau(opt, patience=patience)
        for _ in range(epochs):
            scheduler.step(1.0)
        return (float(opt.param_groups[0]["lr"]),)

    return run


def drops(size: float, steps: int) -> list[int]:
    """The steps at which a schedule decays that is given this number of steps."""
    found = rates(made("StepLR", size, 0.5), steps)
    return [step for step in range(1, steps + 1) if found[step] < found[step - 1]]


CLAIMS = (
    Claim("LRS701", "| `MultiStepLR(optimizer, [30, 60])` | {} |", ("0.001",), after(89, "MultiStepLR", [30, 60])),
    Claim(
        "LRS701",
        "| `MultiStepLR(optimizer, [30.0, 60.0])` | {}: 30.0 is equal to 30 |",
        ("0.001",),
        after(89, "MultiStepLR", [30.0, 60.0]),
    ),
    Claim(
        "LRS701", '| `MultiStepLR(optimizer, ["30", "60"])` | {} |', ("0.1",), after(89, "MultiStepLR", ["30", "60"])
    ),
    Claim("LRS701", '| `MultiStepLR(optimizer, "30,60")` | {}:', ("0.1",), after(89, "MultiStepLR", "30,60")),
    Claim("LRS701", "| `MultiStepLR(optimizer, [0.5, 0.75])` | {}:", ("0.1",), after(89, "MultiStepLR", [0.5, 0.75])),
    Claim("LRS701", "| `MultiStepLR(optimizer, [22.5, 45])` | {}:", ("0.01",), after(89, "MultiStepLR", [22.5, 45])),
    Claim(
        "LRS701", "With a `step_size` of {} that is every {} steps,", ("7.5", "15"), lambda: (7.5, drops(7.5, 29)[0])
    ),
    Claim("LRS702", "| `StepLR(optimizer, 100)` | {} |", ("0.1",), after(49, "StepLR", 100)),
    Claim("LRS702", "| `MultiStepLR(optimizer, [60, 90])` | {} |", ("0.1",), after(49, "MultiStepLR", [60, 90])),
    Claim(
        "LRS702",
        "| `ReduceLROnPlateau(optimizer, patience=60)`, with a loss that never gets better | {} |",
        ("0.1",),
        waiting(60, 49),
    ),
    Claim(
        "LRS702",
        "| `CosineAnnealingWarmRestarts(optimizer, T_0=100)` | {}:",
        ("0.0516",),
        after(49, "CosineAnnealingWarmRestarts", 100),
    ),
    Claim("LRS702", "| `StepLR(optimizer, 20)` | {} |", ("0.001",), after(49, "StepLR", 20)),
    Claim("LRS703", "| `StepLR(optimizer, 10, 0.5)` | {}, and", ("0.1",), after(5, "StepLR", 10, 0.5)),
    Claim("LRS703", "0.1, and {} after 10 |", ("0.05",), after(10, "StepLR", 10, 0.5)),
    Claim("LRS703", "| `StepLR(optimizer, 0.5, 10)` | {}:", ("10000",), after(5, "StepLR", 0.5, 10)),
    Claim("LRS703", "| `StepLR(optimizer, 0.1, 30)` | {}, for ever:", ("0.1",), after(10_000, "StepLR", 0.1, 30)),
    Claim("LRS704", "| `StepLR(optimizer, 10, gamma=10)` | {} after 30", ("100",), after(30, "StepLR", 10, 10)),
    Claim(
        "LRS704",
        "| `ExponentialLR(optimizer, 1.05)` | {} after 20 steps, {} after 100 |",
        ("0.26533", "13.15"),
        lambda: tuple(rates(made("ExponentialLR", 1.05), 100)[step] for step in (20, 100)),
    ),
    Claim("LRS704", "| `StepLR(optimizer, 10, gamma=0)` | {} after 10", ("0",), after(10, "StepLR", 10, 0)),
    Claim("LRS704", "| `StepLR(optimizer, 10, gamma=-0.5)` | {} after 10", ("-0.05",), after(10, "StepLR", 10, -0.5)),
    Claim("LRS704", "| `StepLR(optimizer, 15, gamma=8e-6)` | {} after 15", ("8e-07",), after(15, "StepLR", 15, 8e-6)),
    Claim("LRS704", "| `ExponentialLR(optimizer, 0.1)` | {} after 3", ("0.0001",), after(3, "ExponentialLR", 0.1)),
    Claim("LRS704", "| `ExponentialLR(optimizer, 0.8)` | {} after 100", ("2e-11",), after(100, "ExponentialLR", 0.8)),
    Claim(
        "LRS713",
        "| `PolynomialLR(optimizer, power=0.9)` | {}, {}, {}, {}, {}, {} |",
        ("0.1", "0.0818", "0.0631", "0.0438", "0.0235", "0"),
        all_of(5, "PolynomialLR", power=0.9),
    ),
    Claim(
        "LRS713",
        "| `LinearLR(optimizer, 1.0, 0.1)` | {}, {}, {}, {}, {}, {} |",
        ("0.1", "0.082", "0.064", "0.046", "0.028", "0.01"),
        all_of(5, "LinearLR", 1.0, 0.1),
    ),
    Claim(
        "LRS717",
        "| `total_steps=3` | {}, {}, {}:",
        ("0.0994", "0.0463", "4e-07"),
        all_of(2, "OneCycleLR", LR, total_steps=3),
    ),
    Claim(
        "LRS717",
        "it ends at {}, its highest learning rate;",
        ("0.1",),
        after(9, "OneCycleLR", LR, total_steps=10, pct_start=1.0),
    ),
    Claim(
        "LRS717",
        "| `total_steps=20, pct_start=0.6, three_phase=True` | it ends at {}:",
        ("0.0205667",),
        after(19, "OneCycleLR", LR, total_steps=20, pct_start=0.6, three_phase=True),
    ),
)
