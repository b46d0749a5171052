"""What is worked out of schedule functions is what torch computes with them."""

from __future__ import annotations

import math

import pytest

from schedlint.knowledge.tables import load
from schedlint.timeline.factors import compounded, factor, goes_below, is_complex
from schedlint.timeline.quantity import Curve
from tests.oracle.curves import LR, optimizer, rate, rates
from tests.timeline.run.programs import only_scheduler

torch = pytest.importorskip("torch", reason="torch is not installed: nothing can be computed")
pytestmark = pytest.mark.torch

from torch.optim import lr_scheduler  # noqa: E402 - only where torch is installed
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR  # noqa: E402 - likewise

FUNCTIONS = (
    "lambda e: 0.95",
    "lambda e: 0.95 ** e",
    "lambda e: 1 - e / 10",
    "lambda e: max(0.01, 1 - e / 10)",
    "lambda e: min(1, (e + 1) / 5)",
    "lambda e: 0.1 ** (e // 3)",
    "lambda e: 0.5 if e < 3 else 0.05 if e < 6 else 0.01",
    "lambda e: math.exp(-0.1 * e)",
    "lambda e: 0.5 * (1 + math.cos(math.pi * e / 10))",
)
"""Written once, for schedlint and for torch."""

each_function = pytest.mark.parametrize("text", FUNCTIONS)


def curve(text: str) -> Curve:
    """A function as schedlint understands it."""
    made = only_scheduler(f"import math\nLambdaLR(opt, {text})")
    (found,) = next(bound.values for bound in made.arguments if bound.parameter == "lr_lambda")
    assert isinstance(found, Curve)
    return found


@each_function
def test_factors_are_what_the_learning_rate_is_multiplied_by(text: str) -> None:
    found = [factor(curve(text), step) for step in range(12)]
    assert found == pytest.approx([value / LR for value in rates(lambda o: LambdaLR(o, eval(text)), 11)])


@each_function
def test_what_compounds_is_what_is_left(text: str) -> None:
    left = rates(lambda o: MultiplicativeLR(o, eval(text)), 9)[-1] / LR
    assert compounded(curve(text), 9) == pytest.approx((left, eval(text)(9)))


def test_a_function_goes_below_zero_where_the_learning_rate_does() -> None:
    found = rates(lambda o: LambdaLR(o, lambda e: 1 - e / 10), 14)
    assert goes_below(curve("lambda e: 1 - e / 10"), 15) == next(i for i, each in enumerate(found) if each < -1e-9)


@pytest.mark.parametrize("cls", ["SGD", "Adam"])
def test_an_optimizer_refuses_a_complex_learning_rate(cls: str) -> None:
    weight = torch.zeros(1, requires_grad=True)
    opt = getattr(torch.optim, cls)([weight], lr=LR)
    scheduler = LambdaLR(opt, lambda e: (1 - e / 10) ** 0.9)
    for _ in range(11):
        weight.grad = torch.ones(1)
        opt.step()
        scheduler.step()
    assert isinstance(opt.param_groups[0]["lr"], complex)
    with pytest.raises(RuntimeError):
        opt.step()
    power = curve("lambda e: (1 - e / 10) ** 0.9")
    assert (goes_below(power, 12), is_complex(power, 11)) == (11, True)


@pytest.mark.parametrize(
    "name", [each.name for each in load().schedulers.values() if each.floor and each.name.startswith("torch.")]
)
def test_a_schedule_goes_to_its_floor_from_below_too(name: str) -> None:
    table = load().schedulers[name]
    make = getattr(lr_scheduler, name.rpartition(".")[2])
    found = rates(lambda o: make(o, **{table.horizon[0]: 10, table.floor: 0.5}), 9)
    assert found[0] == pytest.approx(LR)
    assert found == sorted(found)
    assert 0.48 < found[-1] <= 0.5
    assert rates(lambda o: make(o, **{table.horizon[0]: 10, table.floor: LR}), 9) == pytest.approx([LR] * 10)


@pytest.mark.parametrize(
    "name", [each.name for each in load().schedulers.values() if each.ramp and each.name.startswith("torch.")]
)
def test_a_factor_is_multiplied_by_the_learning_rate_of_the_optimizer(name: str) -> None:
    ramp = load().schedulers[name].ramp
    assert ramp is not None
    make = getattr(lr_scheduler, name.rpartition(".")[2])
    found = rates(lambda o: make(o, **dict.fromkeys(ramp.factors, 0.01), total_iters=5), 4)
    assert all(math.isclose(value, 0.01 * LR) for value in found)


def test_a_negative_learning_rate_goes_up_the_gradient() -> None:
    opt = optimizer()
    weight = opt.param_groups[0]["params"][0]
    scheduler = LambdaLR(opt, lambda e: 1 - e)
    for _ in range(2):
        opt.step()
        scheduler.step()
    assert rate(opt) < 0
    weight.grad = torch.ones(1)
    opt.step()
    assert weight.item() > 0
