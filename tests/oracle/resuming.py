"""Trainings under the real torch that are interrupted and resumed, with what a checkpoint holds."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from tests.oracle.curves import Make, optimizer, rate, unwarned

IN_ORDER = ("build", "optimizer", "scheduler")
"""Everything is saved, the scheduler is built before the states are loaded: what is right."""


def trained(opt: Any, scheduler: Any, steps: int) -> list[float]:
    """The learning rate at once, and after each of so many steps."""
    found = [rate(opt)]
    for _ in range(steps):
        opt.step()
        scheduler.step()
        found.append(rate(opt))
    return found


def resumed(make: Make, done: int, steps: int, order: Sequence[str] = IN_ORDER) -> list[float]:
    """The learning rates after a resume: at once, and after each of so many steps.

    `order` is what a resumed training does: "build" the scheduler, load the state of the "optimizer" and of the
    "scheduler". What it leaves out is not restored.
    """
    opt = optimizer()
    scheduler = make(opt)
    trained(opt, scheduler, done)
    states = {"optimizer": copy.deepcopy(opt.state_dict()), "scheduler": copy.deepcopy(scheduler.state_dict())}
    fresh, again = optimizer(), None
    for act in order:
        if act == "build":
            again = make(fresh)
        elif act == "optimizer":
            fresh.load_state_dict(states["optimizer"])
        else:
            assert again is not None
            again.load_state_dict(states["scheduler"])
    with unwarned():
        return trained(fresh, again, steps)
