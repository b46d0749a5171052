"""Runs an example of a page: imports its files and calls each `main` with stand-ins for what it asks for, by name.

`test_pages_run` puts this file beside the example, as its script. Nothing of schedlint is used here.
"""

from __future__ import annotations

import importlib
import inspect
import os
from pathlib import Path
from typing import Any

import torch

BATCHES, BATCH_SIZE = 4, 2


class Model(torch.nn.Module):  # type: ignore[misc]
    """A model of one weight, whose output is its own loss, whatever it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, *_: object) -> torch.Tensor:
        return self.weight.square().sum()


class Engine:
    """A library that trains, and calls what is registered with it after each epoch."""

    def __init__(self) -> None:
        self.handlers: list[Any] = []

    def register(self, scheduler: Any) -> None:
        self.handlers.append(lambda _: scheduler.step())

    def on(self, _: str) -> Any:
        return self.handlers.append

    def epoch_completed(self) -> None:
        for handler in self.handlers:
            handler(self)

    def fit(self, model: Any, optimizer: Any, loader: Any) -> None:
        for x, y in loader:
            model(x, y).backward()
            optimizer.step()

    def get_lr(self) -> float:
        return 0.0


class Writer:
    """A log that keeps nothing."""

    def add_scalar(self, *_: object) -> None: ...


class Environment:
    """A world that gives the same experience each time."""

    def collect(self, _: Any) -> torch.Tensor:
        return torch.zeros(1)


def loader() -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(torch.zeros(BATCH_SIZE), torch.zeros(BATCH_SIZE))] * BATCHES


STAND_INS: dict[str, Any] = {
    **dict.fromkeys(("model", "generator", "critic", "first", "second"), Model),
    "models": lambda: [Model(), Model()],
    "loader": loader,
    "dataset": lambda: torch.utils.data.TensorDataset(*[torch.zeros(BATCHES * 32)] * 2),
    "data": lambda: torch.zeros(1),
    "loss_fn": lambda: lambda output, _: output,
    "engine": Engine,
    "writer": Writer,
    "environment": Environment,
    **dict.fromkeys(("epochs", "num_epochs", "num_steps", "num_updates"), lambda: 20),
    "start_epoch": lambda: 2,
}


def run() -> None:
    """Import every other file of this folder and call its `main`, if it has one."""
    here = Path(__file__)
    os.chdir(here.parent)
    for path in sorted(here.parent.glob("*.py")):
        if path != here:
            main = getattr(importlib.import_module(path.stem), "main", None)
            if main is not None:
                parameters = inspect.signature(main).parameters.values()
                main(**{each.name: STAND_INS[each.name]() for each in parameters if each.default is each.empty})


if __name__ == "__main__":
    run()
