"""What becomes of the learning rate under scheduler classes of one's own, for the numbers on their pages."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.claims import Claim
from tests.oracle.curves import rates

STEPS = 10


def schedule(factor: Callable[[int], float], *, compounding: bool) -> Callable[[object], object]:
    """A class that applies a factor to the rates to begin with, or to those in use."""
    from torch.optim.lr_scheduler import LRScheduler

    class Schedule(LRScheduler):  # type: ignore[misc]
        def get_lr(self) -> list[float]:
            rates = [group["lr"] for group in self.optimizer.param_groups] if compounding else self.base_lrs
            return [rate * factor(self.last_epoch) for rate in rates]

    return Schedule


def after(factor: Callable[[int], float]) -> Callable[[], tuple[float, ...]]:
    """The learning rate that is meant after some steps, and the one that compounds."""
    return lambda: tuple(rates(schedule(factor, compounding=each), STEPS)[-1] for each in (False, True))


def dead() -> tuple[float, ...]:
    """After a warm-up from 0 that is meant, and after one that compounds; the latter at its first step."""
    first = rates(schedule(lambda t: t / 100, compounding=True), 1)
    assert first == [0, 0]
    return after(lambda t: t / 100)()


CLAIMS = [
    Claim("LRS611", "| `0.9 ** t` | {} | {} |", ("0.0349", "0.0003"), after(lambda t: 0.9**t)),
    Claim("LRS611", "| `(1 - t / 100) ** 0.9` | {} | {} |", ("0.091", "0.0599"), after(lambda t: (1 - t / 100) ** 0.9)),
    Claim("LRS611", "| `1 / (1 + 0.1 * t)` | {} | {} |", ("0.05", "0.0015"), after(lambda t: 1 / (1 + 0.1 * t))),
    Claim("LRS611", "| `t / 100`, a warm-up | {} | {}, from the first step on |", ("0.01", "0"), dead),
]
