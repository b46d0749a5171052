"""What the pages on scheduler classes say that torch does with them, word for word where they quote an exception."""

from __future__ import annotations

import re
from typing import Any

import pytest

from schedlint import pages
from tests.oracle.curves import LR, optimizer, rate, rates, unwarned
from tests.oracle.own_classes import STEPS, schedule

torch = pytest.importorskip("torch", reason="the oracle is the real torch")
pytestmark = pytest.mark.torch


def quoted(code: str) -> str:
    """The exception that a page quotes."""
    lines = [line.strip() for line in pages.find(code).text.splitlines() if re.match(r"    \w+Error: ", line)]
    assert len(lines) == 1
    return lines[0]


def raised(error: pytest.ExceptionInfo[BaseException]) -> str:
    return f"{error.type.__name__}: {error.value}"


def base() -> Any:
    return torch.optim.lr_scheduler.LRScheduler


def test_what_is_stored_after_the_base_is_called_is_missing_in_its_first_step() -> None:
    class InverseDecay(base()):  # type: ignore[misc]
        def __init__(self, opt: Any) -> None:
            super().__init__(opt)
            self.decay = 0.5

        def get_lr(self) -> list[float]:
            return [each / (1 + self.decay * self.last_epoch) for each in self.base_lrs]

    with pytest.raises(AttributeError) as error:
        InverseDecay(optimizer())
    assert raised(error) == quoted("LRS608")


def test_the_constructor_of_the_base_stores_what_it_is_said_to_store_before_it_steps() -> None:
    seen: dict[str, object] = {}

    class Looking(base()):  # type: ignore[misc]
        def get_lr(self) -> list[float]:
            seen.update(vars(self))
            return list(self.base_lrs)

    scheduler = Looking(optimizer())
    assert {"optimizer", "base_lrs", "last_epoch", "_step_count"} <= set(seen)
    assert "_last_lr" not in seen
    assert scheduler.get_last_lr() == [LR]


def test_a_number_cannot_be_gone_through() -> None:
    class Scalar(base()):  # type: ignore[misc]
        def get_lr(self) -> float:
            return float(self.base_lrs[0])

    with pytest.raises(TypeError) as error:
        Scalar(optimizer())
    assert raised(error) == quoted("LRS609")


def test_nothing_cannot_be_gone_through_either() -> None:
    class Nothing(base()):  # type: ignore[misc]
        def get_lr(self) -> None: ...

    with pytest.raises(TypeError):
        Nothing(optimizer())


def test_what_never_calls_the_base_leaves_the_rate_alone_and_cannot_be_stepped() -> None:
    class Decay(base()):  # type: ignore[misc]
        def __init__(self, opt: Any) -> None:
            self.optimizer = opt

        def get_lr(self) -> list[float]:
            return [group["lr"] * 0.9 for group in self.optimizer.param_groups]

    opt = optimizer()
    scheduler = Decay(opt)
    opt.step()
    with pytest.raises(AttributeError) as error:
        scheduler.step()
    assert raised(error) == quoted("LRS610")
    assert rate(opt) == LR


def test_a_step_of_ones_own_that_stores_no_rates_leaves_get_last_lr_without_an_answer() -> None:
    class Decay(base()):  # type: ignore[misc]
        def step(self, epoch: int | None = None) -> None:
            self.last_epoch += 1

    opt = optimizer()
    scheduler = Decay(opt)
    opt.step()
    scheduler.step()
    with pytest.raises(AttributeError) as error:
        scheduler.get_last_lr()
    assert raised(error) == quoted("LRS612")


def test_a_sequence_reads_the_rates_that_such_a_step_does_not_store() -> None:
    class Decay(base()):  # type: ignore[misc]
        def step(self, epoch: int | None = None) -> None:
            self.last_epoch += 1

    schedulers = torch.optim.lr_scheduler
    opt = optimizer()
    with unwarned(), pytest.raises(AttributeError, match="_last_lr"):
        schedulers.SequentialLR(opt, [Decay(opt), schedulers.ConstantLR(opt)], milestones=[2])


def test_factors_that_pile_up_take_the_rate_to_where_the_message_says() -> None:
    found, meant = (rates(schedule(lambda t: 0.9**t, compounding=each), STEPS)[-1] / LR for each in (True, False))
    said = f"after {STEPS} steps it is {found:.3g} times the first one, and not {meant:.3g} times"
    assert said in " ".join(pages.find("LRS611").text.split())
