"""LRS709 on timelines written by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from schedlint.checks.sequential_milestone_mismatch import sequential_milestone_mismatch as rule
from schedlint.diagnostics import Confidence, Finding, Severity
from schedlint.knowledge.tables import load
from schedlint.timeline.readings import read
from tests.timeline.build import LOADER_LENGTH, Story, Value, named, op, option
from tests.timeline.composed import Child, child, linear, sequence

COSINE = child("CosineAnnealingLR", T_max=50)
RELATIVE = child("MultiplicativeLR", lr_lambda=named("decay"))


def findings(story: Story) -> list[Finding]:
    return list(rule.check(read(story.timeline(), load())))


def cut(warm_up: Child, milestone: Value, following: Child = COSINE, lr: Value = 0.1) -> Story:
    return sequence(warm_up, following, milestones=[milestone], lr=lr)


def test_a_warm_up_that_is_cut_short_is_reported_at_the_sequence() -> None:
    story = cut(linear(6), 3)
    (finding,) = findings(story)
    assert (finding.severity, finding.confidence) == (Severity.WARNING, Confidence.CERTAIN)
    assert finding.place == story.objects[-1].place
    assert "over 6 steps, but its turn in `SequentialLR` ends after 3" in finding.message
    assert "jumps from 0.04 to 0.1" in finding.message
    assert story.objects[1].place in [related.place for related in finding.related]


def test_without_a_learning_rate_the_jump_is_a_part_of_it() -> None:
    (finding,) = findings(cut(linear(6), 3, lr=None))
    assert "jumps from 0.4 times what the optimizer was given to all of it" in finding.message


def test_the_length_that_torch_takes_counts_too() -> None:
    (finding,) = findings(cut(child("LinearLR"), 2))
    assert "over 5 steps" in finding.message


def test_defaults_of_options_are_likely() -> None:
    (finding,) = findings(cut(linear(option("args.warmup", 10)), option("args.hold", 3)))
    assert finding.confidence is Confidence.LIKELY
    assert "ends after 3 by default" in finding.message


def test_a_ratio_is_enough() -> None:
    (finding,) = findings(cut(linear(op("*", 4, LOADER_LENGTH)), LOADER_LENGTH))
    assert finding.confidence is Confidence.CERTAIN
    assert "after 25% of the warm-up" in finding.message


def test_a_warm_up_that_comes_later_has_its_own_turn() -> None:
    story = sequence(child("ConstantLR", total_iters=4), linear(10), COSINE, milestones=[4, 10])
    (finding,) = findings(story)
    assert "over 10 steps, but its turn in `SequentialLR` ends after 6" in finding.message


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: cut(linear(5), 5), id="the same number"),
        pytest.param(lambda: cut(linear(named("warm")), named("warm")), id="the same name"),
        pytest.param(lambda: cut(linear(3), 6), id="a wait behind the warm-up"),
        pytest.param(lambda: cut(linear(5), 4), id="one step less"),
        pytest.param(lambda: cut(linear(op("+", named("warm"), 1)), named("warm")), id="one step less, by name"),
        pytest.param(lambda: cut(linear(1000), 950), id="nearly all of it"),
        pytest.param(lambda: cut(linear(named("warm")), 3), id="a length that is not known"),
        pytest.param(lambda: cut(linear(option("args.a", 3)), option("args.b", 3)), id="the same by default"),
        pytest.param(lambda: cut(child("ConstantLR", factor=0.1, total_iters=100), 5), id="a constant part"),
        pytest.param(lambda: cut(linear(10, 1.0, end_factor=0.1), 5), id="a decay"),
        pytest.param(lambda: cut(linear(10, end_factor=0.5), 5), id="a way to a part of the learning rate"),
        pytest.param(lambda: cut(linear(10), 5, linear(10, 0.55)), id="one that begins where this one is left"),
        pytest.param(
            lambda: cut(linear(10), 5, RELATIVE),
            id="one that goes on from there",
        ),
        pytest.param(lambda: cut(linear(10), 5, child("mine.Decay")), id="a class of the project"),
        pytest.param(
            lambda: sequence(child("StepLR", step_size=5), linear(10), milestones=[5]), id="the last one, without end"
        ),
    ],
)
def test_not_reported(make: Callable[[], Story]) -> None:
    assert findings(make()) == []
