"""Schedulers of the project: what they are copies of, and what they give to the class that they derive from."""

from __future__ import annotations

import textwrap

import pytest

from schedlint.timeline.model import ObjectKind
from schedlint.timeline.quantity import spelled
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


# --- what is given to the constructor of a base -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "given"),
    [
        pytest.param("super().__init__(optimizer, T_max=n)", {"T_max": "30"}, id="by name"),
        pytest.param("super(Mine, self).__init__(optimizer, n)", {"T_max": "30"}, id="by position"),
        pytest.param("self.n = n - 1\n        super().__init__(optimizer, self.n)", {"T_max": "29"}, id="computed"),
        pytest.param("if mode:\n            super().__init__(optimizer, n)", {}, id="in some cases only"),
        pytest.param("self.n = n", {}, id="nothing"),
    ],
)
def test_what_a_project_class_gives_to_its_base(called: str, given: dict[str, str]) -> None:
    head = "class Mine(CosineAnnealingLR):\n    def __init__(self, optimizer, n):\n"
    (made,) = script(f"{head}        {called}\ns = Mine(opt, 30)\n").schedulers()
    assert {bound.parameter: spelled(bound.values[0]) for bound in made.handed_up} == given


def test_a_base_in_the_project_hands_on_what_it_is_given() -> None:
    head, call = "def __init__(self, optimizer, n=0):", "super().__init__(optimizer"
    first = f"class First(CosineAnnealingLR):\n    {head}\n        {call}, n)\n"
    second = f"class Second(First):\n    {head}\n        {call}, 30)\n"
    (made,) = script(f"{first}{second}s = Second(opt)\n").schedulers()
    assert [spelled(bound.values[0]) for bound in made.handed_up] == ["30"]
