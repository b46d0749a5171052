"""Classes of the project that are copies of a library's: what they are recognised by."""

from __future__ import annotations

import textwrap

import pytest

from schedlint.timeline.model import ObjectKind
from tests.timeline.run.programs import script

GRADUAL = "warmup_scheduler.GradualWarmupScheduler"
MULTI_STEP = "detectron2.solver.WarmupMultiStepLR"
COSINE = "timm.scheduler.CosineLRScheduler"

TIMM_BASE = """\
class Scheduler:
    def __init__(self, optimizer, param_group_field, initialize=True):
        self.optimizer = optimizer
    def step(self, epoch, metric=None): ...
    def step_update(self, num_updates, metric=None): ...
"""
TIMM_COSINE = "class CosineLRScheduler(Scheduler):\n    def __init__(self, optimizer, t_initial, lr_min=0.0): ...\n"


def resembled(text: str) -> list[str]:
    """What the schedulers of a script are copies of."""
    made = script(textwrap.dedent(text)).objects
    return [each.resembles for each in made if each.kind is ObjectKind.SCHEDULER]


def a_class(head: str, parameters: str, made: str) -> str:
    name = head.partition("(")[0]
    return f"class {head}:\n    def __init__(self, {parameters}):\n        pass\ns = {name}({made})\n"


@pytest.mark.parametrize(
    ("head", "parameters", "library"),
    [
        pytest.param(
            "GradualWarmupScheduler(LRScheduler)",
            "optimizer, multiplier, total_epoch, after_scheduler=None",
            GRADUAL,
            id="the same parameters",
        ),
        pytest.param(
            "GradualWarmupScheduler(LRScheduler)",
            "optimizer, total_epoch, min_lr_mul=0.1, after_scheduler=None",
            GRADUAL,
            id="one missing, one added",
        ),
        pytest.param(
            "GradualWarmupScheduler(LRScheduler)",
            "optimizer, *, total_epoch, after_scheduler=None",
            GRADUAL,
            id="by keyword only",
        ),
        pytest.param(
            "WarmupMultiStepLR(MultiStepLR)",
            "optimizer, milestones, gamma=0.1, warmup_iters=500",
            MULTI_STEP,
            id="a base that is a schedule itself",
        ),
        pytest.param(
            "GradualWarmupScheduler(LRScheduler)",
            "optimizer, after_scheduler, total_epoch",
            "",
            id="in another order",
        ),
        pytest.param(
            "GradualWarmupScheduler(LRScheduler)", "optimizer, total_epoch", "", id="one that tells it missing"
        ),
        pytest.param(
            "GradualWarmup(LRScheduler)", "optimizer, total_epoch, after_scheduler=None", "", id="another name"
        ),
    ],
)
def test_a_class_is_told_by_its_name_base_and_parameters(head: str, parameters: str, library: str) -> None:
    assert resembled(a_class(head, parameters, "opt, 1, 2")) == [library]


def test_a_class_without_a_base_is_none() -> None:
    text = a_class("GradualWarmupScheduler", "optimizer, total_epoch, after_scheduler=None", "opt, 5")
    assert resembled(text) == []


def test_a_class_that_derives_from_a_copy_is_one_if_it_is_built_like_it() -> None:
    copied = a_class("WarmupMultiStepLR(LRScheduler)", "optimizer, milestones, warmup_iters=5", "opt, [3]")
    alike = "class Own(WarmupMultiStepLR):\n    pass\ns = Own(opt, [3])\n"
    other = a_class("Other(WarmupMultiStepLR)", "optimizer, config", "opt, 3")
    assert resembled(copied + alike + other) == [MULTI_STEP, MULTI_STEP, ""]


def test_what_derives_from_a_copy_of_a_librarys_own_base_is_a_scheduler() -> None:
    assert resembled(f"{TIMM_BASE}{TIMM_COSINE}s = CosineLRScheduler(opt, 90)\n") == [COSINE]
    assert resembled(f"class Scheduler: ...\n{TIMM_COSINE}s = CosineLRScheduler(opt, 90)\n") == []


def test_a_class_of_a_library_is_no_copy() -> None:
    text = "from warmup_scheduler import GradualWarmupScheduler\ns = GradualWarmupScheduler(opt, 1, 5)\n"
    assert resembled(text) == [""]
