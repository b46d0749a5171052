"""The other tables against the libraries themselves, where installed: names, order and defaults of parameters."""

from __future__ import annotations

import importlib
import inspect
import warnings
from typing import Any

import pytest

from schedlint.knowledge.schema import Optimizer, Scheduler
from schedlint.knowledge.tables import load

LIBRARIES = ("transformers", "timm", "accelerate", "warmup_scheduler", "ignite", "pytorch_warmup")
GONE = {"transformers.AdamW"}  # in 5.0
HANDED_ON = {"ignite.handlers.LinearCyclicalScheduler"}  # it takes `*args`, for its base


def entries() -> list[Scheduler | Optimizer]:
    tables = [table for table in load().libraries if table.library != "torch"]
    found = [entry for table in tables for section in (table.schedulers, table.optimizers) for entry in section]
    return [entry for entry in found if entry.name.partition(".")[0] in LIBRARIES and entry.parameters]


def resolve(qualified: str) -> Any:
    module, _, name = qualified.rpartition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(importlib.import_module(module), name)


def literal(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


@pytest.mark.torch
@pytest.mark.parametrize(
    "entry", [entry for entry in entries() if entry.name not in GONE | HANDED_ON], ids=lambda entry: entry.name
)
def test_parameters_are_the_librarys_own(entry: Scheduler | Optimizer) -> None:
    library = entry.name.partition(".")[0]
    pytest.importorskip(library, reason=f"{library} is not installed", exc_type=ImportError)
    real = inspect.signature(resolve(entry.name)).parameters.values()
    named = [parameter for parameter in real if parameter.kind is not parameter.VAR_KEYWORD]
    own = entry.parameters if len(named) == len(real) else entry.parameters[: len(named)]
    assert [parameter.name for parameter in own] == [parameter.name for parameter in named]
    assert [parameter.required for parameter in own] == [parameter.default is parameter.empty for parameter in named]
    defaults = [parameter.default for parameter in named if literal(parameter.default)]
    assert [parameter.default for parameter in own if not parameter.required and not parameter.opaque] == defaults
