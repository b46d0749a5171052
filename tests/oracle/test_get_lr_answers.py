"""What LRS601 says of the answer of `get_lr()` is the answer that torch gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from schedlint.checks.deprecated_get_lr import answer
from schedlint.knowledge.schema import Scheduler, Style
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.oracle.curves import asked, optimizer
from tests.timeline.run.programs import IMPORTS, script

pytest.importorskip("torch", reason="torch is not installed: get_lr() cannot be asked")
pytestmark = pytest.mark.torch

STEPS = 8

AHEAD = "gives the next value"
DECAYED = "decays once more wherever the schedule has just decayed: to "
ONCE_MORE = "applies the change of the current step once more"
RIGHT = "gives the right value"
FAILS = "the call raises NotImplementedError"

SCHEDULES = {
    "lr_scheduler.MultiplicativeLR(opt, lambda epoch: 0.8)": ONCE_MORE,
    "StepLR(opt, 3)": DECAYED,
    "StepLR(opt, 2, gamma=0.5)": DECAYED,
    "MultiStepLR(opt, [2, 5])": DECAYED,
    "MultiStepLR(opt, [3], 0.2)": DECAYED,
    "lr_scheduler.ConstantLR(opt)": ONCE_MORE,
    "LinearLR(opt)": ONCE_MORE,
    "LinearLR(opt, 0.1, total_iters=4)": ONCE_MORE,
    "ExponentialLR(opt, gamma=0.9)": AHEAD,
    "lr_scheduler.PolynomialLR(opt, total_iters=10)": ONCE_MORE,
    "CosineAnnealingLR(opt, T_max=10)": ONCE_MORE,
    "torch.optim.swa_utils.SWALR(opt, swa_lr=0.05)": ONCE_MORE,
    "LambdaLR(opt, lambda step: 0.9**step)": RIGHT,
    "lr_scheduler.CyclicLR(opt, 0.001, 0.1, 4)": RIGHT,
    "lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=4)": RIGHT,
    "lr_scheduler.OneCycleLR(opt, max_lr=0.1, total_steps=20)": RIGHT,
    "SequentialLR(opt, [LinearLR(opt), StepLR(opt, 3)], milestones=[5])": FAILS,
    "ChainedScheduler([LinearLR(opt), StepLR(opt, 3)])": FAILS,
    "lr_scheduler.ReduceLROnPlateau(opt)": FAILS,
}
"""Constructions, and what is said of the answer of each."""


def table() -> dict[str, Scheduler]:
    """The schedulers of torch that have a class to build."""
    known = load().schedulers
    return {name: entry for name, entry in known.items() if name.startswith("torch.") and not entry.abstract}


def said(construction: str) -> str:
    """What the rule says of a scheduler."""
    reading = read(script(f"s = {construction}"), load())
    about = reading.timeline.schedulers()[-1]
    return answer(about, reading.table(about.id))


def make(construction: str) -> Callable[[Any], Any]:
    """The same scheduler, under torch."""
    names: dict[str, Any] = {}
    exec(IMPORTS.replace("from tqdm import tqdm\n", ""), names)
    return lambda opt: eval(construction, {**names, "opt": opt})


def meaning(text: str) -> list[str]:
    """The constructions of which this is said."""
    return [construction for construction, words in SCHEDULES.items() if words == text]


@pytest.mark.parametrize(("construction", "words"), SCHEDULES.items())
def test_the_rule_says_so(construction: str, words: str) -> None:
    assert words in said(construction)


@pytest.mark.parametrize("construction", meaning(AHEAD))
def test_an_answer_that_is_said_to_be_one_step_ahead_is(construction: str) -> None:
    found = asked(make(construction), STEPS)
    assert [value for _, value in found[:-1]] == pytest.approx([used for used, _ in found[1:]])
    assert all(used * factor(construction) == pytest.approx(value) for used, value in found)


def factor(construction: str) -> float:
    """The number of times that the rule says the answer is of the learning rate in use."""
    match = re.search(r"([\d.]+) times the learning rate in use", said(construction))
    assert match is not None
    return float(match[1])


@pytest.mark.parametrize("construction", meaning(DECAYED))
def test_an_answer_is_decayed_once_more_in_the_epoch_of_a_decay_and_right_in_others(construction: str) -> None:
    found, decays = asked(make(construction), STEPS), 0
    for (before, _), (used, value) in pairwise(found):
        decays += used < before
        assert value == pytest.approx(used * factor(construction) if used < before else used)
    assert decays


@pytest.mark.parametrize("construction", meaning(ONCE_MORE))
def test_an_answer_has_the_change_of_the_current_step_applied_once_more(construction: str) -> None:
    rest = 0.05 if "SWALR" in construction else 0.0  # the learning rate that a step of the schedule leaves as it is
    found, wrong = asked(make(construction), STEPS), 0
    for (before, _), (used, value) in pairwise(found):
        assert value - rest == pytest.approx((used - rest) ** 2 / (before - rest))
        wrong += value != pytest.approx(used)
    assert wrong


@pytest.mark.parametrize("construction", meaning(RIGHT))
def test_an_answer_that_is_said_to_be_right_is(construction: str) -> None:
    assert all(value == pytest.approx(used) for used, value in asked(make(construction), STEPS))


@pytest.mark.parametrize("construction", meaning(FAILS))
def test_an_answer_that_is_said_to_fail_does(construction: str) -> None:
    scheduler = make(construction)(optimizer())
    with pytest.raises(NotImplementedError):
        scheduler.get_lr()


@pytest.mark.parametrize("construction", [each for each, words in SCHEDULES.items() if words != FAILS])
def test_torch_warns_of_every_call_that_does_not_fail(construction: str) -> None:
    scheduler = make(construction)(optimizer())
    with pytest.warns(UserWarning, match="please use `get_last_lr"):
        scheduler.get_lr()


def test_every_scheduler_of_the_table_is_asked() -> None:
    seen = " ".join(SCHEDULES)
    assert [name for name in table() if f"{name.rpartition('.')[2]}(" not in seen] == []


def test_the_table_knows_which_classes_overwrite_the_learning_rate() -> None:
    absolute = {name.rpartition(".")[2] for name, entry in table().items() if entry.style is Style.ABSOLUTE}
    assert absolute == {re.split(r"[.(]", each.removeprefix("lr_scheduler."))[0] for each in meaning(RIGHT)}
